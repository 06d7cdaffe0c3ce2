"""The text of a mail, made at sending, under its reader's own permissions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concours.platform.notifications.domain.preferences import choices_of, zone_of
from concours.platform.notifications.domain.unsubscribing import DIGEST, token_for
from concours.platform.notifications.domain.words import Told, told_to
from concours.platform.notifications.enums import Channel, Kind
from concours.platform.notifications.models import Mail

MOST_LISTED = 50
MAIL_KINDS = frozenset({Channel.MAIL, Channel.DIGEST})


def compose(mail: Mail) -> EmailMessage | None:
    """The message; None where there is nothing (any longer) that its reader may see and wants."""
    user = mail.user
    if not user.is_active or not _deliverable(user.email):
        return None
    wanted = choices_of(user=user)
    rows = [
        one for one in mail.notifications.order_by("pk") if wanted[Kind(one.kind)] in MAIL_KINDS
    ]
    with translation.override(user.language or "en"), timezone.override(zone_of(user=user)):
        told = [one for one in told_to(user, rows) if not one.hidden]
        return _message(mail, told) if told else None


def _message(mail: Mail, told: list[Told]) -> EmailMessage:
    digest = mail.key.startswith("digest:")
    about = DIGEST if digest else str(told[0].notification.kind)
    always = about == Kind.SECURITY
    stop = address_of(
        reverse("notifications:unsubscribe", args=[token_for(user=mail.user, about=about)])
    )
    subject = told[0].title
    if digest:
        subject = ngettext(
            "Your day: %(count)d notification", "Your day: %(count)d notifications", len(told)
        ) % {"count": len(told)}
    context = {
        "name": mail.user.display_name,
        "told": [(one, address_of(one.path) if one.path else "") for one in told[:MOST_LISTED]],
        "more": max(len(told) - MOST_LISTED, 0),
        "page": address_of(reverse("notifications:page")),
        "choose": address_of(reverse("notifications:preferences")),
        "stop": "" if always else stop,
    }
    headers = {
        # The same for each try, so that a mail system can drop what it has had already.
        "Message-ID": f"<{mail.code}@{settings.PUBLIC_HOST}>",
        "Auto-Submitted": "auto-generated",
    }
    if not always:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(
        subject=_("[Concours] %(subject)s") % {"subject": " ".join(subject.split())},
        body=render_to_string("notifications/mail/notice.txt", context),
        from_email=None,
        to=[mail.user.email],
        headers=headers,
    )


def address_of(path: str) -> str:
    """`path` on this site, for readers outside of it."""
    return settings.PUBLIC_URL.rstrip("/") + path


def _deliverable(address: Any) -> bool:
    """Whether mail can go there at all: one address, on one line, not that of a closed account."""
    text = str(address or "")
    return "@" in text and text.isprintable() and not text.endswith(".invalid")
