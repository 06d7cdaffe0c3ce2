"""`concours credential`: verifying what a site signed, without asking it; and the site's key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from concours.cli.console import console, errors, give_up, shown
from concours.cli.platform import awake
from concours.credentials import (
    SENTENCES,
    BadDocument,
    Check,
    Method,
    Verdict,
    bare,
    methods_of,
    read_json,
)
from concours.credentials import verify as verify_credential
from concours.credentials.canonical import MOST_BYTES

app = typer.Typer(no_args_is_help=True)

WORDS = {
    Check.READABLE: "can be read in one way only",
    Check.FORM: "has the form of a Verifiable Credential 2.0",
    Check.PROOF: "has a proof of the known kind",
    Check.ISSUER: "the key that it names is the issuer's",
    Check.SIGNATURE: "the signature fits",
    Check.TIME: "is valid now",
    Check.STATUS: "was not revoked",
}
OUTCOMES = {True: "[green]holds[/]", False: "[bold red]does not hold[/]", None: "[dim]open[/]"}
File = Annotated[Path, typer.Argument(help="A credential, as JSON.")]


@app.command()
def verify(
    file: File,
    issuer: Annotated[
        list[str],
        typer.Option(help="The issuer's did.json, or its key (z6Mk…, did:key:…); repeatable."),
    ],
    status: Annotated[
        Path | None, typer.Option(help="The status list that the credential names, as a file.")
    ] = None,
    at: Annotated[
        str, typer.Option(help="Verify as of this moment, like 2026-05-01T00:00:00+00:00.")
    ] = "",
) -> None:
    """Check a credential with the issuer's keys; nothing is fetched over the network.

    Exit 1 where it does not hold, 3 where it holds and no status list was given though it names
    one: whether it was revoked is open then.
    """
    keys = [method for one in issuer for method in _keys(one)]
    listed = _read(status) if status is not None else None
    verdict = verify_credential(_read(file), keys=keys, now=_moment(at), status=listed)
    _tell(verdict)
    if not verdict.holds:
        errors.print("The credential does not hold.")
        raise typer.Exit(1)
    if verdict.checks[-1].holds is None and _names_status(verdict):
        console.print("It is genuine; whether it was revoked is open: give --status.")
        raise typer.Exit(3)
    console.print("The credential holds.")


@app.command()
def show(file: File) -> None:
    """What a credential says, who signed it and when. Nothing is verified."""
    try:
        document = read_json(_read(file))
    except BadDocument as error:
        give_up(shown(f"{file}: {error}"))
    if not isinstance(document, dict):
        give_up(shown(f"{file}: a credential is one JSON object"))
    proof = document.get("proof")
    for name, value in (
        ("id", document.get("id")),
        ("issuer", document.get("issuer")),
        ("valid from", document.get("validFrom")),
        ("valid until", document.get("validUntil")),
        ("signed", proof.get("created") if isinstance(proof, dict) else None),
        ("by the key", proof.get("verificationMethod") if isinstance(proof, dict) else None),
    ):
        if value is not None:
            console.print(f"{name}: {shown(value)}", highlight=False, soft_wrap=True)
    subject = json.dumps(document.get("credentialSubject"), ensure_ascii=False, indent=2)
    for line in subject.split("\n"):
        console.print(shown(line), highlight=False, soft_wrap=True)


@app.command()
def key() -> None:
    """The public key by which this installation signs, its name, and the keys before."""
    with awake():
        from concours.platform.profiles.domain import did_of_site, key_in_use, known_keys

        _secret, current = key_in_use()
        console.print(f"issuer {did_of_site()}", highlight=False, soft_wrap=True)
        console.print(f"key {current.multikey}", highlight=False, soft_wrap=True)
        for row in known_keys():
            if row.retired_at is not None:
                state = "revoked" if row.revoked_at else "retired, what it signed holds"
                console.print(f"before {row.multikey}: {state}", highlight=False, soft_wrap=True)


@app.command(name="new-key")
def new_key(
    leaked: Annotated[
        bool, typer.Option(help="The key before is known to others: nothing it signed holds.")
    ] = False,
) -> None:
    """Sign with another key from now on; what the one before signed holds, unless it leaked."""
    with awake():
        from concours.platform.core.actors import System
        from concours.platform.profiles.domain import change_key

        row = change_key(actor=System("cli"), leaked=leaked)
        console.print(f"key {row.multikey}", highlight=False, soft_wrap=True)


def _keys(text: str) -> Sequence[Method]:
    """A file's or a key's; gives up where it is neither."""
    try:
        # No file has so long a name, and asking for one is an error.
        is_file = len(text) < 255 and Path(text).exists()
        if text.startswith(("z", "did:key:")) and not is_file:
            return (bare(text),)
        return methods_of(read_json(_read(Path(text))))
    except BadDocument as error:
        give_up(shown(f"{text}: {error}"))


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        give_up(shown(f"{file}: {error}"))


def _moment(text: str) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        give_up(f"{shown(text)} is no moment")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tell(verdict: Verdict) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("check", "", "why"):
        table.add_column(heading)
    for one in verdict.checks:
        why = SENTENCES[one.why] if one.why is not None else ""
        detail = f" ({one.detail[:200]})" if one.detail else ""
        table.add_row(WORDS[one.check], OUTCOMES[one.holds], shown(why + detail))
    console.print(table)


def _names_status(verdict: Verdict) -> bool:
    return verdict.credential is not None and "credentialStatus" in verdict.credential
