"""`python -m tests.support.outages`: takes models and index away under traffic, and prints what learners were shown."""

import json
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from app.models.minilm import MiniLM
from tests.support.chroma import ChromaServer, free_port
from tests.support.openai_server import OpenAIServer, Reply, Request
from tests.support.product import Product, built_model, until

SECONDS = 60
TOPICS = (
    "water", "salt", "iron", "sand", "timber", "glass", "wool", "clay", "oil", "copper", "honey", "barley", "leather",
    "paper", "rope", "tar", "marble", "silk", "pepper", "cheese",
)  # fmt: skip
PLACES = ("harbour", "valley", "workshop", "museum", "abbey", "castle", "mill", "school")
BOOK = "\n\n".join(
    f"# {topic} in the {place}\n\nThe {place} keeps its {topic} below the {n}th tower. It was brought there by boat, "
    f"and {topic} from the {place} is sold at the market of the town every autumn."
    for n, (topic, place) in enumerate(((topic, place) for topic in TOPICS for place in PLACES), start=1)
)
QUESTION = "Where does the {place} keep its {topic}?"

Seen = Counter[tuple[int, str, tuple[str, ...]]]
"""Status, who answered, and the sentences beside the answer, with how often that was seen."""


class Switched:
    """A model server that can be taken away and brought back at the same address."""

    def __init__(self, script: Callable[[Request], Reply]) -> None:
        self._script = script
        self._port = free_port()
        self._server: OpenAIServer | None = None
        self.url = f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Nothing to do for one that runs."""
        if self._server is None:
            self._server = OpenAIServer(self._script, self._port)
            self._server.__enter__()

    def kill(self) -> None:
        """Nobody listens at its address any more."""
        if self._server is not None:
            self._server.__exit__()
            self._server = None


@dataclass
class Town:
    """The product with its models and its index as servers of their own."""

    product: Product
    parts: dict[str, Switched | ChromaServer]
    asked: int = field(default=0)

    def ask(self) -> tuple[int, str, tuple[str, ...]]:
        """What a learner is shown for a question that was never asked before."""
        turn, nth = divmod(self.asked, len(TOPICS))
        self.asked += 1
        question = QUESTION.format(place=PLACES[turn % len(PLACES)], topic=TOPICS[nth])
        reply = self.product.post("/api/chat", query=question)
        told = reply.json()
        return reply.status_code, told.get("model", told.get("code")), tuple(told.get("notices", ()))

    def during_an_outage_of(self, name: str, enough: Callable[[Seen], bool]) -> Seen:
        """What is seen until it is enough; the part is back afterwards, and answers are as before."""
        part = self.parts[name]
        seen: Seen = Counter()
        part.kill()
        while not enough(seen):
            seen[self.ask()] += 1
        part.start()
        return seen

    def is_well(self) -> bool:
        """Whether everything takes part in an answer."""
        return self.ask() == (200, "openai/tutor", ())


def _tutor(request: Request) -> Reply:
    """Quotes the first passage that it is given."""
    found = re.search(r"keeps its [\w ]+ below the \w+ tower", request.text)
    return Reply(f'It {found[0]} [1: "{found[0]}"].' if found else "I do not know.")


def _embedder(minilm: MiniLM) -> Callable[[Request], Reply]:
    def script(request: Request) -> Reply:
        vectors = minilm.embed_documents(request.body["input"])
        data = [{"object": "embedding", "index": n, "embedding": vector} for n, vector in enumerate(vectors)]
        return Reply(raw=json.dumps({"object": "list", "model": request.model, "data": data, "usage": {}}).encode())

    return script


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """With a book that was read, and a model for embeddings that was measured on it."""
    minilm = MiniLM(built_model())
    with (
        Switched(_tutor) as tutor,
        Switched(_embedder(minilm)) as embedder,
        ChromaServer(folder / "chroma") as chroma,
        Product.start(
            folder / "data",
            CHROMA_URL=chroma.url,
            OPENAI_API_KEY="a-key-for-tests",
            STUDYRAG_CHAT_MODEL="openai/tutor",
            STUDYRAG_CHAT_API_BASE=tutor.url,
            STUDYRAG_EMBEDDING_MODEL="openai/embedder",
            STUDYRAG_EMBEDDING_API_BASE=embedder.url,
        ) as product,
    ):
        document = product.upload("town.md", BOOK.encode(), "The town")
        until(lambda: product.get(f"/api/documents/{document['id']}/status").json()["status"] == "ready")
        made = Town(product, {"the chat model": tutor, "the model that embeds": embedder, "Chroma": chroma})
        until(made.is_well)
        yield made


def main() -> None:
    """Each part in turn is away for a minute."""
    folder = Path(tempfile.mkdtemp(prefix="studyrag-outages-"))
    try:
        with town(folder) as made:
            for name in made.parts:
                over = time.monotonic() + SECONDS
                seen = made.during_an_outage_of(name, lambda _, over=over: time.monotonic() > over)  # type: ignore[misc]
                print(f"\n{name} away for {SECONDS} seconds:")
                for (status, model, notices), times in seen.most_common():
                    print(f"  {times:4} × {status} {model} {' '.join(notices)}")
                since = time.monotonic()
                until(made.is_well)
                print(f"  as before {time.monotonic() - since:.0f} seconds after it was back")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
