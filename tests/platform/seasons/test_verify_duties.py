"""A season whose reviews were given anew, excused and done in an emergency is computed again."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from concours.platform.core import clock
from concours.platform.review import domain
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.enums import AliasKind
from concours.platform.seasons.export import export_season
from concours.platform.seasons.manifest import write_manifest
from concours.platform.seasons.verify import verify_export
from tests.factories import review as make
from tests.factories.competitions import ACTOR
from tests.factories.people import person

pytestmark = pytest.mark.django_db


def exported(folder: Path) -> tuple[str, Path]:
    round_ = make.assigned(entries=12, folder=folder)
    duties = list(round_.assignments.select_related("reviewer").order_by("pk"))
    late, slow = duties[0].reviewer, duties[-1]
    helper = person()
    with clock.frozen_at(make.DURING):
        domain.name_emergency_reviewer(actor=ACTOR, round=round_, email=helper.email)
        first = next(one for one in duties if one.reviewer not in (late, slow.reviewer))
        domain.declare_conflict(actor=first.reviewer, assignment=first, reason="A friend")
    for duty in round_.assignments.filter(state="pending").select_related("reviewer"):
        if duty.reviewer != late and duty.pk != slow.pk:
            make.write(duty, idea=duty.pk % 6, code=duty.pk % 11)
    with clock.frozen_at(make.CLOSES - timedelta(days=1)):
        assert domain.replace_late(actor=ACTOR, round=round_).given == 3
    with clock.frozen_at(make.AFTER):
        closed = domain.close_round(actor=ACTOR, round=round_)
        domain.excuse_duty(
            actor=ACTOR,
            round=closed,
            reviewer=aliases_of(round=closed, kind=AliasKind.REVIEWER)[slow.reviewer_id],
            entry=aliases_of(round=closed, kind=AliasKind.ENTRY)[slow.entry_id],
            reason="Ill",
        )
        snapshot = domain.compute_standings(actor=ACTOR, round=closed)
        domain.publish_standings(actor=ACTOR, snapshot=snapshot)
    slug = round_.track.season.slug
    export_season(slug=slug, to=folder / "out")
    return slug, folder / "out"


def test_it_holds_and_a_duty_left_out_or_made_up_is_found(tmp_path: Path) -> None:
    slug, out = exported(tmp_path)
    assert not verify_export(out).faults

    (table,) = (out / "data").glob("*/assignments.csv")
    rows = list(csv.reader(table.open(encoding="utf-8", newline="")))
    assert {row[2] for row in rows[1:]} >= {"replaced", "excused", "lifted", "defaulted"}
    for changed in (
        [row for row in rows if row[2] != "replaced"],
        [[*row[:2], "defaulted" if row[2] == "excused" else row[2]] for row in rows],
    ):
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(changed)
        write_manifest(out, season=slug)
        assert table.name in {Path(fault.place).name for fault in verify_export(out).faults}
