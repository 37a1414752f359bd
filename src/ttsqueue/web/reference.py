"""The OpenAPI description as a person reads it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

_METHODS = ("get", "post", "put", "patch", "delete")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of the address, or a member of the body."""

    name: str
    place: str
    """query, path, header or body."""
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What may come back."""

    status: str
    description: str


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one address."""

    method: str
    path: str
    summary: str
    fields: tuple[Field, ...]
    example: str
    """A body as JSON; empty where there is none."""
    answers: tuple[Answer, ...]

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path}".lower().replace("/", "-").replace("{", "").replace("}", "")


@dataclass(frozen=True, slots=True)
class Group:
    """Calls about one noun."""

    name: str
    calls: tuple[Call, ...]


def reference(description: Schema) -> tuple[Group, ...]:
    """Groups in the order in which the description names them first."""
    groups: dict[str, list[Call]] = {}
    for path, methods in description["paths"].items():
        for method in (method for method in _METHODS if method in methods):
            operation = methods[method]
            name = (operation.get("tags") or ["other"])[0]
            groups.setdefault(name, []).append(_call(description, method, path, operation))
    return tuple(Group(name, tuple(calls)) for name, calls in groups.items())


def _call(description: Schema, method: str, path: str, operation: Schema) -> Call:
    body = _body(description, operation)
    return Call(
        method=method.upper(),
        path=path,
        summary=operation.get("description") or operation.get("summary", ""),
        fields=(*_parameters(description, operation), *_members(description, body)),
        example=json.dumps(_example(description, body), indent=2, ensure_ascii=False) if body else "",
        answers=tuple(
            Answer(status, answer.get("description", "")) for status, answer in operation["responses"].items()
        ),
    )


def _parameters(description: Schema, operation: Schema) -> Iterator[Field]:
    for parameter in operation.get("parameters", ()):
        kind = _kind(description, parameter["schema"])
        about = parameter.get("description", "")
        yield Field(parameter["name"], parameter["in"], kind, parameter.get("required", False), about)


def _body(description: Schema, operation: Schema) -> Schema | None:
    content = operation.get("requestBody", {}).get("content", {})
    return next((_resolved(description, kind["schema"]) for kind in content.values() if "schema" in kind), None)


def _members(description: Schema, body: Schema | None) -> Iterator[Field]:
    required = (body or {}).get("required", ())
    for name, schema in (body or {}).get("properties", {}).items():
        yield Field(name, "body", _kind(description, schema), name in required, schema.get("description", ""))


def _resolved(description: Schema, schema: Schema) -> Schema:
    """The schema behind a reference."""
    found: Schema = schema
    for _ in range(_DEEPEST):
        if "$ref" not in found:
            break
        found = description["components"]["schemas"][found["$ref"].rpartition("/")[2]]
    return found


def _kind(description: Schema, schema: Schema) -> str:
    """`string`, `list of ChapterIn`, `m4b or mp3`."""
    if "anyOf" in schema:
        kinds = (_kind(description, option) for option in schema["anyOf"])
        return " or ".join(kind for kind in dict.fromkeys(kinds) if kind != "null")
    found = _resolved(description, schema)
    if "enum" in found:
        return " or ".join(str(value) for value in found["enum"])
    if found.get("type") == "array":
        return f"list of {_kind(description, found.get('items', {}))}"
    if found.get("type") == "object":
        return "object"
    return str(found.get("format") or found.get("type", "anything"))


def _example(description: Schema, schema: Schema, depth: int = 0) -> Any:
    """What a body may look like: examples that the description gives, else the usual, else the plainest."""
    found = _resolved(description, schema)
    for key in ("example", "const", "default"):
        if found.get(key) is not None:
            return found[key]
    if "anyOf" in found:
        return _example(description, found["anyOf"][0], depth)
    if "enum" in found:
        return found["enum"][0]
    if depth > _DEEPEST:
        return None
    if found.get("type") == "array":
        return [_example(description, found.get("items", {}), depth + 1)]
    if "properties" in found:
        return {name: _example(description, member, depth + 1) for name, member in _needed(found)}
    return _PLAINEST.get(str(found.get("format")), _PLAINEST.get(str(found.get("type"))))


def _needed(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The members that are required, or all where none is."""
    required = schema.get("required")
    for name, member in schema["properties"].items():
        if not required or name in required:
            yield name, member


_PLAINEST = {
    "string": "text",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "binary": "(a file)",
    "date-time": "2030-01-01T00:00:00Z",
}
