"""In which order the options of a quiz are shown."""

import random
from collections import Counter

from tools.questions import kinds
from tools.questions.types import Item

_chance = random.SystemRandom()


def shown(item: Item, used: Counter[int], chance: random.Random = _chance) -> list[str]:
    """Option ids in the order to show; `used` counts at which place the right ones stood so far."""
    ids = [option.id for option in item.options]
    if not kinds.of(item.kind).is_shuffled:
        return ids
    right = item.key[0]
    others = [id_ for id_ in ids if id_ != right]
    chance.shuffle(others)
    fewest = min(used[place] for place in range(len(ids)))
    # One more than the fewest is let pass, so that nobody can work out the last places of a quiz.
    place = chance.choice([place for place in range(len(ids)) if used[place] <= fewest + 1])
    return [*others[:place], right, *others[place:]]
