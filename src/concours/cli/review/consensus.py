"""`concours review consensus`: standings from reviews."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from concours import peerreview as engine
from concours.cli.review import reading, standings
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
        with waiting("finding the consensus"):
            result = engine.consensus(
                named.reviews, method=method, level=level, seed=key, draws=draws, top=top
            )
        facts = standings.facts_of(named, result, order)
        with waiting("writing"):
            tables = {
                "standings": standings.table_of(named, result),
                "reviewers": standings.reviewers_of(named, result),
            }
            paths = write_outputs(out, tables, facts, first="standings", about="consensus.json")
        if plot is not None:
            draw_standings(plot, named, result)
            paths.append(plot)
        if json:
            typer.echo(as_json(facts))
        else:
            standings.say(named, result, facts, show=show)
            say_paths(paths)
