"""The web process as it starts."""

import subprocess
import sys


def test_chainlit_is_imported_only_once_it_was_told_its_folder_and_cookie() -> None:
    """It reads both when it is imported; a cookie of the usual name would sign other instances out."""
    code = "import sys, app.web; print('chainlit' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout.strip() == "False"
