"""`concours project`: the register of projects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from concours.cli.console import console, errors, give_up, progress_bar, shown
from concours.cli.platform import awake, require_platform

if TYPE_CHECKING:
    from concours.platform.register.domain import Imported
    from concours.platform.register.reading import Reading, Row

app = typer.Typer(no_args_is_help=True)


class Form(StrEnum):
    PODLINGS = "podlings"
    LANDSCAPE = "landscape"
    LABELS = "labels"


REGISTERS = {Form.PODLINGS: "apache", Form.LANDSCAPE: "cncf", Form.LABELS: "own"}


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="The files; for labels also a folder.")],
    form: Annotated[Form, typer.Option("--format", help="How the files are written.")],
    register: Annotated[
        str | None,
        typer.Option(help="The register's short name. Default: apache, cncf, own by the format."),
    ] = None,
    stage: Annotated[
        str, typer.Option(help="The stage of projects from labels, which tell none.")
    ] = "candidate",
    dry_run: Annotated[
        bool, typer.Option(help="Say what would change, and change nothing.")
    ] = False,
    show: Annotated[int, typer.Option(min=0, help="Rows to print of each list.")] = 40,
) -> None:
    """Take in a register that others keep, with its history; exit 1 where nothing can be read."""
    require_platform()
    reading = _read(form, files, stage)
    _print_rows("could not be read", reading.unread, most=show)
    _print_rows("kept as the source says", reading.remarks, most=show)
    if not reading.projects:
        give_up("no project could be read", code=1)
    with awake(), _refusals():
        done = _take_in(reading, register or REGISTERS[form], dry_run=dry_run)
    console.print(
        f"{len(reading.projects):,} projects read, {len(reading.unread):,} rows not, "
        f"{reading.passed_over:,} passed over: {done.added:,} {'to add' if dry_run else 'added'}, "
        f"{done.changed:,} {'to correct' if dry_run else 'corrected'}, "
        f"{done.unchanged:,} as they were",
        soft_wrap=True,
        highlight=False,
    )


@app.command("list")
def list_(
    register: Annotated[str, typer.Option(help="A register, or 'every'.")] = "own",
    stage: Annotated[str, typer.Option(help="Only those at this stage.")] = "",
    area: Annotated[str, typer.Option(help="Only those of this area, by its short name.")] = "",
    donor: Annotated[str, typer.Option(help="Only those of this donor, by its short name.")] = "",
    text: Annotated[str, typer.Option(help="Only those that hold all of these words.")] = "",
    year: Annotated[int, typer.Option(min=0, help="Only those that entered in it.")] = 0,
    most: Annotated[int, typer.Option(min=1, help="Projects to print.")] = 100,
) -> None:
    """The projects of the register, in order of registration."""
    with awake():
        from django.contrib.auth.models import AnonymousUser

        from concours.platform.register import domain

        found = domain.search(
            user=AnonymousUser(),
            text=text,
            register=register,
            stage=stage,
            area=area,
            donor=donor,
            year=year,
        )
        number = found.count()
        table = Table("project", "name", "stage", "register")
        for project in found[:most]:
            table.add_row(
                project.slug, escape(project.name), project.get_stage_display(), project.register
            )
    console.print(table)
    console.print(f"{min(number, most):,} of {number:,} projects", highlight=False)


@app.command()
def show(slug: Annotated[str, typer.Argument(help="The project's short name.")]) -> None:
    """One project with its donors and its way through the stages; exit 1 where there is none."""
    with awake():
        from concours.platform.register import domain

        project = _project(slug)
        names = " ".join(filter(None, (project.name, project.name_zh)))
        console.print(f"{names} ({project.register})", markup=False, highlight=False)
        told = {
            "stage": project.get_stage_display(),
            "areas": ", ".join(domain.areas_of([project])[project.pk]),
            "donors": ", ".join(domain.donors_of([project])[project.pk])
            + (" and others" if project.more_donors else ""),
            "licence": project.licence,
            "home page": project.homepage,
        }
        for name, value in told.items():
            if value:
                console.print(f"{name}: {value}", markup=False, highlight=False, soft_wrap=True)
        table = Table("stage", "since", "decision", "reason")
        for one in domain.history_of(project=project):
            since = one.on.isoformat() if one.on else "not known"
            table.add_row(
                one.get_to_stage_display(), since, escape(one.decision), escape(one.reason)
            )
    console.print(table)


@app.command()
def move(
    slug: Annotated[str, typer.Argument(help="The project's short name.")],
    to: Annotated[str, typer.Option(help="The stage it moves to.")],
    body: Annotated[str, typer.Option(help="Who decided: a body's short name.")],
    decision: Annotated[str, typer.Option(help="Which decision: minutes, a number, an address.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day it was decided.")],
    reason: Annotated[str, typer.Option(help="The reasons; everyone reads them.")],
    by: Annotated[str, typer.Option(help="The e-mail address of your account.")],
) -> None:
    """Carry out what a body decided, where the charter asks for no vote; exit 1 when refused."""
    with awake(), _refusals():
        from concours.platform.accounts.domain.staff import person_of_address
        from concours.platform.core.actors import System
        from concours.platform.governance import domain

        project = _project(slug)
        decides = domain.find_body(body)
        if decides is None:
            give_up(f"there is no body {escape(body)}", code=1)
        review = domain.move_by_office(
            actor=person_of_address(actor=System("project-move"), email=by, season=None),
            project=project,
            to=to,
            on=on.date(),
            body=decides,
            decided=decision,
            reason=reason,
        )
    console.print(
        f"{project.name}: {review.get_origin_display()} > {review.get_to_display()} on "
        f"{on.date().isoformat()}, access review {review.code}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _project(slug: str) -> Any:
    from concours.platform.register import domain

    project = domain.find_project(slug)
    if project is None:
        give_up(f"there is no project {escape(slug)}", code=1)
    return project


@app.command()
def dossier(
    file: Annotated[Path, typer.Argument(help="A dossier, as the zip or as dossier.json.")],
    record: Annotated[
        Path | None, typer.Option(help="An export of the record to hold it against.")
    ] = None,
) -> None:
    """Check a winner's dossier, by itself and against the record; exit 1 where it is wrong."""
    from concours.cli.dossier import check_file

    check_file(file, record)


