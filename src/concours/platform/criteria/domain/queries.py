"""What other apps ask of assessments."""

from __future__ import annotations

from typing import Any

from concours.platform.criteria.models import AssessedRow


def open_rows(*, project: Any) -> list[AssessedRow]:
    """The rows of the project's open assessments with their evidence, withdrawn too.

    For those who may attach evidence: confidential evidence is among it. Two queries.
    """
    rows = AssessedRow.objects.filter(
        assessment__project=project, assessment__closed_at__isnull=True
    )
    return list(
        rows.select_related("assessment__project")
        .prefetch_related("evidence")
        .order_by("assessment_id", "position")
    )
