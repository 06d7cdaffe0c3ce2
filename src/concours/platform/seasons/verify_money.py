"""The books of an export kept again from its record: balances, awards, and who confirmed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from concours.platform.awards.books import Books, Move
from concours.platform.awards.domain.exporting import MONEY_COLUMNS
from concours.platform.awards.enums import MovementKind
from concours.platform.seasons.exported import Said, differences, last_of, results_of
from concours.platform.seasons.manifest import Fault
from concours.platform.seasons.verify_results import outcome_in

CONFIRMED = {"payout.released", "payout.clawed-back", "payout.granted", "pool.given-back"}
AWARDED = {"payout.held", "payout.adjusted"}


def faults_in(folder: Path, events: list[Said]) -> tuple[int, list[Fault]]:
    """(movements posted, what does not hold of them)."""
    found: list[Fault] = [*_two_people(events), *_awards(events)]
    books: defaultdict[str, Books] = defaultdict(Books)
    rows: defaultdict[str, list[list[object]]] = defaultdict(list)
    count = 0
    for said in events:
        for kind, source, target, amount in said.data.get("moves", ()):
            payout = said.name if said.event.subject.startswith("payout:") else ""
            move = Move(kind=kind, source=source, target=target, amount_minor=amount, payout=payout)
            try:
                books[said.data["pool"]].post(move)
            except ValueError as error:
                found.append(Fault(place=said.place, what=str(error)))
            count += 1
            rows[said.data["track"]].append(
                [said.data["pool"], said.data["currency"], payout, kind, source, target, amount]
            )
    for track in last_of(results_of(events)):
        found += differences(
            folder, f"data/{track}/money.csv", header=MONEY_COLUMNS, rows=rows[track]
        )
    return count, found


def _two_people(events: list[Said]) -> Iterator[Fault]:
    """Acts on money that took two people, and had one."""
    asked = {one.data["request"]: one for one in events if one.event.verb == "money.asked"}
    for said in events:
        if said.event.verb not in CONFIRMED:
            continue
        request = asked.get(said.data.get("request", ""))
        if request is None:
            yield Fault(place=said.place, what="nobody asked for it")
        elif request.data["four_eyes"] and request.event.actor == said.event.actor:
            yield Fault(place=said.place, what="who asked for it confirmed it")


def _awards(events: list[Said]) -> Iterator[Fault]:
    """Money put on hold, less what was undone, that is not what the last result awards."""
    held: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for said in events:
        if said.event.verb in AWARDED:
            for kind, _source, _target, amount in said.data["moves"]:
                sign = -1 if kind == MovementKind.UNDO else 1
                held[said.data["pool"]][said.data["entry"]] += sign * amount
    for one in last_of(results_of(events)).values():
        try:
            _inputs, outcome = outcome_in(one)
        except ValueError:
            continue
        for pool, settlement in outcome.settlements.items():
            won = Counter({share.code: share.amount_minor for share in settlement.shares})
            # A result from before awards were held here has none until somebody opens them.
            if held[pool] and held[pool] != won:
                yield Fault(
                    place=one.said.place, what=f"what is held of {pool} is not what was won"
                )
