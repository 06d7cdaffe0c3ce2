"""Every address with real values for its parts: all objects of the world that fit it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from tests.permissions.world import World

PART = re.compile(r"<(?:\w+:)?(\w+)>")
LEFT_OUT = (
    "/admin/",  # Django's own, which test_admin.py looks through
    "/language/",
    "/account/logout/",
    "/rehearsal/",
    "/api/v1/docs",
)
# By themselves, not by what stands before them.
BY_NAME = {"form": "json", "report_form": "json", "kind": "identity", "provider_id": "nothing"}


@dataclass(frozen=True)
class Route:
    """`pattern` as written; `paths` with values."""

    pattern: str
    paths: tuple[str, ...]


def patterns() -> list[str]:
    """Every route of the project's own, in order, once."""
    found = dict.fromkeys(_walk(get_resolver().url_patterns, "/"))
    return [one for one in found if not one.startswith(LEFT_OUT) and "(?P" not in one]


def _walk(entries: list[URLPattern | URLResolver], route: str) -> Iterator[str]:
    for entry in entries:
        named = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, named)
        else:
            yield named


def routes(world: World) -> list[Route]:
    """Each pattern with its paths. Raises KeyError for a part that the world has no value for."""
    return [Route(pattern, tuple(_filled(pattern, world))) for pattern in patterns()]


def _filled(pattern: str, world: World) -> Iterator[str]:
    choices: list[tuple[str | None, str]] = [(None, "")]
    before, end, name = "", 0, ""
    for part in PART.finditer(pattern):
        literal = pattern[end : part.start()]
        words = [word for word in literal.split("/") if word]
        # Two parts in a row: the second is known by what stands before both and its own name.
        before, name = (words[-1], "") if words else (before, part[1])
        choices = [
            (track or of, f"{path}{literal}{value}")
            for track, path in choices
            for of, value in _values(before, name, part[1], pattern, world)
            if track is None or of is None or track == of
        ]
        end = part.end()
    return iter(dict.fromkeys(path + pattern[end:] for _track, path in choices))


def _values(
    before: str, second: str, name: str, pattern: str, world: World
) -> list[tuple[str | None, str]]:
    if name in BY_NAME:
        return [(None, BY_NAME[name])]
    if name == "season":
        return world.values["seasons"] if "track>" not in pattern else [(None, "open-season")]
    if name == "track":
        return world.values["tracks"]
    for place in (f"{before}/{name}", before):
        if place in world.values:
            return world.values[place]
    raise KeyError(f"{pattern}: no value for {name} after {before!r}")


def values_of(template: str, world: World) -> dict[str, str]:
    """Real values for the parts of a path of the API's document, like /teams/{code}."""
    pattern = re.sub(r"{(\w+)}", r"<\1>", template)
    path = next(_filled(pattern, world))
    shape = "".join(
        f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece)
        for place, piece in enumerate(PART.split(pattern))
    )
    found = re.fullmatch(shape, path)
    assert found is not None, (template, path)
    return found.groupdict()
