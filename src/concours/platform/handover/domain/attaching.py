"""The dossier as evidence in an assessment of the project."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.criteria import domain as criteria
from concours.platform.handover.enums import HandoverState
from concours.platform.handover.models import Dossier


def attach(*, actor: Any, dossier: Dossier, row: Any) -> Any:
    """Attach the dossier to a row of an open assessment of its project, once a row.

    It is dated the day it was made. Raises NotPermitted, Refused for another project's row, for a
    dossier that was taken back, and for what `criteria.add_evidence` refuses.
    """
    require(actor, "handover.attach", dossier.handover)
    if dossier.handover.state != HandoverState.DONE:
        raise Refused("taken-back", _("This handover was taken back."))
    if row.assessment.project_id != dossier.handover.project_id:
        raise Refused("other-project", _("This row is of another project."))
    if row.evidence.filter(digest=dossier.digest, withdrawn_at__isnull=True).exists():
        raise Refused("attached-already", _("The dossier is attached to this row already."))
    return criteria.add_evidence(
        actor=actor,
        row=row,
        name=f"dossier-{dossier.handover.code}.json",
        dated=dossier.made_at.date(),
        content=dossier.content.encode(),
    )
