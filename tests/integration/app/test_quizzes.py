"""Several processes write quizzes for the same learner at once."""

import asyncio
import sys
from pathlib import Path

from app.persistence.db import Database, connect, migrate
from app.persistence.library import LibraryStore
from app.persistence.quizzes import QuizStore
from app.persistence.reviews import ReviewStore
from app.persistence.tables import Document
from app.writing import Order, Writing
from tests.support.embeddings import HashingEmbeddings
from tests.support.questions import ScriptedWrite, question
from tools.questions.types import Mode, Wanted
from tools.types import Scope

PROCESSES, QUIZZES, SIZE, SUPPLY = 3, 10, 10, 75


async def test_ten_quizzes_over_three_processes_repeat_nothing_and_then_say_why(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studyrag.sqlite3'}"
    database = _database(url)
    with database.session() as session:
        session.add(
            Document(id="doc", owner_id="ada", filename="b.pdf", sha256="x", size=1, storage_key="k", state="ready")
        )
    shares = [QUIZZES // PROCESSES + (n < QUIZZES % PROCESSES) for n in range(PROCESSES)]
    workers = [
        await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, url, str(share), str(SIZE))
        for share in shares
    ]
    assert [await worker.wait() for worker in workers] == [0] * PROCESSES
    store = QuizStore(database)
    quizzes = store.mine("ada")
    asked = [one.item for quiz, _ in quizzes for one in store.load("ada", quiz.id).asked]
    assert len(quizzes) == QUIZZES
    assert len({item.stem for item in asked}) == len(asked) == SUPPLY, "every question once, and none lost"
    assert all((count == SIZE) != bool(quiz.reason) for quiz, count in quizzes), "fewer only with the reason"
    last = await _quiz(_writing(database), SIZE)
    assert (store.load("ada", last).asked, bool(store.get("ada", last).reason)) == ([], True)
    database.engine.dispose()


def _database(url: str) -> Database:
    engine = connect(url)
    migrate(engine)
    database = Database(engine)
    LibraryStore(database).learner("ada", "ada", "Ada")
    return database


def _writing(database: Database) -> Writing:
    embeddings = HashingEmbeddings()
    write = ScriptedWrite([question(n) for n in range(SUPPLY)])
    return Writing(QuizStore(database), ReviewStore(database), LibraryStore(database), lambda: embeddings, write)


async def _quiz(writing: Writing, size: int) -> str:
    order = Order(Mode.QUIZ, Wanted(size), Scope(documents=("doc",)))
    quiz_id = await writing.start("ada", order)
    await writing.complete("ada", quiz_id)
    return quiz_id


async def _work(url: str, count: int, size: int) -> None:
    database = Database(connect(url))
    writing = _writing(database)
    for _ in range(count):
        await _quiz(writing, size)
    database.engine.dispose()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
