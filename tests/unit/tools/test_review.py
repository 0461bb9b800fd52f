import json
import random
from datetime import UTC, datetime, timedelta

from fsrs import Card, Rating, Scheduler

from tools import review

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def test_due_dates_of_random_histories_are_the_packages_own() -> None:
    chance = random.Random(7)
    package = Scheduler(enable_fuzzing=False)
    for _ in range(1000):
        at = START
        ours, theirs = review.new_card(at), Card(card_id=1, due=at)
        for _ in range(chance.randint(1, 12)):
            rating = chance.choice(list(Rating))
            ours = review.review(_stored(ours), rating, at)
            theirs, _ = package.review_card(theirs, rating, at)
            assert ours.due == theirs.due
            early_or_late = timedelta(minutes=chance.choice([-5, 0, 30, 60 * 24 * 3]))
            at = max(at + timedelta(seconds=1), ours.due + early_or_late)


def _stored(card: review.Reviewed) -> review.Reviewed:
    """As it comes back from a JSON column."""
    return review.Reviewed(card.due, json.loads(json.dumps(card.body)), card.lapses, card.suspended)


def test_what_is_forgotten_again_and_again_is_set_aside_until_it_is_known_once_more() -> None:
    card, at = review.new_card(START), START
    for _ in range(3):
        card = review.review(card, Rating.Good, at)
        at = card.due
    while not card.suspended:
        card = review.review(card, Rating.Again, at)
        card = card if card.suspended else review.review(card, Rating.Good, card.due)
        at = card.due
    assert card.lapses == review.LEECH_LAPSES
    assert not review.review(card, Rating.Good, at).suspended


def test_a_first_wrong_answer_is_no_lapse() -> None:
    assert review.review(review.new_card(START), Rating.Again, START).lapses == 0
