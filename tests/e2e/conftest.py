"""The whole product, started as a learner starts it, and a browser in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from fpdf import FPDF
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class Product:
    """`python -m app` on a free port and an empty data folder."""

    address: str
    process: subprocess.Popen[bytes]

    def kill_web(self) -> None:
        """What a crash does; the supervisor starts it again."""
        (web,) = (child for child in psutil.Process(self.process.pid).children() if "app.web" in child.cmdline())
        web.kill()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("product")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "STUDYRAG_DATA_DIR": str(folder / "data"), "PORT": str(port), "HOST": "127.0.0.1"}
    with (folder / "product.log").open("w") as log:
        product = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", product, folder / "product.log")
        yield Product(f"http://127.0.0.1:{port}", product)
    finally:
        product.terminate()
        product.wait(30)


def _wait_until_ready(address: str, product: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and product.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"the product did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def address(product: Product) -> str:
    return product.address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Module by module: Playwright keeps an event loop, which the asynchronous tests of other modules cannot share."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Seen:
    """What must never happen in a page, as far as it has happened."""

    elsewhere: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            self.elsewhere.append(request.url)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def crash(self, error: object) -> None:
        self.errors.append(str(error))


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A new visitor's window on a new chat. No request may leave this machine, and the console stays clean."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    page = context.new_page()
    seen = Seen()
    context.on("request", seen.request)
    page.on("console", seen.console)
    page.on("pageerror", seen.crash)
    page.set_default_timeout(30_000)
    page.goto("/")
    page.locator(".study-welcome").wait_for()
    yield page
    context.close()
    assert seen.elsewhere == []
    assert seen.errors == []


def make_pdf(path: Path, pages: list[str]) -> Path:
    """One paragraph a page."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for text in pages:
        pdf.add_page()
        pdf.multi_cell(0, 8, text)
    pdf.output(str(path))
    return path
