"""A credential before it is signed: who says what of whom, and by which events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from concours.credentials import status_entry, written
from concours.credentials.form import CONTEXT
from concours.platform.profiles.domain.keys import did_of_site
from concours.platform.profiles.domain.status import list_address
from concours.platform.profiles.domain.telling import Told

TYPES = ["VerifiableCredential", "ConcoursCredential"]


def unsigned(
    *,
    code: str,
    subject: str,
    name: str,
    told: Iterable[Told],
    place: tuple[int, int],
    moment: datetime,
) -> dict[str, Any]:
    """The document of one credential; `name` is left out where it is empty."""
    sections = list(told)
    number, index = place
    return {
        "@context": [CONTEXT, {"@vocab": f"{settings.PUBLIC_URL}/credentials/verify/#"}],
        "id": f"{settings.PUBLIC_URL}/credentials/{code}/",
        "type": TYPES,
        "issuer": did_of_site(),
        "validFrom": written(moment),
        "credentialSubject": {
            "id": subject,
            **({"name": name} if name else {}),
            **{one.section.name: [deed.data for deed in one.deeds] for one in sections},
        },
        "evidence": _evidence(sections),
        "credentialStatus": status_entry(list_id=list_address(number), index=index),
    }


def _evidence(sections: Iterable[Told]) -> list[dict[str, Any]]:
    """Every event once, in the order of the record."""
    events = {event.seq: event for one in sections for deed in one.deeds for event in deed.events}
    return [
        {
            "id": f"{settings.PUBLIC_URL}/record/{seq}/",
            "type": "RecordEvent",
            "seq": seq,
            "digest": events[seq].digest,
        }
        for seq in sorted(events)
    ]
