"""Who may see and run webhooks: those who organise the season."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import is_organiser, organised_season_ids
from concours.platform.webhooks.models import Delivery, Webhook


@rules.predicate
def organises_season(user: Any, season: Any) -> bool:
    return is_organiser(user, season.pk)


@rules.predicate
def organises(user: Any, webhook: Webhook) -> bool:
    return is_organiser(user, webhook.season_id)


rules.add_perm("webhooks.create", organises_season)
rules.add_perm("webhooks.run", organises)


def visible_webhooks(user: Any) -> QuerySet[Webhook]:
    seasons = organised_season_ids(user)
    rows = Webhook.objects.all()
    return rows if seasons is None else rows.filter(Q(season_id__in=seasons))


def visible_deliveries(user: Any) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook__in=visible_webhooks(user))
