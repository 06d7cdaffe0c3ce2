"""Taking credentials back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line
from concours.platform.profiles.models import Credential
from concours.platform.record import domain as record

MOST_REASON = 500


@transaction.atomic
def revoke(*, actor: Any, credential: Credential, reason: str = "") -> Credential:
    """Revoke a credential, for good: its bit in the status list is set.

    Its holder needs no reason, staff do; the holder reads it, the record holds neither it nor a
    name. Raises Refused for one that was revoked, and for staff without a reason.
    """
    credential = lock(credential)
    require(actor, "profiles.revoke", credential)
    own = getattr(actor, "pk", None) == credential.user_id
    reason = one_line(reason, most=MOST_REASON)
    if credential.revoked_at is not None:
        raise Refused("revoked-already", _("This credential was revoked already."))
    if not own and not reason:
        raise Refused("reason-needed", _("Tell the holder why."))
    credential.revoked_at, credential.reason = clock.now(), reason
    credential.revoked_by_id = getattr(actor, "pk", None)
    credential.save(update_fields=["revoked_at", "revoked_by", "reason"])
    record.append(
        actor=actor,
        verb="credential.revoked",
        subject=credential,
        data={"digest": credential.digest, "by": "holder" if own else "staff"},
    )
    return credential
