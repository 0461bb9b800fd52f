"""Questions with everything a format could trip over."""

from collections.abc import Sequence

from tools.questions.types import Bloom, Difficulty, Evidence, Item, Kind, Option, Point

TEX = r"\frac{a}{b} = \{x : x > 0\}"
FORMULA = f"${TEX}$"
NASTY = 'a~b = {x#y} : 50% \\n "quoted" <script>alert(1)</script> &amp; [sound:x.mp3] *bold* _it_ `code` $5 and $10 🙂'
HEBREW = "מהו תא?"

EVIDENCE = Evidence("doc", "Concepts of Life", "life.pdf", 211, "212", "page", "Mitochondria make ATP.", 0, 22)


def item(name: str, kind: Kind, stem: str, options: Sequence[str], key: Sequence[str], version: int = 1) -> Item:
    """Options get the ids a, b, c, d; the rubric comes with open questions."""
    return Item(
        id=name,
        kind=kind,
        stem=stem,
        options=tuple(Option(chr(97 + n), text, f"About {text}") for n, text in enumerate(options)),
        key=tuple(key),
        rationale=f"The reason of {name}.",
        hint=f"The hint of {name}.",
        difficulty=Difficulty.MEDIUM,
        bloom=Bloom.UNDERSTAND,
        topic="energy",
        section=("4", "Cells"),
        evidence=EVIDENCE,
        writer="built-in",
        rubric=(Point("names the membrane", "membrane"),) if kind is Kind.OPEN else (),
        version=version,
    )


CHOICE = item("choice", Kind.SINGLE_CHOICE, f"What is {FORMULA}?", [FORMULA, NASTY, "=SUM(A1)", HEBREW], ["a"])
TRUTH = item("truth", Kind.TRUE_FALSE, NASTY, ["True", "False"], ["b"])
GAP = item("gap", Kind.GAP, "The ____ pump moves ions.", [], ["sodium", "Na*", "50% Na -> K"])
SHORT = item("short", Kind.SHORT_ANSWER, "Two lines:\n- which\n\n# process?", [], ["phagocytosis"])
OPEN = item("open", Kind.OPEN, r"Why is \(E = mc^2\) true?", [], ["It follows."])
ITEMS = [CHOICE, TRUTH, GAP, SHORT, OPEN]
ORDERS = {"choice": ["c", "a", "d", "b"]}
SHOWN = ["=SUM(A1)", FORMULA, HEBREW, NASTY]
