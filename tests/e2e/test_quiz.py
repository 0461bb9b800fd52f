"""Quiz, practice and review in a real browser, with all that goes over the wire written down."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Error, Locator, Page, Response, WebSocket, expect

from tests.e2e.conftest import Product, make_pdf

READ_MS = 300_000
HELD_BACK = ("key", "rationale", "hint", "verdict", "evidence", "rubric", "quote")
ASKED = {"id", "kind", "stem", "options", "difficulty", "topic", "answer", "attempts", "flagged", "skipped", "reported"}

HARBOUR = [
    "A sextant is an instrument that measures the angle between the horizon and a star. "
    "A barometer is an instrument that measures the pressure of the air. "
    "An anemometer is an instrument that measures the speed of the wind. "
    "A hygrometer is an instrument that measures the moisture of the air.",
    "A capstan is a machine with an upright drum that hauls heavy ropes. "
    "A windlass is a machine with a level drum that raises the anchor. "
    "A bollard is a short post on a quay to which ropes are tied. "
    "A fender is a cushion that protects the hull of a boat from the quay.",
    "The port of Tamsel was founded in 1642 by the merchant Hendrik Volmar. "
    "The breakwater of Tamsel was finished in 1788 by the engineer Lise Aubert. "
    "The dry dock of Tamsel was opened in 1851 by the shipwright Tomas Ferrel. "
    "The customs house of Tamsel was burnt down in 1903.",
]


WORKSHOP = [
    "A chisel is a tool with a sharp edge that shapes wood. "
    "A spokeshave is a tool with two handles that smooths curved wood. "
    "A mallet is a tool with a large wooden head that drives a chisel. "
    "A trammel is a tool with two points that draws large circles. "
    "A bradawl is a tool with a fine point that starts a hole for a screw.",
    "Shellac is a resin that is made by insects and polishes furniture. "
    "Veneer is a thin leaf of fine wood that covers a cheaper board. "
    "A dovetail is a joint whose pins hold two boards together. "
    "A mortise is a hole in a beam that takes a tenon.",
    "The guild of Orlen was founded in 1533 by the joiner Marten Vosk. "
    "The school of Orlen was opened in 1760 by the carver Ilse Brammer. "
    "The workshop of Orlen was closed in 1911 by the merchant Piet Halden.",
]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pdf(tmp_path_factory.mktemp("files") / "harbour.pdf", HARBOUR)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another text for each test: no question comes twice."""
    return make_pdf(tmp_path_factory.mktemp("files") / "workshop.pdf", WORKSHOP)


@dataclass
class Wire:
    """What the page was told, by socket and by HTTP."""

    frames: list[str] = field(default_factory=list)
    bodies: list[tuple[str, str]] = field(default_factory=list)

    def socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.frames.append(str(frame)))

    def response(self, response: Response) -> None:
        if "json" in response.headers.get("content-type", ""):
            with suppress(Error):  # the page was left meanwhile
                self.bodies.append((response.url, response.text()))

    @property
    def everything(self) -> str:
        return "\n".join([*self.frames, *(body for _, body in self.bodies)])

    def quizzes(self) -> Iterator[dict[str, Any]]:
        for url, body in self.bodies:
            if re.search(r"/api/quizzes/\w+$", url):
                yield json.loads(body)


@pytest.fixture
def wire(page: Page) -> Wire:
    wire = Wire()
    page.on("websocket", wire.socket)
    page.on("response", wire.response)
    page.reload()
    page.locator(".study-welcome").wait_for()
    return wire


def say(page: Page, text: str) -> None:
    page.locator("#chat-input").fill(text)
    page.locator("#chat-submit").click()


def begin(page: Page, file: Path, wish: str) -> Locator:
    """A conversation about this file alone, with a round of questions."""
    page.locator("#upload-button-input").set_input_files([file])
    expect(page.locator("#chat-submit")).to_be_enabled()
    page.locator("#chat-submit").click()
    expect(page.get_by_label(f"File {file.name}")).to_contain_text("Ready", timeout=READ_MS)
    say(page, "/scope chat")
    expect(page.locator("#mode-picker-trigger-scope")).to_contain_text("chat")
    return another(page, wish)


