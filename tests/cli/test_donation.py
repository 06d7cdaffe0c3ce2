"""`concours donation`: an export of the record, checked without a database."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from concours.cli.main import app
from concours.platform.core import clock
from concours.platform.record.domain import export_lines
from tests.factories import donations

pytestmark = pytest.mark.django_db


def export(folder: Path) -> Path:
    file = folder / "record.jsonl"
    file.write_text("".join(f"{line.rstrip()}\n" for line in export_lines()), encoding="utf-8")
    return file


def test_a_signed_donation_holds_and_a_changed_line_does_not(tmp_path: Path) -> None:
    with clock.frozen_at(donations.SPRING):
        donation = donations.completed()
    file = export(tmp_path)

    holds = CliRunner().invoke(app, ["donation", "verify", str(file)])
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("donation.signed", "donation.sighed", 1), encoding="utf-8")
    broken = CliRunner().invoke(app, ["donation", "verify", str(file)])

    assert holds.exit_code == 0, holds.output
    assert f"({donation.code}) holds" in holds.stdout
    assert broken.exit_code == 1
    assert "event" in broken.stderr


def test_what_is_no_export_is_told(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["donation", "verify", str(tmp_path / "[none].jsonl")])

    assert answer.exit_code == 2
    assert "[none].jsonl" in answer.stderr.replace("\n", "")
