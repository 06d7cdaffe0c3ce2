"""The splits of an evaluator and the cases in them."""

from __future__ import annotations

from pathlib import Path

from concours.evaluation.manifest import Kind, Split
from concours.tables import SLUG, Table

NAMES = ("practice", "ranking", "final")
MOST_CASES = 10_000
MOST_SEALED = 100
MOST_RUNS = 100_000
INPUT, EXPECTED = "input", "expected"
"""The two folders of a plain case: what the program sees, and what only its judge sees."""


def splits_of(table: Table, kind: Kind, data: Path, *, made: bool) -> dict[str, Split]:
    """All splits. made: whether sealed cases can be made."""
    found: dict[str, Split] = {}
    splits = table.table("splits")
    for name in NAMES:
        one = splits.table(name) if splits else None
        if one is not None:
            found[name] = _split(one, name, kind, data, made=made)
            one.done()
    if splits is not None:
        splits.done()
    if not found:
        table.fault("splits", "is missing", f"write [splits.NAME] for one of {', '.join(NAMES)}")
    return found


def _split(table: Table, name: str, kind: Kind, data: Path, *, made: bool) -> Split:
    sealed = table.integer("sealed", low=0, high=MOST_SEALED, default=0)
    globs = table.texts("cases")
    if bool(sealed) == bool(globs):
        table.fault("cases", "is needed, or `sealed`, and not both", 'as cases = ["cases/*"]')
    if sealed and not made:
        table.fault("sealed", "needs a program that makes cases", "name it as [inputs] generate")
    public = table.boolean("public", default=name == "practice")
    if sealed and public:
        table.fault("public", "would tell what is sealed", "write public = false")
    return Split(
        name=name,
        files=_files(table, globs, kind, data) if globs else {},
        sealed=sealed,
        public=public,
        quota_day=table.integer("quota_day", low=0, high=MOST_RUNS, default=0),
        quota_total=table.integer("quota_total", low=0, high=MOST_RUNS, default=0),
    )


def _files(table: Table, globs: tuple[str, ...], kind: Kind, data: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for pattern in globs:
        if pattern.startswith("/") or ".." in Path(pattern).parts:
            table.fault("cases", f"{pattern} leads outside the data", "name what is below it")
            continue
        try:
            paths = sorted(data.glob(pattern))
        except (ValueError, IndexError, NotImplementedError, RecursionError):
            table.fault("cases", f"{pattern[:80]} is no pattern", 'as cases = ["cases/*"]')
            continue
        if not paths:
            table.fault("cases", f"{pattern} matches nothing", "correct it, or write the cases")
        for path in paths:
            _add(table, found, path, kind, data)
    if len(found) > MOST_CASES:
        table.fault("cases", f"are {len(found)}", f"at most {MOST_CASES} are allowed")
    return dict(sorted(found.items()))


def _add(table: Table, found: dict[str, Path], path: Path, kind: Kind, data: Path) -> None:
    name = path.stem if kind is Kind.DRIVING else path.name
    told = path.relative_to(data).as_posix()
    if not SLUG.fullmatch(name):
        table.fault("cases", f"{told} is no short name", "use a-z, 0-9 and hyphens between")
    if name in found:
        table.fault("cases", f"{name} is there twice", "give each case its own name")
    if not path.resolve().is_relative_to(data):
        table.fault("cases", f"{told} is a link that leads outside", "put a copy there")
    if kind is Kind.DRIVING and not path.is_file():
        table.fault("cases", f"{told} is no file", "match the scenarios alone")
    if kind is Kind.PROGRAM and not all((path / part).is_dir() for part in (INPUT, EXPECTED)):
        table.fault("cases", f"{told} lacks a folder", f"a case holds {INPUT}/ and {EXPECTED}/")
    found[name] = path
