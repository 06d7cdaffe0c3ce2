"""One file from a template, styles, scripts and data; it asks no other host."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

LANGUAGES = ("en", "zh")
STYLES = ("tokens.css", "layout.css", "parts.css")
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
    "replay.js",
)
"""What a page needs that replays runs; in this order they make one script."""


def asset(name: str, package: str = "concours.driving.viewing") -> str:
    """The text of a file that a page is made of."""
    return files(package).joinpath("assets", name).read_text(encoding="utf-8")


def assembled(
    template: str,
    *,
    title: str,
    lang: str | None,
    styles: Sequence[str],
    scripts: Sequence[str],
    data: Mapping[str, Any],
) -> str:
    """The page. Its data is JSON in a script element and its policy names all that may run.

    template: with {{ include FILE }} for assets of the replay, and {{ lang }}, {{ title }},
    {{ policy }}, {{ style }}, {{ data }}, {{ script }}. Raises ValueError for an unknown language.
    """
    if lang is not None and lang not in LANGUAGES:
        raise ValueError(f"no language {lang!r}: one of {', '.join(LANGUAGES)}")
    style, script = "\n".join(styles), "\n".join(scripts)
    parts = {
        "lang": lang or "en",
        "title": escape(title),
        "policy": (
            f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
        "style": style,
        "data": _json({**data, "lang": lang}),
        "script": script,
    }
    whole = re.sub(r"\{\{ include (\S+) \}\}\n", lambda found: asset(found[1]), template)
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: parts[found[1]], whole)


def _hash(text: str) -> str:
    """As a content security policy names a script or a style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _json(data: dict[str, Any]) -> str:
    """JSON that stays data inside a script element."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"})
