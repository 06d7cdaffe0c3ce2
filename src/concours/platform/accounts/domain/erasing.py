"""A person goes: nothing that names them stays, and the record still holds."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from concours.platform.accounts.domain.holdings import Erasing, holdings
from concours.platform.accounts.domain.leaving import close_account, end_access
from concours.platform.accounts.domain.proving import Ticket, require_code, send_code
from concours.platform.accounts.models import Affiliation, StaffRole, User
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record

PURPOSE = "erase"


def begin_erasure(*, actor: User) -> Ticket:
    """Send `actor` a code. Raises Refused with the reasons where duties still run."""
    require(actor, "accounts.erase_own")
    _require_free(actor)
    return send_code(
        user=actor, purpose=f"{PURPOSE}:{actor.pk}", template="accounts/mail/erase_code.txt"
    )


@transaction.atomic
def erase_person(*, actor: User, ticket: Ticket, code: str) -> None:
    """Erase `actor` for good: name, addresses, texts about them, keys, sessions, affiliations.

    The row stays under its code without them, so that teams, reviews, standings, awards and the
    record refer to somebody. What each app erases beside is its own `erased`. Raises Refused for a
    wrong code, and with the reasons while duties run.
    """
    require(actor, "accounts.erase_own")
    actor = lock(actor)
    require_code(ticket=ticket, purpose=f"{PURPOSE}:{actor.pk}", code=code)
    _require_free(actor)
    names = names_of(actor)
    for holding in holdings:
        holding.erased(Erasing(user=actor, names=names))
    record.append(actor=actor, verb="person.erased", subject=actor)
    end_access(actor)
    SocialAccount.objects.filter(user=actor).delete()
    Affiliation.objects.filter(user=actor).delete()
    StaffRole.objects.filter(user=actor).delete()
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=kind, object_id=str(actor.pk)).update(object_repr="")
    close_account(actor)
    actor.erased_at = clock.now()
    actor.under_age, actor.consent_seen_at = False, None
    actor.save(update_fields=["erased_at", "under_age", "consent_seen_at"])


def why_not_erased(*, user: User) -> list[str]:
    """The reasons why `user` cannot go yet, each a sentence; [] where there is none."""
    reasons = []
    if user.is_superuser:
        reasons.append(_("You run the installation. Have another operator take that right first."))
    for holding in holdings:
        reasons.extend(str(reason) for reason in holding.against_erasing(user))
    return reasons


def names_of(user: User) -> tuple[str, ...]:
    """Every address and the name by which `user` is found in texts, longest first."""
    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    found = {user.email, *addresses, user.name} - {""}
    return tuple(sorted(found, key=lambda name: (-len(name), name)))


def _require_free(user: User) -> None:
    reasons = why_not_erased(user=user)
    if reasons:
        raise Refused("duties-run", " ".join(reasons))
