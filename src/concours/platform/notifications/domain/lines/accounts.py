"""What people are told of their accounts and webhooks."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.notifications.domain import concerned
from concours.platform.notifications.domain.lines.line import Line
from concours.platform.notifications.enums import Kind


def _who_acted(event: Any) -> str:
    """What people do to their own account."""
    actor: str = event.actor
    return actor


def _safety(title: str | Promise, text: str | Promise, *, mailed: bool = False) -> Line:
    return Line(
        kind=Kind.SECURITY,
        who=concerned.oneself,
        about=_who_acted,
        title=title,
        text=text,
        mailed=mailed,
        own=True,
    )


_NOT_YOU = _("If this was not you, end your sessions and change your password.")

LINES: dict[str, Line] = {
    "webhook.set-aside": Line(
        kind=Kind.WEBHOOK,
        who=concerned.owner,
        title=_("A webhook of “%(season)s” is set aside"),
        text=_("Its receiver failed for a day, or is gone. Its page has the log and a button."),
    ),
    "credential.revoked": Line(
        kind=Kind.SECURITY,
        who=concerned.holder,
        title=_("A credential of yours was revoked"),
        text=_("Its page says why. Whoever verifies it from now on is told so."),
    ),
    "account.merged": _safety(_("Another account was merged into yours"), _NOT_YOU),
    "session.from-new-place": _safety(_("A sign-in from a place that is new"), _NOT_YOU),
    "token.created": _safety(_("A key to the API was made"), _NOT_YOU),
    "person.exported": _safety(_("All your data was taken along"), _NOT_YOU),
    "identity.joined": _safety(_("Another way to sign in was added"), _NOT_YOU),
    "identity.parted": _safety(_("A way to sign in was taken away"), _NOT_YOU),
    # allauth's own mail goes about these.
    "password.changed": _safety(_("Your password was changed"), _NOT_YOU, mailed=True),
    "factor.added": _safety(_("A second factor was added"), _NOT_YOU, mailed=True),
    "factor.removed": _safety(_("A second factor was taken away"), _NOT_YOU, mailed=True),
}
