"""What evaluation keeps of a person: exported, and gone with them."""

from __future__ import annotations

from pathlib import Path

from concours.platform.accounts import domain as accounts
from concours.platform.accounts.domain.holdings import Erasing
from concours.platform.evaluations.domain import people
from concours.platform.evaluations.models import Evaluation
from tests.factories import competitions as make
from tests.factories import evaluations as runs
from tests.platform.evaluations.conftest import World

NAME = "Baitford Quux"


def test_a_run_under_way_keeps_its_person_here(world: World) -> None:
    person = make.captain_of(world.entry.team)
    told = "A run of your entry in the track"
    assert not any(told in reason for reason in accounts.why_not_erased(user=person))
    runs.evaluation(of=world.submission)
    assert any(told in reason for reason in accounts.why_not_erased(user=person))
    lease, _row = runs.taken(by=runs.worker())
    runs.score(lease)
    assert not any(told in reason for reason in accounts.why_not_erased(user=person))


def test_the_name_goes_from_what_programs_printed(world: World, tmp_path: Path) -> None:
    person = make.captain_of(world.entry.team)
    runs.evaluation(of=world.submission)
    lease, row = runs.taken(by=runs.worker())
    runs.score(lease)
    Evaluation.objects.update(log=f"hello from {NAME.upper()}!", detail="untouched")
    people.erased(Erasing(user=person, names=(NAME,)))
    row.refresh_from_db()
    assert (row.log, row.detail) == ("hello from […]!", "untouched")


def test_what_one_takes_along_holds_no_values(world: World) -> None:
    runs.evaluation(of=world.submission)
    lease, row = runs.taken(by=runs.worker())
    runs.score(lease, values={"right": 41.25, "margin": 1.0})
    (told,) = people.exported(make.captain_of(world.entry.team)).data["runs"]
    assert (told["code"], told["state"]) == (row.code, "scored")
    assert "41.25" not in str(told)
    assert people.exported(world.other).data["runs"] == []
