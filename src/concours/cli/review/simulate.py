"""`concours review simulate`: what to expect of a season, before it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from concours.cli.console import console
from concours.cli.review.plots import check_plot
from concours.cli.review.shared import (
    JsonOption,
    PlotOption,
    as_json,
    default_of,
    percent,
    refusals,
    say_paths,
    seed_bytes,
    waiting,
    write_outputs,
)
from concours.peerreview import AGGREGATORS, ASSIGNERS, SELECTORS, BadInput
from concours.peerreview.files.write import Column
from concours.peerreview.simulation import (
    BEHAVIOURS,
    GaussianWorlds,
    MallowsWorlds,
    Recommendation,
    Study,
    Worlds,
    plots,
    study,
)
from concours.peerreview.simulation import recommend as advise
from concours.peerreview.simulation.recommend import NOT_IMPARTIAL

BAD = ", ".join(name for name in BEHAVIOURS if name != "honest")


def simulate(
    entries: Annotated[int, typer.Option(help="Entries, each with one reviewer.")],
    size: Annotated[
        int | None, typer.Option(help="How many are selected. Default: a quarter.")
    ] = None,
    reviews: Annotated[
        str, typer.Option("-k", "--reviews", help="Numbers of reviews an entry, with commas.")
    ] = ",".join(map(str, default_of(study, "reviews_per_entry"))),
    parts: Annotated[str, typer.Option(help="Numbers of parts, with commas.")] = ",".join(
        map(str, default_of(study, "parts"))
    ),
    assignments: Annotated[str, typer.Option(help=f"Of {', '.join(ASSIGNERS)}.")] = ",".join(
        default_of(study, "assignments")
    ),
    methods: Annotated[str, typer.Option(help=f"Of {', '.join(AGGREGATORS)}.")] = ",".join(
        default_of(study, "methods")
    ),
    selection: Annotated[str, typer.Option(help=f"Of {', '.join(SELECTORS)}.")] = ",".join(
        default_of(study, "selection")
    ),
    bad: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Shares of a crowd, as strategic=0.1,reversed=0.05 (of {BAD}); repeat it to "
            "compare crowds; none: all honest."
        ),
    ] = None,
    world: Annotated[str, typer.Option(help="gaussian: scores; mallows: rankings.")] = "gaussian",
    quality_sd: Annotated[float, typer.Option(help="Spread of qualities (gaussian).")] = 1.0,
    bias_sd: Annotated[float, typer.Option(help="Spread of severity (gaussian).")] = 1.0,
    noise_sd: Annotated[float, typer.Option(help="Noise of a score (gaussian).")] = 1.0,
    step: Annotated[
        float | None, typer.Option(help="Scores are multiples of this (gaussian).")
    ] = None,
    phi: Annotated[float, typer.Option(help="Dispersion, 0 to 1 (mallows).")] = 0.5,
    worlds: Annotated[int, typer.Option(help="Seasons a design.")] = default_of(study, "worlds"),
    gain_worlds: Annotated[
        int, typer.Option(help="Of these, played again with a strategic reviewer.")
    ] = default_of(study, "gain_worlds"),
    screening: Annotated[bool, typer.Option(help="Screen every season.")] = True,
    level: Annotated[float, typer.Option(help="Level of the screening.")] = default_of(
        study, "level"
    ),
    margin: Annotated[float, typer.Option(help="Recall that fewer reviews may cost.")] = default_of(
        advise, "margin"
    ),
    seed: Annotated[str, typer.Option(help="Seed in hexadecimal.")] = "00",
    out: Annotated[
        Path, typer.Option(help="Table to write; or a folder, then also screening and facts.")
    ] = Path("study.csv"),
    plot: PlotOption = None,
    json: JsonOption = False,
) -> None:
    """Play seasons whose truth is known, to choose reviews, parts and methods before a real one."""
    with refusals():
        check_plot(plot)
        with waiting("playing seasons") as tell:
            found = study(
                entries=entries,
                size=size,
                seed=seed_bytes(seed),
                reviews_per_entry=_numbers(reviews, "--reviews"),
                parts=_numbers(parts, "--parts"),
                assignments=_words(assignments),
                methods=_words(methods),
                selection=_words(selection),
                behaviours=[_crowd(text) for text in bad or []],
                world=_world(world, quality_sd, bias_sd, noise_sd, step, phi),
                worlds=worlds,
                gain_worlds=gain_worlds,
                screening=screening,
                level=level,
                progress=tell,
            )
        advice = _advice(found, margin)
        facts: dict[str, Any] = {"entries": entries, "size": found.size}
        facts["recommendation"] = None if advice is None else asdict(advice)
        tables = {"study": _columns(found.table())}
        if found.screening:
            tables["screening"] = _columns(found.screening_table())
        paths = write_outputs(out, tables, facts, first="study", about="study.json")
        paths += [] if plot is None else _draw(plot, found)
        if json:
            typer.echo(as_json(facts | {"rows": found.table()}))
        else:
            _say(found, advice)
            say_paths(paths)


def _numbers(text: str, option: str) -> list[int]:
    try:
        return [int(word) for word in _words(text)]
    except ValueError:
        raise BadInput(f"{option} {text}: whole numbers with commas expected, as 3,5,8") from None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _crowd(text: str) -> dict[str, float]:
    """Shares by behaviour."""
    shares: dict[str, float] = {}
    for word in _words(text):
        name, found, share = word.partition("=")
        try:
            shares[name.strip()] = float(share)
        except ValueError:
            found = ""
        if not found:
            raise BadInput(f"--bad {text}: a name and a share expected, as strategic=0.1")
    return shares


def _world(
    name: str, quality_sd: float, bias_sd: float, noise_sd: float, step: float | None, phi: float
) -> Worlds:
    if name == "gaussian":
        return GaussianWorlds(quality_sd=quality_sd, bias_sd=bias_sd, noise_sd=noise_sd, step=step)
    if name == "mallows":
        return MallowsWorlds(phi=phi)
    raise BadInput(f"--world {name}: gaussian or mallows")


def _columns(rows: list[dict[str, Any]]) -> Mapping[str, Column]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _advice(found: Study, margin: float) -> Recommendation | None:
    """None where no impartial method was tried."""
    if all(row.selection in NOT_IMPARTIAL for row in found.rows):
        return None
    return advise(found, margin=margin)


def _say(found: Study, advice: Recommendation | None) -> None:
    crowds = len({row.bad_share for row in found.rows}) > 1
    worlds = len({row.world for row in found.rows}) > 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, shown in (("world", worlds), ("bad", crowds), ("k", True), ("parts", True)):
        if shown:
            table.add_column(name, justify="right")
    table.add_column("method", no_wrap=True)
    for name in ("recall", "Spearman", "cover", "gain"):
        table.add_column(name, justify="right")
    for row in found.rows:
        head = [row.world] * worlds + [percent(row.bad_share)] * crowds
        table.add_row(
            *head,
            str(row.reviews_per_entry),
            str(row.parts),
            row.consensus or row.selection,
            f"{row.recall:.3f} ± {row.recall_se:.3f}",
            *map(_three, (row.spearman, row.coverage, row.gain)),
        )
    console.print(table)
    console.print(
        f"recall: share of the truly best {found.size:,} of {found.entries:,} that are selected, "
        "by a consensus its first; cover: intervals that hold the true rank; gain: what one "
        "reviewer wins by strategy."
    )
    words = "No impartial method was tried: none is recommended."
    console.print(f"[bold]{words if advice is None else advice.message}[/]", highlight=False)


def _three(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _draw(path: Path, found: Study) -> list[Path]:
    """The pictures of a study: recall at `path`, the others beside."""
    pictures: dict[str, Callable[[Study], str]] = {
        "": plots.recall_by_reviews,
        "-whiskers": plots.whiskers,
    }
    if len({row.bad_share for row in found.rows}) > 1:
        pictures["-bad"] = plots.recall_by_bad_share
    if found.screening:
        pictures["-flags"] = plots.flags
    paths = []
    for ending, draw in pictures.items():
        paths.append(path.with_stem(path.stem + ending))
        paths[-1].write_text(draw(found), encoding="utf-8")
    return paths
