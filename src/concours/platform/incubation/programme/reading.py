"""From the text of a programme to a Programme; every fault names the place and the mend."""

from __future__ import annotations

import hashlib
from pathlib import Path

from concours.platform.incubation.programme.rules import (
    BadProgramme,
    HealthRule,
    MentorRule,
    Programme,
    ReportRule,
    ReviewRule,
    Source,
)
from concours.tables import BadText, DataFolder, Table, table_in

FORMAT = 1
MOST_BYTES = 64 * 1024
MOST_REMINDERS = 6


def read_programme(text: str, *, name: str = "programme.toml") -> Programme:
    """The programme in `text`. Raises BadProgramme with everything that is wrong."""
    try:
        table = table_in(text, name=name, most_bytes=MOST_BYTES)
    except BadText as error:
        raise BadProgramme([error.fault]) from None
    found = _programme(table, text)
    if table.folder.faults:
        raise BadProgramme(table.folder.faults)
    return found


def _programme(table: Table, text: str) -> Programme:
    table.require_format(FORMAT)
    found = Programme(
        name=table.slug("name"),
        version=table.text("version", most=40),
        title=table.text("title"),
        title_zh=table.text("title_zh", default=""),
        note=table.text("note", most=2_000, default=""),
        note_zh=table.text("note_zh", most=2_000, default=""),
        reports=_reports(_needed(table, "reports")),
        mentors=_mentors(_needed(table, "mentors")),
        reviews=_reviews(_needed(table, "reviews")),
        health=_health(_needed(table, "health")),
        sources=tuple(_source(part) for part in table.tables("sources", most=100)),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    table.done()
    return found


def _needed(table: Table, key: str) -> Table:
    part = table.table(key)
    if part is None:
        table.fault(key, "is missing", f"write [{key}]")
        return Table(DataFolder(Path()), table.file, {}, key)
    return part


def _reports(part: Table) -> ReportRule:
    found = ReportRule(
        first_number=part.integer("first_number", low=0, high=24, default=0),
        first_months=part.integer("first_months", low=1, high=24, default=1),
        months=part.integer("months", low=1, high=24),
        due_days=part.integer("due_days", low=0, high=365),
        remind_days=_days(part, "remind_days", low=0),
        overdue_days=_days(part, "overdue_days", low=1),
    )
    part.done()
    return found


def _days(part: Table, key: str, *, low: int) -> tuple[int, ...]:
    return tuple(sorted(part.integers(key, low=low, high=365, most=MOST_REMINDERS)))


def _mentors(part: Table) -> MentorRule:
    found = MentorRule(
        fewest=part.integer("fewest", low=0, high=10),
        quiet_days=part.integer("quiet_days", low=1, high=1_000),
    )
    part.done()
    return found


def _reviews(part: Table) -> ReviewRule:
    found = ReviewRule(
        months=part.integer("months", low=1, high=60),
        body=part.slug("body", default=""),
    )
    part.done()
    return found


def _health(part: Table) -> HealthRule:
    found = HealthRule(
        active_authors=part.integer("active_authors", low=0, high=10_000, default=0),
        absence_factor=part.integer("absence_factor", low=0, high=1_000, default=0),
        organisations=part.integer("organisations", low=0, high=1_000, default=0),
        commit_days=part.integer("commit_days", low=0, high=10_000, default=0),
        release_days=part.integer("release_days", low=0, high=10_000, default=0),
    )
    part.done()
    return found


def _source(part: Table) -> Source:
    found = Source(
        title=part.text("title"),
        address=part.text("address", most=500, default=""),
        says=part.text("says", most=1_000),
        says_zh=part.text("says_zh", most=1_000, default=""),
        dated=part.day("dated"),
        confirmed=part.boolean("confirmed"),
    )
    if found.address and not found.address.startswith("https://"):
        part.fault("address", "is no https address", "write https://...")
    part.done()
    return found
