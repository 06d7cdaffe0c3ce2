"""Whether a dossier holds: by itself, and against an export of the record, without a database."""

from __future__ import annotations

import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from concours.platform.awards.document import digest_of as inputs_digest_of
from concours.platform.awards.document import from_text, outcome_of
from concours.platform.awards.formula import Standing
from concours.platform.handover.document import BadDossier, digest_of, read, seal_of
from concours.platform.record.chain import UNREADABLE, EventData, canonical

MOST_BYTES = 64 * 1024 * 1024
_OTHER_FORM = "%s cannot be looked at: something is missing or of another form"
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError)


@dataclass(frozen=True, kw_only=True)
class Read:
    """A dossier with its digest, and what stood beside it, if anything did."""

    parts: dict[str, Any]
    digest: str
    beside: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`faults` are sentences about what does not hold, `unknown` about what could not be looked
    at; `held` names what was looked at and holds."""

    held: tuple[str, ...]
    faults: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


@dataclass
class _Told:
    """What the record says of the dossier's parts."""

    events: dict[int, str] = field(default_factory=dict)
    submissions: dict[str, dict[str, Any]] = field(default_factory=dict)
    seals: dict[str, str] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    standings: set[str] = field(default_factory=set)
    reports: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    last: str = ""


def read_file(content: bytes) -> Read:
    """A dossier.json, or the zip that a dossier is downloaded as. Raises BadDossier."""
    beside = None
    if zipfile.is_zipfile(io.BytesIO(content)):
        content, beside = _unpacked(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadDossier("this is no text in UTF-8") from error
    return Read(parts=read(text), digest=digest_of(text), beside=beside)


def check(found: Read, events: Iterable[EventData] | None = None) -> Verdict:
    """Look at everything that can be looked at; O(events). The chain itself is not looked at."""
    held, faults, unknown = ["the digest"], [], []
    if found.beside is not None:
        wrong = _wrong("what stands beside it", lambda: _beside(found))
        faults += wrong
        held += [] if wrong else ["what stands beside it"]
    if events is None:
        unknown.append("no record was given: nothing was held against it")
        return Verdict(held=tuple(held), faults=tuple(faults), unknown=tuple(unknown))
    try:
        told = _hear(found.parts, events)
    except UNREADABLE:
        faults.append(_OTHER_FORM % "the record")
        return Verdict(held=tuple(held), faults=tuple(faults), unknown=tuple(unknown))
    for name, part in _PARTS.items():
        wrong = _wrong(name, partial(part, found, told))
        faults += [one for one in wrong if not one.startswith("?")]
        unknown += [one[1:] for one in wrong if one.startswith("?")]
        if not wrong:
            held.append(name)
    return Verdict(held=tuple(held), faults=tuple(faults), unknown=tuple(unknown))


def _wrong(name: str, look: Callable[[], Iterable[str]]) -> list[str]:
    """What `look` finds wrong; what has not the form that is looked for is wrong too."""
    try:
        return list(look())
    except UNREADABLE:
        return [_OTHER_FORM % name]


def _unpacked(content: bytes) -> tuple[bytes, dict[str, Any] | None]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {one.filename: one.file_size for one in archive.infolist()}
            if sum(sizes.values()) > MOST_BYTES or "dossier.json" not in sizes:
                raise ValueError("it holds no dossier.json, or too much")
            beside = json.loads(archive.read("beside.json")) if "beside.json" in sizes else None
            return archive.read("dossier.json"), beside
    except (*_BROKEN_ZIP, ValueError) as error:
        raise BadDossier(f"this zip cannot be read: {error}") from error


def _beside(found: Read) -> Iterator[str]:
    beside = found.beside or {}
    if beside.get("of") != found.digest:
        yield "what stands beside it is of another dossier"
    seals = {one["seal"] for one in found.parts["reviews"]["released"]}
    for row in beside.get("reviews", []):
        if row["seal"] not in seals:
            yield "a review beside it is not one that the dossier has"
        elif seal_of(salt=row["salt"], text=row["text"]) != row["seal"]:
            yield "the text of a review is not the one that the dossier has the seal of"
    members = {one["member"] for one in found.parts["people"]}
    for row in beside.get("people", []):
        if row["member"] not in members:
            yield "somebody is named who is not of the team"


def _hear(parts: Mapping[str, Any], events: Iterable[EventData]) -> _Told:
    told = _Told()
    wanted = parts["record"]["events"]
    for event in events:
        if event.seq == wanted:
            told.events[event.seq] = event.digest
        hear = _HEARD.get(event.verb)
        if hear is None or event.season != parts["season"]:
            continue
        data = json.loads(event.data)
        # Of handovers those of this entry alone.
        if not event.verb.startswith("handover.") or data["entry"] == parts["entry"]:
            hear(told, event.subject.partition(":")[2], data)
    return told


def _hear_submission(told: _Told, name: str, data: Mapping[str, Any]) -> None:
    told.submissions[name] = dict(data)


def _hear_run(told: _Told, name: str, data: Mapping[str, Any]) -> None:
    told.seals[name] = str(data.get("seal", ""))


def _hear_standings(told: _Told, name: str, data: Mapping[str, Any]) -> None:
    told.standings.add(str(data["result_digest"]))


def _hear_result(told: _Told, name: str, data: Mapping[str, Any]) -> None:
    told.results[data["inputs_digest"]] = data["inputs"]


def _hear_changes(told: _Told, name: str, data: Mapping[str, Any]) -> None:
    if data["result"]:
        told.results[data["after"]["result"]["inputs_digest"]] = data["result"]
    if data["standings"]:
        told.standings.add(str(data["standings"]["result_digest"]))


def _hear_report(told: _Told, name: str, data: Mapping[str, Any]) -> None:
    told.reports[name] = str(data["digest"])


def _hear_act(told: _Told, name: str, data: Mapping[str, Any]) -> None:
    told.last = str(data["digest"])
    told.done.add(told.last)


def _hear_back(told: _Told, name: str, data: Mapping[str, Any]) -> None:
    told.last = ""


_HEARD: dict[str, Callable[[_Told, str, Mapping[str, Any]], None]] = {
    "submission.received": _hear_submission,
    "submission.fetched": _hear_submission,
    "evaluation.scored": _hear_run,
    "standings.published": _hear_standings,
    "result.published": _hear_result,
    "changes.applied": _hear_changes,
    "integrity.reported": _hear_report,
    "handover.done": _hear_act,
    "handover.taken-back": _hear_back,
}


def _act(found: Read, told: _Told) -> Iterator[str]:
    if found.digest not in told.done:
        yield "the record knows of no handover of this entry with this digest"
    elif told.last != found.digest:
        yield "the record says that this handover was taken back"


def _head(found: Read, told: _Told) -> Iterator[str]:
    said = found.parts["record"]
    if said["events"] not in told.events:
        yield f"?the record given does not have event {said['events']}"
    elif told.events[said["events"]] != said["head"]:
        yield "the record’s head is not the one that the dossier names"


def _code(found: Read, told: _Told) -> Iterator[str]:
    code = found.parts["code"]
    event = told.submissions.get(code["submission"])
    if event is None:
        yield "the record knows of no such submission"
        return
    if event["entry"] != found.parts["entry"]:
        yield "the submission is of another entry"
    for name in ("number", "kind", "digest", "content_digest"):
        if event[name] != code[name]:
            yield f"the submission’s {name} is not the one in the record"
    if event["git_commit"] != code["commit"]:
        yield "the commit is not the one in the record"
    if code["git_digest"] and event["git_digest"] != code["git_digest"]:
        yield "the repository is not the one in the record"
    signed = {"signed-off": True, "not-signed-off": False, "not-known": None}
    if event.get("git_signed_off") != signed[code["sign_off"]["state"]]:
        yield "the sign-off is not what the record says"


def _evaluations(found: Read, told: _Told) -> Iterator[str]:
    for one in found.parts["evaluations"]:
        if one["code"] not in told.seals:
            yield f"the record knows of no scored run {one['code']}"
        elif told.seals[one["code"]] != one["seal"]:
            yield f"the seal of the run {one['code']} is not the one in the record"


def _standing(found: Read, told: _Told) -> Iterator[str]:
    standing = found.parts["standing"]
    if standing is not None and standing["result_digest"] not in told.standings:
        yield "the standing is of no standings that the record says were published"


def _result(found: Read, told: _Told) -> Iterator[str]:
    said, entry = found.parts["result"], found.parts["entry"]
    if said["inputs_digest"] not in told.results:
        yield "the record knows of no published result with these inputs"
        return
    text = canonical(told.results[said["inputs_digest"]])
    if inputs_digest_of(text) != said["inputs_digest"]:
        yield "the result’s inputs in the record do not have their digest"
        return
    try:
        outcome = outcome_of(from_text(text))
    except ValueError as error:
        yield f"the result cannot be computed again: {error}"
        return
    row = next((one for one in outcome.standings if one.candidate.code == entry), None)
    if row is None or _line(row) != (said["place"], said["tied"], said["total"]):
        yield "the place is not the one that is computed again from the record"
    won = sorted(
        (pool, share.place, share.title, share.amount_minor)
        for pool, settlement in outcome.settlements.items()
        for share in settlement.shares
        if share.code == entry
    )
    if won != sorted(
        (one["pool"], one["place"], one["title"], one["amount_minor"])
        for one in found.parts["awards"]
    ):
        yield "the awards are not those that are computed again from the record"


def _line(row: Standing) -> tuple[int, bool, list[int]]:
    return row.place, row.tied, [row.total.numerator, row.total.denominator]


def _integrity(found: Read, told: _Told) -> Iterator[str]:
    if said := found.parts["integrity"]:
        name = f"{found.parts['season']}/{said['number']}"
        if told.reports.get(name) != said["digest"]:
            yield "the integrity report is not the one in the record"


_PARTS = {
    "the act": _act,
    "the record’s head": _head,
    "the code": _code,
    "the evaluations": _evaluations,
    "the standing": _standing,
    "the result and the awards, computed again": _result,
    "the integrity report": _integrity,
}
