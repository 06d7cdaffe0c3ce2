"""Who may see profiles and credentials, and do what with them."""

from __future__ import annotations

from typing import Any

import rules
from django.db.models import Q, QuerySet

from concours.platform.accounts.domain.permissions import is_operator, is_organiser, signed_in
from concours.platform.profiles.models import Credential, Profile


@rules.predicate
def holds(user: Any, credential: Credential) -> bool:
    return bool(user.pk is not None and user.is_active and credential.user_id == user.pk)


@rules.predicate
def organises_all(user: Any, subject: Any) -> bool:
    """Credentials are the installation's, not a season's."""
    return is_organiser(user, None)


rules.add_perm("profiles.edit_own", signed_in)
rules.add_perm("profiles.issue", signed_in)
rules.add_perm("profiles.download", holds)
rules.add_perm("profiles.revoke", holds | organises_all)
rules.add_perm("profiles.change_key", is_operator)


def visible_profiles(user: Any) -> QuerySet[Profile]:
    """Those that are turned on, of accounts in use; everybody sees the same.

    While a guardian's consent is waited for, nothing of somebody under age is shown.
    """
    return Profile.objects.filter(
        Q(user__under_age=False) | Q(user__consent_seen_at__isnull=False),
        shown=True,
        user__is_active=True,
        user__merged_into__isnull=True,
        user__erased_at__isnull=True,
    )


def visible_credentials(user: Any) -> QuerySet[Credential]:
    """One's own; all for those who organise everything, who may have to revoke one."""
    if is_organiser(user, None):
        return Credential.objects.all()
    return own_credentials(user)


def own_credentials(user: Any) -> QuerySet[Credential]:
    return Credential.objects.filter(user_id=user.pk) if user.pk else Credential.objects.none()
