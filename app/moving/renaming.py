"""What is called otherwise under another learner: documents' ids, keys of files, and whatever names them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tools.types import Learner


@dataclass(frozen=True)
class Renaming:
    """From one learner to another. Ids of documents are as long and as unlikely anywhere else as digests are."""

    before: Learner
    after: Learner
    documents: Mapping[str, str]
    """The new id of each document."""

    def __call__(self, value: Any) -> Any:
        """The same, with the new names: of a text, or of all texts in lists and dictionaries."""
        match value:
            case str():
                return self._text(value)
            case dict():
                return {self(key): self(part) for key, part in value.items()}
            case list() | tuple() | set() | frozenset():
                return type(value)(map(self, value))
        return value

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of any table, as its new owner's."""
        renamed = {name: self(value) for name, value in row.items()}
        return renamed | ({"owner_id": self.after.id} if "owner_id" in row else {})

    def _text(self, text: str) -> str:
        folder = f"users/{self.before.id}/"
        if text.startswith(folder):
            text = f"users/{self.after.id}/{text.removeprefix(folder)}"
        return self._ids.sub(lambda found: self.documents[found.group()], text) if self.documents else text

    @cached_property
    def _ids(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.documents)))
