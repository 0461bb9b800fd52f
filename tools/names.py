"""Names that learners give: how they are kept, and when two of them are the same."""

import unicodedata


def tidy(name: str) -> str:
    """The name as it is shown: composed characters (NFC), single spaces, none around it."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_key(name: str) -> str:
    """The same for names that differ in case, in composed or decomposed characters, or in white space."""
    # Case folding may leave characters that compose anew, so the normal form is taken of what it gives.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", tidy(name)).casefold())
