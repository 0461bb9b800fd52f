"""A small book of definitions, and chat models that write and solve questions about it: well, or in some way badly."""

import re
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from typing import Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import BaseModel, Field

from agent.deps import ChatModel
from agent.questions.solver import ChatSolver
from agent.questions.writer import AT_ONCE, ChatWriter
from tests.support.embeddings import HashingEmbeddings
from tests.support.models import ScriptedChat
from tools.questions.builtin import BuiltinWriter
from tools.questions.choose import ScopeLibrary
from tools.questions.likeness import Likeness
from tools.questions.pipeline import Event, Ground, Maker, generate
from tools.questions.repetition import Memory
from tools.questions.solve import WordSolver
from tools.questions.types import PassagePlace, Wanted
from tools.types import Passage

MEANINGS = {
    "Osmosis": "the movement of water across a membrane that holds back salt",
    "Mitosis": "the division of a nucleus into two nuclei with the same chromosomes",
    "Meiosis": "the division that halves the number of chromosomes in reproductive cells",
    "Glycolysis": "the pathway that splits one glucose into two molecules of pyruvate",
    "Transcription": "the copying of a stretch of DNA into a strand of RNA",
    "Translation": "the building of a protein from amino acids by a ribosome",
    "Phagocytosis": "the uptake of large particles by a cell that surrounds them",
    "Exocytosis": "the release of vesicle contents to the outside of a cell",
    "Diffusion": "the spreading of particles from a crowded region to an empty one",
    "Photosynthesis": "the storing of light energy in sugars by green plants",
    "Fermentation": "the breakdown of sugar without oxygen into alcohol or acid",
    "Cytokinesis": "the splitting of the cytoplasm after the nucleus has divided",
}


def sentence(term: str) -> str:
    return f"{term} is {MEANINGS[term]}."


def page(term: str) -> str:
    return f"Remember. {sentence(term)} Many cells of the body rely on {term.lower()} every day."


BOOK = tuple(
    Passage(
        id=f"p{n}",
        document_id="bio",
        book="Biology",
        filename="bio.pdf",
        page_index=n,
        page_label=str(n),
        page_kind="page",
        section=("Cells", f"Part {n}"),
        start=len("Remember. "),
        end=len(page(term)),
        text=page(term)[len("Remember. ") :],
    )
    for n, term in enumerate(MEANINGS, start=1)
)


class BookShelf:
    """Implements tools.questions.types.Shelf."""

    def places(self, document_ids: Collection[str]) -> list[PassagePlace]:
        return [
            PassagePlace(p.id, p.document_id, p.page_index, p.section) for p in BOOK if p.document_id in document_ids
        ]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        return {p.id: p for p in BOOK if p.id in ids}

    def page_text(self, document_id: str, page_index: int) -> str | None:
        return page(list(MEANINGS)[page_index - 1]) if document_id == "bio" else None


Draft = dict[str, Any]
Spoil = Callable[[Draft], Draft]


class Author(ScriptedChat):
    """Writes one single choice for each passage and solves honestly; `spoil` changes each draft, `replies` each reply.

    `dies_after` is the number of calls it answers at all.
    """

    spoil: Spoil | None = None
    replies: Callable[[list[Draft]], Any] = lambda drafts: {"questions": drafts}
    error: Exception | None = None
    dies_after: int = 10_000
    calls: list[str] = Field(default_factory=list)

    def with_structured_output(
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[LanguageModelInput, Any]:
        assert isinstance(schema, type)
        assert issubclass(schema, BaseModel)

        async def ask(question: LanguageModelInput) -> BaseModel:
            messages = self._convert_input(question).to_messages()
            self.asked.append(messages)
            self.calls.append(schema.__name__)
            if self.error and len(self.calls) > self.dies_after:
                raise self.error
            return schema.model_validate(self._said(schema.__name__, messages))

        return RunnableLambda(ask)

    def _said(self, form: str, messages: list[BaseMessage]) -> Any:
        prompt = str(messages[-1].text)
        if form == "Solution":
            return solved(prompt)
        drafts = [written(n, text) for n, text in passages_in(prompt)]
        return self.replies([self.spoil(draft) if self.spoil else draft for draft in drafts])


def passages_in(prompt: str) -> list[tuple[int, str]]:
    found = re.findall(r"<passage>\nnumber: (\d+)\nfrom: .*\n(.*)\n</passage>", prompt)
    return [(int(n), text) for n, text in found]


def written(n: int, text: str) -> Draft:
    """A sound question about the passage that defines this term."""
    term = next(term for term in MEANINGS if text.startswith(f"{term} is "))
    others = [other for other in MEANINGS if other != term][:3]
    return {
        "passage": n,
        "kind": "single_choice",
        "question": f"Which process is {MEANINGS[term]}?",
        "options": [
            {"text": other, "right": other == term, "why": f"The book says: {sentence(other)}"}
            for other in (term, *others)
        ],
        "quote": sentence(term),
        "explanation": f"The book says: {sentence(term)}",
        "hint": "Think of what is moved or divided.",
        "difficulty": "medium",
        "bloom": "remember",
    }


def solved(prompt: str) -> dict[str, Any]:
    """What the evidence alone says, as an honest solver reads it; nothing without evidence."""
    evidence = re.search(r"<evidence>\n(.*?)\n</evidence>", prompt, re.DOTALL)
    options = re.findall(r"^([A-D])\. (.*)$", prompt, re.MULTILINE)
    if not evidence:
        return {"right": [], "answer": ""}
    right = [letter for letter, text in options if evidence[1].startswith(f"{text} is ")]
    return {"right": right, "answer": "" if options else evidence[1]}


def by_model(chat: ScriptedChat, count: int = 10) -> Maker:
    model = ChatModel("scripted/model", chat)
    return Maker(ChatWriter(model, count), ChatSolver(model), AT_ONCE)


def built_in() -> Maker:
    return Maker(BuiltinWriter(Likeness(HashingEmbeddings())), WordSolver())


async def events(wanted: Wanted, *makers: Maker) -> AsyncIterator[Event]:
    library = ScopeLibrary(BookShelf(), ["bio"])
    async for event in generate(wanted, Ground(library, "Biology"), makers, Memory(Likeness(HashingEmbeddings())), "s"):
        yield event
