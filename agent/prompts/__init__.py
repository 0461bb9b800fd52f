"""The prompts are the Markdown files beside this one; `{{name}}` is a gap."""

import re
from functools import cache
from pathlib import Path

_GAP = re.compile(r"{{(\w+)}}")
_TAGS = "passage|question|conversation|message|asked|topic|evidence|options|rubric|answer|earlier|objection"
_TAG = re.compile(rf"<(?=\s*/?\s*(?:{_TAGS})\b)", re.IGNORECASE)


@cache
def _template(name: str) -> str:
    return (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8").strip()


def gaps(name: str) -> set[str]:
    """The names that a prompt leaves open."""
    return set(_GAP.findall(_template(name)))


def fill(name: str, **values: str) -> str:
    """The prompt with its gaps filled in one pass, so that a value is never read as a template."""
    return _GAP.sub(lambda gap: values[gap[1]], _template(name))


def as_data(text: str) -> str:
    """Text that cannot close the tags which set it off."""
    return _TAG.sub("‹", text)
