"""`concours review consensus`: standings from reviews."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from concours import peerreview as engine
from concours.cli.review import reading, staged, standings
from concours.cli.review.plots import check_plot, draw_standings
from concours.cli.review.shared import (
    JsonOption,
    PlotOption,
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
from concours.peerreview import ConsensusResult, ImpartialRanks, WhatIf
from concours.peerreview.files import NamedReviews
from concours.peerreview.keyed import IntArray


def consensus(
    reviews: reading.ReviewsArgument,
    rankings: reading.RankingsOption = False,
    comparisons: reading.ComparisonsOption = False,
    abstentions: reading.AbstentionsOption = False,
    entries: reading.EntriesOption = None,
    method: Annotated[str, typer.Option(help=f"{', '.join(engine.AGGREGATORS)}.")] = default_of(
        engine.consensus, "method"
    ),
    level: Annotated[float, typer.Option(help="Coverage of the intervals.")] = default_of(
        engine.consensus, "level"
    ),
    top: Annotated[
        int | None, typer.Option(help="Chance to be among the best TOP; the noise of that list.")
    ] = None,
    seed: SeedOption = "",
    draws: Annotated[int, typer.Option(help="Posterior draws.")] = default_of(
        engine.consensus, "draws"
    ),
    truth: Annotated[
        str | None, typer.Option(help="'by-id': the ids, as numbers, are the true order.")
    ] = None,
    truth_file: Annotated[Path | None, typer.Option(help="Ids, best first, one a line.")] = None,
    own_left_out: Annotated[
        bool,
        typer.Option("--own-left-out", help="Also each entry's rank without its own reviewers."),
    ] = False,
    assignment: reading.AssignmentOption = None,
    reviewers: reading.OwnersOption = None,
    folds: Annotated[
        int | None,
        typer.Option(help="Fits of --own-left-out; default: one an entry, 20 above 64."),
    ] = None,
    changes: Annotated[
        Path | None,
        typer.Option(help="What if: reviewer, entry, score; an empty score removes the review."),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Table to write; or a folder, then also reviewers and facts.")
    ] = Path("standings.csv"),
    plot: PlotOption = None,
    show: ShowOption = 10,
    json: JsonOption = False,
) -> None:
    """Standings from reviews, with rank intervals and reviewers' calibration."""
    with refusals():
        check_plot(plot)
        key = hexadecimal(seed)
        named = reading.read_any(
            reviews,
            entries=entries,
            rankings=rankings,
            comparisons=comparisons,
            abstentions=abstentions,
        )
        order = reading.true_places(named, by_id=truth, file=truth_file)
        settings: dict[str, Any] = {"method": method, "level": level, "seed": key, "draws": draws}
        named, result, found = _fitted(named, changes, top, settings)
        tables = {
            "standings": standings.table_of(named, result),
            "reviewers": standings.reviewers_of(named, result),
        }
        if found is not None:
            tables["moves"] = staged.moves_of(named, found)
        ranks = None
        if own_left_out:
            owner = reading.owners_of(named, assignment=assignment, reviewers=reviewers)
            ranks = _without_own(named, owner, folds, settings)
            tables["standings"] |= staged.own_left_out(ranks, result)
        facts = standings.facts_of(named, result, order)
        with waiting("writing"):
            paths = write_outputs(out, tables, facts, first="standings", about="consensus.json")
        if plot is not None:
            draw_standings(plot, named, result)
            paths.append(plot)
        if json:
            typer.echo(as_json(facts))
        else:
            standings.say(named, result, facts, show=show)
            if ranks is not None:
                staged.say_own_left_out(ranks, result)
            if found is not None:
                staged.say_moves(named, found, show=show)
            say_paths(paths)


def _fitted(
    named: NamedReviews, changes: Path | None, top: int | None, settings: dict[str, Any]
) -> tuple[NamedReviews, ConsensusResult, WhatIf | None]:
    """(reviews with any new reviewers, the consensus, before and after where there are changes)."""
    if changes is None:
        with waiting("finding the consensus"):
            return named, engine.consensus(named.reviews, top=top, **settings), None
    everyone, wanted = staged.read_changes(changes, named)
    with waiting("finding the consensus twice"):
        found = engine.what_if(everyone.reviews, changes=wanted, top=top, **settings)
    return everyone, found.after, found


def _without_own(
    named: NamedReviews, owner: IntArray, folds: int | None, settings: dict[str, Any]
) -> ImpartialRanks:
    with waiting("leaving own reviews out"):
        return engine.impartial_ranks(named.reviews, reviewer_entry=owner, folds=folds, **settings)
