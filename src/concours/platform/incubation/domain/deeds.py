"""Mentoring that people may show: the projects they look after, or did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from concours.platform.accounts.domain.deeds import Deed, Section, recorded, span
from concours.platform.incubation.enums import ActKind
from concours.platform.incubation.models import Mentoring
from concours.platform.record import domain as record

VERBS = ("mentor.assigned", "mentor.released")


def mentoring_of(user: Any) -> Iterator[Deed]:
    """The projects that `user` mentors or has mentored, the newest first."""
    signed_off = Count("acts", filter=Q(acts__kind=ActKind.SIGNED_OFF, acts__report__isnull=False))
    rows = Mentoring.objects.filter(mentor__user=user).select_related("project")
    found = list(rows.annotate(signed_off=signed_off).order_by("-assigned_at", "-pk"))
    names = {row.pk: record.subject_name(row) for row in found}
    events = record.of_subjects(subjects=list(names.values()), verbs=VERBS)
    for row in found:
        if proof := events.get(names[row.pk]):
            yield _deed(row, proof)


def _deed(row: Any, events: list[Any]) -> Deed:
    held = span(row.assigned_at, row.ended_at)
    counted = ngettext(
        "signed off %(number)d report", "signed off %(number)d reports", row.signed_off
    ) % {"number": row.signed_off}
    return Deed(
        title=str(row.project),
        detail=f"{held} · {counted}" if row.signed_off else held,
        at=row.assigned_at,
        href=reverse("incubation:project", args=[row.project.slug]),
        events=recorded(events),
        data={
            "project": row.project.name,
            "since": row.assigned_at.isoformat(),
            "until": row.ended_at.isoformat() if row.ended_at is not None else None,
            "reports_signed_off": row.signed_off,
        },
    )


MENTORING = Section(
    name="mentoring", label=gettext_lazy("Mentoring"), position=40, deeds=mentoring_of
)
