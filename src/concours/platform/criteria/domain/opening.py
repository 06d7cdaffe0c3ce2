"""Opening an assessment of a project, and closing it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.criteria import BadSet, CriteriaSet, load_preset
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.criteria.domain.noting import note, person_or_none
from concours.platform.criteria.models import AssessedRow, Assessment


@transaction.atomic
def open_assessment(*, actor: Any, project: Any, criteria: str, stage: str) -> Assessment:
    """Hold `project` against the set `criteria` as it is today, for entry into `stage`.

    Raises Refused for an unknown set, a stage it has no rows for, and where one is open already.
    """
    require(actor, "criteria.open_assessment")
    try:
        found = load_preset(criteria)
    except BadSet:
        raise Refused("unknown-set", _("There is no criteria set of this name.")) from None
    if stage not in found.stages:
        raise Refused("unknown-stage", _("This set has no criteria for this stage."))
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                project=project,
                stage=stage,
                set_slug=found.slug,
                set_version=found.version,
                set_digest=found.digest,
                title=found.title,
                title_zh=found.title_zh,
                opened_by=person_or_none(actor),
                opened_at=clock.now(),
            )
    except IntegrityError:
        raise Refused(
            "open-already", _("An assessment against this set for this stage is open already.")
        ) from None
    AssessedRow.objects.bulk_create(_rows(assessment, found, stage))
    note(
        actor=actor,
        verb="assessment.opened",
        assessment=assessment,
        set=found.slug,
        version=found.version,
        digest=found.digest,
        stage=stage,
    )
    return assessment


@transaction.atomic
def close_assessment(*, actor: Any, assessment: Assessment) -> Assessment:
    """Close it: what was found stays to be read, nothing is added. Raises Refused if closed."""
    assessment = lock(assessment)
    require(actor, "criteria.close_assessment", assessment)
    refuse_closed(assessment)
    assessment.closed_at = clock.now()
    assessment.save(update_fields=["closed_at"])
    note(actor=actor, verb="assessment.closed", assessment=assessment)
    return assessment


def refuse_closed(assessment: Assessment) -> None:
    if assessment.closed_at is not None:
        raise Refused("closed", _("This assessment is closed."))


def _rows(assessment: Assessment, found: CriteriaSet, stage: str) -> list[AssessedRow]:
    chapters = {chapter.key: chapter for chapter in found.chapters}
    return [
        AssessedRow(
            assessment=assessment,
            position=position,
            code=row.code,
            chapter=row.chapter,
            chapter_title=chapters[row.chapter].title,
            chapter_title_zh=chapters[row.chapter].title_zh,
            text=row.text,
            text_zh=row.text_zh,
            mode=row.mode.value,
            must=row.must,
            weight=row.weight,
            valid_days=row.valid_days,
            clause=row.clause,
            confirmed=row.confirmed,
        )
        for position, row in enumerate(found.for_stage(stage), start=1)
    ]