@app.command()
def health(
    clone: Annotated[Path, typer.Argument(help="The folder of a git clone, bare or not.")],
    at: Annotated[
        datetime | None, typer.Option(help="The moment, in UTC, that ages count from.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    attach: Annotated[
        str, typer.Option(help="Hand the report in for this project of the register.")
    ] = "",
    seconds: Annotated[float, typer.Option(min=1, help="Wall time for reading the clone.")] = 120.0,
) -> None:
    """Figures of a project's health from its own git history, offline; no person is named."""
    from concours.clones import name_of
    from concours.contribution import CloneRefused, Limits, health_of, read_history, to_json

    moment = at.replace(tzinfo=UTC) if at else datetime.now(UTC).replace(microsecond=0)
    try:
        with errors.status("reading the clone ..."):
            history = read_history(clone, limits=Limits(seconds=seconds))
    except CloneRefused as refusal:
        give_up(shown(f"{clone}: {refusal.message}"))
    found = health_of(history, at=moment)
    text = to_json(found, name=name_of(clone), head=history.head)
    if as_json:
        print(text, end="")
    else:
        from concours.cli.health import show_health

        show_health(found, name=name_of(clone))
    if attach:
        _attach(attach, text)


def _attach(slug: str, text: str) -> None:
    with awake(), _refusals():
        from concours.platform.core.actors import System
        from concours.platform.incubation.domain import add_health

        add_health(actor=System("project-health"), project=_project(slug), content=text.encode())
    errors.print(f"handed in for {slug}", markup=False, soft_wrap=True)


def _read(form: Form, files: Sequence[Path], stage: str) -> Reading:
    from concours.platform.register import reading
    from concours.platform.register.stages import STAGES

    if stage not in STAGES:
        give_up(f"--stage: one of {', '.join(STAGES)}")
    try:
        loaded = reading.load_files(files)
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}"))
    except ValueError as error:
        give_up(escape(str(error)))
    if form is Form.PODLINGS:
        return reading.read_podlings(loaded)
    if form is Form.LANDSCAPE:
        return reading.read_landscape(loaded)
    return reading.read_labels(loaded, stage=stage)


def _take_in(reading: Reading, register: str, *, dry_run: bool) -> Imported:
    from django.db import transaction

    from concours.platform.core.actors import System
    from concours.platform.register.domain import import_histories

    with progress_bar() as bar, transaction.atomic():
        task = bar.add_task("taking in", total=len(reading.projects))
        done = import_histories(
            actor=System("project-import"),
            projects=reading.projects,
            register=register,
            progress=lambda number: bar.update(task, completed=number),
        )
        bar.update(task, completed=len(reading.projects))
        transaction.set_rollback(dry_run)
    return done


def _print_rows(title: str, rows: Sequence[Row], *, most: int) -> None:
    if not rows or not most:
        return
    table = Table("file", "line", "row", "why", title=f"{len(rows):,} {title}")
    for row in rows[:most]:
        line = str(row.line) if row.line else ""
        table.add_row(escape(row.file), line, escape(row.text), escape(row.reason))
    errors.print(table)
    if len(rows) > most:
        errors.print(f"... and {len(rows) - most:,} more; --show prints them", highlight=False)


@contextmanager
def _refusals() -> Iterator[Any]:
    """A refusal is printed and ends the command with 1."""
    from concours.platform.core.errors import NotPermitted, Refused

    try:
        yield
    except (NotPermitted, Refused) as refusal:
        give_up(escape(str(refusal)), code=1)
