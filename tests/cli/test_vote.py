"""`concours vote`: another machine, an export, and whatever was changed in it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from concours.cli.main import app
from concours.governance import preset_names, preset_text
from concours.platform.core import clock
from concours.platform.record import domain as record
from tests.factories import governance
from tests.factories.governance import NOW

runner = CliRunner()


@pytest.fixture
def export(db: None, tmp_path: Path) -> tuple[Path, str]:
    """The record of a vote of four, and the vote's code."""
    with clock.frozen_at(NOW):
        governance.charter()
        people = governance.members(5)
        vote = governance.opened()
        for one in people[:4]:
            governance.cast(vote, one)
        governance.cast(vote, people[4], 0)
        governance.closed(vote)
    file = tmp_path / "record.jsonl"
    file.write_text("".join(record.export_lines()), encoding="utf-8")
    return file, vote.code


def test_a_vote_is_counted_again_and_told_step_by_step(export: tuple[Path, str]) -> None:
    file, code = export

    counted = runner.invoke(app, ["vote", "recount", str(file)])
    shown = runner.invoke(app, ["vote", "show", code, str(file)])

    assert counted.exit_code == 0
    assert f"{code}  passed, 5 ballots" in counted.output
    assert "1 votes counted again; all agree, and the record holds." in counted.output
    assert "holds: More +1 than -1 are needed; there are 4 and 0." in shown.output


def test_any_changed_byte_is_found(export: tuple[Path, str]) -> None:
    file, _code = export
    content = file.read_bytes()
    chance = random.Random(8)
    for _ in range(40):
        at = chance.randrange(len(content) - 1)
        changed = bytearray(content)
        changed[at] ^= 1 << chance.randrange(7)
        file.write_bytes(bytes(changed))

        found = runner.invoke(app, ["vote", "recount", str(file)])

        assert found.exit_code == 1, at


def test_what_is_no_record_is_refused(tmp_path: Path, export: tuple[Path, str]) -> None:
    file, _code = export

    for arguments in (
        ["recount"],
        ["recount", str(file), "--site"],
        ["recount", str(tmp_path / "nothing")],
        ["show", "nothing", str(file)],
        ["charters", "nothing"],
    ):
        assert runner.invoke(app, ["vote", *arguments]).exit_code != 0, arguments


def test_charters_are_listed_printed_and_checked(tmp_path: Path) -> None:
    file = tmp_path / "charter.toml"
    file.write_text(preset_text("cncf"), encoding="utf-8")

    listed = runner.invoke(app, ["vote", "charters"])
    printed = runner.invoke(app, ["vote", "charters", "cncf"])
    good = runner.invoke(app, ["vote", "charters", "--check", str(file)])
    file.write_text(preset_text("open-atom-like"), encoding="utf-8")
    unset = runner.invoke(app, ["vote", "charters", "--check", str(file)])

    assert all(name in listed.output for name in preset_names())
    assert "toc-vote: to be set" in listed.output
    assert printed.output == preset_text("cncf")
    assert good.exit_code == 0
    assert unset.exit_code != 0
    assert "still to be set" in unset.output


EVENT: dict[str, Any] = {
    "seq": 1,
    "at": "2024-05-01T09:00:00+00:00",
    "actor": "user:x",
    "via": "",
    "verb": "vote.closed",
    "subject": "vote:x",
    "season": "",
    "data": "{}",
    "previous": "0" * 64,
    "digest": "0" * 64,
}


@pytest.mark.parametrize(
    "line",
    [
        *(
            json.dumps({**EVENT, **change})
            for change in (
                {"subject": "vote:[/bold]\x1b[31mx"},
                {"data": 5},
                {"data": "[" * 100_000},
                {"data": "\ud800"},
                {"seq": "1"},
                {"seq": 1.5},
                {"digest": None},
                {"[/more]": 1},
            )
        ),
        json.dumps(EVENT).replace('"seq": 1', '"seq": NaN'),
        "[" * 100_000,
        "5",
    ],
)
def test_a_strangers_record_is_answered_in_words(tmp_path: Path, line: str) -> None:
    file = tmp_path / "record.jsonl"
    file.write_text(line + "\n", encoding="utf-8")

    for command in (["vote", "recount"], ["donation", "verify"]):
        found = runner.invoke(app, [*command, str(file)])

        assert found.exit_code == 1
        assert isinstance(found.exception, SystemExit), command
        assert "\x1b[31m" not in found.output
