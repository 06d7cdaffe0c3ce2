"""What criteria keep of people, for accounts: leaving, merging, taking one's data along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import Erasing, Exported, Holding
from concours.platform.criteria.models import Evidence, Judgement, MachineReport, Maintainer


def against_merging(source: Any, target: Any) -> Iterable[str]:
    shared = Maintainer.objects.filter(
        user=source, project__in=Maintainer.objects.filter(user=target).values("project")
    )
    for one in shared.select_related("project"):
        yield _("Both maintain, or maintained, the project %(project)s.") % {"project": one.project}


def against_erasing(user: Any) -> Iterable[str]:
    """Nothing: what was attached and judged stays under the name that the account keeps."""
    return ()


def exported(user: Any) -> Exported:
    maintained = Maintainer.objects.filter(user=user).order_by("pk")
    judged = Judgement.objects.filter(judged_by=user).order_by("pk")
    attached = Evidence.objects.filter(added_by=user).order_by("pk")
    reports = MachineReport.objects.filter(uploaded_by=user).order_by("pk")
    return Exported(
        data={
            "maintained": list(maintained.values("project__slug", "named_at", "removed_at")),
            "judgements": list(
                judged.values("row__assessment__code", "row__code", "met", "reason", "judged_at")
            ),
            "evidence": list(attached.values("code", "name", "address", "digest", "added_at")),
            "reports": list(reports.values("code", "digest", "uploaded_at")),
        }
    )


def moved(source: Any, target: Any) -> None:
    """Nothing beside the foreign keys."""


def erased(going: Erasing) -> None:
    """Reasons stay as they are: the record holds them."""


HOLDING = Holding(
    name="criteria",
    against_merging=against_merging,
    against_erasing=against_erasing,
    exported=exported,
    moved=moved,
    erased=erased,
)
