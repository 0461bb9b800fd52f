from itertools import pairwise

import pytest

from tools.sentences import LONGEST, sentences, split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Water is wet. Fire is hot.", ["Water is wet.", "Fire is hot."]),
        ("Is it alive? Yes! It moves.", ["Is it alive?", "Yes!", "It moves."]),
        ("Dr. Smith met J. K. Rowling, Ph.D., there.", ["Dr. Smith met J. K. Rowling, Ph.D., there."]),
        ("See Fig. 3 for pH 7.4. It rises.", ["See Fig. 3 for pH 7.4.", "It rises."]),
        ("Some ions, e.g. Na+ and i.e. K+, move.", ["Some ions, e.g. Na+ and i.e. K+, move."]),
        ("It eats grass, leaves, etc. The rest stays.", ["It eats grass, leaves, etc.", "The rest stays."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("He waited … and waited.", ["He waited … and waited."]),
        ("Osmosis\n\nWater moves. It is slow.", ["Osmosis", "Water moves.", "It is slow."]),
        ("Osmosis\nWater moves.", ["Osmosis", "Water moves."]),
        ("The parts:\n• a nucleus\n• a wall", ["The parts:", "• a nucleus", "• a wall"]),
        ("Steps\n1. Heat the mixture.\n2. Let it cool.", ["Steps", "1. Heat the mixture.", "2. Let it cool."]),
        ("光合作用是过程。植物利用光能！", ["光合作用是过程。", "植物利用光能！"]),
        ("This equals\n13 3 !\n− 4 2 !", ["This equals\n13 3 !\n− 4 2 !"]),
        ("He saw the U.S. Capitol. It rained.", ["He saw the U.S. Capitol.", "It rained."]),
        ("They left the U.S. The war went on.", ["They left the U.S.", "The war went on."]),
        ("They left the U.S. “The war,” he said.", ["They left the U.S.", "“The war,” he said."]),
        ("The U.S. and the U.K. agreed.", ["The U.S. and the U.K. agreed."]),
        ("So ruled Plessy v. Ferguson. It stood.", ["So ruled Plessy v. Ferguson.", "It stood."]),
        ("In Larry P. v. Riles it fell.", ["In Larry P. v. Riles it fell."]),
        ("It has the speed v. Then it stops.", ["It has the speed v.", "Then it stops."]),
        ("We need vitamin C. The body has none.", ["We need vitamin C.", "The body has none."]),
        ("H. G. Wells met B.C. Franklin at St. Paul.", ["H. G. Wells met B.C. Franklin at St. Paul."]),
        ("It fell in 476 A.D. Rome was old.", ["It fell in 476 A.D.", "Rome was old."]),
        ("It rang at 8 a.m. Monday. All slept.", ["It rang at 8 a.m. Monday.", "All slept."]),
        ("It rang at 8 a.m. All slept.", ["It rang at 8 a.m.", "All slept."]),
        ("King, Jr. A march began.", ["King, Jr.", "A march began."]),
        ("A man of J. S. Morgan & Co. In 1864 it grew.", ["A man of J. S. Morgan & Co.", "In 1864 it grew."]),
        ("", []),
        (" \n\t \n", []),
        ("— * —", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_wrapped_line_does_not_end_a_sentence() -> None:
    text = "The membrane of a cell lets water through but holds back most of\nthe larger molecules. It is thin."

    assert len(sentences(text)) == 2


def test_spans_are_in_order_apart_and_hold_every_word() -> None:
    text = "A list:\n  1) one. Two\n\n\tThree (four). “Five!” " + "word, " * 300 + "x" * 1000

    spans = split(text)

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = {at for start, end in spans for at in range(start, end)}
    assert {at for at, sign in enumerate(text) if sign.isalnum()} <= covered


def test_a_long_sentence_is_cut_at_clauses() -> None:
    text = "; ".join(f"the {n} enzyme of the pathway binds its own substrate" for n in range(40)) + "."

    spans = split(text)

    assert max(end - start for start, end in spans) <= LONGEST
    assert all(text[start:end].endswith((";", ".")) for start, end in spans)
