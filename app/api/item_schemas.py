"""Questions, options and evidence as the API shows them; nothing here holds an answer before it may be known."""

from dataclasses import asdict
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.schemas import DOCUMENT_ID
from tools.questions import kinds
from tools.questions.types import Difficulty, Evidence, Item, Kind, Marked, Verdict
from tools.wording import terms
from tools.words import stems

QUIZ_ID = "0f343b0931126a20f133d67c2b018a3b"
ITEM_ID = "6f1ed002ab5595859014ebf0951522d9"
STEM = "What is the diffusion of water across a semipermeable membrane called?"

Answer = Annotated[str, StringConstraints(max_length=8000)]


class OptionOut(BaseModel):
    """One of the options to choose from."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["5d41402abc"])
    text: str = Field(examples=["Osmosis"])


class ExplainedOption(OptionOut):
    """An option once its question is explained."""

    rationale: str = Field(examples=["Osmosis is the diffusion of water."])


class ItemOut(BaseModel):
    """A question as it is asked."""

    id: str = Field(examples=[ITEM_ID])
    kind: Kind
    stem: str = Field(examples=[STEM])
    options: list[OptionOut] = Field(description="In the order to show; none where an answer is typed.")
    difficulty: Difficulty | None = Field(description="Told once the question is explained.", examples=[None])
    topic: str = Field(description="Empty where it would tell the answer.", examples=["Passive Transport"])

    @classmethod
    def of(cls, item: Item, *, told: bool = False) -> "ItemOut":
        """The item without key, hint and reasons; how hard it is may tell the answer, too."""
        return cls(
            id=item.id,
            kind=item.kind,
            stem=item.stem,
            options=[OptionOut.model_validate(option) for option in item.options],
            difficulty=item.difficulty if told else None,
            topic=_untelling(item),
        )


class EvidenceOut(BaseModel):
    """Where a question rests; the quote is empty until the question has been explained."""

    document_id: str = Field(examples=[DOCUMENT_ID])
    book: str = Field(examples=["Biology"])
    filename: str = Field(examples=["biology.pdf"])
    page_index: int = Field(examples=[230])
    page_label: str = Field(examples=["212"])
    page_kind: str = Field(examples=["page"])
    quote: str = Field(examples=["Water moves across a semipermeable membrane by osmosis."])
    view_url: str = Field(examples=[f"/view/{DOCUMENT_ID}/230?start=118&end=173"])

    @classmethod
    def of(cls, evidence: Evidence, *, explained: bool = True) -> "EvidenceOut":
        """Without quote and offsets while the question is open."""
        page = f"/view/{evidence.document_id}/{evidence.page_index}"
        told = asdict(evidence)
        if not explained:
            return cls(**told | {"quote": ""}, view_url=page)
        return cls(**told, view_url=f"{page}?start={evidence.start}&end={evidence.end}")


class PointOut(BaseModel):
    """A point of an open question: what the book says, and where the answer says it."""

    text: str = Field(examples=["cohesion holds the molecules together"])
    quote: str = Field(examples=["Cohesion holds water molecules together."])
    made: bool
    where: str = Field(description="The words of the answer that make it.", examples=["They stick together."])

    @classmethod
    def all_of(cls, mark: Marked | None) -> "list[PointOut]":
        """Those of a mark, in the order of the rubric."""
        points = mark.points if mark else ()
        return [cls(text=point.text, quote=point.quote, made=made, where=where) for point, made, where in points]


def accepted(item: Item) -> list[str]:
    """The answer in words, then what else is right, too."""
    return [option.text for option in item.options if option.id in item.key] or terms(item.key)


def explained(item: Item, mark: Marked | None) -> str:
    """The worked explanation: what the marking says, the right answer, and why."""
    said = mark.explanation if mark else "You gave no answer."
    if mark and mark.verdict is Verdict.CORRECT:
        return f"{said} {item.rationale}".strip()
    return f"{said} The answer is “{item.answer}”. {item.rationale}".strip()


def explained_options(item: Item) -> list[ExplainedOption]:
    """The options with why each is right or wrong."""
    return [ExplainedOption.model_validate(option) for option in item.options]


def _untelling(item: Item) -> str:
    """The topic, or nothing when it would tell the answer."""
    if not kinds.of(item.kind).tells:
        return item.topic
    answers = [stems(text) for text in accepted(item)]
    return "" if any(words and words <= stems(item.topic) for words in answers) else item.topic
