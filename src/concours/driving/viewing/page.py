"""The page: template, style, script and data as one file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

from concours.driving.roads.network import RoadNetwork
from concours.driving.viewing.content import content
from concours.driving.world.trace import Trace

SCRIPTS = (
    "words.js",
    "unpack.js",
    "model.js",
    "lights.js",
    "camera.js",
    "ground.js",
    "actors.js",
    "stage.js",
    "plots.js",
    "board.js",
    "panels.js",
    "controls.js",
    "main.js",
)
"""In this order they make one script."""
STYLES = ("tokens.css", "layout.css", "parts.css")
LANGUAGES = ("en", "zh")


def html(trace: Trace, network: RoadNetwork | None = None, *, lang: str | None = None) -> str:
    """One HTML file that replays a run; it needs nothing else and talks to nobody.

    network: the map; without it, a grid. lang: "en" or "zh" at first, by the reader's browser
    where None; the page has a switch. Raises ValueError for another language.

    Names and other texts of the scenario come from strangers: they are data in the file, never
    markup, and its policy runs this script alone, by its hash. The same arguments give the same
    text.

    Size: 100 kB of script and style, then 6 characters for each row of an actor whose motion is
    smooth (14 where it is not), about 4 for each point of the map's outlines (40 kB for a small
    town) and 150 for each element of the storyboard. Above 1,500,000 rows times actors, rows are
    left out evenly. Complexity: linear in all of these.
    """
    if lang is not None and lang not in LANGUAGES:
        raise ValueError(f"no language {lang!r}: one of {', '.join(LANGUAGES)}")
    style = "\n".join(_read(name) for name in STYLES)
    script = "\n".join(_read(name) for name in SCRIPTS)
    parts = {
        "lang": lang or "en",
        "title": escape(trace.name or "Replay"),
        "policy": (
            f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
        "style": style,
        "data": _json({**content(trace, network), "lang": lang}),
        "script": script,
    }
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: parts[found[1]], _read("replay.html"))


def _read(name: str) -> str:
    return files("concours.driving.viewing").joinpath("assets", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As a content security policy names a script or a style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(data: dict[str, Any]) -> str:
    """JSON that stays data inside a script element."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"})
