"""Lost duties given anew with the smallest change: every other duty stays as it is.

What the search takes follows from the duties as they stood, from the round's seed and from a few
facts that are stored with the replacement, so that each can be computed again.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from concours.peerreview import ENGINE_VERSION, BadInput, Filled, fill
from concours.platform.accounts.domain.lookups import organisations_of
from concours.platform.competitions.domain import EntryFacts, entry_facts
from concours.platform.competitions.enums import EntryState
from concours.platform.core import clock
from concours.platform.record import domain as record
from concours.platform.record.chain import canonical
from concours.platform.review.domain import conflicts, identities
from concours.platform.review.domain.problem import Facts, problem_of
from concours.platform.review.enums import AliasKind, AssignmentState, Cause
from concours.platform.review.methods import MOST_PROBABLE, methods_of
from concours.platform.review.models import (
    Assignment,
    EmergencyReviewer,
    Replacement,
    ReviewRound,
    RoundEntry,
)

LOST = (AssignmentState.LIFTED, AssignmentState.REPLACED, AssignmentState.EXCUSED)
OWN_ACTS = (Cause.CONFLICT, Cause.GONE)
"""Causes beside whose events the record names a person: who lost the duty is then left out."""
BATCH = 1_000


@dataclass(frozen=True, kw_only=True)
class Given:
    """A duty given anew, and the lost one it stands for."""

    lost: Assignment
    duty: Assignment


def next_number(locked: ReviewRound) -> int:
    """The number of the next replacement: what is lost now is lost in it."""
    last = locked.replacements.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def uncovered(round: ReviewRound) -> list[Assignment]:  # noqa: A002
    """Lost duties in whose place none was given, of entries that are still in; in a fixed order."""
    return list(
        Assignment.objects.filter(
            round=round,
            state__in=LOST,
            lost_in__isnull=False,
            replaced_by__isnull=True,
            entry__state=EntryState.ENTERED,
        ).order_by("pk")
    )


def refill(*, actor: Any, locked: ReviewRound, cause: Cause) -> list[Given]:
    """Give every uncovered duty of a locked round to somebody, within the caller's transaction.

    Peers come first, then the round's emergency reviewers; what nobody may take stays uncovered,
    which the event and the desk tell. O(m**2) for m of them beside a few queries.
    """
    lost = uncovered(locked)
    if not lost:
        return []
    number = next_number(locked)
    rows = _rows(locked)
    reserve = list(locked.emergency_reviewers.select_related("user").order_by("number"))
    facts = {
        "wanted": [duty.code for duty in lost],
        "barred": _barred_now(locked, rows, reserve, [duty.entry_id for duty in lost]),
        "idle": [row.index for row in rows if _is_idle(row)]
        + [len(rows) + one.number for one in reserve if one.released or not one.user.is_active],
        "emergency": len(reserve),
    }
    found = _filled(locked, rows, number=number, facts=facts, lost=lost)
    given = _store(locked, rows, reserve, number=number, lost=lost, pairs=found.pairs.tolist())
    replacement = Replacement.objects.create(
        round=locked,
        number=number,
        cause=cause,
        engine=ENGINE_VERSION,
        facts=facts,
        digest=_digest(locked, found),
        replaced_at=clock.now(),
    )
    record.append(
        actor=actor,
        verb="duties.replaced",
        subject=locked,
        season=locked.track.season.slug,
        data={
            "number": number,
            "cause": str(cause),
            "engine": replacement.engine,
            "digest": replacement.digest,
            **_by_alias(locked, given, lost, tell_from=cause not in OWN_ACTS),
        },
    )
    return given


def verify_replacements(*, round: ReviewRound) -> list[str]:  # noqa: A002
    """What does not hold of a round's replacements, each computed again; [] if all do.

    Each is also compared with the record's event, which takes a walk through the season's.
    """
    stored = list(Replacement.objects.filter(round=round).order_by("number"))
    if not stored:
        return []
    rows, noted = _rows(round), _noted(round)
    found: list[str] = []
    by_code = {duty.code: duty for duty in Assignment.objects.filter(round=round)}
    for one in stored:
        lost = [by_code[code] for code in one.facts["wanted"] if code in by_code]
        if one.engine != ENGINE_VERSION:
            found.append(f"replacement {one.number}: made by {one.engine}")
        if noted.get(one.number) != one.digest:
            found.append(f"replacement {one.number} is not the one that the record holds")
        try:
            again = _filled(round, rows, number=one.number, facts=one.facts, lost=lost)
        except BadInput as error:
            found.append(f"replacement {one.number}: {error}")
            continue
        given = [duty for duty in by_code.values() if duty.given_in == one.number]
        same = sorted(_pairs(round, rows, given)) == list(map(tuple, again.pairs.tolist()))
        if _digest(round, again) != one.digest or not same:
            found.append(f"replacement {one.number}: the duties are not those the facts give")
    return found


def _rows(round: ReviewRound) -> list[RoundEntry]:  # noqa: A002
    rows = RoundEntry.objects.filter(round=round).select_related("entry__reviewer")
    return list(rows.order_by("index"))


def _is_idle(row: RoundEntry) -> bool:
    entry = row.entry
    return row.idle or entry.state != EntryState.ENTERED or not entry.reviewer.is_active


def _noted(round: ReviewRound) -> dict[int, str]:  # noqa: A002
    subject = record.subject_name(round)
    found: dict[int, str] = {}
    for event in record.iterate(season=round.track.season.slug):
        if event.verb == "duties.replaced" and event.subject == subject:
            data = json.loads(event.data)
            found[data["number"]] = data["digest"]
    return found


def _pairs(
    round: ReviewRound,  # noqa: A002
    rows: Sequence[RoundEntry],
    duties: Iterable[Assignment],
) -> list[tuple[int, int]]:
    """Duties by the engine's numbers of reviewers and entries."""
    index = {row.entry_id: row.index for row in rows}
    reserve = dict(round.emergency_reviewers.values_list("user_id", "number"))
    return [
        (
            len(rows) + reserve[duty.reviewer_id]
            if duty.reviewer_entry_id is None
            else index[duty.reviewer_entry_id],
            index[duty.entry_id],
        )
        for duty in duties
    ]


