"""Who may see and make integrity reports."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import QuerySet

from concours.platform.accounts.domain.permissions import is_organiser
from concours.platform.competitions.domain.permissions import visible_seasons
from concours.platform.integrity.models import IntegrityReport


@rules.predicate
def organises_season(user: Any, season: Any) -> bool:
    return is_organiser(user, season.pk)


rules.add_perm("integrity.make_report", organises_season)


def visible_reports(user: Any) -> QuerySet[IntegrityReport]:
    """A report tells nothing that is not public: who sees the season sees it."""
    return IntegrityReport.objects.filter(season__in=visible_seasons(user))