def another(page: Page, wish: str) -> Locator:
    before = page.locator(".study-quiz").count()
    say(page, wish)
    card = page.locator(".study-quiz").nth(before)
    expect(card.locator(".study-stem")).to_be_visible(timeout=READ_MS)
    expect(card.locator(".study-writing")).to_have_count(0, timeout=READ_MS)
    expect(page.locator("#stop-button")).to_have_count(0)  # then the chat no longer moves the focus to its own field
    return card


def secrets(product: Product, quiz_id: str) -> list[str]:
    """Hints, reasons and evidence of a quiz as they are stored."""
    folder = psutil.Process(product.process.pid).environ()["STUDYRAG_DATA_DIR"]
    with sqlite3.connect(f"file:{folder}/studyrag.sqlite3?mode=ro", uri=True) as database:
        rows = database.execute(
            "select body from question_items join quiz_items on item_id = id where quiz_id = ?", (quiz_id,)
        )
        items = [json.loads(body) for (body,) in rows]
    texts = [text for item in items for text in (item["hint"], item["rationale"], item["evidence"]["quote"])]
    return [*texts, *(option["rationale"] for item in items for option in item["options"])]


def test_an_unfinished_quiz_tells_nothing_and_its_report_everything(
    page: Page, product: Product, wire: Wire, harbour: Path
) -> None:
    card = begin(page, harbour, "quiz me, 4 multiple choice questions")
    stem = card.locator(".study-stem").inner_text()
    page.keyboard.press("2")
    expect(card.get_by_role("radio").nth(1)).to_be_checked()
    card.get_by_role("radio").nth(2).click()
    page.keyboard.press("1")  # changed until the end; Enter then goes on and does not choose again what was clicked
    expect(card.get_by_role("radio").nth(0)).to_be_checked()
    page.locator("#chat-input").press_sequentially("2")  # what is typed in the chat is no answer
    page.locator("#chat-input").fill("")
    card.get_by_role("radio").nth(0).focus()
    page.keyboard.press("Enter")
    expect(card.locator(".study-stem")).not_to_have_text(stem)
    card.get_by_role("button", name="Flag").click()
    card.get_by_role("button", name="Skip").click()
    expect(card.get_by_label("Question 2: skipped, flagged")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    with page.expect_response(lambda reply: reply.url.endswith("/answers") and reply.ok):
        page.keyboard.press("3")
    expect(card.get_by_label("Question 2: answered, flagged")).to_be_visible()

    page.reload()
    card = page.locator(".study-quiz").last
    expect(card.get_by_label("Question 1: answered")).to_be_visible()
    expect(card.get_by_label("Question 2: answered, flagged")).to_be_visible()

    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".study-quiz").last.get_by_label("Question 3: open").click()
    other.locator(".study-quiz").last.get_by_role("radio").first.click()
    expect(card.get_by_label("Question 3: answered")).to_be_visible()
    other.close()

    card.get_by_text("Finish the quiz").click()
    confirm = card.get_by_role("alertdialog")
    expect(confirm).to_contain_text("1 question is still open (4)")
    page.wait_for_timeout(300)
    (quiz_id,) = {quiz["id"] for quiz in wire.quizzes()}
    assert all(set(item) <= ASKED for quiz in wire.quizzes() for item in quiz["items"])
    assert all(quiz["explained"] == {} for quiz in wire.quizzes())
    told = wire.everything
    assert not [name for name in HELD_BACK if re.search(rf'\\?"{name}\\?":', told)]
    held = [text for text in secrets(product, quiz_id) if text]
    assert held
    assert not [text for text in held if text in told or json.dumps(text)[1:-1] in told]
    assert not [text for text in held if text in page.content()]

    confirm.get_by_role("button", name="Finish now").click()
    report = page.get_by_label("Quiz report")
    expect(report.locator(".study-score")).to_contain_text("of 4 right")
    expect(report.locator(".study-tally")).to_contain_text("1 no answer")
    expect(report.locator(".study-chart tbody tr").first).to_be_visible()
    report.locator(".study-chart .study-chip").first.click()  # what to read again
    expect(page.frame_locator("#study-drawer iframe").locator("#image")).to_be_visible()
    page.get_by_label("Close the page").click()
    expect(report.locator("details")).to_have_count(4)
    last = report.locator("details").nth(3)
    last.locator("summary").click()
    expect(last).to_contain_text("The right answer")
    last.locator(".study-chip").click()
    expect(page.frame_locator("#study-drawer iframe").locator("#image")).to_be_visible()
    page.get_by_label("Close the page").click()
    with page.expect_download() as download:
        report.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    last.get_by_role("button", name="Report this question").click()
    last.get_by_role("button", name="Report", exact=True).click()
    expect(report.locator(".study-score")).to_contain_text("of 3 right")
    page.reload()
    expect(page.get_by_label("Quiz report").locator(".study-score")).to_contain_text("of 3 right")


