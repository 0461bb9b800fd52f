"""The page that Chainlit serves must not send the browser to other hosts."""

from pathlib import Path

import chainlit

from app.chat.page import without_remote

PAGE = Path(chainlit.__file__).parent / "frontend" / "dist" / "index.html"


def test_no_link_of_chainlits_page_leaves_this_machine() -> None:
    html = PAGE.read_text(encoding="utf-8")
    assert "https://" in html, "Chainlit has stopped doing this: app.chat.page can go"
    assert "https://" not in without_remote(html)


def test_local_links_stay() -> None:
    html = '<link rel="stylesheet" href="/assets/index.css"><script src="/assets/index.js"></script>'
    assert without_remote(html) == html
