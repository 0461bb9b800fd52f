"""What a learner is told when there are fewer questions than asked for, or when another writer goes on."""

from tools.errors import StudyError
from tools.questions import kinds
from tools.questions.types import Wanted

_WIDER = {
    (False, False): "",
    (True, False): " Other kinds of questions may give more.",
    (False, True): " Another level may give more.",
    (True, True): " Other kinds of questions or another level may give more.",
}
"""What to try, by whether kinds and a level were asked for."""


def exhausted(wanted: Wanted, label: str, *, some: bool, met: bool) -> str:
    """`some`: questions were made; `met`: there were others that this learner knows.

    Without a number: of what is made here, a claim elsewhere may still take one away.
    """
    about = f" on “{wanted.topic}”" if wanted.topic else ""
    what = f"{'new ' if met else ''}{_described(wanted)}{about}"
    wider = _WIDER[bool(wanted.kinds), wanted.difficulty is not None]
    if some:
        return f"There is not enough in {label} for more {what}.{wider}"
    advice = f" You have met every one there was.{wider}" if met else wider or " Try a larger scope."
    return f"There is not enough in {label} for {what}.{advice}"


def handed_over(error: StudyError, successor: str | None) -> str:
    """`successor` is the name of the writer that goes on."""
    return f"{error} The {successor} writer finishes this quiz." if successor else str(error)


def _described(wanted: Wanted) -> str:
    """`hard questions`, `gap questions`: what was asked for, in words."""
    titles = " or ".join(kinds.of(kind).title for kind in wanted.kinds)
    return " ".join(part for part in (wanted.difficulty or "", titles, "questions") if part)
