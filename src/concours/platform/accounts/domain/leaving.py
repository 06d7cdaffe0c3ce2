"""What is left of an account that nobody signs in to any more: a code."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from concours.platform.accounts.models import User

DOMAIN = "closed.invalid"
"""A name that never resolves (RFC 2606): nothing sent there arrives."""


def end_access(user: User) -> None:
    """End every way in: sessions, keys to the API, second factors, the password."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    # Sessions from before they were listed, and those of sign-ups under way.
    for stored in Session.objects.iterator(chunk_size=500):
        if str(stored.get_decoded().get("_auth_user_id")) == str(user.pk):
            stored.delete()
    user.api_tokens.all().delete()
    Authenticator.objects.filter(user=user).delete()


def close_account(user: User, *, merged_into: User | None = None) -> None:
    """Take away all that names the person. The row stays, because the record knows its code."""
    EmailAddress.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.name = user.biography = ""
    user.email = f"{user.code}@{DOMAIN}"
    user.last_login = None
    user.is_active = user.is_staff = user.is_superuser = False
    user.merged_into = merged_into
    user.save()
