"""Secrets that an installation makes for itself."""

import os
import secrets
from pathlib import Path


def secret_in(path: Path) -> str:
    """The secret of this file, made at first use and readable by its owner only; one for all processes."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
        with os.fdopen(os.open(mine, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(48))
        try:
            os.link(mine, path)  # the first process wins, and the file is whole when it has its name
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text()
