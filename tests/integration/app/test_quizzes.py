"""Several processes write quizzes for the same learner at once."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import uuid4

import pytest

from app.author import Author, Write
from app.orders import Order
from app.persistence.db import Database, connect, migrate
from app.persistence.learners import LearnerStore
from app.persistence.library import LibraryStore
from app.persistence.quizzes import QuizStore
from app.persistence.reviews import ReviewStore
from app.persistence.tables import Document
from app.persistence.writings import WritingStore
from app.scribe import Scribe
from app.writing import Writing
from tests.support.embeddings import HashingEmbeddings
from tests.support.learners import ADA
from tests.support.questions import ScriptedWrite, question
from tests.unit.tools.questions.shelf import TextShelf
from tools.questions.builtin import BuiltinWriter
from tools.questions.likeness import Likeness
from tools.questions.pipeline import Event, Ground, Maker, generate
from tools.questions.repetition import Memory
from tools.questions.solve import WordSolver
from tools.questions.types import Item, Mode, Wanted
from tools.types import ResolvedScope, Scope

PROCESSES, QUIZZES, SIZE, SUPPLY = 3, 10, 10, 75
MANY = 15
"""The text below gives more questions than this, and fewer than ten quizzes of ten."""
WORKSHOP = {
    "chisel": "a tool that shapes wood with a sharp edge", "capstan": "a machine that hauls heavy ropes aboard",
    "barometer": "an instrument that measures the pressure of air", "bollard": "a post that holds ships to a quay",
    "kiln": "an oven that hardens clay into pottery", "loom": "a frame that weaves threads into cloth",
    "anvil": "a block that carries iron under the hammer", "sextant": "an instrument that measures the height of stars",
    "trowel": "a blade that spreads mortar between bricks", "windlass": "a drum that raises buckets from a well",
    "bellows": "a bag that blows air into a fire", "spindle": "a rod that twists wool into yarn",
    "lathe": "a machine that turns wooden bowls and legs", "crucible": "a pot that melts silver and gold",
    "plumb line": "a cord that shows whether walls stand upright", "mortise": "a hole that takes the tenon of a beam",
    "shellac": "a resin that polishes furniture to a shine", "veneer": "a thin leaf that covers cheaper boards",
    "anemometer": "an instrument that measures the speed of wind", "sieve": "a mesh that parts flour from bran",
    "siphon": "a bent tube that empties a barrel by its own weight", "pestle": "a club that grinds herbs and spices",
    "gimlet": "a small drill that bores holes for screws", "ratchet": "a toothed wheel that turns one way only",
}  # fmt: skip


@pytest.mark.parametrize("writer", ["scripted", "built-in"])
async def test_ten_quizzes_over_three_processes_repeat_nothing_and_then_say_why(tmp_path: Path, writer: str) -> None:
    url = f"sqlite:///{tmp_path / 'studyrag.sqlite3'}"
    database = _database(url)
    with database.session_of(ADA) as session:
        session.add(
            Document(id="doc", owner_id="ada", filename="b.pdf", sha256="x", size=1, storage_key="k", state="ready")
        )
    shares = [QUIZZES // PROCESSES + (n < QUIZZES % PROCESSES) for n in range(PROCESSES)]
    workers = [
        await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, url, writer, str(share))
        for share in shares
    ]
    assert [await worker.wait() for worker in workers] == [0] * PROCESSES
    store = QuizStore(database)
    quizzes = store.mine(ADA)
    asked = [one.item for quiz, _ in quizzes for one in store.load(ADA, quiz.id).asked]
    assert len(quizzes) == QUIZZES
    assert len({item.stem for item in asked}) == len(asked), "no question came twice"
    assert len(asked) == SUPPLY if writer == "scripted" else len(asked) > MANY, "none was lost"
    assert all((count == SIZE) != bool(quiz.reason) for quiz, count in quizzes), "fewer only with the reason"
    assert _repeated(asked) == []
    last = await _quiz(_author(database, writer))
    assert (store.load(ADA, last).asked, bool(store.get(ADA, last).reason)) == ([], True)
    database.engine.dispose()


def _repeated(items: list[Item]) -> list[str]:
    """The questions that another one before them repeats, in other words or from the same place."""
    memory = Memory(Likeness(HashingEmbeddings()))
    found = []
    for item in items:
        found += [item.stem] if memory.repeats(item) else []
        memory.add(item)
    return found


def _database(url: str) -> Database:
    engine = connect(url)
    migrate(engine)
    database = Database(engine)
    LearnerStore(database).known(ADA)
    return database


def _author(database: Database, writer: str) -> Author:
    likeness = Likeness(HashingEmbeddings())
    write: Write = ScriptedWrite([question(n) for n in range(SUPPLY)]) if writer == "scripted" else _built_in
    return Author(QuizStore(database), LibraryStore(database), lambda: likeness, write)


async def _built_in(scope: ResolvedScope, wanted: Wanted, memory: Memory, seed: str) -> AsyncGenerator[Event, None]:
    """Implements app.author.Write with the real pipeline, over a text of definitions."""
    texts = [
        f"A {term} is {meaning}. Every {term} in the old workshop was kept dry." for term, meaning in WORKSHOP.items()
    ]
    maker = Maker(BuiltinWriter(Likeness(HashingEmbeddings())), WordSolver())
    ground = Ground(TextShelf({"doc": texts}, "Tools").library())
    async for event in generate(wanted, ground, [maker], memory, seed):
        yield event


async def _quiz(author: Author) -> str:
    """Ordered and written by one and the same process."""
    database = author.store.database
    scribe = Scribe(WritingStore(database), author, uuid4().hex)
    order = Order(Mode.QUIZ, Wanted(SIZE), Scope(documents=("doc",)))
    quiz_id = await Writing(author, ReviewStore(database), lambda quiz_id: None, lambda: False).start(ADA, order)
    await scribe.write()  # or one that another process has ordered
    return quiz_id


async def _work(url: str, writer: str, count: int) -> None:
    database = Database(connect(url))
    author = _author(database, writer)
    for _ in range(count):
        await _quiz(author)
    database.engine.dispose()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], sys.argv[2], int(sys.argv[3])))
