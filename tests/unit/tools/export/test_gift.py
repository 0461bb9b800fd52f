import html
import re
from dataclasses import dataclass

from tests.unit.tools.export.items import ITEMS, NASTY, ORDERS, TEX, item
from tools.export.files import export
from tools.export.types import Format
from tools.questions.types import Item, Kind


@dataclass(frozen=True)
class Read:
    stem: str
    answers: list[str]
    feedback: str


def read(items: list[Item]) -> list[Read]:
    """Read as Moodle reads: hide what is escaped, split at the signs that are left, then bring it back."""
    text = export(Format.GIFT, "Cells", items, ORDERS).content.decode()
    category, *blocks = re.split(r"\n\s*\n", text.strip())
    assert category.startswith("$CATEGORY: ")
    return [_block(block) for block in blocks]


def _block(block: str) -> Read:
    hidden = re.sub(r"\\([\\~=#{}:n])", lambda match: chr(0xE000 + ord(match[1])), block)
    match = re.fullmatch(r"::[^:{}]*::\[html\]([^{}~=#]*)\{([^{}]*)\}", hidden)
    assert match, hidden
    answers, _, feedback = match[2].partition("####")
    return Read(_back(match[1]), [_back(part) for part in re.findall(r"[~=][^~=]*|[^~=]+", answers.strip())], feedback)


def _back(text: str) -> str:
    shown = re.sub("[\ue000-\ue0ff]", lambda match: chr(ord(match[0]) - 0xE000), text)
    return html.unescape(shown.strip()) if "[html]" in text else shown.strip()


def test_a_choice_keeps_order_formulas_and_specials() -> None:
    choice, truth, *_ = read(ITEMS)
    assert html.unescape(choice.stem) == rf"What is \({TEX}\)?"
    texts = [answer.partition("#[html]")[0] for answer in choice.answers]
    assert [text[0] for text in texts] == ["~", "=", "~", "~"]
    assert texts[1] == rf"=[html]\({TEX}\)"
    assert choice.answers[3] == f"~[html]{NASTY}#[html]About {NASTY}"
    assert html.unescape(truth.stem) == NASTY
    assert "Concepts of Life, p. 212" in choice.feedback


def test_truth_has_the_feedback_for_the_wrong_answer_first() -> None:
    assert read(ITEMS)[1].answers == ["FALSE#[html]About True#[html]About False"]


def test_every_wording_is_accepted_and_an_essay_has_no_answer() -> None:
    _, _, gap, short, essay = read(ITEMS)
    assert gap.answers == ["=%100%sodium", r"=%100%Na\*", "=%100%50% Na → K"]
    assert short.answers == ["=%100%phagocytosis"]
    assert essay.answers == []


def test_blank_lines_do_not_split_a_question() -> None:
    assert len(read([item("x", Kind.SHORT_ANSWER, "a\n\n\nb\r\n\r\n// c", [], ["x"])])) == 1
