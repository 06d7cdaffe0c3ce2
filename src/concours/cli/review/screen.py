"""`concours review screen`: flags for people to look at, with the chance of a false alarm."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console
from concours.cli.review import reading
from concours.cli.review.screening import bids_of, values_of
from concours.cli.review.shared import (
    JsonOption,
    SeedOption,
    ShowOption,
    as_json,
    default_of,
    hexadecimal,
    refusals,
    say_paths,
    waiting,
    write_outputs,
)
from concours.peerreview.files import NamedReviews, read_similarity
from concours.peerreview.files.write import Column
from concours.peerreview.screening import (
    DETECTORS,
    LIMITS,
    UNTESTED,
    Flag,
    ScreeningReport,
)
from concours.peerreview.screening import screen as run

NUMBERED = re.compile(r"\b([Rr]eviewers?|entry)((?: (?:\d+|to|and|→|->)[,;]?)+)")


def screen(
    reviews: reading.ReviewsArgument,
    rankings: reading.RankingsOption = False,
    abstentions: reading.AbstentionsOption = False,
    entries: reading.EntriesOption = None,
    assignment: reading.AssignmentOption = None,
    reviewers: reading.OwnersOption = None,
    seconds: Annotated[
        Path | None, typer.Option(help="Table: reviewer, entry, seconds; may be REVIEWS.")
    ] = None,
    comments: Annotated[
        Path | None, typer.Option(help="Table: reviewer, entry, comment; may be REVIEWS.")
    ] = None,
    bids: Annotated[
        Path | None, typer.Option(help="Table of wishes: reviewer, entry[, bid above 0].")
    ] = None,
    similarity: Annotated[
        Path | None, typer.Option(help="Table: reviewer, entry, similarity; or a matrix.")
    ] = None,
    level: Annotated[
        float, typer.Option(help="Chance that an honest reviewer is flagged by any test.")
    ] = default_of(run, "level"),
    permutations: Annotated[int, typer.Option(help="Draws a test at most.")] = default_of(
        run, "permutations"
    ),
    detector: Annotated[
        list[str] | None, typer.Option(help=f"Run only these: {', '.join(DETECTORS)}.")
    ] = None,
    seed: SeedOption = "",
    out: Annotated[
        Path, typer.Option(help="Table to write; or a folder, then also tests and facts.")
    ] = Path("flags.csv"),
    show: ShowOption = 10,
    json: JsonOption = False,
) -> None:
    """Flag reviews for a person to look at; no flag is a finding of guilt."""
    with refusals():
        key = hexadecimal(seed)
        named = reading.read_any(
            reviews, entries=entries, rankings=rankings, abstentions=abstentions
        )
        owner = reading.owners_of(named, assignment=assignment, reviewers=reviewers)
        fit = (
            None
            if similarity is None
            else read_similarity(similarity, reviewers=named.reviewers, entries=named.entries)
        )
        with waiting("screening") as tell:
            report = run(
                named.reviews,
                seed=key,
                reviewer_entry=owner,
                level=level,
                seconds=None if seconds is None else values_of(seconds, named, "seconds"),
                comments=None if comments is None else values_of(comments, named, "comment"),
                bids=None if bids is None else bids_of(bids, named),
                similarity=fit,
                permutations=permutations,
                detectors=detector,
                progress=tell,
            )
        facts = _facts(named, report)
        tables = {"flags": _flags(named, report), "tests": _tests(report)}
        paths = write_outputs(out, tables, facts, first="flags", about="screening.json")
        if json:
            typer.echo(as_json(facts))
        else:
            _say(named, report, show)
            say_paths(paths)


def by_name(flag: Flag, named: NamedReviews) -> str:
    """The flag's sentence with ids in the place of numbers."""

    def names(match: re.Match[str]) -> str:
        known = named.entries if match[1].lower() == "entry" else named.reviewers
        return match[1] + re.sub(r"\d+", lambda number: known[int(number[0])], match[2])

    return re.sub(NUMBERED, names, flag.message)


