"""`concours backup` and `restore`."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from concours.cli.console import console, errors, give_up, progress_bar
from concours.cli.platform import require_migrated, wake

if TYPE_CHECKING:
    from concours.platform.backups.restoring import Restored


def backup(
    folder: Annotated[Path, typer.Argument(help="Where backups are kept, or with --verify one.")],
    secrets: Annotated[
        bool,
        typer.Option(
            "--with-secrets",
            help="Also the signing key and the secrets of sealed splits. Guard such a backup well.",
        ),
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Make none; check the newest one there, or this one.")
    ] = False,
    digest: Annotated[
        str | None, typer.Option(help="With --verify: the manifest's digest noted elsewhere.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Afterwards delete all but so many newest ones.")
    ] = None,
) -> None:
    """Copy database and files as they are at one moment, while the server runs."""
    wake()
    from concours.platform.backups import making
    from concours.platform.backups.faults import BackupFault

    try:
        if verify:
            _verify(folder, digest)
            return
        require_migrated()
        made = making.make(folder=folder.absolute(), secrets=secrets)
        gone = making.thin_out(folder=folder.absolute(), keep=keep) if keep else []
    except BackupFault as fault:
        give_up(str(fault), code=1)
    told = made.manifest
    console.print(f"{made.folder}", soft_wrap=True, highlight=False)
    console.print(
        f"{told.record_count} events, {len(told.files)} files; "
        f"{made.copied / 2**20:.1f} MiB copied, {made.shared / 2**20:.1f} MiB shared with the "
        "backup before",
        soft_wrap=True,
    )
    console.print(f"manifest {made.digest}", soft_wrap=True, highlight=False)
    if not secrets:
        console.print("The signing key and sealed cases' secrets are not in it (--with-secrets).")
    if gone:
        console.print(f"{len(gone)} older backups deleted")


def _verify(folder: Path, digest: str | None) -> None:
    from concours.platform.backups import checking, making, manifest
    from concours.platform.backups.faults import BackupFault

    one = folder if (folder / manifest.NAME).exists() else making.latest(folder)
    if one is None:
        raise BackupFault(f"{folder} holds no backup")
    with progress_bar() as bar:
        task = bar.add_task("verifying", total=len(manifest.read(one).files) + 1)
        told = checking.check(
            one.absolute(), digest=digest, progress=lambda done: bar.update(task, completed=done)
        )
    console.print(
        f"{one} is whole: {told.record_count} events up to {told.taken_at}, "
        f"{len(told.files)} files, manifest {manifest.digest_of(one)}",
        soft_wrap=True,
        highlight=False,
    )


def restore(
    folder: Annotated[Path, typer.Argument(help="A backup, or the folder that holds backups.")],
    at: Annotated[
        datetime | None,
        typer.Option(help="Of several, the newest one taken up to this moment (UTC)."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where the installation is not empty.")
    ] = False,
    digest: Annotated[
        str | None, typer.Option(help="The manifest's digest as it was noted elsewhere.")
    ] = None,
    files_only: Annotated[
        bool,
        typer.Option(
            "--files-only", help="The database was recovered by other means: bring back its files."
        ),
    ] = False,
) -> None:
    """Make this installation what a backup holds. Stop the server and its workers first."""
    wake()
    from concours.platform.backups import making, manifest
    from concours.platform.backups.faults import BackupFault
    from concours.platform.backups.restoring import restore as put_in_place
    from concours.platform.backups.restoring import restore_files

    try:
        moment = at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
        one = folder if (folder / manifest.NAME).exists() else making.latest(folder, at=moment)
        if one is None:
            raise BackupFault(f"{folder} holds no backup{' of that time' if at else ''}")
        with progress_bar() as bar:
            task = bar.add_task("checking", total=len(manifest.read(one).files) + 1)
            act = restore_files if files_only else partial(put_in_place, replace=replace)
            restored = act(
                one.absolute(),
                digest=digest,
                progress=lambda done: bar.update(task, completed=done),
            )
    except BackupFault as fault:
        give_up(str(fault), code=1)
    _tell(one, restored)


def _tell(one: Path, restored: Restored) -> None:
    told, after = restored.manifest, restored.aftermath
    console.print(
        f"Restored from {one} of {told.taken_at}: {restored.count} events, "
        f"{len(told.files)} files. The record holds.",
        soft_wrap=True,
        highlight=False,
    )
    if restored.aside is not None:
        console.print(f"What was there before lies in {restored.aside}", soft_wrap=True)
    for boundary in after.passed:
        console.print(
            f"Passed since: {boundary.at:%Y-%m-%d %H:%M} UTC, {boundary.track}: {boundary.what}",
            soft_wrap=True,
            markup=False,
        )
    console.print(
        f"Held back: {after.held} mails that fell due, {after.tasks} mails that waited. "
        f"Ended: {after.sessions} sessions."
    )
    waiting = ", ".join(f"{count} {name}" for name, count in after.at_once if count)
    console.print(f"The worker will begin with: {waiting or 'nothing'}")
    if after.lost:
        errors.print(
            f"{len(after.lost)} submissions have no archive (erased ones are among them): "
            + ", ".join(after.lost[:10]),
            soft_wrap=True,
        )
    if not told.secrets:
        errors.print(
            "The backup holds no secrets: with another signing key one-time codes must be set up "
            "again, and texts can no longer be compared with their digests in the record; bring "
            "secret_key and evaluations/sealed from where they are kept."
        )
