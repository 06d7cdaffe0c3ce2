"""People under age: they say so themselves, and an organiser notes a guardian's consent.

Nobody asks when somebody was born, and no paper is kept: only that its sight was noted, and when.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record


@transaction.atomic
def say_under_age(*, actor: User, under_age: bool) -> User:
    """Note what `actor` says of themselves; said anew, a consent noted before is void."""
    user = lock(actor)
    require(actor, "accounts.edit_profile")
    if user.under_age == under_age:
        return user
    user.under_age, user.consent_seen_at = under_age, None
    user.save(update_fields=["under_age", "consent_seen_at"])
    # Which of the two they said is in no public record.
    record.append(actor=user, verb="profile.edited", subject=user, data={"changed": ["age"]})
    return user


@transaction.atomic
def note_consent(*, actor: Any, user: User, season: Any) -> User:
    """An organiser of `season` has seen a guardian's consent; it holds for the account.

    Raises Refused for somebody who is not under age or whose consent is noted.
    """
    require(actor, "accounts.note_consent", season)
    user = lock(user)
    if not waits_for_consent(user=user):
        raise Refused("no-consent-needed", _("No consent is waited for here."))
    user.consent_seen_at = clock.now()
    user.save(update_fields=["consent_seen_at"])
    record.append(
        actor=actor, verb="consent.noted", subject=season, season=season.slug, data={"people": 1}
    )
    return user


def waits_for_consent(*, user: Any) -> bool:
    """Whether a guardian's consent has to be noted before this person takes part."""
    return bool(user.under_age and user.consent_seen_at is None)


def waiting_for_consent(*, actor: Any, season: Any, among: Collection[int]) -> list[User]:
    """Those of the given people for whom consent is waited for, for organisers of the season."""
    require(actor, "accounts.note_consent", season)
    rows = User.objects.filter(pk__in=list(among), under_age=True, consent_seen_at__isnull=True)
    return list(rows.filter(is_active=True).order_by("name", "pk"))
