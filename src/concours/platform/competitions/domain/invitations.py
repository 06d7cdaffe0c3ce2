"""Invitations to a team: sent by e-mail, accepted by whoever holds the link and is signed in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.teams import add_member, require_not_frozen
from concours.platform.competitions.enums import InvitationState
from concours.platform.competitions.models import Invitation, Membership, Team
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.actors import System
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record

VALID_FOR = timedelta(days=14)
MOST_OPEN = 20
MOST_A_DAY = 50
MOST_TO_ONE = 5
MOST_RESENT = 5
POST_OFFICE = System("post-office")


@transaction.atomic
def invite(*, actor: Any, team: Team, email: str) -> tuple[Invitation, str]:
    """Invite an address; returns the invitation and its key, which is not stored.

    The caller sends the key after the transaction. Raises Refused for a member, no address, an open
    invitation to the same address, more than MOST_OPEN open ones, and beyond MOST_A_DAY from one
    person or MOST_TO_ONE to one address within a day, whatever the team.
    """
    team = lock(team)
    require(actor, "competitions.manage_team", team)
    require_not_frozen(team)
    email = _address(email)
    if team.memberships.filter(user__email=email).exists():
        raise Refused("member-already", _("This person is of the team already."))
    _make_room(team, email)
    _require_moderation(actor, email)
    key = secrets.token_urlsafe(24)
    moment = clock.now()
    invitation = Invitation.objects.create(
        team=team,
        email=email,
        key_digest=_digest(key),
        invited_by=actor,
        invited_at=moment,
        expires_at=moment + VALID_FOR,
    )
    record.append(
        actor=actor,
        verb="invitation.sent",
        subject=team,
        season=team.season.slug,
        data={"invitation": invitation.code},
    )
    return invitation, key


@transaction.atomic
def issue_key(*, invitation: Invitation) -> str:
    """A fresh key for an open invitation, for whoever sends the mail; the one before it is void.

    So the key is born where the mail is written and waits in no queue.
    Raises Refused when the invitation is used, withdrawn or too old.
    """
    invitation = lock(invitation)
    _require_open(invitation)
    key = secrets.token_urlsafe(24)
    invitation.key_digest = _digest(key)
    invitation.save(update_fields=["key_digest"])
    record.append(
        actor=POST_OFFICE,
        verb="invitation.mailed",
        subject=invitation.team,
        season=invitation.team.season.slug,
        data={"invitation": invitation.code},
    )
    return key


def _make_room(team: Team, email: str) -> None:
    """Refuse a second open invitation and too many; close the expired one to the same address."""
    moment = clock.now()
    open_ones = list(team.invitations.filter(state=InvitationState.OPEN))
    valid = [invitation for invitation in open_ones if moment < invitation.expires_at]
    if any(invitation.email == email for invitation in valid):
        raise Refused("invited-already", _("This address has an open invitation."))
    if len(valid) >= MOST_OPEN:
        raise Refused("too-many-invitations", _("Withdraw an open invitation first."))
    for invitation in open_ones:
        if invitation.email == email:
            invitation.state = InvitationState.WITHDRAWN
            invitation.save(update_fields=["state"])


def _require_moderation(actor: Any, email: str) -> None:
    """Refuse whoever would use us to fill mailboxes: teams are founded faster than mail is read."""
    lock(actor)  # so that a person's acts are counted one after the other
    moment = clock.now()
    recent = Invitation.objects.filter(invited_at__gt=moment - timedelta(days=1))
    if recent.filter(invited_by=actor).count() >= MOST_A_DAY:
        raise Refused(
            "invited-too-many",
            _("You have invited as many people as one may a day; go on tomorrow."),
        )
    if recent.filter(email=email).count() >= MOST_TO_ONE:
        raise Refused(
            "invited-too-often",
            _("This address has been invited often today; wait until tomorrow."),
        )


@transaction.atomic
def resend_invitation(*, actor: Any, invitation: Invitation) -> Invitation:
    """Allow one more mail for an open invitation; the caller has it sent.

    Raises Refused for one that is over, and for the mail after MOST_RESENT further ones.
    """
    invitation = lock(invitation)
    require(actor, "competitions.manage_team", invitation.team)
    _require_open(invitation)
    if invitation.resent >= MOST_RESENT:
        raise Refused(
            "resent-too-often", _("This invitation has been sent often enough; withdraw it first.")
        )
    invitation.resent += 1
    invitation.save(update_fields=["resent"])
    record.append(
        actor=actor,
        verb="invitation.resent",
        subject=invitation.team,
        season=invitation.team.season.slug,
        data={"invitation": invitation.code},
    )
    return invitation


def find_invitation(*, key: str) -> Invitation:
    """The invitation whose link carries `key`. Raises NotPermitted (hidden) for any other key."""
    invitation = (
        Invitation.objects.select_related("team__season").filter(key_digest=_digest(key)).first()
    )
    if invitation is None:
        raise NotPermitted("no-invitation", _("There is no such invitation."), hidden=True)
    return invitation


@transaction.atomic
def accept_invitation(*, actor: Any, key: str) -> Membership:
    """Join the team of the invitation. Raises Refused when it is used, withdrawn or too old."""
    invitation = find_invitation(key=key)
    team = lock(invitation.team)
    invitation = lock(invitation)
    _require_open(invitation)
    membership = add_member(actor=actor, team=team, user=actor)
    invitation.state = InvitationState.ACCEPTED
    invitation.save(update_fields=["state"])
    return membership


@transaction.atomic
def decline_invitation(*, actor: Any, key: str) -> Invitation:
    """Say no; the team may invite again."""
    invitation = lock(find_invitation(key=key))
    _require_open(invitation)
    invitation.state = InvitationState.DECLINED
    invitation.save(update_fields=["state"])
    record.append(
        actor=actor,
        verb="invitation.declined",
        subject=invitation.team,
        season=invitation.team.season.slug,
        data={"invitation": invitation.code},
    )
    return invitation


@transaction.atomic
def withdraw_invitation(*, actor: Any, invitation: Invitation) -> Invitation:
    """Take an open invitation back."""
    invitation = lock(invitation)
    require(actor, "competitions.manage_team", invitation.team)
    _require_open(invitation)
    invitation.state = InvitationState.WITHDRAWN
    invitation.save(update_fields=["state"])
    record.append(
        actor=actor,
        verb="invitation.withdrawn",
        subject=invitation.team,
        season=invitation.team.season.slug,
        data={"invitation": invitation.code},
    )
    return invitation


def _require_open(invitation: Invitation) -> None:
    if invitation.state != InvitationState.OPEN or clock.now() >= invitation.expires_at:
        raise Refused("invitation-over", _("This invitation is used, withdrawn or too old."))


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("no-address", _("Give an e-mail address.")) from None
    return email


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
