"""The incubation of projects, made through the domain functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from concours.clones import Commit
from concours.contribution import History, health_of, to_json
from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.criteria import domain as criteria
from concours.platform.incubation import domain
from concours.platform.incubation.models import (
    Incubation,
    Mentor,
    Mentoring,
    Milestone,
    PeriodicReport,
    ProgrammeVersion,
)
from concours.platform.incubation.programme import preset_text
from tests.factories import register
from tests.factories.people import person

ACTOR = System("tests")
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def invitation(*, user: Any = None, **fields: Any) -> Mentor:
    return domain.invite_mentor(actor=ACTOR, person=user or person(), **fields)


def mentor(*, user: Any = None, most_projects: int = 3, **fields: Any) -> Mentor:
    """Somebody in the pool."""
    made = invitation(user=user, **fields)
    return domain.answer_invitation(
        actor=made.user, mentor=made, accepts=True, most_projects=most_projects
    )


def mentoring(*, of: Any = None, by: Mentor | None = None) -> Mentoring:
    return domain.assign_mentor(
        actor=ACTOR,
        mentor=by or mentor(),
        project=of or register.project(stage="incubating"),
    )


def programme(name: str = "quarterly", **changes: str) -> ProgrammeVersion:
    """A shipped programme in force; `changes` replace what stands after `key = `."""
    text = preset_text(name)
    for key, value in changes.items():
        text = "\n".join(
            f"{key} = {value}" if row.startswith(f"{key} = ") else row for row in text.split("\n")
        )
    return domain.adopt_programme(actor=ACTOR, text=text)


def incubation(*, project: Any = None, **changes: str) -> Incubation:
    """A project whose incubation began on the day of NOW, and its one maintainer."""
    if domain.programme_in_force() is None:
        programme(**changes)
    project = project or register.project(stage="incubating", since=NOW.date())
    maintainer(project)
    domain.tend_incubations()
    found = domain.incubation_of(project=project)
    assert found is not None
    return found


def maintainer(project: Any) -> Any:
    """Somebody who maintains the project now."""
    if found := criteria.maintainers_of(project=project):
        return User.objects.get(pk=min(found))
    return criteria.name_maintainer(actor=ACTOR, project=project, user=person()).user


def report(of: Incubation, *, number: int = 1, **sections: str) -> PeriodicReport:
    given = {"happened": "Work.", "community": "Two more.", "next_steps": "More work."} | sections
    return domain.submit_report(actor=maintainer(of.project), incubation=of, number=number, **given)


def milestone(of: Incubation, *, days: int = 30, **fields: Any) -> Milestone:
    given = {"title": "A release", "measure": "A signed tag.", **fields}
    return domain.set_milestone(
        actor=maintainer(of.project),
        incubation=of,
        due=clock.now().date() + timedelta(days=days),
        **given,
    )


def health(*, at: datetime | None = None, commits: int = 3) -> bytes:
    """What `concours project health --json` would have written."""
    moment = at or clock.now() - timedelta(minutes=1)
    when = int(moment.timestamp()) - 86_400
    history = History(
        head="ab" * 20,
        commits=[
            Commit("0" * 40, (), f"P{n}", f"p{n}@acme.example", when, when, signed_off=False)
            for n in range(commits)
        ],
        tags=[],
    )
    return to_json(health_of(history, at=moment), name="good", head=history.head).encode()
