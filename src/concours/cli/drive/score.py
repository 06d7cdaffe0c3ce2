"""`concours drive score`: the scores of a result, and how it compares with another."""

from __future__ import annotations

import json as encoding
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console, give_up
from concours.cli.drive.run import PRESET, PresetOption, known_preset
from concours.cli.drive.shared import JsonOption
from concours.cli.drive.verify import opened

if TYPE_CHECKING:
    from concours.driving.results import Bundle


def score(
    result: Annotated[Path, typer.Argument(help="A result that `concours drive run` wrote.")],
    against: Annotated[
        Path | None, typer.Option(help="Another agent's result on the same scenarios.")
    ] = None,
    preset: PresetOption = PRESET,
    json: JsonOption = False,
) -> None:
    """Scores by every preset, as the result has them; `verify` computes them again."""
    first = opened(result)
    known_preset(preset)
    found: dict[str, Any] = {"totals": first.manifest["totals"]}
    if against is not None:
        found["comparison"] = _compared(first, opened(against), preset)
    if json:
        typer.echo(encoding.dumps(found, indent=1))
        return
    console.print(_totals(first))
    if against is not None:
        _say(found["comparison"], preset)


def _totals(bundle: Bundle) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("preset", "mean", "95 % interval"):
        table.add_column(name, justify="left" if name == "preset" else "right")
    for name, mean in bundle.manifest["totals"].items():
        table.add_row(
            escape(name), f"{mean['mean']:.2f}", f"{mean['low']:.2f} to {mean['high']:.2f}"
        )
    return table


def _values(bundle: Bundle, preset: str) -> dict[str, float]:
    return {
        run["name"]: float(run["scores"][preset]["value"])
        for run in bundle.manifest["runs"]
        if preset in run["scores"]
    }


def _compared(first: Bundle, second: Bundle, preset: str) -> dict[str, Any]:
    """A paired test over the scenarios that both drove."""
    from concours.driving.scoring import compare

    one, two = _values(first, preset), _values(second, preset)
    names = [name for name in one if name in two]
    if not names:
        give_up("the two results have no scenario in common")
    found = compare([one[name] for name in names], [two[name] for name in names], seed=0)
    return {
        "scenarios": len(names),
        "difference": found.effect.estimate,
        "low": found.effect.low,
        "high": found.effect.high,
        "p": found.p,
        "method": found.method,
    }


def _say(found: dict[str, Any], preset: str) -> None:
    console.print(
        f"over {found['scenarios']} scenarios, {preset}: {found['difference']:+.2f} points "
        f"(95 % interval {found['low']:+.2f} to {found['high']:+.2f}), "
        f"p = {found['p']:.4f} ({found['method']} sign-flip test)",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