def test_practice_helps_explains_and_follows_what_is_said_in_the_chat(page: Page, workshop: Path) -> None:
    card = begin(page, workshop, "/practice 3 multiple choice questions")
    card.get_by_role("button", name="Hint").click()
    expect(card.locator(".study-hint")).to_be_visible()
    for option in ("1", "2"):  # at least one of them is wrong; two tries settle a question
        if card.get_by_role("button", name="Next").count() == 0:
            page.keyboard.press(option)
            page.keyboard.press("Enter")
            expect(card.locator(".study-told")).to_be_visible()
            page.wait_for_timeout(300)
    expect(card.locator(".study-option.is-right")).to_have_count(1)
    expect(card.locator(".study-told .study-chip")).to_contain_text("p. ")
    page.keyboard.press("Enter")
    expect(card.locator(".study-told")).to_have_count(0)
    say(page, "I give up")
    expect(card.get_by_label(re.compile("Question 2: No answer"))).to_be_visible()
    card = page.locator(".study-quiz").last
    card.get_by_text("End practice").click()
    card.get_by_role("button", name="Finish now").click()
    expect(page.get_by_label("Practice report").locator("details")).to_have_count(3)


def test_what_was_wrong_is_due_and_can_be_repeated(page: Page, harbour: Path) -> None:
    card = begin(page, harbour, "quiz me, 1 short answer question")
    card.get_by_role("textbox").fill("an elephant")
    page.keyboard.press("Enter")
    card.get_by_role("button", name="Finish now").click()
    report = page.get_by_label("Quiz report")
    expect(report).to_contain_text("0 of 1 right")
    report.locator("summary").click()
    report.get_by_role("button", name="Challenge the mark").click()
    report.get_by_placeholder("Why is your answer right?").fill("It is large and grey, too.")
    page.keyboard.press("Enter")
    expect(report.locator(".study-marks li")).to_have_count(2)  # both marks are kept
    again = page.locator("section[aria-label=Practice], section[aria-label=Quiz]")
    page.get_by_role("button", name="Repeat my mistakes").click()
    expect(again.locator(".study-stem")).to_be_visible(timeout=READ_MS)


def test_a_card_stays_the_card_it_is_while_the_chat_goes_on(page: Page, harbour: Path) -> None:
    card = begin(page, harbour, "/practice 1 short answer question")
    field = card.get_by_role("textbox")
    field.fill("an ele")
    field.evaluate("one => { one.dataset.met = 'before' }")
    said = page.locator(".ai-message").count()
    say(page, "/scope chat")
    expect(page.locator(".ai-message")).to_have_count(said + 1)
    expect(page.locator("#stop-button")).to_have_count(0)
    expect(field).to_have_attribute("data-met", "before")
    expect(field).to_have_value("an ele")


