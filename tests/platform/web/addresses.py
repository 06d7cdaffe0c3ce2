"""Every address of the project, with a value for each part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

VALUES = {
    "int": "1",
    "slug": "abcdefghjkmn",
    "str": "abcdefghjkmn",
    "path": "a/b",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "report_form": "json",
    "feed_form": "json",
}


@dataclass(frozen=True)
class Address:
    """`names` of its parts are in the order of the path; `pattern` is the route as written."""

    path: str
    pattern: str
    view: Any

    def __str__(self) -> str:
        return self.pattern


def addresses() -> list[Address]:
    """One for each URL pattern, wherever included. Regular expressions have parts by name only."""
    return list(_walk(get_resolver().url_patterns, "/", "/"))


def _walk(patterns: list[Any], path: str, route: str) -> Iterator[Address]:
    for entry in patterns:
        here = path + _filled(entry.pattern)
        named = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, here, named)
        elif isinstance(entry, URLPattern):
            yield Address(here, named, entry.callback)


def _filled(pattern: Any) -> str:
    if hasattr(pattern, "_route"):
        return re.sub(r"<(?:(\w+):)?\w+>", lambda part: VALUES[part[1] or "str"], str(pattern))
    # What allauth and the administration still write as regular expressions.
    text = re.sub(r"\(\?P<app_label>(\w+)[^)]*\)", r"\1", str(pattern))
    text = text.replace("(?P<uidb36>[0-9A-Za-z]+)", "1").replace("(?P<key>.+)", "abc-def")
    return re.sub(r"\(\?P<\w+>[^)]*\)", "nothing", text).strip("^").removesuffix("$")
