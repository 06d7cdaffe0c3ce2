"""Apache's podlings: its own podlings.xml, or lines of `id,start,end`, a file for each status.

A podling is in incubation from its first day. What it has become is said by its status in the XML;
of lines by the file's name (podlings_graduated.txt, podlings_retired.txt, podlings_current.txt), or
by a fourth field.
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
from concours.platform.register.reading.podlings_xml import Podling, is_xml, podlings_in
from concours.platform.register.stages import ARCHIVED, GRADUATED, INCUBATING

BECAME = {"graduated": GRADUATED, "retired": ARCHIVED, "current": INCUBATING}
HEAD = "id,start,end"


def read_podlings(files: Iterable[SourceFile]) -> Reading:
    """Every podling with the days it entered and left incubation."""
    reading = Reading()
    for file, text in texts(files, reading):
        if is_xml(text):
            _read_xml(reading, file, text)
            continue
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


def _read_xml(reading: Reading, file: SourceFile, text: str) -> None:
    try:
        found = list(podlings_in(text))
    except Unusable as fault:
        reading.refuse(file=file.name, line=fault.line, text=file.name, reason=fault.reason)
        return
    for one in found:
        try:
            reading.add(_from_element(one, file.digest), file=file.name, line=one.line)
        except Unusable as fault:
            shown = one.name or "(a podling without a name)"
            reading.refuse(file=file.name, line=one.line, text=shown, reason=fault.reason)


def _from_element(one: Podling, digest: str) -> History:
    became = BECAME.get(one.status.strip().lower())
    if became is None:
        raise Unusable(f"its status is {one.status!r}; there are {', '.join(BECAME)}")
    # Lines name a podling by its resource: both files then tell of one project.
    slug = slug_or_refuse(one.resource, one.name)
    return _history(
        slug, one.name, became, start=one.start, end=one.end, digest=digest, summary=one.summary
    )


def _podling(row: str, status: str, digest: str) -> History:
    fields = [value.strip() for value in row.split(",")]
    if len(fields) not in {3, 4}:
        raise Unusable(f"has {len(fields)} fields; three are wanted: id, start, end")
    became = BECAME.get(fields[3].lower() if len(fields) == 4 else status)
    if became is None:
        raise Unusable(
            "nobody says what it became: name the file podlings_graduated.txt, _retired.txt or "
            "_current.txt, or give graduated, retired or current as the fourth field"
        )
    slug = slug_or_refuse(named(fields[0]))
    return _history(slug, fields[0], became, start=fields[1], end=fields[2], digest=digest)


def _history(
    slug: str, name: str, became: str, *, start: str, end: str, digest: str, summary: str = ""
) -> History:
    name = named(name)
    first, last = day(start, what="start"), day(end, what="end")
    in_order([("start", first), ("end", last)])
    steps = [Step(stage=INCUBATING, on=first)]
    if became == INCUBATING and last is not None:
        raise Unusable("is in incubation and has an end")
    if became != INCUBATING:
        steps.append(Step(stage=became, on=last))
    return History(
        slug=slug,
        name=name,
        steps=tuple(steps),
        digest=digest,
        summary=summary,
        homepage=f"https://incubator.apache.org/projects/{slug}.html",
    )
