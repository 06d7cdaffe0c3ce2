"""A dossier held against the record, by the library and on the command line."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from concours.cli.main import app
from concours.platform.core import clock
from concours.platform.handover import domain
from concours.platform.handover.checking import check, read_file
from concours.platform.handover.document import FORMAT, to_text
from concours.platform.handover.models import Handover
from concours.platform.integrity.domain import make_report
from concours.platform.record import chain
from concours.platform.record.chain import canonical
from concours.platform.record.domain import export_lines
from tests.factories import appeals, handover
from tests.factories.competitions import ACTOR

pytestmark = pytest.mark.django_db
EVERYTHING = {
    "the digest",
    "the act",
    "the record’s head",
    "the code",
    "the evaluations",
    "the standing",
    "the result and the awards, computed again",
    "the integrity report",
}


def events() -> list[chain.EventData]:
    return [chain.from_line(line) for line in export_lines()]


def held(made: Handover) -> Any:
    return check(read_file(made.dossier.content.encode()), events())


def test_a_dossier_holds_against_the_record(tmp_path: Path) -> None:
    made = handover.agreed(folder=tmp_path)
    with clock.frozen_at(handover.AFTER):
        make_report(actor=ACTOR, season=made.entry.track.season)
    handover.act(made)
    made.refresh_from_db()
    verdict = held(made)
    assert (set(verdict.held), verdict.faults, verdict.unknown) == (EVERYTHING, (), ())


def test_also_where_an_appeal_replaced_the_result(tmp_path: Path) -> None:
    track = appeals.ended(folder=tmp_path)
    with clock.frozen_at(appeals.LATER):
        appeals.apply(appeals.strike(of=track, entry=appeals.ranked(track)[-1]))
    made = handover.agreed(folder=tmp_path, of=track)
    handover.act(made)
    made.refresh_from_db()
    verdict = held(made)
    assert (verdict.faults, set(verdict.held)) == ((), EVERYTHING)


def test_without_a_record_only_the_dossier_is_looked_at(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path, leaves=1)
    verdict = check(read_file(domain.packed(dossier=made.dossier)))
    assert verdict.held == ("the digest", "what stands beside it")
    assert len(verdict.unknown) == 1


def test_one_that_was_taken_back_does_not_hold(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path)
    with clock.frozen_at(handover.AFTER):
        domain.take_back(actor=ACTOR, handover=made, reason="Wrong.")
    assert held(made).faults == ("the record says that this handover was taken back",)


def _place(parts: dict[str, Any]) -> None:
    parts["result"]["place"] = 2


def _award(parts: dict[str, Any]) -> None:
    parts["awards"][0]["amount_minor"] += 1


def _code(parts: dict[str, Any]) -> None:
    parts["code"]["digest"] = "0" * 64


def _sign_off(parts: dict[str, Any]) -> None:
    parts["code"]["sign_off"] = {"state": "signed-off", "commits": 1}


def _head(parts: dict[str, Any]) -> None:
    parts["record"]["head"] = "0" * 64


def _standing(parts: dict[str, Any]) -> None:
    parts["standing"]["result_digest"] = "0" * 64


def _run(parts: dict[str, Any]) -> None:
    parts["evaluations"] = [{"code": "nothing", "seal": "0" * 64, "bundles": []}]


def _report(parts: dict[str, Any]) -> None:
    parts["integrity"] = {"number": 1, "digest": "0" * 64}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_place, "computed again"),
        (_award, "awards"),
        (_code, "digest"),
        (_sign_off, "sign-off"),
        (_head, "head"),
        (_standing, "standing"),
        (_run, "scored run"),
        (_report, "integrity"),
    ],
)
def test_whatever_is_changed_is_found(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], fault: str
) -> None:
    made = handover.done(folder=tmp_path)
    parts = json.loads(made.dossier.content)
    change(parts)
    verdict = check(read_file(to_text(parts).encode()), events())
    assert any(fault in one for one in verdict.faults), verdict.faults
    assert any("no handover" in one for one in verdict.faults)


def test_words_put_beside_it_are_found(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path, leaves=1)
    found = read_file(domain.packed(dossier=made.dossier))
    assert found.beside is not None
    found.beside["reviews"][0]["text"] = "The best ever."
    found.beside["people"] = [{"member": "somebody", "captain": True, "name": "Some Body"}]
    assert len(check(found).faults) == 2


def test_the_command_says_what_holds(tmp_path: Path) -> None:
    made = handover.done(folder=tmp_path)
    file, record = tmp_path / "dossier.zip", tmp_path / "record.jsonl"
    file.write_bytes(domain.packed(dossier=made.dossier))
    record.write_text("".join(f"{line.rstrip()}\n" for line in export_lines()))
    runner = CliRunner()
    answer = runner.invoke(app, ["project", "dossier", str(file), "--record", str(record)])
    assert answer.exit_code == 0, answer.output
    assert made.dossier.digest in answer.output.replace("\n", "")
    changed = tmp_path / "dossier.json"
    changed.write_text(made.dossier.content.replace('"place":1', '"place":3'))
    answer = runner.invoke(app, ["project", "dossier", str(changed), "--record", str(record)])
    assert answer.exit_code == 1
    changed.write_text("{}")
    assert runner.invoke(app, ["project", "dossier", str(changed)]).exit_code == 1


PARTS: dict[str, Any] = {
    "format": FORMAT,
    **dict.fromkeys(("season", "track", "entry", "team"), "x"),
    **{key: {} for key in ("record", "code", "reviews", "result")},
    **{key: [] for key in ("people", "evaluations", "awards")},
    **dict.fromkeys(("standing", "integrity"), None),
}


def _encrypted() -> bytes:
    """A zip whose entry says that it has a password."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("dossier.json", "{}")
    content = bytearray(buffer.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


def _damaged() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dossier.json", "kite " * 1_000)
    content = bytearray(buffer.getvalue())
    content[50] ^= 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"x": NaN}', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (_encrypted(), "this zip cannot be read"),
        (_damaged(), "this zip cannot be read"),
        (canonical({**PARTS, "people": 5}).encode(), "of another form: people"),
        (canonical({**PARTS, "record": None}).encode(), "of another form: record"),
    ],
)
def test_a_strangers_dossier_is_answered_in_words(
    tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "dossier"
    file.write_bytes(content)

    found = CliRunner().invoke(app, ["project", "dossier", str(file)])

    assert isinstance(found.exception, SystemExit)
    assert said in found.output


def test_parts_without_what_is_looked_for_are_faults(tmp_path: Path) -> None:
    made = handover.act(handover.agreed(folder=tmp_path))
    made.refresh_from_db()
    parts = json.loads(made.dossier.content)
    told = {"season": parts["season"], "record": parts["record"]}

    verdict = check(read_file(canonical({**PARTS, **told}).encode()), events())

    assert any("the code cannot be looked at" in fault for fault in verdict.faults)
    assert not verdict.holds


def test_words_of_a_stranger_are_no_markup(tmp_path: Path) -> None:
    file = tmp_path / "dossier.json"
    file.write_text(canonical({**PARTS, "season": "[/bold]\x1b[31m"}), encoding="utf-8")

    found = CliRunner().invoke(app, ["project", "dossier", str(file)])

    assert "\x1b" not in found.output
    assert found.exception is None or isinstance(found.exception, SystemExit)


def test_whatever_stands_beside_it_is_looked_at(tmp_path: Path) -> None:
    for beside in ("[]", '{"reviews": 5}', '{"reviews": [{}], "people": [1]}', "5"):
        file = tmp_path / "dossier.zip"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("dossier.json", canonical({**PARTS, "reviews": {"released": []}}))
            archive.writestr("beside.json", beside)

        found = CliRunner().invoke(app, ["project", "dossier", str(file)])

        assert isinstance(found.exception, SystemExit), beside
        assert found.exit_code == 1
