"""A sentence with one gap."""

import re
from collections.abc import Iterator

from tools.questions.faults import Fault
from tools.questions.kinds.typed import Typed
from tools.questions.types import Item, Kind

_GAP = re.compile(r"_{3,}")


class Gap(Typed):
    """The gap is written ____."""

    kind = Kind.GAP
    title = "fill the gap"
    names = r"fill[- ]in(?:[- ]the)?[- ](?:blank|gap)s?|fill[- ]the[- ](?:gap|blank)s?|gap[- ]fill(?:ing)?s?|cloze"
    loose_names = r"gaps?"
    brief = (
        "one sentence with one gap, written ____, that only one term fits; `answers` holds the term, then other "
        "accepted wordings."
    )

    def faults(self, item: Item) -> Iterator[Fault]:
        """There is one gap, and nothing to choose."""
        if len(_GAP.findall(item.stem)) != 1:
            yield Fault.GAPS
        yield from super().faults(item)
