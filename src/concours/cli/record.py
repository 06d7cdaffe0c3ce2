"""`concours record`: verify and export the hash-chained record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from concours.cli.console import console, errors, give_up, progress_bar
from concours.cli.platform import awake
from concours.platform.record.report import Report, verify_lines

app = typer.Typer(no_args_is_help=True)


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Option(help="Verify this export instead of the database.")
    ] = None,
    head: Annotated[
        str | None, typer.Option(help="A digest noted earlier that the chain must contain.")
    ] = None,
) -> None:
    """Recompute every digest; exit 1 and name the event where the chain does not hold."""
    report = _verify_file(file, head) if file is not None else _verify_database(head)
    for fault in report.faults:
        errors.print(f"[bold red]event {fault.seq}:[/] {fault.what}", highlight=False)
    if not report.holds:
        errors.print("The record does not hold.")
        raise typer.Exit(1)
    console.print(f"The record holds: {report.count} events, head {report.head}", soft_wrap=True)


def _verify_file(file: Path, head: str | None) -> Report:
    try:
        with file.open(encoding="utf-8") as lines:
            return verify_lines(lines, expected_head=head)
    except (OSError, UnicodeDecodeError) as error:
        give_up(f"{file}: {error}")


def _verify_database(head: str | None) -> Report:
    with awake(), progress_bar() as bar:
        from concours.platform.record import domain

        task = bar.add_task("verifying", total=domain.head()[0])
        report = domain.verify(
            expected_head=head, progress=lambda done: bar.update(task, completed=done)
        )
        bar.update(task, completed=report.count)
        return report


@app.command()
def export(
    to: Annotated[Path | None, typer.Option(help="A file; standard output without it.")] = None,
) -> None:
    """Write the record as JSON lines."""
    with awake():
        from concours.platform.record import domain

        if to is None:
            sys.stdout.writelines(domain.export_lines())
            return
        partial = to.with_name(to.name + ".part")
        with partial.open("w", encoding="utf-8", newline="\n") as file, progress_bar() as bar:
            task = bar.add_task("exporting", total=domain.head()[0])
            for line in domain.export_lines():
                file.write(line)
                bar.advance(task)
        partial.replace(to)
    console.print(f"{to}")
