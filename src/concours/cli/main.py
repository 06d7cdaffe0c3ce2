"""`concours`: one command, one file a group."""

from __future__ import annotations

import typer

from concours.cli import demo, doctor, record, review, season, serve

app = typer.Typer(
    name="concours",
    help="Runs open-source competitions in the open. Every verdict can be computed again.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=True,
)
app.command()(serve.serve)
app.command()(serve.worker)
app.command()(serve.migrate)
app.command()(demo.demo)
app.command()(doctor.doctor)
app.add_typer(season.app, name="season", help="Seasons as data: load, check, export.")
app.add_typer(review.app, name="review", help="The peer-review engine on files.")
app.add_typer(record.app, name="record", help="The hash-chained record: verify, export.")
