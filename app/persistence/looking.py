"""Looking for words in columns: without regard to case, and to how an accent is written, on every database."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Folded(FunctionElement[str]):
    type = Text()
    inherit_cache = True


@compiles(_Folded)
def _sqlite(element: _Folded, compiler: SQLCompiler, **options: Any) -> str:
    """`lower` is our own there (`app.persistence.db`)."""
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(_Folded, "postgresql")
def _postgresql(element: _Folded, compiler: SQLCompiler, **options: Any) -> str:
    """The collation is named, since a database of locale C lowers ASCII only."""
    return f'lower(normalize({compiler.process(element.clauses, **options)}) COLLATE "und-x-icu")'


def holds(column: SQLColumnExpression[Any], words: str) -> ColumnElement[bool]:
    """Whether these words stand in a column, as they are: `%` and `_` mean nothing else."""
    plain = words.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return _Folded(column).like(_Folded(literal(f"%{plain}%", Text())), escape="/")
