"""When a question comes back: from a rating to FSRS's due date. Which answer is which rating is in tools.scores."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from fsrs import Card, Rating, Scheduler, State

LEECH_LAPSES = 5
"""Forgotten so often, a question is set aside until the learner has read its page again."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A learner's memory of one item; `body` is the card in the package's own form."""

    due: datetime
    body: Mapping[str, Any]
    lapses: int = 0
    suspended: bool = False


def new_card(at: datetime) -> Reviewed:
    """A card that is due at once; `at` in UTC."""
    # The number only has to exist: our rows are keyed by learner and item, and Card() would sleep to make one.
    return _kept(Card(card_id=0, due=at), lapses=0)


def review(card: Reviewed, rating: Rating, at: datetime) -> Reviewed:
    """The card after a review at that moment (UTC); a leech comes back suspended."""
    known = _card(card)
    lapsed = known.state is State.Review and rating is Rating.Again
    after, _ = _scheduler().review_card(known, rating, at)
    reviewed = _kept(after, card.lapses + lapsed)
    return replace(reviewed, suspended=lapsed and _is_leech(reviewed.lapses))


def _scheduler() -> Scheduler:
    """Without fuzz, so that a due date is the same wherever it is worked out."""
    return Scheduler(enable_fuzzing=False)


def _is_leech(lapses: int) -> bool:
    """At the limit, and after every second lapse from then on."""
    return lapses >= LEECH_LAPSES and (lapses - LEECH_LAPSES) % 2 == 0


def _card(card: Reviewed) -> Card:
    return Card.from_dict(cast("Any", dict(card.body)))


def _kept(card: Card, lapses: int) -> Reviewed:
    return Reviewed(card.due, dict(card.to_dict()), lapses)
