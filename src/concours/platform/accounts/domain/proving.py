"""A code sent to somebody's address: whoever types it reads that mailbox."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import Refused
from concours.platform.core.ids import ALPHABET
from concours.platform.core.mailing import mail_or_refusal

LENGTH = 10
"""Characters of a code: 49 bits, against MOST_TRIES guesses."""
VALID_FOR = timedelta(minutes=15)
MOST_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """What the session keeps of a code that was sent: whom it proves, its digest, how often tried.

    `user_id` is None where the address has no account; then no code fits.
    """

    purpose: str
    user_id: int | None
    digest: str
    expires: str
    tries: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def send_code(*, user: User | None, purpose: str, template: str) -> Ticket:
    """Send a fresh code to `user` after the commit. The ticket looks the same without a user.

    Raises MailDown where it cannot be sent.
    """
    code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    if user is not None:
        transaction.on_commit(partial(_mail, user=user, template=template, code=code))
    return Ticket(
        purpose=purpose,
        user_id=None if user is None else user.pk,
        digest=_digest(purpose, code),
        expires=(clock.now() + VALID_FOR).isoformat(),
    )


def tried(ticket: Ticket) -> Ticket:
    """The ticket after one more attempt; keep it before the attempt is answered."""
    return replace(ticket, tries=ticket.tries + 1)


def require_code(*, ticket: Ticket, purpose: str, code: str) -> int:
    """The key of the person whose mailbox gave `code`.

    Raises Refused for another code or purpose, after VALID_FOR, and beyond MOST_TRIES attempts.
    """
    over = clock.now() > datetime.fromisoformat(ticket.expires) or ticket.tries > MOST_TRIES
    if ticket.purpose != purpose or over:
        raise Refused("code-over", _("This code is over. Have another one sent."))
    typed = "".join(code.lower().split()).replace("-", "")
    if not hmac.compare_digest(ticket.digest, _digest(purpose, typed)) or ticket.user_id is None:
        raise Refused("wrong-code", _("This is not the code that was sent."))
    return ticket.user_id


def _digest(purpose: str, code: str) -> str:
    return keyed_digest(f"code:{purpose}", code)


def _mail(*, user: User, template: str, code: str) -> None:
    with translation.override(user.language or "en"), mail_or_refusal():
        send_mail(
            subject=_("Your code for Concours"),
            message=render_to_string(template, {"code": f"{code[:5]}-{code[5:]}"}),
            from_email=None,
            recipient_list=[user.email],
        )
