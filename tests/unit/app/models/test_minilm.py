import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.models.minilm import (
    BATCH_TOKENS,
    DIMENSIONS,
    EmbeddingUnusable,
    MiniLM,
    build_model,
    cached_model,
    equal_lengths,
    float_or_int8_model,
    open_network,
    open_tokenizer,
)

SENTENCES = [
    "Water moves across a semipermeable membrane towards the side with more solute.",
    "Osmosis",
    "The court may set aside a contract that was signed under duress.",
    "A graph without cycles is called a forest.",
    "Osmosis is the flow of water through a membrane to where more is dissolved.",
]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    MiniLM(folder).build()
    return folder


@pytest.fixture(scope="session")
def model(cache: Path) -> MiniLM:
    return MiniLM(cache, threads=2)


@pytest.fixture
def private_cache(cache: Path, tmp_path: Path) -> Path:
    """A copy of the built model that a test may damage."""
    for file in cache.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_vectors_are_unit_float32_rows(model: MiniLM) -> None:
    vectors = model.encode(SENTENCES)
    assert vectors.shape == (len(SENTENCES), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(SENTENCES)), abs=1e-5)


def test_the_same_texts_give_the_same_vectors(model: MiniLM) -> None:
    assert np.array_equal(model.encode(SENTENCES), model.encode(SENTENCES))


def test_rows_keep_the_order_of_the_texts_and_equal_single_results(model: MiniLM) -> None:
    singles = np.array([model.embed_query(text) for text in SENTENCES])
    assert np.sum(model.encode(SENTENCES) * singles, axis=1).min() > 0.99


def test_threads_do_not_change_the_result(cache: Path, model: MiniLM) -> None:
    texts = [f"{text} {n}" for n in range(40) for text in SENTENCES]
    assert np.array_equal(MiniLM(cache, threads=1).encode(texts), model.encode(texts))


def test_documents_and_queries_share_one_space(model: MiniLM) -> None:
    assert model.embed_documents([SENTENCES[0]])[0] == pytest.approx(model.embed_query(SENTENCES[0]))


def test_a_paraphrase_is_nearer_than_another_subject(model: MiniLM) -> None:
    water, _, contract, graph, paraphrase = model.encode(SENTENCES)
    assert water @ paraphrase > 0.6
    assert water @ paraphrase > max(water @ contract, water @ graph) + 0.3


def test_int8_stays_close_to_float32(cache: Path) -> None:
    exact, quantized = open_network(float_or_int8_model(int8=False)), open_network(cached_model(cache))
    tokens = [np.array([open_tokenizer().encode(text).ids], np.int32) for text in SENTENCES]
    assert np.mean([np.sum(exact(ids) * quantized(ids)) for ids in tokens]) >= 0.99


def test_nothing_gives_no_rows(model: MiniLM) -> None:
    assert model.encode([]).shape == (0, DIMENSIONS)
    assert model.embed_documents([]) == []


@pytest.mark.parametrize("text", ["", " ", "\0", "half a pair \ud800", "🧬" * 50, "光合作用", "x" * 5000])
def test_any_text_has_a_unit_vector(model: MiniLM, text: str) -> None:
    assert np.linalg.norm(model.embed_query(text)) == pytest.approx(1, abs=1e-5)


def test_a_long_text_is_read_up_to_the_limit(model: MiniLM) -> None:
    start = "cell " * 400
    assert model.embed_query(start + "contract") == model.embed_query(start + "forest")


def test_batches_hold_each_row_once_and_one_length_each() -> None:
    rng = np.random.default_rng(1)
    ids = [np.ones(n, np.int32) for n in rng.integers(2, 257, 500)]
    batches = list(equal_lengths(ids))
    assert sorted(np.concatenate(batches)) == list(range(500))
    for rows in batches:
        (length,) = {len(ids[row]) for row in rows}
        assert len(rows) * length <= BATCH_TOKENS


def test_one_model_serves_many_threads(cache: Path, model: MiniLM) -> None:
    expected = model.encode(SENTENCES)
    fresh = MiniLM(cache)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(fresh.encode, [SENTENCES] * 12))
    assert all(np.array_equal(expected, result) for result in results)


def test_a_second_start_loads_the_file_as_it_is(private_cache: Path) -> None:
    before = only_file(private_cache).stat()
    MiniLM(private_cache).build()
    assert only_file(private_cache).stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("kept", [0, -1])
def test_a_truncated_file_is_rebuilt(private_cache: Path, model: MiniLM, kept: int) -> None:
    file = only_file(private_cache)
    whole = file.read_bytes()
    file.write_bytes(whole[:kept])
    assert np.array_equal(MiniLM(private_cache).encode(SENTENCES), model.encode(SENTENCES))
    assert only_file(private_cache).read_bytes() == whole


def test_a_changed_byte_in_the_weights_is_noticed(private_cache: Path) -> None:
    file = only_file(private_cache)
    whole = file.read_bytes()
    file.write_bytes(whole[:5_000_000] + bytes([whole[5_000_000] ^ 0xFF]) + whole[5_000_001:])
    assert cached_model(private_cache).read_bytes() == whole


def test_a_file_of_an_older_recipe_gives_way(private_cache: Path) -> None:
    current = only_file(private_cache)
    current.rename(private_cache / "minilm-0000000000000000-0000000000000000.onnx")
    cached_model(private_cache)
    assert only_file(private_cache).name == current.name


def test_two_processes_may_build_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.models.minilm", str(tmp_path / "new" / "folder")]
    builders = [subprocess.Popen(command) for _ in range(2)]
    assert [builder.wait(60) for builder in builders] == [0, 0]
    assert cached_model(tmp_path / "new" / "folder") == only_file(tmp_path / "new" / "folder")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddingUnusable, match="models"):
        MiniLM(tmp_path / "file" / "models").build()


def test_a_model_that_strays_from_float32_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.minilm_graph.LARGEST_WEIGHT", 2)
    with pytest.raises(EmbeddingUnusable):
        build_model()


def test_importing_the_module_loads_no_runtime() -> None:
    code = "import sys, app.models.minilm; print({'onnx', 'onnxruntime', 'tokenizers', 'torch'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_each_telling_word_has_a_vector_where_it_stands(model: MiniLM) -> None:
    texts = ["What is the osmosis of water?", "It is.", "", "Semipermeability, a 7-letter word; half a pair \ud800"]
    vectors, words = model.embed_words(texts)

    assert np.array_equal(vectors, model.encode(texts))
    assert [len(of_text) for of_text in words] == [2, 0, 0, 5]
    assert np.linalg.norm(np.concatenate(words), axis=1) == pytest.approx(1, abs=1e-5)


def test_a_word_means_what_its_sentence_makes_of_it(model: MiniLM) -> None:
    _, (river, shore, money) = model.embed_words(
        ["He fished from the bank of the river.", "We sat on the shore.", "She paid the cheque in at the bank."]
    )
    bank, shore_, other = river[1], shore[-1], money[-1]
    assert bank @ shore_ > other @ shore_
