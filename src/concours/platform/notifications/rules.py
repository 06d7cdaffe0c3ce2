"""Who may see and do what with notifications: everyone their own, and nobody another's."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import QuerySet

from concours.platform.accounts.domain.permissions import signed_in
from concours.platform.notifications.models import Notification


@rules.predicate
def is_theirs(user: Any, notification: Notification) -> bool:
    return bool(user.pk is not None and notification.user_id == user.pk)


rules.add_perm("notifications.choose_channels", signed_in)
rules.add_perm("notifications.mark_all", signed_in)
rules.add_perm("notifications.mark", signed_in & is_theirs)


def visible_notifications(user: Any) -> QuerySet[Notification]:
    if user.pk is None or not user.is_active:
        return Notification.objects.none()
    return Notification.objects.filter(user_id=user.pk)
