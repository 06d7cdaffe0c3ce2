"""Status lists: which credentials were revoked, without saying whose they were."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings

from concours.credentials import list_credential, sign
from concours.credentials.status import LENGTH
from concours.platform.core import clock
from concours.platform.profiles.domain.keys import did_of_site, key_in_use, method_of
from concours.platform.profiles.models import Credential

VALID_FOR = timedelta(days=7)
"""A list that somebody kept does not clear a credential for longer than that."""
FULLEST = LENGTH // 2
"""Beyond it the next list begins, so that a free place is found at once."""


def list_address(number: int) -> str:
    return f"{settings.PUBLIC_URL}/credentials/status/{number}/"


def known_lists() -> int:
    """How many lists there are: 1 to that number are served; 0 before the first credential."""
    latest = Credential.objects.order_by("-number").values_list("number", flat=True).first()
    return latest or 0


def status_list(*, number: int) -> dict[str, Any]:
    """List `number` as it stands now, signed. Raises LookupError for one that there is not."""
    if not 1 <= number <= known_lists():
        raise LookupError(number)
    revoked = Credential.objects.filter(number=number, revoked_at__isnull=False)
    key, _row = key_in_use()
    moment = clock.now()
    document = list_credential(
        list_id=list_address(number),
        issuer=did_of_site(),
        revoked=revoked.order_by().values_list("index", flat=True),
        valid_from=moment,
        valid_until=moment + VALID_FOR,
    )
    return sign(document, key=key, method=method_of(key.public), created=moment)


def free_place() -> tuple[int, int]:
    """(list, index) that no credential has, drawn by lot: order tells nothing."""
    number = max(known_lists(), 1)
    taken = set(Credential.objects.filter(number=number).order_by().values_list("index", flat=True))
    if len(taken) >= FULLEST:
        number, taken = number + 1, set()
    while (index := secrets.randbelow(LENGTH)) in taken:
        pass
    return number, index
