"""The server's OpenAPI description as TypeScript."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_WORDS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}

Schema = Mapping[str, Any]


def declarations(description: Schema) -> str:
    """One type for each schema, under its own name."""
    schemas: Mapping[str, Schema] = description["components"]["schemas"]
    return "".join(f"export type {name} = {_type(schema)};\n" for name, schema in schemas.items())


def _type(schema: Schema) -> str:
    match schema:
        case {"$ref": str(address)}:
            return address.rpartition("/")[2]
        case {"const": value}:
            return json.dumps(value)
        case {"enum": list(values)}:
            return " | ".join(json.dumps(value) for value in values)
        case {"type": "object", "properties": Mapping() as members}:
            return _members(members, schema.get("required", ()))
        case {"type": "array", "items": items}:
            return f"Array<{_type(items)}>"
        case {"type": str(name)} if name in _WORDS:
            return _WORDS[name]
        case {"anyOf": list(ways)}:
            return " | ".join(map(_type, ways))
    return "unknown"


def _members(members: Mapping[str, Schema], required: Any) -> str:
    lines = (f"{name}{'' if name in required else '?'}: {_type(member)}" for name, member in members.items())
    return "{ " + "; ".join(lines) + " }"
