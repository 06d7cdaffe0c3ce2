"""Changes of e-mail addresses, which allauth makes: each is an event, in the same transaction.

The pages that make them run in a transaction (`urlpatterns` here come before allauth's own), and
the receivers append within it. The record names the person, never an address.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals, views
from allauth.account.models import EmailAddress
from django.db import transaction
from django.dispatch import receiver
from django.urls import path

from concours.platform.accounts.models import User
from concours.platform.record import domain as record

urlpatterns = [
    # Whose code could not be mailed has no account, and may begin again.
    path("signup/", transaction.atomic(views.signup), name="account_signup"),
    path("email/", transaction.atomic(views.email), name="account_email"),
    path(
        "confirm-email/",
        transaction.atomic(views.email_verification_sent),
        name="account_email_verification_sent",
    ),
]


@receiver(signals.email_added)
def address_added(user: User, **_: Any) -> None:
    _note(user, "address.added")


@receiver(signals.email_removed)
def address_removed(user: User, **_: Any) -> None:
    _note(user, "address.removed")


@receiver(signals.email_changed)
def address_changed(user: User, **_: Any) -> None:
    _note(user, "address.changed")


@receiver(signals.email_confirmed)
def address_confirmed(email_address: EmailAddress, **_: Any) -> None:
    _note(email_address.user, "address.confirmed")


@transaction.atomic
def _note(user: User, verb: str) -> None:
    record.append(actor=user, verb=verb, subject=user)
