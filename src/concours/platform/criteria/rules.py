"""Who may see and do what with criteria, evidence and judgements."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import QuerySet

from concours.platform.accounts.domain.permissions import is_organiser
from concours.platform.criteria.models import Assessment, Evidence, Maintainer


@rules.predicate
def organises(user: Any, subject: Any) -> bool:
    """The register is the foundation's, not a season's."""
    return is_organiser(user, None)


@rules.predicate
def maintains(user: Any, assessment: Assessment) -> bool:
    if user.pk is None or not user.is_active:
        return False
    return serving_maintainers(assessment.project).filter(user_id=user.pk).exists()


rules.add_perm("criteria.name_maintainer", organises)
rules.add_perm("criteria.open_assessment", organises)
rules.add_perm("criteria.close_assessment", organises)
rules.add_perm("criteria.add_evidence", organises | maintains)
rules.add_perm("criteria.add_report", organises | maintains)
# Nobody judges a project of their own.
rules.add_perm("criteria.judge", organises & ~maintains)
rules.add_perm("criteria.read_confidential", organises)


def serving_maintainers(project: Any) -> QuerySet[Maintainer]:
    """Those who attach evidence for the project now."""
    return Maintainer.objects.filter(project=project, removed_at__isnull=True)


def visible_assessments(user: Any) -> QuerySet[Assessment]:
    """All of them: how a project stands is public."""
    return Assessment.objects.all()


def visible_evidence(user: Any) -> QuerySet[Evidence]:
    """What is not confidential; all of it for organisers of the foundation."""
    if is_organiser(user, None):
        return Evidence.objects.all()
    return Evidence.objects.filter(confidential=False)
