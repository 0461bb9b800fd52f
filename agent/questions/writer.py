"""The writer that a chat model drives."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from math import ceil

from agent.deps import ChatModel
from agent.prompts import as_data
from agent.questions.drafts import Drafts, item_of
from agent.structured import ask
from tools.errors import ModelFailed
from tools.questions.kinds import KINDS
from tools.questions.streams import as_ready
from tools.questions.types import Corpus, SourcePassage, Wanted, Written

AT_ONCE = 4
"""Calls to a model side by side: they take seconds each, and a provider counts them."""
_PART = 4
"""Passages in one call."""
_MOST = 2 * _PART
"""Questions looked at in one reply."""
_SPARE = 1
"""Written beyond what is missing, for those that fall out."""
_PATIENCE = 3
"""How often more calls are made than would do if every question passed."""
_UNUSABLE = 2


class ChatWriter:
    """Implements QuestionWriter; made anew for each quiz of `count` questions, so that what it costs is bounded."""

    batch = AT_ONCE * _PART
    varies = True

    def __init__(self, model: ChatModel, count: int) -> None:
        self.name = model.name
        self._chat = model.chat
        self._left = _PATIENCE * ceil(count / _PART) + _PATIENCE
        self._unusable = 0
        self._asked: dict[str, list[str]] = {}

    async def write(
        self, sources: Sequence[SourcePassage], wanted: Wanted, corpus: Corpus
    ) -> AsyncGenerator[Written, None]:
        """Raises ModelBusy, or ModelFailed when too little of what the model writes can be used."""

        async def write_on(part: Sequence[SourcePassage]) -> list[Written]:
            return await self._written(part, wanted)

        async with aclosing(as_ready(_parts(sources), write_on, AT_ONCE)) as written:
            async for items in written:
                for item in items:
                    yield item

    async def _written(self, sources: Sequence[SourcePassage], wanted: Wanted) -> list[Written]:
        if not self._left:
            raise ModelFailed("Too few of the chat model's questions passed the checks.")
        self._left -= 1
        items: list[Written] = []
        for draft in (await self._drafts(sources, wanted)).questions[:_MOST]:
            item = item_of(draft, sources, self.name)
            if item:
                self._remember(item.stem, sources[draft.passage - 1])
                items.append(Written(sources[draft.passage - 1], item))
        return items

    async def _drafts(self, sources: Sequence[SourcePassage], wanted: Wanted) -> Drafts:
        """One reply in the wrong form costs its part only; two in a row end it."""
        try:
            drafts = await ask(self._chat, Drafts, "write", **self._values(sources, wanted))
        except ModelFailed:
            self._unusable += 1
            if self._unusable == _UNUSABLE:
                raise
            return Drafts(questions=[])
        self._unusable = 0
        return drafts

    def _values(self, sources: Sequence[SourcePassage], wanted: Wanted) -> dict[str, str]:
        stems = [stem for source in sources for stem in self._asked.get(source.passage.id, [])]
        return {
            "passages": "\n".join(_passage(n, source) for n, source in enumerate(sources, start=1)),
            "asked": as_data("\n".join(stems)) or "(nothing yet)",
            "count": str(min(wanted.count, len(sources)) + _SPARE),
            "kinds": "\n".join(f"- {kind}: {KINDS[kind].brief}" for kind in wanted.kinds or KINDS),
            "difficulty": wanted.difficulty or "mixed",
            "topic": as_data(wanted.topic or "any"),
        }

    def _remember(self, stem: str, source: SourcePassage) -> None:
        self._asked.setdefault(source.passage.id, []).append(stem)


async def _parts(sources: Sequence[SourcePassage]) -> AsyncGenerator[Sequence[SourcePassage], None]:
    """As even as can be, so that no call is longer than the others."""
    count = ceil(len(sources) / _PART)
    for n in range(count):
        yield sources[n * len(sources) // count : (n + 1) * len(sources) // count]


def _passage(n: int, source: SourcePassage) -> str:
    passage = source.passage
    text = source.page_text[passage.start : passage.end]
    return f"<passage>\nnumber: {n}\nfrom: {as_data(f'{passage.book}, {source.chapter}')}\n{as_data(text)}\n</passage>"
