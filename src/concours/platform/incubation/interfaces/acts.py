"""What can be done on the page of a project's incubation: each act with its form and function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404

from concours.platform.core.access import permitted
from concours.platform.incubation import domain
from concours.platform.incubation.enums import MentorState
from concours.platform.incubation.interfaces import forms as f
from concours.platform.incubation.models import Incubation, Mentor, Mentoring, Milestone
from concours.platform.incubation.rules import visible_mentors

Fields = dict[str, Any]
MOST_UPLOADED = 2**20 + 1
"""One byte beyond what is taken is read, so that the refusal is the domain's."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose page it is: the project and its incubation, None where none goes on."""

    project: Any
    incubation: Incubation | None

    def needed(self) -> Incubation:
        if self.incubation is None:
            raise Http404
        return self.incubation


@dataclass(frozen=True, kw_only=True)
class Act:
    """`do(user, place, data)`; `form` is None for a button. `going` says that it needs an
    incubation that goes on."""

    do: Callable[[Any, Place, Fields], Any]
    permission: str
    section: str
    form: type[forms.Form] | None = None
    going: bool = True

    def open_to(self, user: Any, place: Place) -> bool:
        if self.going and place.incubation is None:
            return False
        return permitted(user, self.permission, place.project)


def _milestone(place: Place, data: Fields) -> Milestone:
    rows = Milestone.objects.filter(incubation=place.needed())
    return get_object_or_404(rows, code=data.pop("milestone", ""))


def _assign(user: Any, place: Place, data: Fields) -> Any:
    mentor = get_object_or_404(visible_mentors(user), code=data["mentor"])
    return domain.assign_mentor(actor=user, mentor=mentor, project=place.project)


def _release(user: Any, place: Place, data: Fields) -> Any:
    rows = Mentoring.objects.filter(project=place.project)
    found = get_object_or_404(rows, code=data.pop("mentoring", ""))
    return domain.end_mentoring(actor=user, mentoring=found, **data)


def _set(user: Any, place: Place, data: Fields) -> Any:
    return domain.set_milestone(actor=user, incubation=place.needed(), **data)


def _on_milestone(act: Callable[..., Any]) -> Callable[[Any, Place, Fields], Any]:
    return lambda user, place, data: act(actor=user, milestone=_milestone(place, data), **data)


def _agree(user: Any, place: Place, data: Fields) -> Any:
    return domain.sign_off_plan(actor=user, incubation=place.needed())


def _health(user: Any, place: Place, data: Fields) -> Any:
    content = data["report"].read(MOST_UPLOADED)
    return domain.add_health(actor=user, project=place.project, content=content)


def _archive(user: Any, place: Place, data: Fields) -> Any:
    return domain.archive_project(actor=user, project=place.project, **data)


MAINTAIN, MENTOR, STAFF = "incubation.maintain", "incubation.mentor", "incubation.keep_pool"
ACTS: dict[str, Act] = {
    "assign": Act(do=_assign, permission=STAFF, section="mentors", form=f.AssignForm, going=False),
    "release": Act(
        do=_release, permission=STAFF, section="mentors", form=f.ReasonForm, going=False
    ),
    "set": Act(do=_set, permission=MAINTAIN, section="plan", form=f.MilestoneForm),
    "move": Act(
        do=_on_milestone(domain.move_milestone),
        permission=MAINTAIN,
        section="plan",
        form=f.MoveForm,
    ),
    "reach": Act(
        do=_on_milestone(domain.reach_milestone),
        permission=MAINTAIN,
        section="plan",
        form=f.ReachForm,
    ),
    "drop": Act(
        do=_on_milestone(domain.drop_milestone),
        permission=MAINTAIN,
        section="plan",
        form=f.PublicReasonForm,
    ),
    "sign-off": Act(do=_on_milestone(domain.sign_off_milestone), permission=MENTOR, section="plan"),
    "agree": Act(do=_agree, permission=MENTOR, section="plan"),
    "health": Act(
        do=_health,
        permission="incubation.add_health",
        section="health",
        form=f.HealthForm,
        going=False,
    ),
    "archive": Act(
        do=_archive,
        permission="incubation.archive",
        section="archive",
        form=f.ArchiveForm,
        going=False,
    ),
}
SUBJECTS = ("milestone", "mentoring")
"""Fields beside the form's own: of what on the page the act is."""


def form_of(name: str, *given: Any, subject: str = "") -> forms.Form:
    """The act's form, empty or filled with what was `given` (data, files).

    `subject` tells apart the forms of several rows on one page.
    """
    form = ACTS[name].form
    assert form is not None, name  # noqa: S101
    more: dict[str, Any] = {"auto_id": f"id_{name}_{subject}_%s"}
    if form is f.AssignForm:
        more["mentors"] = Mentor.objects.filter(state=MentorState.ACTIVE).select_related("user")
    return form(*given, **more)
