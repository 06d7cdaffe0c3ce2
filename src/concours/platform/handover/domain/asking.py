"""Asking a winner's captain, and what the captain answers."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.handover.domain.noting import lock_handover, note
from concours.platform.handover.domain.settled import require_winner
from concours.platform.handover.enums import BEFORE_THE_ACT, HandoverState
from concours.platform.handover.models import Handover


@transaction.atomic
def ask(*, actor: Any, entry: Any) -> Handover:
    """Ask the captain of a winner; asked anew, one who did not agree is asked again.

    Raises NotPermitted, and Refused for what `require_winner` refuses, while an answer is waited
    for or was given, and for an entry that was handed over.
    """
    require(actor, "handover.ask", entry.track)
    require_winner(entry)
    held = Handover.objects.filter(entry=entry).exclude(state=HandoverState.TAKEN_BACK).first()
    if held is None:
        handover = _begin(entry)
    else:
        handover = lock_handover(held, states=BEFORE_THE_ACT)
        if handover.state != HandoverState.DECLINED:
            raise Refused("asked-already", _("The captain was asked already."))
        handover.state, handover.asked_at = HandoverState.ASKED, clock.now()
        handover.save(update_fields=["state", "asked_at"])
    note(actor=actor, verb="asked", handover=handover)
    # Apart from the first: whoever reviewed the entry is asked too, and is not of the team.
    note(actor=actor, verb="leave-asked", handover=handover)
    return handover


def _begin(entry: Any) -> Handover:
    try:
        with transaction.atomic():
            return Handover.objects.create(entry=entry, asked_at=clock.now())
    except IntegrityError:
        raise Refused("asked-already", _("The captain was asked already.")) from None


@transaction.atomic
def agree(*, actor: Any, handover: Handover, repository_shown: bool = False) -> Handover:
    """The captain agrees that the entry becomes a project of the register.

    `repository_shown`: the address it was fetched from may stand beside the dossier. May be said
    anew until the act. Raises NotPermitted for anybody but the captain, and Refused afterwards.
    """
    # The team's row first: it may be passing on its captaincy.
    lock(handover.entry.team)
    handover = lock_handover(handover, states=BEFORE_THE_ACT)
    require(actor, "handover.agree", handover)
    handover.state = HandoverState.AGREED
    handover.agreed_by, handover.agreed_at = actor, clock.now()
    handover.repository_shown = repository_shown
    handover.save(update_fields=["state", "agreed_by", "agreed_at", "repository_shown"])
    note(actor=actor, verb="agreed", handover=handover, repository_shown=repository_shown)
    return handover


@transaction.atomic
def decline(*, actor: Any, handover: Handover) -> Handover:
    """The captain does not agree, or takes an agreement back; until the act."""
    handover = lock_handover(handover, states=BEFORE_THE_ACT)
    require(actor, "handover.agree", handover)
    if handover.state == HandoverState.DECLINED:
        raise Refused("declined-already", _("You said already that you do not agree."))
    take_agreement_back(handover)
    note(actor=actor, verb="declined", handover=handover)
    return handover


def require_agreed(handover: Handover) -> None:
    """Raise Refused unless whoever is captain today has agreed."""
    if handover.state != HandoverState.AGREED:
        raise Refused("not-agreed", _("The captain has not agreed to the handover yet."))
    captain = handover.entry.team.memberships.filter(captain=True).first()
    if captain is None or captain.user_id != handover.agreed_by_id or not captain.user.is_active:
        raise Refused(
            "another-captain",
            _("The team has another captain since; ask for their agreement."),
        )


def take_agreement_back(handover: Handover) -> None:
    """As if it had never been given; who calls it has locked the row and appends the event."""
    handover.state = HandoverState.DECLINED
    handover.agreed_by, handover.agreed_at = None, None
    handover.repository_shown = False
    handover.save(update_fields=["state", "agreed_by", "agreed_at", "repository_shown"])
