"""What a learner does in the chat, in a real browser against the running product."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Product, make_pdf
from tests.support.product import until

READ_MS = 300_000

LIGHTHOUSE = [
    "The Veldmar lighthouse was built in 1871 by the engineer Ottilie Brandt. It stands on the northern cape.",
    "The lamp of the Veldmar lighthouse burns rapeseed oil. The keeper trims the wick every four hours.",
    "The fog horn of the Veldmar lighthouse was added in 1903. It is driven by compressed air.",
]
BRIDGE = [
    "The Orsk bridge spans the river Tamra with three arches of sandstone. It was opened in 1764.",
    "The toll house of the Orsk bridge was closed in 1892, when the town council bought the bridge.",
]


@pytest.fixture(scope="module")
def lighthouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pdf(tmp_path_factory.mktemp("files") / "lighthouse.pdf", LIGHTHOUSE)


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pdf(tmp_path_factory.mktemp("files") / "bridge.pdf", BRIDGE)


@pytest.fixture
def long_book(tmp_path: Path) -> Path:
    """Takes some seconds to read."""
    pages = [f"Record {n}. " + " ".join(f"Case {n * 40 + i} is entered here." for i in range(40)) for n in range(300)]
    return make_pdf(tmp_path / "registry.pdf", pages)


def say(page: Page, text: str) -> None:
    page.locator("#chat-input").fill(text)
    page.locator("#chat-submit").click()


def ask(page: Page, question: str) -> Locator:
    """Ask, and wait for the end of the reply: what stands below it."""
    before = page.locator(".study-sources").count()
    say(page, question)
    expect(page.locator(".study-sources")).to_have_count(before + 1, timeout=READ_MS)
    return page.locator(".ai-message", has=page.locator(".study-sources")).last


def attach(page: Page, *files: Path) -> None:
    page.locator("#upload-button-input").set_input_files(list(files))
    expect(page.locator("#chat-submit")).to_be_enabled()


def card(page: Page, filename: str) -> Locator:
    return page.get_by_label(f"File {filename}")


def drop(page: Page, file: Path) -> None:
    attach(page, file)
    page.locator("#chat-submit").click()
    expect(card(page, file.name)).to_contain_text("Ready", timeout=READ_MS)


def test_an_empty_library_offers_a_sample_course_that_answers(page: Page) -> None:
    page.get_by_role("button", name="Try the sample course").click()
    page.get_by_role("button", name="Why do leaves look green?").click()
    expect(page.locator(".study-sources")).to_have_count(1, timeout=READ_MS)
    expect(page.locator(".study-chip").first).to_be_visible()


def test_from_a_file_to_a_cited_page_and_back_next_week(page: Page, lighthouse: Path, bridge: Path) -> None:
    attach(page, lighthouse)
    reply = ask(page, "Who built the Veldmar lighthouse?")  # waits for the file that came with it
    expect(reply).to_contain_text("Ottilie Brandt")
    expect(card(page, "lighthouse.pdf")).to_contain_text("Ready")

    reply.locator(".study-chip").first.click()
    expect(page.locator("#study-drawer")).to_be_visible()
    drawer = page.frame_locator("#study-drawer iframe")
    expect(drawer.locator("#image")).to_be_visible()
    expect(drawer.locator(".marks rect")).not_to_have_count(0)
    drawer.locator("#show-text").click()
    expect(drawer.locator("#mark")).to_contain_text("lighthouse")
    page.get_by_label("Close the page").click()
    expect(page.locator("#study-drawer")).to_be_hidden()

    expect(ask(page, "And what does its lamp burn?")).to_contain_text("rapeseed oil")

    drop(page, bridge)
    expect(ask(page, "How many arches does the Orsk bridge have?")).to_contain_text("three arches")
    expect(ask(page, "When was the fog horn of the Veldmar lighthouse added?")).to_contain_text("1903")

    address = page.url
    assert "/thread/" in address
    page.reload()
    expect(page.locator(".study-sources")).to_have_count(4)

    page.goto("/")
    page.get_by_text("Who built the Veldmar lighthouse?").first.click()
    page.wait_for_url(address)
    expect(page.locator(".study-sources")).to_have_count(4)
    expect(card(page, "lighthouse.pdf")).to_contain_text("Ready")
    page.locator(".message-content a[href^='/cite/']").first.click()
    expect(page.locator("#study-drawer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#study-drawer")).to_be_hidden()
    expect(ask(page, "When was the toll house of the Orsk bridge closed?")).to_contain_text("1892")


def test_a_file_that_cannot_be_read_says_why(page: Page, tmp_path: Path) -> None:
    (tmp_path / "notes.pdf").write_bytes(b"\x7fELF not a document at all")
    attach(page, tmp_path / "notes.pdf")
    page.locator("#chat-submit").click()
    refused = card(page, "notes.pdf")
    expect(refused).to_contain_text(re.compile("Not accepted|Could not be read"), timeout=READ_MS)
    expect(refused.locator(".study-problem")).not_to_be_empty()


def test_reading_can_be_cancelled(page: Page, long_book: Path) -> None:
    attach(page, long_book)
    page.locator("#chat-submit").click()
    page.get_by_label("Cancel reading registry.pdf").click()
    expect(card(page, "registry.pdf")).to_contain_text("Cancelled", timeout=READ_MS)
    page.reload()
    expect(card(page, "registry.pdf")).to_contain_text("Cancelled")


def test_a_waiting_question_can_be_stopped(page: Page, long_book: Path) -> None:
    attach(page, long_book)
    say(page, "What does registry.pdf say about case 17?")
    expect(page.get_by_text("still").first).to_be_visible()
    page.locator("#stop-button").click()
    expect(page.get_by_text("Stopped before the answer began.")).to_be_visible()
    expect(page.get_by_text("Task manually stopped.")).to_have_count(0)
    page.get_by_label("Cancel reading registry.pdf").click()
    expect(card(page, "registry.pdf")).to_contain_text("Cancelled", timeout=READ_MS)


def test_a_question_can_be_changed_and_asked_again(page: Page, lighthouse: Path) -> None:
    drop(page, lighthouse)
    ask(page, "When was the fog horn of the Veldmar lighthouse added?")
    page.get_by_text("When was the fog horn").last.hover()
    page.locator(".edit-message").last.click()
    page.locator("#edit-chat-input").fill("What does the lamp of the Veldmar lighthouse burn?")
    page.locator(".confirm-edit").click()
    expect(page.locator(".ai-message", has_text="rapeseed oil")).to_be_visible()
    expect(page.locator(".study-sources")).to_have_count(1)
    expect(card(page, "lighthouse.pdf")).to_be_visible()
    page.reload()
    expect(page.locator(".ai-message", has_text="rapeseed oil")).to_be_visible()
    expect(page.locator(".study-sources")).to_have_count(1)
    expect(card(page, "lighthouse.pdf")).to_be_visible()


def test_a_chosen_scope_holds_and_stays_with_the_conversation(page: Page, lighthouse: Path, bridge: Path) -> None:
    drop(page, lighthouse)
    for file, book in ((lighthouse, "Veldmar"), (bridge, "Orsk")):
        if file is bridge:
            drop(page, bridge)
        card(page, file.name).get_by_role("button", name=re.compile("File it|Move")).click()
        for field, name in (("Semester", "Spring"), ("Subject", "Landmarks"), ("Book", book)):
            card(page, file.name).get_by_label(field).fill(name)
        card(page, file.name).get_by_role("button", name="File it").click()
        expect(card(page, file.name)).to_contain_text(f"Spring › Landmarks › {book}")
    page.locator("#mode-picker-trigger-scope").click()
    page.locator("#mode-picker-popover-scope").get_by_text("Orsk", exact=True).click()
    reply = ask(page, "Who built the Veldmar lighthouse?")
    expect(reply).not_to_contain_text("engineer Ottilie Brandt")
    page.reload()
    expect(page.locator("#mode-picker-trigger-scope")).to_contain_text("Orsk")


def test_an_opinion_with_a_comment_is_kept(page: Page, lighthouse: Path) -> None:
    drop(page, lighthouse)
    ask(page, "Who built the Veldmar lighthouse?")
    page.locator(".positive-feedback-off").last.click()
    page.get_by_placeholder("A comment, if you like").fill("Just what I needed")
    page.locator("#submit-feedback").click()
    expect(page.locator(".positive-feedback-on")).to_have_count(1)
    page.reload()
    expect(page.locator(".positive-feedback-on")).to_have_count(1)


def test_an_answer_outlives_its_document(page: Page, tmp_path: Path) -> None:
    drop(
        page, make_pdf(tmp_path / "windmill.pdf", ["The Harrow windmill grinds barley. It was moved to Lune in 1888."])
    )
    ask(page, "What does the Harrow windmill grind?")
    page.locator("a[href='#library']").click()
    page.get_by_label("Delete windmill.pdf").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".study-library")).not_to_contain_text("windmill.pdf")
    page.reload()
    expect(page.locator(".study-chip").first).to_contain_text("source removed")
    expect(card(page, "windmill.pdf")).to_contain_text("Removed")
    expect(page.locator(".ai-message", has_text="barley").first).to_be_visible()


def test_two_conversations_do_not_mix(page: Page, browser: Browser, address: str, tmp_path: Path) -> None:
    drop(page, make_pdf(tmp_path / "ferry.pdf", ["The Quill ferry crosses the sound in nineteen minutes."]))
    other = browser.new_context(base_url=address).new_page()
    other.goto("/")
    other.locator(".study-welcome").wait_for()
    say(other, "How long does the Quill ferry need to cross the sound?")
    expect(other.locator(".positive-feedback-off")).to_have_count(1, timeout=READ_MS)  # the reply is complete
    expect(other.locator(".ai-message").last).not_to_contain_text("nineteen minutes")
    expect(ask(page, "How long does the Quill ferry need to cross the sound?")).to_contain_text("nineteen minutes")
    other.context.close()


def test_a_question_that_a_crash_left_unanswered_is_offered_again(
    browser: Browser, product: Product, long_book: Path
) -> None:
    page = browser.new_context(base_url=product.address).new_page()  # its console tells of the crash
    page.goto("/")
    page.locator(".study-welcome").wait_for()
    attach(page, long_book)
    say(page, "What does registry.pdf say about case 17?")
    expect(page.get_by_text("still").first).to_be_visible()
    page.wait_for_url("**/thread/*")
    conversation = page.url
    product.kill_web()
    until(product.answers)
    page.goto(conversation)  # a page that was without its server for long has left it for the sign-in
    page.get_by_role("button", name="Ask again").click(timeout=READ_MS)
    expect(page.locator(".study-sources")).to_have_count(1, timeout=READ_MS)
    expect(card(page, "registry.pdf")).to_be_visible()
    page.context.close()
