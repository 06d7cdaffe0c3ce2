"""Looking again on schedule: what decided a row and has expired is told to the record, once."""

from __future__ import annotations

from django.db import transaction

from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.criteria.domain.noting import note
from concours.platform.criteria.domain.standing import standing_of
from concours.platform.criteria.enums import RowState
from concours.platform.criteria.models import AssessedRow, Assessment

ACTOR = System("criteria")


def note_lapsed() -> int:
    """Note rows of open assessments that have expired; how many. Doing it again does nothing."""
    noted = 0
    for assessment in Assessment.objects.filter(closed_at__isnull=True).select_related("project"):
        noted += _note_of(assessment)
    return noted


def _note_of(assessment: Assessment) -> int:
    standing = standing_of(user=ACTOR, assessment=assessment)
    lapsed = [
        one
        for one in standing.rows
        if one.state == RowState.LAPSED and one.row.lapse_noted_at is None
    ]
    noted = 0
    for one in lapsed:
        with transaction.atomic():
            # Whoever sets it first tells it: two workers do not tell it twice.
            taken = AssessedRow.objects.filter(pk=one.row.pk, lapse_noted_at__isnull=True).update(
                lapse_noted_at=clock.now()
            )
            if taken:
                note(
                    actor=ACTOR,
                    verb="criterion.lapsed",
                    assessment=assessment,
                    row=one.row.code,
                    since=one.until.isoformat() if one.until else "",
                )
                noted += 1
    return noted
