"""Who may see and do what in the register."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import QuerySet

from concours.platform.accounts.domain.permissions import is_organiser
from concours.platform.register.models import Project, StageChange


@rules.predicate
def organises_all(user: Any, subject: Any) -> bool:
    """The register is the foundation's, not a season's."""
    return is_organiser(user, None)


rules.add_perm("register.import_register", organises_all)
rules.add_perm("register.change_stage", organises_all)


def sight_of(user: Any) -> str:
    """What is kept for one reader serves all others of the same sight: they may see the same."""
    return "everyone"


def visible_projects(user: Any) -> QuerySet[Project]:
    """All projects: the register is public, candidates and archived ones included."""
    return Project.objects.all()


def visible_changes(user: Any) -> QuerySet[StageChange]:
    """All histories: they are as public as their projects."""
    return StageChange.objects.all()
