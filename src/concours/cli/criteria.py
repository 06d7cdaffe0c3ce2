"""`concours criteria`: whether a project is ready for a stage, from its clone, offline."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console, errors, give_up, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from concours.criteria import CriteriaSet, Report, RowResult
    from concours.tables import Fault

app = typer.Typer(no_args_is_help=True)
MARKS = {
    "met": "[green]met[/]",
    "not-met": "[bold red]not met[/]",
    "cannot-tell": "[yellow]cannot tell[/]",
    "waits": "[dim]a person[/]",
}
SHOWN = 3
SHOWN_FAULTS = 40


@app.command()
def check(
    clone: Annotated[Path, typer.Argument(help="The folder of a git clone, bare or not.")],
    criteria: Annotated[
        str, typer.Option("--set", help="A set that `criteria sets` lists, or a TOML file.")
    ] = "open-atom",
    stage: Annotated[
        str, typer.Option(help="The stage to enter: preparation, incubating, graduated. Or all.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the gap report as an HTML file.")] = None,
    language: Annotated[str, typer.Option(help="'en' or 'zh', for the HTML file.")] = "en",
    at: Annotated[
        datetime | None, typer.Option(help="The moment, in UTC, that ages count from.")
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(help="Public keys that tags are verified with: a folder, or a file."),
    ] = None,
    forge: Annotated[
        Path | None, typer.Option(help="Issues and pull requests as the forge's API gives them.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Wall time for reading the clone.")] = 120.0,
) -> None:
    """Look at a clone and say what is missing and how to mend it; exit 1 where a must fails."""
    from concours.criteria import (
        BadForge,
        BadKeys,
        CloneRefused,
        Limits,
        check_repository,
        load_keys,
        read_forge,
        read_repository,
        to_json,
    )

    if language not in {"en", "zh"}:
        give_up("--language: 'en' or 'zh'")
    wanted = _set(criteria)
    if stage and stage not in wanted.stages:
        give_up(f"--stage: {wanted.slug} has rows for {', '.join(wanted.stages)}")
    moment = at.replace(tzinfo=UTC) if at else datetime.now(UTC).replace(microsecond=0)
    try:
        given = load_keys(keys) if keys else None
        asked = read_forge(forge) if forge else None
        with errors.status("reading the clone ..."):
            repository = read_repository(
                clone, at=moment, limits=Limits(seconds=seconds), keys=given, forge=asked
            )
    except (BadForge, BadKeys) as error:
        give_up(escape(str(error)))
    except CloneRefused as refusal:
        give_up(shown(f"{clone}: {refusal.message}"))
    if asked is not None and asked.unread:
        _show_unread(asked.unread)
    with errors.status("checking ..."):
        report = check_repository(repository, wanted, stage=stage, clone=clone)
    if as_json:
        print(to_json(report), end="")
    else:
        _show(report)
    if html is not None:
        _write(report, html, language)
    if report.failed:
        raise typer.Exit(1)


@app.command()
def recheck(
    clones: Annotated[
        Path,
        typer.Argument(help="A folder of clones, each named as its project: SLUG, SLUG.git."),
    ],
    within: Annotated[
        int, typer.Option(min=0, help="Days before results expire in which they are renewed.")
    ] = 7,
    seconds: Annotated[float, typer.Option(min=1, help="Wall time for reading a clone.")] = 120.0,
) -> None:
    """Run the machine's checks again for open assessments, and hand the reports in.

    For a timer: what does not expire soon is left alone. Exit 1 where one could not be checked.
    """
    from concours.cli.platform import awake

    with awake():
        from concours.cli.rechecks import recheck_all

        if not recheck_all(clones, days=within, seconds=seconds):
            raise typer.Exit(1)


@app.command()
def sets() -> None:
    """The criteria sets that come with Concours."""
    from concours.criteria import load_preset, presets

    table = Table("set", "version", "rows", "musts", "stages", "title", box=None, pad_edge=False)
    for name in presets():
        one = load_preset(name)
        musts = sum(row.must for row in one.rows)
        table.add_row(
            one.slug,
            one.version,
            str(len(one.rows)),
            str(musts),
            ", ".join(one.stages),
            escape(one.title),
        )
    console.print(table)


def _show_unread(faults: Sequence[Fault]) -> None:
    """Rows of the forge's data that could not be read, the first of them."""
    table = Table("row", "why", title=f"{len(faults):,} rows could not be read")
    for fault in faults[:SHOWN_FAULTS]:
        table.add_row(escape(fault.place), escape(fault.problem))
    errors.print(table)
    if len(faults) > SHOWN_FAULTS:
        errors.print(f"... and {len(faults) - SHOWN_FAULTS:,} more", highlight=False)


def _set(name: str) -> CriteriaSet:
    from concours.criteria import BadSet, load_preset, load_set

    try:
        return load_set(Path(name)) if name.endswith(".toml") else load_preset(name)
    except BadSet as error:
        give_up(escape(str(error)))


def _show(report: Report) -> None:
    """A table by chapter, and below it the gaps with their mends."""
    table = Table(box=None, pad_edge=False, title_justify="left")
    for heading in ("row", "state", "criterion", "what was seen"):
        table.add_column(heading, overflow="fold")
    for chapter in report.criteria.chapters:
        rows = [one for one in report.results if one.row.chapter == chapter.key]
        if rows:
            table.add_row("", "", f"[bold]{escape(chapter.title)}[/]", "")
        for one in rows:
            seen = one.outcome.said.en if one.outcome else ""
            code = one.row.code + ("" if one.row.must else " (suggested)")
            table.add_row(escape(code), MARKS[one.state], escape(one.row.text), escape(seen))
    console.print(table, highlight=False)
    gaps = [one for one in report.results if one.state in {"not-met", "cannot-tell"}]
    if gaps:
        console.print("\n[bold]What is missing, and how to mend it[/]")
    for one in gaps:
        _show_gap(one)
    counts = report.counts()
    console.print(
        f"\n{report.name}: {counts['met']} met, {counts['not-met']} not met, "  # type: ignore[index]
        f"{counts['cannot-tell']} a machine cannot tell, "  # type: ignore[index]
        f"{counts['waits']} wait for a person; {len(report.failed)} musts fail.",  # type: ignore[index]
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _show_gap(result: RowResult) -> None:
    from concours.criteria.page import place_text

    if result.outcome is None:
        return
    places = [place_text(place) for place in result.outcome.places]
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    where = f" ({', '.join(places[:SHOWN])}{more})" if places else ""
    text = f"  {result.row.code}: {result.outcome.mend.en or result.outcome.said.en}{where}"
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def _write(report: Report, path: Path, language: str) -> None:
    from concours.criteria.page import to_html

    try:
        path.write_text(to_html(report, language=language), encoding="utf-8")
    except OSError as error:
        give_up(escape(f"{path}: {error.strerror}"))
    errors.print(f"{path}: written", markup=False, soft_wrap=True)