def test_an_answer_given_without_a_network_arrives(browser: Browser, address: str, harbour: Path) -> None:
    page = browser.new_context(base_url=address).new_page()  # its console tells of the network
    page.goto("/")
    page.locator(".study-welcome").wait_for()
    card = begin(page, harbour, "quiz me, 1 multiple choice question")
    page.route("**/api/quizzes/**", lambda route: route.abort("internetdisconnected"))
    card.get_by_role("radio").nth(1).click()
    expect(card.get_by_text("No connection to StudyRAG")).to_be_visible()
    expect(card.get_by_role("radio").nth(1)).to_be_checked()
    page.unroute("**/api/quizzes/**")
    expect(card.get_by_text("No connection to StudyRAG")).to_have_count(0)
    page.reload()
    expect(page.locator(".study-quiz").last.get_by_role("radio").nth(1)).to_be_checked()
    page.context.close()


def test_a_command_alone_asks_about_everything_until_nothing_is_left(page: Page, tmp_path: Path) -> None:
    lines = [
        "A bassoon is a wooden instrument with a double reed that sounds very low.",
        "A cornet is a brass instrument with three valves that resembles a trumpet.",
        "The opera house of Lune was opened in 1832 by the composer Adele Marwitz.",
    ]
    card = begin(page, make_pdf(tmp_path / "music.pdf", lines), "/quiz 1 question")
    expect(card.locator(".study-place")).to_have_count(1)
    page.locator("#command-button").click()
    page.get_by_text("Questions, marked at the end").click()
    page.locator("#chat-submit").click()
    rest = page.locator(".study-quiz").nth(1)
    expect(rest.locator(".study-notice")).to_be_visible(timeout=READ_MS)  # why there are fewer than 25
    expect(page.get_by_text("Quiz me")).to_be_visible()
    replies = page.locator(".positive-feedback-off")
    before = replies.count()
    say(page, "/quiz")
    expect(replies).to_have_count(before + 1, timeout=READ_MS)
    expect(page.locator(".study-quiz")).to_have_count(2)


PHONE = {"width": 390, "height": 844}
CUT_OFF = (
    """card => [...card.querySelectorAll("*")].filter(one => one.getBoundingClientRect().right > innerWidth).length"""
)
TOO_SMALL = """card => [...card.querySelectorAll("button, a, summary, input:not([type=checkbox])")]
    .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 43.5)
    .map(one => one.outerHTML)"""


def fits(card: Locator) -> None:
    """Nothing lies beside the screen, and a finger hits everything."""
    assert card.evaluate(CUT_OFF) == 0
    assert card.evaluate(TOO_SMALL) == []


def test_on_a_phone_a_round_fits_comes_back_and_a_page_leads_back_to_it(page: Page, tmp_path: Path) -> None:
    lines = [
        "A gneiss is a rock with bright and dark bands. A basalt is a rock that cools quickly from lava.",
        "A marble is a rock that was limestone before. An obsidian is a rock that looks like black glass.",
    ]
    page.set_viewport_size(PHONE)
    card = begin(
        page, make_pdf(tmp_path / "a-very-long-title-about-rocks-and-how-they-form.pdf", lines), "/quiz 2 questions"
    )
    expect(page).to_have_url(re.compile("/thread/"))
    fits(card)
    card.get_by_role("button", name="Report this question").click()
    fits(card)
    page.keyboard.press("Enter")
    expect(card.get_by_label("Question 1: reported")).to_be_visible()
    page.reload()
    card = page.locator(".study-quiz").last
    expect(card.get_by_label("Question 1: reported")).to_be_visible()
    card.get_by_label("Question 2: open").click()
    card.get_by_role("button", name="Finish", exact=True).click()
    expect(card.get_by_role("alertdialog")).to_contain_text("1 question is still open (2)")
    fits(card)
    card.get_by_role("button", name="Finish now").click()
    report = page.get_by_label("Quiz report")
    expect(report.locator(".study-score")).to_contain_text("0 of 1 right")
    fits(report)
    chat = page.url
    report.locator(".study-chart .study-chip").click()
    expect(page.frame_locator("#study-drawer iframe").locator("#image")).to_be_visible()
    page.go_back()
    expect(page.locator("#study-drawer")).to_be_hidden()
    expect(report).to_be_visible()
    assert page.url == chat
