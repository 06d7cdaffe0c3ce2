"""`concours vote`: votes counted again from the record, and the charters that are shipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from concours.cli.console import console, errors, give_up, shown
from concours.cli.platform import awake
from concours.governance import (
    BadCharter,
    Recounted,
    facts_of,
    preset_names,
    preset_text,
    read_charter,
    recount,
    sentence,
)
from concours.governance.recounting import VERBS
from concours.platform.record import chain

app = typer.Typer(no_args_is_help=True)

File = Annotated[Path | None, typer.Argument(help="An export of the record.")]
Site = Annotated[bool, typer.Option("--site", help="This installation's record.")]


@app.command(name="recount")
def recount_votes(file: File = None, site: Site = False) -> None:
    """Check the chain and count every vote again; exit 1 where anything differs."""
    votes, faults = _counted(file, site)
    for fault in faults:
        errors.print(f"[bold red]event {fault.seq}:[/] {shown(fault.what)}", highlight=False)
    for vote in votes:
        _tell(vote)
    if faults or not all(vote.agrees for vote in votes):
        errors.print("The record does not hold, or a vote counts to something else.")
        raise typer.Exit(1)
    console.print(f"{len(votes)} votes counted again; all agree, and the record holds.")


@app.command()
def show(
    code: Annotated[str, typer.Argument(help="The vote's code.")],
    file: File = None,
    site: Site = False,
) -> None:
    """One vote's count, step by step."""
    votes, _faults = _counted(file, site)
    found = [vote for vote in votes if vote.code == code]
    if not found:
        give_up(f"no vote {shown(code)} has ended in this record")
    for vote in found:
        _tell(vote)
        if vote.outcome is None:
            continue
        for step in vote.outcome.steps:
            mark = {True: "holds: ", False: "does not hold: ", None: ""}[step.holds]
            console.print(f"  {mark}{sentence(step)}", highlight=False, soft_wrap=True)
        for name, why in vote.outcome.aside:
            console.print(f"  {shown(name)} does not count: {why}", highlight=False)


@app.command()
def charters(
    name: Annotated[str, typer.Argument(help="One of them, to print its text.")] = "",
    check: Annotated[
        Path | None, typer.Option(help="Read this file as a charter and name its faults.")
    ] = None,
) -> None:
    """The charters that are shipped, with what they ask for; or one's text."""
    if check is not None:
        _check(check)
        return
    if name:
        if name not in preset_names():
            give_up(f"no charter {shown(name)} is shipped: {', '.join(preset_names())}")
        typer.echo(preset_text(name), nl=False)
        return
    for shipped in preset_names():
        charter = read_charter(preset_text(shipped))
        console.print(f"[bold]{shipped}[/]  {charter.title}", highlight=False)
        for rule in charter.rules:
            facts = facts_of(rule)
            asked = "to be set" if rule.unset else facts["threshold"] or "more +1 than -1"
            console.print(f"  {rule.key}: {asked}, {rule.open_hours} h", highlight=False)


def _check(path: Path) -> None:
    try:
        charter = read_charter(path.read_text(encoding="utf-8"), name=path.name)
    except BadCharter as error:
        give_up("\n".join(shown(line) for line in str(error).splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        give_up(shown(error))
    if charter.unset:
        unset = ", ".join(charter.unset)
        give_up(f"{shown(path.name)}: the threshold of {unset} is still to be set")
    told = f"{charter.title}, version {charter.version}: {charter.digest}"
    console.print(shown(told), soft_wrap=True)


def _counted(file: Path | None, site: bool) -> tuple[list[Recounted], list[chain.Fault]]:
    if site == (file is not None):
        give_up("name an export of the record, or give --site")
    if file is None:
        with awake():
            from concours.platform.record import domain

            return _recounted(lambda faults: domain.iterate())
    try:
        with file.open(encoding="utf-8") as lines:
            return _recounted(lambda faults: _events(lines, faults))
    except (OSError, UnicodeDecodeError) as error:
        give_up(shown(f"{file}: {error}"))


def _events(lines: Any, faults: list[chain.Fault]) -> Iterator[chain.EventData]:
    for number, line in enumerate(lines, start=1):
        try:
            yield chain.from_line(line)
        except ValueError as error:
            faults.append(chain.Fault(number, f"line {number}: {error}"))


def _recounted(
    read: Callable[[list[chain.Fault]], Iterator[chain.EventData]],
) -> tuple[list[Recounted], list[chain.Fault]]:
    """(the votes, where the chain does not hold), in one pass over the events."""
    broken: list[chain.Fault] = []
    kept: list[dict[str, Any]] = []

    def passing() -> Iterator[chain.EventData]:
        for event in read(broken):
            if event.verb in VERBS:
                kept.append(vars(event))
            yield event

    faults = list(chain.faults(passing(), count=None, head=None))
    return recount(kept), faults + broken


def _tell(vote: Recounted) -> None:
    result = str(vote.outcome.result) if vote.outcome else "void"
    colour = "green" if vote.agrees else "red"
    told = f"[{colour}]{shown(vote.code)}[/]  {result}, {vote.ballots} ballots"
    console.print(told, highlight=False)
    for fault in vote.faults:
        errors.print(f"  [red]{shown(fault)}[/]", highlight=False, soft_wrap=True)
