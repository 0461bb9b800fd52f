"""The whole product, started as a learner starts it, and a browser in front of it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fpdf import FPDF
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.support.product import Product

PATIENCE_MS = 180_000
"""For what a browser waits for: the machine may have much else to do."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`python -m app` on a free port and an empty data folder."""
    with Product.start(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture(scope="session")
def address(product: Product) -> str:
    return product.address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Module by module: Playwright keeps an event loop, which the asynchronous tests of other modules cannot share."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    expect.set_options(timeout=PATIENCE_MS)
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
    page.set_default_timeout(PATIENCE_MS)
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
