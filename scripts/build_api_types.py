"""Writes what the front end knows of the API, as TypeScript types, and of files: frontend/src/shared/schema.ts."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from app import api
from ingestion.partition.kinds import BY_SUFFIX

TARGET = Path(__file__).resolve().parents[1] / "frontend" / "src" / "shared" / "schema.ts"
READ = (
    "AskedOut", "Challenged", "DueReply", "ErrorBody", "FeedbackOut", "Hint", "LibraryOut", "Message", "ModelsOut",
    "PreferencesOut", "QuizOut",
    "ReportOut", "Topics", "Uploads",
)  # fmt: skip
HEADER = "// Made by scripts/build_api_types.py from the API's own description; edit that.\n"
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}

Schema = Mapping[str, Any]


def typescript() -> str:
    """The text of the file: the schemas that the front end reads, with all that they are made of."""
    app = FastAPI()
    for module in api.MODULES:
        app.include_router(module.router)
    schemas = app.openapi()["components"]["schemas"]
    types = "".join(f"\n{_declared(name, schemas[name])}\n" for name in sorted(_reached(schemas, READ)))
    suffixes = ",".join(filter(None, BY_SUFFIX))
    return f"{HEADER}\n/** The endings of files that can be read. */\nexport const SUFFIXES = '{suffixes}';\n{types}"


def _reached(schemas: Mapping[str, Schema], names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    ahead = list(names)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += _references(schemas[name])
    return found


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if reference := node.get("$ref"):
            yield _name(reference)
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def _declared(name: str, schema: Schema) -> str:
    if "properties" not in schema:
        return f"export type {name} = {_type(schema)};"
    required = schema.get("required", ())
    fields = [
        f"  {key}{'' if key in required else '?'}: {_type(value)};\n" for key, value in schema["properties"].items()
    ]
    return f"export interface {name} {{\n{''.join(fields)}}}"


def _type(schema: Schema) -> str:
    if reference := schema.get("$ref"):
        return _name(reference)
    if choices := schema.get("enum", [schema["const"]] if "const" in schema else ()):
        return " | ".join(f"'{choice}'" if isinstance(choice, str) else str(choice).lower() for choice in choices)
    if "anyOf" in schema:
        return " | ".join(_type(choice) for choice in schema["anyOf"])
    return _container(schema) or PLAIN[schema["type"]]


def _container(schema: Schema) -> str | None:
    if tuple_of := schema.get("prefixItems"):
        return f"[{', '.join(_type(one) for one in tuple_of)}]"
    if schema.get("type") == "array":
        one = _type(schema["items"])
        return f"({one})[]" if " " in one else f"{one}[]"
    if schema.get("type") == "object":
        return _record(schema)
    return None


def _record(schema: Schema) -> str:
    value = _type(schema["additionalProperties"])
    if names := schema.get("propertyNames"):
        return f"Partial<Record<{_type(names)}, {value}>>"
    return f"Record<string, {value}>"


if __name__ == "__main__":
    TARGET.write_text(typescript(), encoding="utf-8")
