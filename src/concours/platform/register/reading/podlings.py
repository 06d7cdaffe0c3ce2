"""Apache's podlings: lines of `id,start,end`, one file for those graduated, one for those retired.

A podling is in incubation from its first day. What it has become is said by the file's name
(podlings_graduated.txt, podlings_retired.txt, podlings_current.txt), or by a fourth field.
"""

from __future__ import annotations

from collections.abc import Iterable

from concours.platform.register.reading.files import SourceFile, texts
from concours.platform.register.reading.parts import (
    History,
    Reading,
    Step,
    Unusable,
    day,
    in_order,
    named,
    slug_or_refuse,
)
from concours.platform.register.stages import ARCHIVED, GRADUATED, INCUBATING

BECAME = {"graduated": GRADUATED, "retired": ARCHIVED, "current": INCUBATING}
HEAD = "id,start,end"


def read_podlings(files: Iterable[SourceFile]) -> Reading:
    """Every podling with the days it entered and left incubation."""
    reading = Reading()
    for file, text in texts(files, reading):
        status = next((name for name in BECAME if name in file.name.lower()), "")
        for number, line in enumerate(text.splitlines(), start=1):
            row = line.strip()
            if not row or row.startswith("#") or row.lower().startswith(HEAD):
                continue
            try:
                reading.add(_podling(row, status, file.digest), file=file.name, line=number)
            except Unusable as fault:
                reading.refuse(file=file.name, line=number, text=row, reason=fault.reason)
    return reading


def _podling(row: str, status: str, digest: str) -> History:
    fields = [value.strip() for value in row.split(",")]
    if len(fields) not in {3, 4}:
        raise Unusable(f"has {len(fields)} fields; three are wanted: id, start, end")
    name = named(fields[0])
    became = BECAME.get(fields[3].lower() if len(fields) == 4 else status)
    if became is None:
        raise Unusable(
            "nobody says what it became: name the file podlings_graduated.txt, _retired.txt or "
            "_current.txt, or give graduated, retired or current as the fourth field"
        )
    start, end = day(fields[1], what="start"), day(fields[2], what="end")
    in_order([("start", start), ("end", end)])
    steps = [Step(stage=INCUBATING, on=start)]
    if became == INCUBATING and end is not None:
        raise Unusable("is in incubation and has an end")
    if became != INCUBATING:
        steps.append(Step(stage=became, on=end))
    return History(
        slug=slug_or_refuse(name),
        name=name,
        steps=tuple(steps),
        digest=digest,
        homepage=f"https://incubator.apache.org/projects/{slug_or_refuse(name)}.html",
    )
