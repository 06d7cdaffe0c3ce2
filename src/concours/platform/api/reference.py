"""The OpenAPI document as something to read: one entry an operation, with a call to copy."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
DEEPEST = 6
SCHEME_PREFIX = "key-"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """`place` is path, query or header; `type` is a JSON type with its bounds."""

    name: str
    place: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A status with the shape of its body as indented JSON-like text, empty without a body."""

    status: str
    description: str
    shape: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`scopes` is empty where no key is needed."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    scopes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    body: str
    answers: tuple[Answer, ...]
    curl: str


def groups(document: Mapping[str, Any], *, origin: str) -> list[tuple[str, list[Operation]]]:
    """The operations by tag, in the document's order. `origin` is "https://host" for the calls."""
    found: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                details = operations[method]
                tag = (details.get("tags") or ["General"])[0]
                found.setdefault(tag, []).append(
                    _operation(document, method, path, details, origin)
                )
    return list(found.items())


def _operation(
    document: Mapping[str, Any], method: str, path: str, details: Mapping[str, Any], origin: str
) -> Operation:
    scopes = tuple(
        name.removeprefix(SCHEME_PREFIX)
        for requirement in details.get("security", [])
        for name in requirement
    )
    kind, schema = _content(details.get("requestBody", {}))
    example = _example(document, schema, 0) if schema else None
    return Operation(
        id=details["operationId"],
        method=method.upper(),
        path=path,
        summary=details.get("summary", ""),
        description=details.get("description", ""),
        scopes=scopes,
        parameters=tuple(_parameters(details)),
        body=_pretty(example) if schema else "",
        answers=tuple(_answers(document, details)),
        curl=_curl(method, origin + path, bool(scopes), kind, example),
    )


def _content(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    for kind, content in body.get("content", {}).items():
        return kind, content.get("schema", {})
    return "", {}


def _parameters(details: Mapping[str, Any]) -> Iterator[Parameter]:
    for parameter in details.get("parameters", []):
        yield Parameter(
            name=parameter["name"],
            place=parameter["in"],
            type=_type(parameter.get("schema", {})),
            required=parameter.get("required", False),
            description=parameter.get("description", ""),
        )


def _answers(document: Mapping[str, Any], details: Mapping[str, Any]) -> Iterator[Answer]:
    for status, answer in details.get("responses", {}).items():
        _kind, schema = _content(answer)
        shape = _pretty(_example(document, schema, 0)) if schema else ""
        yield Answer(status=str(status), description=answer.get("description", ""), shape=shape)


def _type(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_type(option) for option in schema["anyOf"])
    name = str(schema.get("format") or schema.get("type") or "any")
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None or high is not None:
        name += f" {low if low is not None else ''}..{high if high is not None else ''}"
    return name


def _example(document: Mapping[str, Any], schema: Mapping[str, Any], depth: int) -> Any:
    """A value of the schema's shape in which each leaf is the name of its type."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        schema = document["components"]["schemas"].get(name, {})
    if depth > DEEPEST:
        return "…"
    options = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    if options:
        return _example(document, options[0], depth + 1)
    if "properties" in schema:
        return {
            name: _example(document, part, depth + 1) for name, part in schema["properties"].items()
        }
    if schema.get("type") == "array":
        return [_example(document, schema.get("items", {}), depth + 1)]
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    return _type(schema)


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _curl(method: str, url: str, keyed: bool, kind: str, example: Any) -> str:
    parts = ["curl"]
    if method != "get":
        parts += ["-X", method.upper()]
    if keyed:
        parts += ["-H", '"Authorization: Bearer $CONCOURS_KEY"']
    if kind == "application/json":
        body = json.dumps(example, ensure_ascii=False)
        parts += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(body)]
    elif kind:
        for name, value in (example or {}).items():
            file = "@" if value == "binary" else ""
            parts += ["-F", shlex.quote(f"{name}={file}{value}")]
    return " ".join([*parts, shlex.quote(url)])
