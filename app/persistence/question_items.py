"""An item as its row: its JSON form, the keys that make it unique, and ids of options that tell nothing."""

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from pydantic import TypeAdapter

from app.persistence.tables import QuestionItem
from tools.questions import kinds
from tools.questions.types import Item
from tools.types import Learner
from tools.words import folded

_ITEM = TypeAdapter(Item)
_SAID = re.compile(r"\w+|[+*/=<>^\u00d7\u00f7\u2212]")


def item_of(body: Mapping[str, Any]) -> Item:
    """An item from its JSON form; what an earlier version wrote beyond that is left out."""
    return _ITEM.validate_python(body)


def row_of(learner: Learner, item: Item) -> QuestionItem:
    """The row by which an item becomes this learner's."""
    return QuestionItem(
        owner_id=learner.id,
        id=item.id,
        document_id=item.evidence.document_id,
        stem_key=stem_key(item),
        fact_key=fact_key(item),
        topic=item.topic,
        body=_ITEM.dump_python(item, mode="json"),
    )


def stem_key(item: Item) -> str:
    """The same for stems that differ just in case, punctuation and white space; signs of calculation count."""
    return _digest(*_SAID.findall(folded(item.stem)))


def fact_key(item: Item) -> str:
    """The same for questions that rest on the same words of a document and have the same answer."""
    quote, answer = (_SAID.findall(folded(text)) for text in (item.evidence.quote, item.answer))
    return _digest(item.evidence.document_id, *quote, "->", *answer)


def with_own_option_ids(item: Item) -> Item:
    """Ids made of the option's words, in their order, so that nothing tells which one its writer put first."""
    ids = {option.id: _digest(item.stem, option.text)[:10] for option in item.options}
    options = tuple(replace(option, id=ids[option.id]) for option in item.options)
    if kinds.of(item.kind).is_shuffled:
        options = tuple(sorted(options, key=lambda option: option.id))
    return replace(item, options=options, key=tuple(ids.get(key, key) for key in item.key))


def _digest(*parts: str) -> str:
    return blake2b(" ".join(parts).encode(), digest_size=16).hexdigest()
