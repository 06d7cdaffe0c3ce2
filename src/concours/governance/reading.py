"""From the text of a charter to a Charter; every fault names the place and the mend."""

from __future__ import annotations

import hashlib

from concours.governance.attendance import Suspension
from concours.governance.charter import STAGES, Charter, CharterBody, Source, Transition
from concours.governance.errors import BadCharter
from concours.governance.reading_rules import rules_of
from concours.tables import BadText, Table, table_in

FORMAT = 1
MOST_BYTES = 256 * 1024


def read_charter(text: str, *, name: str = "charter.toml") -> Charter:
    """The charter in `text`. Raises BadCharter with everything that is wrong.

    A threshold that is still to be set is no fault: `Charter.unset` names it.
    """
    try:
        table = table_in(text, name=name, most_bytes=MOST_BYTES)
    except BadText as error:
        raise BadCharter([error.fault]) from None
    charter = _charter(table, text)
    if table.folder.faults:
        raise BadCharter(table.folder.faults)
    return charter


def _charter(table: Table, text: str) -> Charter:
    table.require_format(FORMAT)
    bodies = tuple(_body(part) for part in table.tables("bodies", most=50))
    rules = rules_of(table, {body.key: body for body in bodies})
    known = {rule.key for rule in rules}
    found = Charter(
        name=table.slug("name"),
        version=table.text("version", most=40),
        title=table.text("title"),
        title_zh=table.text("title_zh", default=""),
        note=table.text("note", most=2_000, default=""),
        note_zh=table.text("note_zh", most=2_000, default=""),
        sources=tuple(_source(part) for part in table.tables("sources", most=100)),
        bodies=bodies,
        rules=rules,
        transitions=tuple(_way(part, known) for part in table.tables("transitions", most=100)),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    table.done()
    _once(table, "bodies", [body.key for body in bodies])
    _once(table, "rules", [rule.key for rule in rules])
    ways = [f"{origin} to {way.to}" for way in found.transitions for origin in way.origins]
    _once(table, "transitions", ways)
    for key, rows in (("bodies", bodies), ("rules", rules), ("transitions", ways)):
        if not rows:
            table.fault(key, "is missing", "a charter names at least one")
    return found


def _once(table: Table, key: str, names: list[str]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        table.fault(key, f"{name} is there twice", "name each once")


def _source(part: Table) -> Source:
    found = Source(
        title=part.text("title"),
        title_zh=part.text("title_zh", default=""),
        address=part.text("address", most=500, default=""),
        clause=part.text("clause", default=""),
        clause_zh=part.text("clause_zh", default=""),
        dated=part.day("dated"),
        says=part.text("says", most=1_000),
        says_zh=part.text("says_zh", most=1_000, default=""),
        confirmed=part.boolean("confirmed"),
    )
    if found.address and not found.address.startswith("https://"):
        part.fault("address", "is no https address", "write https://...")
    part.done()
    return found


def _body(part: Table) -> CharterBody:
    roles = part.slugs("roles") or ("member",)
    voting = part.slugs("voting") or roles
    chair = part.slug("chair", default="")
    found = CharterBody(
        key=part.slug("key"),
        name=part.text("name"),
        name_zh=part.text("name_zh", default=""),
        seats=part.integer("seats", low=0, high=100_000, default=0),
        roles=roles,
        voting=voting,
        chair=chair,
        suspension=_suspension(part.table("suspension")),
    )
    for role in (*voting, *([chair] if chair else [])):
        if role not in roles:
            part.fault("roles", f"does not name {role!r}", "name every role of the body")
    part.done()
    return found


def _suspension(part: Table | None) -> Suspension | None:
    if part is None:
        return None
    found = Suspension(
        missed=part.integer("missed", low=1, high=100),
        restored_after=part.integer("restored_after", low=1, high=100, default=1),
    )
    part.done()
    return found


def _way(part: Table, rules: set[str]) -> Transition:
    origins, to = part.slugs("from"), part.choice("to", list(STAGES))
    for stage in origins:
        if stage not in STAGES:
            part.fault("from", f"{stage!r} is no stage", f"use {', '.join(STAGES)}")
        elif not _allowed(stage, to):
            part.fault("to", f"{stage} to {to} is no step", "stages come one after another")
    if not origins:
        part.fault("from", "is missing", "name the stages that it leads from")
    votes = part.slugs("votes")
    for key in votes:
        if key not in rules:
            part.fault("votes", f"there is no rule {key!r}", "name a rule of this charter")
    part.done()
    return Transition(origins=origins, to=to, votes=votes)


def _allowed(origin: str, to: str) -> bool:
    """One stage on, or archived from any other."""
    if to == "archived":
        return origin != to
    return STAGES.index(to) == STAGES.index(origin) + 1