def _filled(
    round: ReviewRound,  # noqa: A002
    rows: Sequence[RoundEntry],
    *,
    number: int,
    facts: dict[str, Any],
    lost: Sequence[Assignment],
) -> Filled:
    """The search of replacement `number`, from the duties as they stood then."""
    before = list(Assignment.objects.filter(round=round, given_in__lt=number))
    stands = [one for one in before if one.lost_in is None or one.lost_in > number]
    gone = [one for one in before if one.lost_in is not None and one.lost_in <= number]
    # Closeness is mutual: the entry's own reviewer does not get the one who declared it either.
    declared = [one for one in gone if one.declared and one.reviewer_entry_id is not None]
    back = [(entry, mine) for mine, entry in _pairs(round, rows, declared)]
    problem = problem_of(
        Facts(
            entry_ids=tuple(row.entry_id for row in rows),
            groups=tuple(conflicts.stored_groups(round)),
            reviews_per_entry=round.reviews_per_entry,
            methods=methods_of(round.params),
            texts=tuple(row.text for row in rows),
            cap=round.params.get("cap", MOST_PROBABLE),
        ),
        parts=round.parts,
    )
    barred = {*_pairs(round, rows, gone), *back, *map(tuple, facts["barred"])}
    return fill(
        problem,
        _pairs(round, rows, stands),
        wanted=[entry for _reviewer, entry in _pairs(round, rows, lost)],
        seed=bytes.fromhex(round.seed_secret) + number.to_bytes(4, "big"),
        part=np.array([row.part for row in rows], dtype=np.int64),
        barred=sorted(barred),
        idle=facts["idle"],
        emergency=facts["emergency"],
    )


