"""`concours evaluate`: judge a submission as the platform does, on files."""

from __future__ import annotations

import json as encoding
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console, errors, give_up, progress_bar
from concours.cli.paths import shipped_seasons

if TYPE_CHECKING:
    from concours.evaluation import CaseResult, Evaluator, Total

SHIPPED = Path("open-atom-2022", "evaluators")
ENTRANTS, OURS = 1, 3
"""Exit codes: the submission failed, or the evaluator or this machine did."""


def evaluate(
    folder: Annotated[
        Path, typer.Argument(help="An evaluator's folder, or a shipped one: driving ...")
    ],
    submission: Annotated[
        Path, typer.Argument(help="An archive, a folder, a Python file, or an image archive.")
    ],
    split: Annotated[str, typer.Option(help="practice, ranking or final.")] = "practice",
    workers: Annotated[
        int, typer.Option("--workers", "-j", min=1, help="Cases at a time, on this machine.")
    ] = os.cpu_count() or 1,
    secret: Annotated[
        Path | None,
        typer.Option(help="The file with the secret that sealed cases are made from (mode 600)."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of all chance in the run.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="A folder for result.json, bundles and replays.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Judge a submission in a box, with the same result as on the platform.

    Runs on a Ray cluster where RAY_ADDRESS names one. Exit 1: the submission failed; 2: it cannot
    be run as asked; 3: the evaluator or this machine failed.
    """
    from concours import evaluation

    with refusals():
        evaluator = evaluation.load(_found(folder))
        if split not in evaluator.splits:
            give_up(f"--split is one of {', '.join(evaluator.splits)}, not {escape(split)}")
        hidden = evaluation.read_secret(secret) if secret else b""
        if evaluator.splits[split].sealed and not hidden:
            give_up(f"the split {split} is sealed: give its secret with --secret FILE")
        with tempfile.TemporaryDirectory(prefix="concours-evaluate-") as name:
            prepared = evaluation.prepare(evaluator, submission, Path(name, "prepared"))
            orders = evaluation.orders(
                evaluator, prepared.root, split, seed=seed, secret=hidden, artefacts=out
            )
            results = _results(list(orders), workers, quiet=json)
        faulted = [one for one in results if one.state is evaluation.CaseState.FAULTED]
        total = None if faulted else evaluation.combine(evaluator, split, results)
    told = facts(evaluator, split, results, total)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "result.json").write_text(encoding.dumps(told, indent=1) + "\n", encoding="utf-8")
    if json:
        typer.echo(encoding.dumps(told, indent=1))
    else:
        console.print(_table(evaluator, results, total))
        _tell_reasons(results)
    if faulted:
        raise typer.Exit(OURS)
    if any(one.state is evaluation.CaseState.FAILED for one in results):
        raise typer.Exit(ENTRANTS)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what cannot be run into a line and an exit code that says whose fault it is."""
    from concours import box, evaluation

    try:
        yield
    except evaluation.BadSubmission as error:
        if error.log:
            errors.print(error.log, markup=False, highlight=False)
        give_up(escape(str(error)), code=ENTRANTS)
    except (evaluation.BadEvaluator, evaluation.BadSecret) as error:
        give_up(escape(str(error)))
    except (box.BoxMissing, box.BoxFault, evaluation.BadResult) as error:
        give_up(escape(str(error)), code=OURS)
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}" if error.filename else str(error)))


def _found(folder: Path) -> Path:
    shipped = shipped_seasons() / SHIPPED / folder
    if not folder.is_dir() and len(folder.parts) == 1 and shipped.is_dir():
        return shipped
    return folder


def _results(orders: list[Any], workers: int, *, quiet: bool) -> list[CaseResult]:
    """In the order of the cases, however they come in."""
    from concours.evaluation import executor_from_settings

    bar = progress_bar()
    bar.disable = quiet
    with bar, executor_from_settings(min(workers, len(orders))) as executor:
        task = bar.add_task("evaluating", total=len(orders))
        futures = [executor.submit(order) for order in orders]
        for _ in as_completed(futures):
            bar.advance(task)
        return [future.result() for future in futures]


def facts(
    evaluator: Evaluator, split: str, results: list[CaseResult], total: Total | None
) -> dict[str, Any]:
    """A result as JSON has it; total is null where a case has no verdict."""
    return {
        "evaluator": {
            "name": evaluator.name,
            "version": evaluator.version,
            "digest": evaluator.digest,
        },
        "split": split,
        "total": None
        if total is None
        else {
            "values": dict(total.values),
            "intervals": {name: list(pair) for name, pair in total.intervals.items()},
            "digest": total.digest,
        },
        "cases": [
            {
                "case": one.case,
                "state": str(one.state),
                "code": one.code,
                "reason": one.reason,
                "values": dict(one.values),
                "details": dict(one.details),
                "digest": one.digest,
                "seconds": round(one.seconds, 3),
                "layers": dict(one.layers),
                "log": one.log,
            }
            for one in results
        ],
    }


def _table(evaluator: Evaluator, results: list[CaseResult], total: Total | None) -> Table:
    table = Table(show_footer=total is not None)
    table.add_column("case", footer="all")
    table.add_column("state")
    for column in evaluator.columns:
        footer = f"{total.values[column.name]:.{column.decimals}f}" if total else ""
        title = f"{column.title} ({column.unit})" if column.unit else column.title
        table.add_column(escape(title), justify="right", footer=footer)
    for one in results:
        shown = [
            f"{one.values[column.name]:.{column.decimals}f}" if one.values else ""
            for column in evaluator.columns
        ]
        table.add_row(one.case, str(one.state), *shown)
    return table


def _tell_reasons(results: list[CaseResult]) -> None:
    for one in results:
        if one.reason:
            console.print(f"{one.case}: {one.reason}", markup=False, highlight=False)
