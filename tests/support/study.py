"""A small library of one learner and a search over it, all in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from agent.deps import ChatModel, Deps, LearnerQuizzes
from tests.support.models import ScriptedChat
from tools import sentences
from tools.errors import InvalidRequest, NotFound, OutsideScope
from tools.outline import Reference
from tools.types import Degraded, Found, Hit, JobState, Learner, Passage, Progress, ResolvedScope, Scope, Sentence
from tools.words import content_words, stem, stems

OSMOSIS = (
    "Osmosis is the diffusion of water across a semipermeable membrane. "
    "Water moves from the side with fewer solutes to the side with more solutes. "
    "It needs no energy from the cell."
)
MITOSIS = (
    "Mitosis is the division of the nucleus into two identical nuclei. "
    "The phases of mitosis are prophase, metaphase, anaphase, and telophase. "
    "During anaphase the sister chromatids separate."
)
GREEDY = (
    "A greedy algorithm takes the choice that looks best at the moment. "
    "For example, sorting the intervals by their end solves interval scheduling."
)


def passage(text: str, document_id: str = "bio", page: int = 1, book: str = "Biology") -> Passage:
    return Passage(
        id=f"{document_id}-{page}",
        document_id=document_id,
        book=book,
        filename=f"{document_id}.pdf",
        page_index=page,
        page_label=str(page),
        page_kind="page",
        section=("Chapter", "Section"),
        start=0,
        end=len(text),
        text=text,
    )


LIBRARY = (
    passage(OSMOSIS, page=1),
    passage(MITOSIS, page=2),
    passage(GREEDY, document_id="algo", page=7, book="Algorithms"),
)


ME = Learner("me")


@dataclass
class Shelf:
    """Implements agent.deps.Library; each change of `uploads_by_poll` is what one more poll sees."""

    learner: Learner = ME
    passages: tuple[Passage, ...] = LIBRARY
    uploads_by_poll: list[list[Progress]] = field(default_factory=lambda: [[]])
    deleted: list[str] = field(default_factory=list)

    async def titles(self) -> list[str]:
        return list(dict.fromkeys(p.book for p in self.passages))

    async def resolve(self, scope: Scope) -> ResolvedScope:
        found = await self._resolved(scope)
        if not scope.within:
            return found
        around = await self._resolved(scope.within)
        inside = found.document_ids & around.document_ids
        if not inside:
            raise OutsideScope(found.label, around.label)
        return ResolvedScope(self.learner, inside, found.label)

    async def _resolved(self, scope: Scope) -> ResolvedScope:
        books = {p.book for p in self.passages}
        if unknown := set(scope.books) - books:
            raise InvalidRequest(f"There is no book {unknown}.")
        if scope.subject or scope.semester:
            raise InvalidRequest("There is no such subject or semester.")
        wanted = [p for p in self.passages if not scope.books or p.book in scope.books]
        wanted = [p for p in wanted if not scope.documents or p.document_id in scope.documents]
        ready = [u.document_id for u in self.uploads_by_poll[0] if u.state is JobState.READY and scope.chat_files]
        ids = frozenset([*(p.document_id for p in wanted), *ready])
        return ResolvedScope(self.learner, ids, ", ".join(scope.books) or "all your books")

    async def tree(self) -> str:
        return "- **Biology**\n- **Algorithms**"

    async def uploads(self) -> list[Progress]:
        return self.uploads_by_poll.pop(0) if len(self.uploads_by_poll) > 1 else self.uploads_by_poll[0]

    async def delete(self, name: str) -> str:
        if name not in {p.filename for p in self.passages}:
            raise NotFound(f"There is no {name}.")
        self.deleted.append(name)
        return name

    async def elsewhere(self, scope: ResolvedScope) -> list[tuple[str, ResolvedScope]]:
        outside = {p.book: p.document_id for p in self.passages if p.document_id not in scope.document_ids}
        return [(book, ResolvedScope(self.learner, frozenset({id_}), book)) for book, id_ in outside.items()]


@dataclass
class WordSearch:
    """Ranks passages by the words they share with a question; the cosine is made of the same share."""

    passages: tuple[Passage, ...] = LIBRARY
    degraded: Degraded | None = None
    asked: list[tuple[str, ResolvedScope]] = field(default_factory=list)

    async def __call__(self, question: str, scope: ResolvedScope, k: int) -> Found:
        self.asked.append((question, scope))
        wanted = content_words(question)
        inside = [p for p in self.passages if p.document_id in scope.document_ids]
        hits = sorted((_hit(p, wanted) for p in inside), key=lambda hit: -hit.score)
        return Found(question, tuple(hits[:k]), dict.fromkeys(wanted, 5.0), self.degraded)


def _hit(passage: Passage, wanted: list[str]) -> Hit:
    text = passage.text
    parts = [Sentence(start, end, _share(text[start:end], wanted)) for start, end in sentences.split(text)]
    best = max(part.cosine for part in parts)
    return Hit(passage, best, best, _share(text, wanted), tuple(parts))


def _share(text: str, wanted: list[str]) -> float:
    seen = stems(text)
    return 0.9 * sum(stem(word) in seen for word in wanted) / max(1, len(wanted))


class Clock:
    """Time that passes only in sleep; `on_sleep` is called each time."""

    def __init__(self, on_sleep: Callable[[], None] | None = None) -> None:
        self.now = 100.0
        self._on_sleep = on_sleep

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self._on_sleep:
            self._on_sleep()


def deps(
    shelf: Shelf | None = None,
    search: WordSearch | None = None,
    chat: ScriptedChat | None = None,
    thread: str = "t1",
    rounds: LearnerQuizzes | None = None,
) -> Deps:
    """Without `rounds` a turn that practises fails."""
    shelf = shelf or Shelf()
    clock = Clock()
    pages = {(p.document_id, p.page_index): p.text for p in shelf.passages}

    async def page_text(document_id: str, page_index: int) -> str | None:
        return pages.get((document_id, page_index))

    async def in_chapter(wanted: Reference, question: str, scope: ResolvedScope, k: int) -> Found | None:
        """Each passage is a chapter of its own, numbered as they stand."""
        inside = tuple(p for p in shelf.passages if p.document_id in scope.document_ids)
        chosen = tuple(p for n, p in enumerate(inside, start=1) if str(n) in wanted.numbers)
        return await WordSearch(chosen)(question or chosen[0].text, scope, k) if chosen else None

    return Deps(
        thread_id=thread,
        library=shelf,
        search=search or WordSearch(shelf.passages),
        in_chapter=in_chapter,
        page_text=page_text,
        quizzes=cast("LearnerQuizzes", rounds),
        model=ChatModel("scripted/model", chat) if chat else None,
        clock=clock,
        sleep=clock.sleep,
    )


class Pages:
    def __init__(self, **texts: str) -> None:
        self.texts = texts

    async def __call__(self, document_id: str, page_index: int) -> str | None:
        return self.texts.get(f"{document_id}{page_index}")


HITS = tuple(Hit(p, 1.0, 0.9, 1.0) for p in LIBRARY)
PAGES = Pages(**{f"{p.document_id}{p.page_index}": p.text for p in LIBRARY})
