"""`python -m app`: the whole product on one machine."""

import logging
import sys

from pydantic import ValidationError

from app.settings import Settings
from app.supervisor import CannotStart, Supervisor


def main() -> int:
    """Blocks until the product is stopped; the exit code is 2 for wrong settings, 1 when it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        Supervisor(Settings()).run()
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"])
            print(f"{name}: {problem['msg']}".removeprefix(": ").replace("Value error, ", ""), file=sys.stderr)
        return 2
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
