"""In which order the options of a quiz are shown."""

import random

from tools.questions.types import Item, Kind, Option


def shown(item: Item, position: int, seed: str) -> tuple[Option, ...]:
    """The options as this quiz shows them; over any four choices in a row the right one has each place once."""
    if item.kind != Kind.SINGLE_CHOICE:
        return item.options
    wrong = [option for option in item.options if option.id not in item.key]
    random.Random(f"{seed}:{item.id}").shuffle(wrong)
    right = next(option for option in item.options if option.id in item.key)
    places = list(range(len(item.options)))
    random.Random(f"{seed}:{position // len(places)}").shuffle(places)
    at = places[position % len(places)]
    return (*wrong[:at], right, *wrong[at:])
