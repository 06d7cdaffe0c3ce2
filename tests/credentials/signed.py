"""An issuer with a key, and what it signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from concours.credentials import (
    Method,
    SigningKey,
    did_document,
    list_credential,
    method_id,
    methods_of,
    sign,
    status_entry,
)

KEY = SigningKey(bytes(range(32)))
OTHER = SigningKey(bytes(range(1, 33)))
ISSUER = "did:web:contest.example"
METHOD = method_id(ISSUER, KEY.public)
LIST = "https://contest.example/credentials/status/1"
NOW = datetime(2024, 5, 6, 9, tzinfo=UTC)


def keys() -> tuple[Method, ...]:
    return methods_of(did_document(ISSUER, [(KEY.public, None)]))


def unsigned(**changes: Any) -> dict[str, Any]:
    """What is not given as None."""
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://contest.example/credentials/abc",
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "validFrom": "2024-05-06T08:00:00Z",
        "credentialSubject": {"id": "urn:uuid:1", "entries": [{"place": 1, "of": 240}]},
        **changes,
    }
    return {name: value for name, value in document.items() if value is not None}


def signed(*, key: SigningKey = KEY, at: datetime = NOW, **changes: Any) -> dict[str, Any]:
    return sign(unsigned(**changes), key=key, method=METHOD, created=at)


def with_status(index: int = 7, **changes: Any) -> dict[str, Any]:
    return signed(credentialStatus=status_entry(list_id=LIST, index=index), **changes)


def listed(*revoked: int, key: SigningKey = KEY, **changes: Any) -> dict[str, Any]:
    document = list_credential(
        list_id=changes.pop("list_id", LIST),
        issuer=changes.pop("issuer", ISSUER),
        revoked=revoked,
        valid_from=NOW - timedelta(hours=1),
        valid_until=NOW + timedelta(days=7),
    )
    return sign({**document, **changes}, key=key, method=METHOD, created=NOW)
