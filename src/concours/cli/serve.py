"""`concours serve`, `worker` and `migrate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from concours.cli.console import console, give_up
from concours.cli.platform import awake, require_migrated, wake


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    rehearse: Annotated[
        Path | None,
        typer.Option(
            help="Load this season's folder on first use, with an operator's account and the "
            "clock in its registration.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    baselines: Annotated[
        bool, typer.Option(help="Enter the driving track's baselines with the season.")
    ] = True,
    with_worker: Annotated[bool, typer.Option(help="Run the background worker beside.")] = True,
    processes: Annotated[int, typer.Option(min=1, help="Server processes.")] = 2,
    threads: Annotated[int, typer.Option(min=1, help="Threads a process.")] = 8,
) -> None:
    """Serve the web application."""
    wake()
    from django.conf import settings

    from concours.platform import server

    config = settings.CONFIG
    host, port = host or config.host, port or config.port
    if not server.port_is_free(host, port):
        give_up(f"port {port} is taken: stop what listens there, or name another with --port")
    require_migrated()
    if rehearse is not None:
        _prepare_rehearsal(rehearse, baselines=baselines)
    console.print(f"Concours is at [bold]http://{host}:{port}[/]  (stop with Ctrl+C)")
    server.run(host=host, port=port, processes=processes, threads=threads, worker=with_worker)


def _prepare_rehearsal(folder: Path, *, baselines: bool) -> None:
    from concours.platform import opening

    if not opening.wanted():
        return
    with awake():
        with console.status(f"Loading the season in {folder} ..."):
            opened = opening.open_rehearsal(folder=folder, baselines=baselines)
        console.print(f"Season loaded: [bold]{opened.season_title}[/], {opened.tracks} tracks")
        if opened.baselines:
            console.print(f"{opened.baselines} baselines entered: the worker evaluates them now")
        console.print(f"The rehearsal's clock reads {opened.clock:%Y-%m-%d %H:%M} UTC")
        console.print(
            f"Operator: [bold]{opened.email}[/], password [bold]{opened.password}[/]"
            "  (shown once; change it after signing in)"
        )


def worker(
    once: Annotated[bool, typer.Option(help="Do what is waiting, then leave.")] = False,
    evaluations: Annotated[bool, typer.Option(help="Make evaluations.")] = True,
    slots: Annotated[int, typer.Option(min=1, max=64, help="Evaluations at once.")] = 1,
) -> None:
    """Run background work: evaluations, fetching repositories, mail, reminders."""
    with awake(via="worker"):
        from concours.platform import background

        background.run(once=once, evaluations=evaluations, slots=slots)


def migrate() -> None:
    """Bring the database's schema up to date."""
    wake()
    from django.core.management import call_command

    call_command("migrate", verbosity=1, interactive=False)
