"""People: making accounts by other ways than the sign-up page."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain.staff import require_operator
from concours.platform.accounts.models import User
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record


def operator_exists() -> bool:
    return User.objects.filter(is_superuser=True).exists()


@transaction.atomic
def create_operator(*, actor: Any, email: str, name: str, password: str) -> User:
    """Make the account of somebody who runs the installation; the address counts as verified."""
    require_operator(actor)
    return _create(
        actor=actor,
        email=email,
        name=name,
        password=password,
        verb="operator.created",
        is_staff=True,
        is_superuser=True,
    )


@transaction.atomic
def create_person(*, actor: Any, email: str, name: str) -> User:
    """Make an account without a password (an import, a simulated crowd); its owner may reset it.

    Raises Refused for an address that has an account, NotPermitted unless an operator acts.
    """
    require_operator(actor)
    return _create(actor=actor, email=email, name=name, password=None, verb="person.created")


def _create(
    *, actor: Any, email: str, name: str, password: str | None, verb: str, **fields: Any
) -> User:
    try:
        with transaction.atomic():
            user = User.objects.create_user(email=email, password=password, name=name, **fields)
    except IntegrityError:
        raise Refused("address-taken", _("This e-mail address has an account.")) from None
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record.append(actor=actor, verb=verb, subject=user)
    return user
