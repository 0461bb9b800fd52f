"""The API's reference as a page of our own: the usual ones load their scripts from the network."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app.api.pages import html

router = APIRouter(include_in_schema=False)

Schema = dict[str, Any]
TAGS = {
    "documents": "Upload, list, read, move and delete.",
    "library": "Semesters › subjects › books › documents.",
    "jobs": "The reading of documents, one job each.",
    "search": "Retrieval alone.",
    "chat": "Questions and cited answers.",
    "quizzes": "Quizzes, marked at the end, and practice, marked at once.",
    "review": "What to repeat today, and how it went.",
    "history": "What was asked, found and answered.",
    "settings": "How you are answered and by whom, and how your documents are read.",
    "viewer": "Pages for people: a source with its quote marked.",
    "auth": "On your own machine there is one learner, signed in already.",
    "health": "Whether each part is well.",
    "operation": "What all learners do, in numbers, for whoever operates the server.",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, as the reference shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[tuple[str, str, str]]
    request: str | None
    status: str
    response: str | None


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Every operation with an example of what goes in and what comes out."""
    spec = request.app.openapi()
    groups = {tag: list(operations(spec, tag)) for tag in TAGS}
    return html(200, "reference.html", theme=None, title=spec["info"]["title"], groups=groups, tags=TAGS)


@router.get("/redoc")
def redoc() -> RedirectResponse:
    """FastAPI's other usual address leads to the same page."""
    return RedirectResponse("/docs", 308)


def operations(spec: Schema, tag: str) -> Iterator[Operation]:
    """The operations of one tag, in the order in which the routes were added."""
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if tag in operation.get("tags", ()):
                yield _operation(spec, method.upper(), path, operation)


def _operation(spec: Schema, method: str, path: str, operation: Schema) -> Operation:
    status = next(code for code in operation["responses"] if code.startswith(("2", "3")))
    return Operation(
        method,
        path,
        operation.get("summary", ""),
        operation.get("description", ""),
        [_parameter(parameter) for parameter in operation.get("parameters", ())],
        _example_of(spec, operation.get("requestBody", {})),
        status,
        _example_of(spec, operation["responses"][status]),
    )


def _parameter(parameter: Schema) -> tuple[str, str, str]:
    needed = "" if parameter.get("required") else ", optional"
    return parameter["name"], parameter["in"] + needed, parameter.get("description", "")


def _example_of(spec: Schema, body: Schema) -> str | None:
    for media_type, content in body.get("content", {}).items():
        if "json" in media_type or "form" in media_type:
            return json.dumps(example(spec, content.get("schema", {})), indent=2, ensure_ascii=False)
    return None


def example(spec: Schema, schema: Schema) -> Any:
    """A value that fits the schema, made of the examples of its fields."""
    if "$ref" in schema:
        return example(spec, spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "default" in schema:
        return schema["default"]
    if "anyOf" in schema:
        return example(spec, schema["anyOf"][0])
    if "properties" in schema:
        return {name: example(spec, field) for name, field in schema["properties"].items()}
    if schema.get("type") == "array":
        return [example(spec, schema["items"])]
    return {"date-time": "2026-03-02T09:30:00Z"}.get(schema.get("format", ""), _PLAIN.get(schema.get("type", "")))


_PLAIN: dict[str, Any] = {"string": "…", "integer": 1, "number": 0.5, "boolean": True, "object": {}}
