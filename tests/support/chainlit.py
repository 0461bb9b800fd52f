"""Chainlit in tests."""

import importlib
import os
import warnings
from pathlib import Path


def import_in_peace() -> None:
    """It imports packages that warn of their own future, and here a warning is an error: import it first, with this."""
    os.environ.setdefault("CHAINLIT_APP_ROOT", str(Path(__file__).resolve().parents[2]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module("chainlit.server")
