"""From a TOML file to a criteria set; every fault names file, key and mend."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from concours.criteria.checks import CHECKS
from concours.criteria.errors import BadSet
from concours.criteria.sets import Chapter, CriteriaSet, Mode, Row, Stage
from concours.tables import DataFolder, Fault, Table

FORMAT = 1
MAX_ROWS = 500
_CODE = re.compile(r"[A-Z0-9][A-Za-z0-9.-]{0,29}")


def presets() -> list[str]:
    """The short names of the sets that come with Concours, sorted."""
    folder = resources.files("concours.criteria") / "presets"
    names = (item.name for item in folder.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def load_preset(slug: str) -> CriteriaSet:
    """A set that comes with Concours. Raises BadSet where there is none of this name."""
    if slug not in presets():
        known = ", ".join(presets())
        raise BadSet([Fault(slug, "", "is no criteria set", f"there are {known}; or name a file")])
    with resources.as_file(resources.files("concours.criteria") / "presets") as folder:
        return load_set(folder / f"{slug}.toml")


def load_set(path: Path) -> CriteriaSet:
    """The set in the TOML file `path`. O(bytes). Raises BadSet with everything that is wrong."""
    files = DataFolder(path.parent.resolve())
    try:
        values = files.table(path.name)
        content = path.read_bytes()
    except OSError as error:
        raise BadSet([Fault(path.name, "", f"cannot be read: {error.strerror}")]) from None
    if values is None:
        raise BadSet(files.faults)
    table = Table(files, path.name, values)
    table.require_format(FORMAT)
    chapters = tuple(_chapter(one) for one in table.tables("chapters", most=100))
    keys = {chapter.key for chapter in chapters}
    rows = tuple(_row(one, keys) for one in table.tables("rows", most=MAX_ROWS))
    found = CriteriaSet(
        slug=table.slug("slug", most=40),
        version=table.text("version", most=40),
        title=table.text("title"),
        title_zh=table.text("title_zh"),
        source=table.text("source", most=500),
        note=table.text("note", most=1_000),
        note_zh=table.text("note_zh", most=1_000),
        chapters=chapters,
        rows=rows,
        digest=hashlib.sha256(content).hexdigest(),
    )
    table.done()
    _refuse_repetition(table, "chapters", [chapter.key for chapter in chapters])
    _refuse_repetition(table, "rows", [row.code for row in rows])
    if not rows:
        table.fault("rows", "names no row", "write at least one [[rows]]")
    if files.faults:
        raise BadSet(files.faults)
    return found


def _chapter(table: Table) -> Chapter:
    found = Chapter(
        key=table.slug("key", most=40), title=table.text("title"), title_zh=table.text("title_zh")
    )
    table.done()
    return found


def _row(table: Table, chapters: set[str]) -> Row:
    code = table.text("code", most=30)
    if code and not _CODE.fullmatch(code):
        table.fault("code", f"{code!r} is no code", "use letters, digits, dots and hyphens")
    chapter = table.slug("chapter", most=40)
    if chapter and chapter not in chapters:
        table.fault("chapter", f"{chapter!r} is no chapter", f"there are {sorted(chapters)}")
    mode = Mode(table.choice("mode", list(Mode)))
    check = table.slug("check", most=40, default="")
    row = Row(
        code=code,
        chapter=chapter,
        stage=Stage(table.choice("stage", list(Stage))),
        text=table.text("text", most=500),
        text_zh=table.text("text_zh", most=500),
        mode=mode,
        must=table.boolean("must", default=True),
        weight=table.integer("weight", low=1, high=10, default=1),
        valid_days=table.integer("valid_days", low=1, high=3_650, default=365),
        clause=table.text("clause", most=100, default=""),
        confirmed=table.boolean("confirmed", default=False),
        check=check,
        parameters=_parameters(table, check),
    )
    if (mode is Mode.PERSON) == bool(check):
        table.fault("check", f"does not go with the mode {mode}", "name one unless a person judges")
    table.done()
    return row


def _parameters(table: Table, check: str) -> Mapping[str, int | str]:
    """The row's own parameters, over what the check usually has."""
    given = table.table("parameters")
    if check and check not in CHECKS:
        table.fault("check", f"{check!r} is no check", f"there are {', '.join(sorted(CHECKS))}")
        return {}
    usual = dict(CHECKS[check].parameters) if check else {}
    if given is None:
        return usual
    for key, value in usual.items():
        if isinstance(value, int):
            usual[key] = given.integer(key, low=0, high=1_000_000, default=value)
        else:
            usual[key] = given.text(key, most=100, default=value)
    given.done()
    return usual


def _refuse_repetition(table: Table, key: str, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            table.fault(key, f"{name!r} is there twice", "give each its own")
        seen.add(name)
