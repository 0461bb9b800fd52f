import pytest

from ingestion.apparatus.parts import Part, part_of


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("Key Terms", Part.TERMS),
        ("GLOSSARY", Part.TERMS),
        ("Chapter 3 Vocabulary", Part.TERMS),
        ("Learning Objectives", Part.OBJECTIVES),
        ("Chapter Summary", Part.SUMMARY),
        ("3.5 Summary", Part.SUMMARY),
        ("Review Questions", Part.EXERCISES),
        ("Exercises for Section 2.1", Part.EXERCISES),
        ("Check Your Understanding", Part.EXERCISES),
        ("Answer Key", Part.ANSWERS),
        ("Solutions to Exercises", Part.ANSWERS),
        ("Answers to Odd-Numbered Problems", Part.ANSWERS),
        ("Subject Index", Part.INDEX),
        ("The Question of Slavery and the Constitution", None),
        ("Solutions of Salts in Water", None),
        ("An Index of Leading Indicators", None),
        ("Terms of Endearment", None),
    ],
)
def test_a_heading_opens_the_part_it_names(heading: str, part: Part | None) -> None:
    assert part_of(heading) is part
