"""What must never be checked in, and what the lock files promise."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import build_api_types

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
UNWANTED = re.compile(r"(torch|torchvision|triton|nvidia-\S+|cuda-\S+|sentence-transformers|numba|kubernetes)==")
FORBIDDEN = {
    "a package index": re.compile(
        r"--(extra-)?index-url|--find-links|pypi\.org|pythonhosted|https?://[^\s/]*/simple\b"
    ),
    "a path of one machine": re.compile(r"(?<![\w.-])/(home|Users|root|work|opt)/\w+"),
    "a key": re.compile(r"\b(sk-[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|eyJ[\w-]{20,}\.[\w-]{20,})"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE " + r"KEY"),
}


def tracked() -> list[Path]:
    """The files git keeps; without git, all that .gitignore does not name."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
        return [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    ignored = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()} | {".git"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not ignored & set(path.relative_to(ROOT).parts)]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FORBIDDEN[what].finditer(text)]
    assert not found


def test_no_environment_or_data_is_checked_in() -> None:
    parts = {part for path in tracked() for part in path.relative_to(ROOT).parts}
    assert not parts & {".env", ".venv", "data", "__pycache__", ".files"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_pinned_and_hashed(lock: str) -> None:
    text = re.sub(r"\\\n\s*", " ", (ROOT / lock).read_text())
    for requirement in filter(None, text.splitlines()):
        assert re.match(r"[A-Za-z0-9._-]+==\S+ ", requirement), requirement[:80]
        assert "--hash=sha256:" in requirement, requirement[:80]


@pytest.mark.parametrize("lock", LOCKS)
def test_no_gpu_library_is_installed(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    assert [line for line in lines if UNWANTED.match(line) and "sys_platform == 'never'" not in line] == []


def test_the_test_lock_agrees_with_the_lock_people_install() -> None:
    pins = [set(re.findall(r"^(\S+==\S+)", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS]
    assert pins[0] <= pins[1]


def test_the_lock_of_the_front_end_pins_and_hashes_every_package_and_names_no_registry() -> None:
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    installed = {name: package for name, package in packages.items() if name}
    assert [name for name, package in installed.items() if "resolved" in package or "integrity" not in package] == []
    wanted = packages[""]["devDependencies"]
    assert {name: installed[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_what_the_front_end_knows_of_the_api_is_what_the_api_says() -> None:
    """Without Node, so that whoever changes the API hears of it at once: python -m scripts.build_api_types"""
    assert build_api_types.TARGET.read_text(encoding="utf-8") == build_api_types.typescript()


def test_nothing_imports_the_chat_door() -> None:
    """import-linter sees packages only."""
    modules = [path for path in tracked() if path.suffix == ".py" and "tests" not in path.relative_to(ROOT).parts]
    importing = re.compile(r"^\s*(import|from) chainlit_app\b", re.MULTILINE)
    assert [path.name for path in modules if importing.search(path.read_text(encoding="utf-8"))] == []


def test_links_in_the_documents_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))]
    broken = [f"{page.name}: {link}" for page, link in links if "://" not in link and not (page.parent / link).exists()]
    assert not broken


def test_folders_of_tests_are_packages() -> None:
    """Else two files of one name in different folders hide one another."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("script", [".ci/run", "scripts/install.sh", "scripts/run_all.sh"])
def test_scripts_can_be_run(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], cwd=ROOT, check=False).returncode == 0
