"""What the commands of `concours review` share: options, seeds, waiting, refusals, files out."""

from __future__ import annotations

import inspect
import json
import math
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from concours.cli.console import console, errors, give_up
from concours.peerreview import BadInput, PeerReviewError
from concours.peerreview.files import is_table, write_table
from concours.peerreview.files.write import Column, replacing

SeedOption = Annotated[str, typer.Option(help="Seed in hexadecimal, for ties and draws.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, nothing else.")]
ShowOption = Annotated[int, typer.Option(min=0, help="Lines of the table printed.")]
PlotOption = Annotated[Path | None, typer.Option(help="Draw a picture to this SVG file.")]
Tables = Mapping[str, Mapping[str, Column]]
Tell = Callable[[int, int], None]


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the engine's refusals into one line and exit code 2."""
    try:
        yield
    except PeerReviewError as error:
        give_up(escape(str(error)))
    except MemoryError:
        give_up("memory ran out: take less at once, or a larger machine")
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}"))


@contextmanager
def waiting(words: str) -> Iterator[Tell]:
    """A line with the time while one long step runs; tell(done, all) makes it a bar."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    settings: dict[str, Any] = {"transient": True, "refresh_per_second": 4}
    with Progress(*columns, console=errors, disable=not errors.is_terminal, **settings) as bar:
        task = bar.add_task(words, total=None)

        def tell(done: int, whole: int) -> None:
            bar.update(task, completed=done, total=whole)

        yield tell


def seed_bytes(text: str | None, *, new: bool = False) -> bytes:
    """The seed of --seed or --new-seed."""
    if new:
        if text:
            raise BadInput("--seed and --new-seed: give one")
        return secrets.token_bytes(32)
    if not text:
        raise BadInput("no seed: give --seed in hexadecimal (or --new-seed to draw one)")
    return hexadecimal(text)


def hexadecimal(text: str) -> bytes:
    """Bytes of hexadecimal text; none for ""."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadInput(f"seed {text!r} is not hexadecimal") from None


def write_outputs(
    out: Path, tables: Tables, facts: Mapping[str, Any] | None, *, first: str, about: str
) -> list[Path]:
    """Write tables to a folder as CSV with the facts as `about`, or the `first` table to a file.

    A name that ends like a table's (.csv, .json, .jsonl, .parquet) is a file, else a folder.
    """
    if is_table(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        write_table(out, tables[first])
        return [out]
    out.mkdir(parents=True, exist_ok=True)
    paths = [out / f"{name}.csv" for name in tables]
    for path, table in zip(paths, tables.values(), strict=True):
        write_table(path, table)
    if facts is not None:
        paths.append(out / about)
        with replacing(paths[-1]) as file:
            file.write(as_json(facts, indent=1) + "\n")
    return paths


def as_json(facts: Mapping[str, Any], *, indent: int | None = None) -> str:
    """Facts as JSON; what is not a number is null."""
    return json.dumps(_finite(facts), ensure_ascii=False, indent=indent, allow_nan=False)


def say_paths(paths: list[Path]) -> None:
    """Name the files written."""
    console.print(", ".join(map(str, paths)), markup=False, highlight=False, soft_wrap=True)


def default_of(function: Callable[..., Any], name: str) -> Any:
    """The engine's default of a parameter, so that the command line has no other."""
    return inspect.signature(function).parameters[name].default


def percent(share: float) -> str:
    """A share as a percentage without decimals that it has not."""
    return f"{100 * share:.0f}%"


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if hasattr(value, "tolist"):
        return _finite(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
