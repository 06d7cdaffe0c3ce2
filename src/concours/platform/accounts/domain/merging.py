"""Two accounts of one person become one."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import holdings
from concours.platform.accounts.domain.leaving import close_account, end_access
from concours.platform.accounts.domain.moving import move_rows
from concours.platform.accounts.domain.proving import Ticket, require_code, send_code
from concours.platform.accounts.models import User
from concours.platform.accounts.rules import has_second_factor
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record

PURPOSE = "merge"


def begin_merge(*, actor: User, email: str) -> Ticket:
    """Send a code to the other account's address. An address without an account looks the same."""
    require(actor, "accounts.merge")
    return send_code(
        user=_account_of(email, beside=actor),
        purpose=f"{PURPOSE}:{actor.pk}",
        template="accounts/mail/merge_code.txt",
    )


@transaction.atomic
def merge_accounts(*, actor: User, ticket: Ticket, code: str) -> User:
    """Move everything of the account that `code` proves into `actor`, and close it for good.

    Teams, entries, reviews, roles and addresses follow. The record keeps both codes, and an event
    that ties them. Raises Refused for a wrong code, and with the reasons where the two must stay
    apart: both take part in one track, one judges the other, one runs the installation, or the
    other account has a second factor (its mailbox alone does not prove it then).
    """
    require(actor, "accounts.merge")
    other_id = require_code(ticket=ticket, purpose=f"{PURPOSE}:{actor.pk}", code=code)
    actor, other = _both(actor.pk, other_id)
    reasons = why_apart(kept=actor, other=other)
    if reasons:
        raise Refused("stay-apart", " ".join(reasons))
    end_access(other)
    EmailAddress.objects.filter(user=other).update(primary=False)
    moved = move_rows(source=other, target=actor)
    for holding in holdings:
        holding.moved(other, actor)
    if other.under_age and not actor.under_age:
        actor.under_age, actor.consent_seen_at = True, other.consent_seen_at
        actor.save(update_fields=["under_age", "consent_seen_at"])
    close_account(other, merged_into=actor)
    record.append(
        actor=actor,
        verb="account.merged",
        subject=actor,
        data={"from": f"user:{other.code}", "moved": moved},
    )
    return actor


def why_apart(*, kept: User, other: User) -> list[str]:
    """The reasons against merging, each a sentence; [] where there is none."""
    reasons = []
    if not kept.is_active:
        # Two who merge crosswise: the other act was quicker.
        reasons.append(_("Your own account is closed."))
    if not other.is_active:
        reasons.append(_("The other account is closed."))
    if kept.is_superuser or other.is_superuser:
        reasons.append(_("An account that runs the installation is not merged."))
    if has_second_factor(other):
        reasons.append(
            _("The other account has a second factor: sign in to it and take that away first.")
        )
    for holding in holdings:
        reasons.extend(str(reason) for reason in holding.against_merging(kept, other))
    return reasons


def _account_of(email: str, *, beside: User) -> User | None:
    address = email.strip().lower()
    verified = EmailAddress.objects.filter(email__iexact=address, verified=True)
    people = User.objects.filter(Q(email=address) | Q(pk__in=verified.values("user_id")))
    return people.filter(is_active=True).exclude(pk=beside.pk).first()


def _both(kept_id: int, other_id: int) -> tuple[User, User]:
    """Locked in the order of their keys, so that two who merge crosswise do not wait for ever."""
    rows = {key: lock(User(pk=key)) for key in sorted((kept_id, other_id))}
    return rows[kept_id], rows[other_id]
