"""What packages, licences and sources say of their authors, by rule and by kind of file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from concours.anonymity.places import is_own_licence

Scrubbed = tuple[str, int]
Rule = Callable[[str], Scrubbed]
ANONYMOUS = "[anonymous]"
MOST_LINES = 2_000
"""Lines that one value may go on for."""
_TOML = re.compile(
    r"\s{0,40}\"?(authors?|maintainers?|repository|homepage|documentation)\"?\s{0,9}="
)
_TOML_LINKS = re.compile(r"\s{0,40}\[[^\]\n]{0,80}\burls\]", re.IGNORECASE)
_INI = re.compile(
    r"\s{0,40}(author|author[_-]email|maintainer|maintainer[_-]email|url|home[_-]page"
    r"|download[_-]url|project[_-]urls)\s{0,9}[=:]",
    re.IGNORECASE,
)
_VALUE = r"(\s{0,4}=\s{0,4})(\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'|\[[^\]]{0,2000}\])"
_PYTHON = re.compile(r"(\b__(?:author|email|maintainer|credits|copyright)__)" + _VALUE)
_SETUP = re.compile(
    r"(\b(?:author|author_email|maintainer|maintainer_email|copyright|url|download_url))" + _VALUE
)
_KEYS = frozenset({"author", "authors", "contributors", "maintainers", "creator", "creators"})
_LINKS = frozenset({"repository", "homepage", "bugs", "funding"})
_XML = tuple(
    (f"<{name}", f"</{name}>")
    for name in ("developers", "contributors", "organization", "scm", "authors", "owners")
)
_YEARS = r"(?:[ \t]{0,4}\d{4}(?:[ \t]{0,2}[-–,][ \t]{0,2}(?:\d{4}|present))?,?)"
_COPYRIGHT = re.compile(
    r"^([^\w\n]{0,40}(?:(?:portions|parts|all rights reserved)[.,:]?[ \t]{1,4})?"
    r"(?:\bcopyright\b|©|版权所有(?![者人]))(?:[ \t]{0,4}(?:\(c\)|©|&copy;))?"
    rf"[ \t]{{0,4}}[:：]?{_YEARS}{{0,6}})"
    r"[ \t]{0,4}[^\n]{0,500}$",
    re.IGNORECASE | re.MULTILINE,
)
_HAS_YEAR = re.compile(r"\d{4}|\(c\)|©|&copy;|版权所有", re.IGNORECASE)
_AUTHOR_LINE = re.compile(
    r"^([ \t]{0,40}(?:(?:#|//|/\*|\*|;|%|--|<!--|\"\"\"|''')[ \t#/*!]{0,40})"
    r"(?:[@\\]authors?[ \t]{0,4}[:：]?[ \t]{1,8}"
    r"|(?:authors?|maintainers?|created by|written by|developed by|contact|作者|维护者|创建人|编写)"
    r"[ \t]{0,4}[:：][ \t]{0,8})"
    r"|[ \t]{0,40}:authors?:[ \t]{1,8}"
    r"|[ \t]{0,40}作者[:：][ \t]{0,8})[^\n]{1,300}$",
    re.IGNORECASE | re.MULTILINE,
)


def rules_for(path: str) -> Iterator[tuple[str, Rule]]:
    """The rules, with their names, that hold for a text file of that path."""
    name = path.casefold().rpartition("/")[2]
    if name in ("pyproject.toml", "cargo.toml", "poetry.toml", "project.toml"):
        yield "package-metadata", _toml
    elif name in ("setup.cfg", "metadata"):
        yield "package-metadata", _ini
    elif name in _JSON_FILES or name.endswith(".ipynb"):
        yield "package-metadata", _json_of(name)
    elif name == "pom.xml" or name.endswith((".nuspec", ".csproj")):
        yield "package-metadata", _xml
    if name in ("setup.py", "conf.py"):
        yield "package-metadata", _setup
    if name.endswith((".py", ".pyi", ".pyx")):
        yield "author-line", _python
    if is_own_licence(path):
        yield "copyright", _copyright
    yield "author-line", _author_lines


_JSON_FILES = frozenset(
    {"package.json", "composer.json", "bower.json", "oh-package.json5", "manifest.json"}
)


def _toml(text: str) -> Scrubbed:
    """Without authors, maintainers and addresses, and without tables of addresses."""
    kept: list[str] = []
    count = depth = held = 0
    table = False
    for line in text.splitlines(keepends=True):
        if depth > 0 and held < MOST_LINES:
            depth += _depth(line)
            held += 1
            continue
        if line.lstrip().startswith("["):
            table = _TOML_LINKS.match(line) is not None
            count += table
        if table:
            continue
        if _TOML.match(line):
            depth, held = _depth(line.partition("=")[2]), 0
            count += 1
            continue
        kept.append(line)
    return "".join(kept), count


def _depth(line: str) -> int:
    return line.count("[") + line.count("{") - line.count("]") - line.count("}")


def _ini(text: str) -> Scrubbed:
    """Without the keys that name people and addresses, nor the lines that go on from them."""
    kept: list[str] = []
    count, within = 0, False
    for line in text.splitlines(keepends=True):
        if within and line[:1] in " \t" and line.strip():
            continue
        within = _INI.match(line) is not None
        if within:
            count += 1
        else:
            kept.append(line)
    return "".join(kept), count


def _python(text: str) -> Scrubbed:
    return _PYTHON.subn(r'\1\2""', text)


def _setup(text: str) -> Scrubbed:
    return _SETUP.subn(r'\1\2""', text)


def _json_of(name: str) -> Rule:
    keys = _KEYS if name.endswith(".ipynb") else _KEYS | _LINKS

    def scrub(text: str) -> Scrubbed:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return text, 0
        count = _without_keys(value, keys)
        if name.endswith(".ipynb") and isinstance(value, dict):
            count += _without_keys(value.get("metadata"), keys)
        if not count:
            return text, 0
        return json.dumps(value, ensure_ascii=False, indent=1) + "\n", count

    return scrub


def _without_keys(value: Any, keys: frozenset[str]) -> int:
    if not isinstance(value, dict):
        return 0
    found = [key for key in value if key.casefold() in keys]
    for key in found:
        del value[key]
    return len(found)


def _xml(text: str) -> Scrubbed:
    """Without the elements that name people, from their first tag to their last."""
    count = 0
    for opening, closing in _XML:
        at = 0
        pieces: list[str] = []
        while (start := text.find(opening, at)) >= 0:
            after = start + len(opening)
            if text[after : after + 1] not in ("", ">", " ", "\t", "\r", "\n"):
                pieces.append(text[at:after])
                at = after
                continue
            end = text.find(closing, after)
            if end < 0:
                break
            pieces.append(text[at:start])
            at = end + len(closing)
            count += 1
        text = "".join(pieces) + text[at:]
    return text, count


def _copyright(text: str) -> Scrubbed:
    """Lines that claim a copyright keep their years alone."""
    count = 0

    def put(match: re.Match[str]) -> str:
        nonlocal count
        if not _HAS_YEAR.search(match[0]):
            return match[0]
        count += 1
        return f"{match[1].rstrip()} {ANONYMOUS}"

    return _COPYRIGHT.sub(put, text), count


def _author_lines(text: str) -> Scrubbed:
    """Comments that name an author."""
    return _AUTHOR_LINE.subn(rf"\1{ANONYMOUS}", text)
