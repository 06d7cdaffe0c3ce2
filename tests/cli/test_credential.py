"""`concours credential` on files of anywhere, without a network."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from concours.cli.main import app
from concours.credentials import did_document
from tests.credentials.signed import ISSUER, KEY, NOW, OTHER, listed, signed, with_status

runner = CliRunner()
AT = ["--at", NOW.isoformat()]


@pytest.fixture
def put(tmp_path: Path) -> Any:
    def to_file(name: str, value: Any) -> str:
        file = tmp_path / name
        file.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return str(file)

    return to_file


def verified(*arguments: str) -> Result:
    return runner.invoke(app, ["credential", "verify", *arguments, *AT])


def test_it_holds_by_the_issuers_document_and_by_its_bare_key(put: Any) -> None:
    file, did = put("c.json", signed()), put("did.json", did_document(ISSUER, [(KEY.public, None)]))

    by_document = verified(file, "--issuer", did)
    by_key = verified(file, "--issuer", KEY.public.multikey)
    by_one_of_two = verified(file, "--issuer", OTHER.public.multikey, "--issuer", did)

    assert [one.exit_code for one in (by_document, by_key, by_one_of_two)] == [0, 0, 0]
    assert "The credential holds." in by_document.output
    assert "the signature fits" in by_document.output


def test_what_does_not_hold_is_named(put: Any) -> None:
    changed = signed() | {"validFrom": "2020-01-01T00:00:00Z"}
    file = put("c.json", changed)

    told = verified(file, "--issuer", KEY.public.multikey)

    assert told.exit_code == 1
    assert "does not hold" in told.output
    assert "something was changed" in told.output


def test_revocation_is_open_without_a_list_and_told_with_one(put: Any) -> None:
    file, key = put("c.json", with_status(7)), KEY.public.multikey

    unasked = verified(file, "--issuer", key)
    clear = verified(file, "--issuer", key, "--status", put("clear.json", listed(8)))
    revoked = verified(file, "--issuer", key, "--status", put("revoked.json", listed(7)))

    assert (unasked.exit_code, clear.exit_code, revoked.exit_code) == (3, 0, 1)
    assert "give --status" in unasked.output
    assert "It was revoked." in revoked.output


def test_time_is_now_unless_another_is_named(put: Any) -> None:
    file = put("c.json", signed(validUntil=(NOW + timedelta(days=1)).isoformat()))

    now = runner.invoke(app, ["credential", "verify", file, "--issuer", KEY.public.multikey])

    assert now.exit_code == 1
    assert verified(file, "--issuer", KEY.public.multikey).exit_code == 0


@pytest.mark.parametrize("issuer", ["nowhere.json", "zzz", "did:key:z6Mk", "{}"])
def test_a_key_that_is_none_gives_up(put: Any, issuer: str) -> None:
    issuer = put("did.json", issuer) if issuer == "{}" else issuer

    told = verified(put("c.json", signed()), "--issuer", issuer)

    assert told.exit_code == 2
    assert "error:" in told.output


def test_a_file_is_text_and_never_mark_up(put: Any) -> None:
    wild = signed(credentialSubject={"id": "[bold red]x[/]", "name": "[/]"})
    wild["proof"] = wild["proof"] | {"[/]": 1}
    file = put("c.json", wild)

    shown = runner.invoke(app, ["credential", "show", file])
    told = verified(file, "--issuer", KEY.public.multikey)

    assert shown.exit_code == 0
    assert "[bold red]x[/]" in shown.output
    assert f"issuer: {ISSUER}" in shown.output
    assert told.exit_code == 1
    assert "([/])" in told.output


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1, "a": 2}'])
def test_what_is_no_credential_is_not_shown(put: Any, text: str) -> None:
    shown = runner.invoke(app, ["credential", "show", put("c.json", text)])

    assert shown.exit_code == 2


def test_a_moment_that_is_none_gives_up(put: Any) -> None:
    told = runner.invoke(
        app,
        ["credential", "verify", put("c.json", signed()), "--issuer", "z6", "--at", "soon"],
    )

    assert told.exit_code == 2


@pytest.mark.django_db
def test_the_installations_key_and_another(tmp_path: Path, settings: Any) -> None:
    from dataclasses import replace

    settings.CONFIG = replace(settings.CONFIG, data_dir=tmp_path)

    first = runner.invoke(app, ["credential", "key"])
    again = runner.invoke(app, ["credential", "key"])
    fresh = runner.invoke(app, ["credential", "new-key"])
    both = runner.invoke(app, ["credential", "key"])

    assert first.exit_code == 0, first.output
    assert first.output == again.output
    assert "issuer did:web:" in first.output
    assert fresh.output.strip() in both.output
    assert first.output.splitlines()[1].removeprefix("key ") in both.output
    assert "what it signed holds" in both.output


def test_a_strangers_text_neither_moves_the_cursor_nor_is_mark_up(put: Any) -> None:
    text = "[/bold]\x1b[31m\x9b2J\u202e"
    file = put("c.json", signed(id=text, credentialSubject={"name": text}))

    told = runner.invoke(app, ["credential", "show", file])
    named = verified(put("d.json", "{"), "--issuer", "z" + "1" * 300 + "[/]")

    assert told.exit_code == 0
    assert not {"\x1b", "\x9b", "\u202e"} & set(told.output)
    assert "[/bold]" in told.output
    assert isinstance(named.exception, SystemExit)
