from pathlib import Path

import pytest

from app.pipeline_config import PipelineConfig, UnusableConfig, load

SHIPPED = Path(__file__).resolve().parents[3] / "pipeline_config.yaml"


def loaded(folder: Path, text: str) -> PipelineConfig:
    path = folder / "pipeline_config.yaml"
    path.write_text(text)
    return load(path)


def test_the_shipped_file_names_every_setting_with_its_default() -> None:
    config = load(SHIPPED)

    assert config == PipelineConfig()
    assert all(f"  {name}:" in SHIPPED.read_text() for name in type(config.chunking).model_fields)


def test_what_is_left_out_keeps_its_default(tmp_path: Path) -> None:
    assert loaded(tmp_path, "") == PipelineConfig()
    assert loaded(tmp_path, "chunking: {max_characters: 700}").chunking.max_characters == 700


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("chunking: {max_characters: 9000}", "chunking.max_characters"),
        ("chunking: {max_charcters: 900}", "chunking.max_charcters"),
        ("chunking: {strategy: by_moon}", "chunking.strategy"),
        ("chunking: {max_characters: 200, overlap: 150}", "overlap"),
        ("chunks: {}", "chunks"),
        ("- a list", "named settings"),
        ("chunking: {strategy", "line 1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(UnusableConfig, match=r"^pipeline_config\.yaml") as raised:
        loaded(tmp_path, text)
    assert named in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableConfig, match=r"^nowhere\.yaml"):
        load(tmp_path / "nowhere.yaml")