def _flags(named: NamedReviews, report: ScreeningReport) -> dict[str, Column]:
    flags = report.flags
    return {
        "kind": [flag.kind for flag in flags],
        "reviewers": ["; ".join(named.reviewers[r] for r in flag.reviewers) for flag in flags],
        "entries": ["; ".join(named.entries[e] for e in flag.entries) for flag in flags],
        "statistic": [flag.statistic for flag in flags],
        "p_value": [flag.p_value for flag in flags],
        "q_value": [flag.q_value for flag in flags],
        "false_alarm": [flag.false_alarm for flag in flags],
        "weak": [int(flag.weak) for flag in flags],
        "message": [by_name(flag, named) for flag in flags],
    }


def _tests(report: ScreeningReport) -> dict[str, Column]:
    tests = report.tests
    return {
        "test": [test.kind for test in tests],
        "ran": [int(test.ran) for test in tests],
        "level": [test.level for test in tests],
        "tested": [test.tested for test in tests],
        "flagged": [test.flagged for test in tests],
        "expected_false_alarms": [test.expected_false_alarms for test in tests],
        "not_tested": [
            "; ".join(f"{count}: {UNTESTED[code]}" for code, count in test.untested.items())
            for test in tests
        ],
        "note": [test.note for test in tests],
    }


def _facts(named: NamedReviews, report: ScreeningReport) -> dict[str, Any]:
    return {
        "level": report.level,
        "reviewers": report.n_reviewers,
        "weak": report.weak,
        "weak_reason": report.weak_reason,
        "notes": list(report.notes),
        "flags": [
            {
                "kind": flag.kind,
                "reviewers": [named.reviewers[r] for r in flag.reviewers],
                "entries": [named.entries[e] for e in flag.entries],
                "p_value": flag.p_value,
                "q_value": flag.q_value,
                "false_alarm": flag.false_alarm,
                "weak": flag.weak,
                "evidence": flag.evidence,
                "message": by_name(flag, named),
            }
            for flag in report.flags
        ],
        "tests": [
            {
                "kind": test.kind,
                "ran": test.ran,
                "level": test.level,
                "tested": test.tested,
                "flagged": test.flagged,
                "expected_false_alarms": test.expected_false_alarms,
                "untested": test.untested,
                "note": test.note,
            }
            for test in report.tests
        ],
        "limits": list(LIMITS),
    }


def _say(named: NamedReviews, report: ScreeningReport, show: int) -> None:
    for flag in report.flags[:show]:
        weak = " [yellow](weak: fewer than 8 reviews)[/]" if flag.weak else ""
        console.print(f"[bold]{flag.kind}[/]{weak}  {escape(by_name(flag, named))}")
    hidden = len(report.flags) - show
    if hidden > 0 and show:
        console.print(f"... and {hidden} more")
    head = Table(box=None, pad_edge=False, header_style="bold")
    head.add_column("test")
    for name in ("tested", "flagged", "false alarms to expect", "level"):
        head.add_column(name, justify="right")
    for test in report.tests:
        if test.ran:
            expected = f"{test.expected_false_alarms:.1f}"
            counts = (str(test.tested), str(test.flagged), expected)
            head.add_row(test.kind, *counts, f"{test.level:.2g}")
    console.print(head)
    _say_untested(report)
    flagged = len(report.flagged_reviewers)
    honest = report.level * int(np.sum(report.reviews > 0))
    console.print(
        f"{flagged} of {report.n_reviewers} reviewers flagged; if all were honest, {honest:.1f} "
        "would be. A flag asks a person to look: it proves nothing."
    )
    if report.weak:
        console.print(f"[yellow]{report.weak_reason}")
    for note in report.notes:
        console.print(f"[yellow]{note}")


def _say_untested(report: ScreeningReport) -> None:
    """Tests without their data in one line, and who could not be tested."""
    idle = [
        f"{test.kind} ({', '.join(UNTESTED[code] for code in test.untested)})"
        for test in report.tests
        if not test.ran
    ]
    if idle:
        console.print(f"not run: {'; '.join(idle)}")
