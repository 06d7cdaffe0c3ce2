"""10,000 ballots counted again from an exported record, the chain checked on the way.

Writes an export of one vote as the platform records it, counts it in a process that knows no
database, then changes bytes one at a time and looks whether each is found.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from concours.cli.vote import _counted
from concours.governance import (
    Ballot,
    Voter,
    commitment,
    count,
    count_secret,
    facts_of,
    facts_of_outcome,
    preset_text,
    read_charter,
    recount,
    rule_from,
    together,
)
from concours.platform.record import chain

OPENS = datetime(2024, 5, 1, 9, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)


class Export:
    """A record that grows event by event."""

    def __init__(self) -> None:
        self.events: list[chain.EventData] = []

    def note(
        self,
        verb: str,
        data: dict[str, Any],
        *,
        actor: str = "system:governance",
        at: datetime | None = None,
    ) -> None:
        previous = self.events[-1].digest if self.events else chain.GENESIS
        moment = at or OPENS + timedelta(seconds=len(self.events))
        self.events.append(
            chain.seal(
                seq=len(self.events) + 1,
                at=moment.isoformat(timespec="microseconds"),
                actor=actor,
                via="web",
                verb=verb,
                subject="vote:abcdefghjkmn",
                season="",
                data=chain.canonical(data),
                previous=previous,
            )
        )

    def write(self, path: Path) -> None:
        path.write_text("".join(chain.to_line(one) + "\n" for one in self.events), encoding="utf-8")


def vote_of(ballots: int, *, secret: bool) -> Export:
    """Everybody of `ballots` voters casts one; the last tenth change theirs."""
    chance = random.Random(8)
    facts = {**facts_of(read_charter(preset_text("lf-ai-data")).rules[0]), "secret": secret}
    rule = rule_from(facts)
    names = [f"user:{index:012}" for index in range(ballots)]
    export = Export()
    shown = [
        {"voter": name, "role": "member", "recused": [], "suspended": False, "lost_role": False}
        for name in names
    ]
    opened = {
        "rule": facts,
        "opens_at": OPENS.isoformat(),
        "closes_at": CLOSES.isoformat(),
        "chair": "",
        "electorate": shown,
    }
    export.note("vote.opened", opened)
    kept: dict[str, tuple[str, Ballot]] = {}
    for name in [*names, *names[-(ballots // 10) :]]:
        salt, tracker = f"{chance.getrandbits(256):064x}", f"{chance.getrandbits(64):016x}"
        choice = chance.choice((1, 1, 0, -1))
        held = commitment(
            vote="abcdefghjkmn",
            name=tracker if secret else name,
            choice=choice,
            reasoned=False,
            salt=salt,
        )
        told = {} if secret else {"choice": choice, "reasoned": False, "salt": salt, "reason": ""}
        export.note("ballot.cast", {"commitment": held, **told}, actor=name)
        kept[name] = (held, Ballot(voter=tracker if secret else name, choice=choice))
    electorate = [Voter(name=name, role="member") for name in names]
    found = [ballot for _held, ballot in kept.values()]
    counted = count_secret if secret else count
    outcome = counted(rule=rule, electorate=electorate, ballots=found)
    closed: dict[str, Any] = {
        "outcome": facts_of_outcome(outcome, secret=secret),
        "ballots_digest": together(held for held, _ballot in kept.values()),
    }
    if secret:
        closed["ballots"] = [
            {"tracker": one.voter, "choice": one.choice, "reasoned": False}
            for one in sorted(found, key=lambda ballot: ballot.voter)
        ]
    export.note("vote.closed", closed, at=CLOSES)
    return export


def timed(act: Any, runs: int) -> float:
    """Median CPU seconds: what else the machine does is not in them."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        act()
        times.append(time.process_time() - start)
    return statistics.median(times)


def changes_found(path: Path, tries: int) -> int:
    """How many of `tries` changes of one bit at a random place are found."""
    chance, content, found = random.Random(5), path.read_bytes(), 0
    with tempfile.TemporaryDirectory() as folder:
        changed_file = Path(folder) / "changed.jsonl"
        for _ in range(tries):
            changed = bytearray(content)
            changed[chance.randrange(len(content) - 1)] ^= 1 << chance.randrange(7)
            changed_file.write_bytes(bytes(changed))
            try:
                votes, faults = _counted(changed_file, site=False)
            except (Exception, SystemExit):
                found += 1  # no text any more: the command says so and ends with 1
                continue
            found += bool(faults) or not all(vote.agrees for vote in votes)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--changes", type=int, default=25)
    given = parser.parse_args()
    table = Table("ballots", "kind", "MB", "count, CPU s", "with the chain, CPU s", "found")
    with tempfile.TemporaryDirectory() as folder:
        for secret in (False, True):
            export = vote_of(given.ballots, secret=secret)
            path = Path(folder) / "record.jsonl"
            export.write(path)
            rows = [vars(event) for event in export.events]
            [checked], faults = _counted(path, site=False)
            assert checked.agrees
            assert not faults
            assert checked.ballots == given.ballots
            table.add_row(
                f"{given.ballots:,}",
                "secret" if secret else "open",
                f"{path.stat().st_size / 1e6:.1f}",
                f"{timed(lambda rows=rows: recount(rows), given.runs):.2f}",
                f"{timed(lambda path=path: _counted(path, site=False), given.runs):.2f}",
                f"{changes_found(path, given.changes)} of {given.changes}",
            )
    Console().print(table)
    print(json.dumps({"runs": given.runs}))


if __name__ == "__main__":
    main()
