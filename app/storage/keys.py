"""Where a learner's objects lie in the store."""

from tools.ports import Storage


def original_key(owner_id: str, document_id: str, suffix: str) -> str:
    """The key of an uploaded file; `suffix` with its dot."""
    return f"users/{owner_id}/originals/{document_id}{suffix}"


def pages_folder(owner_id: str, document_id: str) -> str:
    """Where the images of a document's pages lie."""
    return f"users/{owner_id}/pages/{document_id}"


def scanned_folder(owner_id: str) -> str:
    """Where files may be put directly, as `{semester}/{subject}/{book}/{file}`."""
    return f"users/{owner_id}/raw_data"


def delete_below(storage: Storage, folder: str) -> None:
    """Remove every object of a folder."""
    for key in storage.list(folder):
        storage.delete(key)
