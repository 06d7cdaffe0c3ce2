"""Exports of the record that a command reads: their chain first, then their events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from concours.cli.console import errors, give_up, shown
from concours.platform.record import chain
from concours.platform.record.report import verify_lines


@contextmanager
def verified_events(file: Path) -> Iterator[Iterator[Any]]:
    """The events of an export whose chain holds; exit 1 with its faults, 2 for no such file."""
    try:
        with file.open(encoding="utf-8") as lines:
            report = verify_lines(lines)
            for fault in report.faults:
                errors.print(
                    f"[bold red]event {fault.seq}:[/] {shown(fault.what)}", highlight=False
                )
            if not report.holds:
                raise typer.Exit(1)
            lines.seek(0)
            yield (chain.from_line(line) for line in lines)
    except (OSError, UnicodeDecodeError) as error:
        give_up(shown(f"{file}: {error}"))