def _digest(round: ReviewRound, found: Filled) -> str:  # noqa: A002
    """Keyed, since nobody is to try out from the record who reviews whom."""
    told = canonical([found.inputs_digest, found.pairs.tolist()]).encode()
    return hmac.new(bytes.fromhex(round.alias_key), told, "sha256").hexdigest()


def _barred_now(
    round: ReviewRound,  # noqa: A002
    rows: Sequence[RoundEntry],
    reserve: Sequence[EmergencyReviewer],
    wanted: Iterable[int],
) -> list[list[int]]:
    """Who shares a person or an organisation with the wanted entries as things are now, ascending.

    Beside the conflicts of the draw: people join organisations afterwards, and emergency
    reviewers were not there.
    """
    entry_at = {row.entry_id: row.index for row in rows}
    facts = {one.id: one for one in entry_facts(track=round.track, also=list(entry_at))}
    passed = set(round.params.get("ignored_organisations", []))
    people = [one.user_id for one in reserve]
    affiliations = organisations_of(user_ids=people)
    found: set[tuple[int, int]] = set()
    for key in set(wanted):
        here = facts[key]
        for other, number in entry_at.items():
            if other != key and other in facts and _share(here, facts[other], passed):
                found.add((number, entry_at[key]))
        for one in reserve:
            belongs = affiliations.get(one.user_id, frozenset())
            if one.user_id in _people(here) or (belongs & here.organisation_ids):
                found.add((len(rows) + one.number, entry_at[key]))
    return [list(pair) for pair in sorted(found)]


def _people(fact: EntryFacts) -> frozenset[int]:
    return fact.member_ids | {fact.reviewer_id}


def _share(first: EntryFacts, second: EntryFacts, passed: set[int]) -> bool:
    organisations = (first.organisation_ids & second.organisation_ids) - passed
    return bool(organisations or _people(first) & _people(second))


def _store(
    round: ReviewRound,  # noqa: A002
    rows: Sequence[RoundEntry],
    reserve: Sequence[EmergencyReviewer],
    *,
    number: int,
    lost: Sequence[Assignment],
    pairs: Sequence[Sequence[int]],
) -> list[Given]:
    """The new duties; of an entry that lost several, the first lost is the first given."""
    waiting: dict[int, list[Assignment]] = {}
    for duty in lost:
        waiting.setdefault(duty.entry_id, []).append(duty)
    given = []
    for reviewer, entry in pairs:
        stood = waiting[rows[entry].entry_id].pop(0)
        peer = rows[reviewer].entry if reviewer < len(rows) else None
        duty = Assignment(
            round=round,
            reviewer_id=reserve[reviewer - len(rows)].user_id if peer is None else peer.reviewer_id,
            reviewer_entry=peer,
            entry_id=rows[entry].entry_id,
            part=rows[entry].part,
            replaces=stood,
            given_in=number,
        )
        given.append(Given(lost=stood, duty=duty))
    Assignment.objects.bulk_create([one.duty for one in given], batch_size=BATCH)
    return given


def _by_alias(
    round: ReviewRound,  # noqa: A002
    given: Sequence[Given],
    lost: Sequence[Assignment],
    *,
    tell_from: bool,
) -> dict[str, Any]:
    """Who was replaced by whom, for the record."""
    entries = identities.aliases_of(round=round, kind=AliasKind.ENTRY)
    reviewers = identities.aliases_of(round=round, kind=AliasKind.REVIEWER)
    covered = {one.lost.pk for one in given}
    return {
        "given": sorted(
            (
                {
                    "entry": entries[one.duty.entry_id],
                    "to": reviewers[one.duty.reviewer_id],
                    **({"from": reviewers[one.lost.reviewer_id]} if tell_from else {}),
                }
                for one in given
            ),
            key=lambda row: (row["entry"], row["to"]),
        ),
        "uncovered": sorted(entries[duty.entry_id] for duty in lost if duty.pk not in covered),
    }
