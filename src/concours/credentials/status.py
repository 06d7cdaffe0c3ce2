"""Bitstring Status Lists v1.0: one bit a credential, so many that none tells which is meant."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from concours.credentials.moments import written
from concours.credentials.multibase import base64url, from_base64url
from concours.credentials.why import BadDocument, Why

CONTEXT = "https://www.w3.org/ns/credentials/v2"
ENTRY, LIST, CREDENTIAL = (
    "BitstringStatusListEntry",
    "BitstringStatusList",
    "BitstringStatusListCredential",
)
REVOCATION = "revocation"
LENGTH = 131_072
"""Entries of a list; the least that the recommendation allows."""
MOST_BYTES = 1 << 20


def encoded(indices: Iterable[int], *, length: int = LENGTH) -> str:
    """A list in which the bits at `indices` are set, gzip in base64url."""
    bits = bytearray(length // 8)
    for index in indices:
        bits[index // 8] |= 0x80 >> index % 8
    return base64url(gzip.compress(bytes(bits), mtime=0))


def decoded(text: object) -> bytes:
    """The bits. Raises BadDocument for anything else, for less than LENGTH and far more."""
    try:
        raw = from_base64url(text) if isinstance(text, str) else b""
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            bits = packed.read(MOST_BYTES + 1)
    except (ValueError, OSError, EOFError, zlib.error):
        raise BadDocument(Why.BAD_STATUS, "encodedList") from None
    if not LENGTH // 8 <= len(bits) <= MOST_BYTES:
        raise BadDocument(Why.BAD_STATUS, "encodedList")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """The bit at `index`, counted from the left. Raises BadDocument beyond the end."""
    if not 0 <= index < len(bits) * 8:
        raise BadDocument(Why.BAD_STATUS, "statusListIndex")
    return bool(bits[index // 8] & 0x80 >> index % 8)


def entry(*, list_id: str, index: int) -> dict[str, str]:
    """What a credential says of where its revocation would stand."""
    return {
        "id": f"{list_id}#{index}",
        "type": ENTRY,
        "statusPurpose": REVOCATION,
        "statusListIndex": str(index),
        "statusListCredential": list_id,
    }


def list_credential(
    *,
    list_id: str,
    issuer: str,
    revoked: Iterable[int],
    valid_from: datetime,
    valid_until: datetime,
) -> dict[str, Any]:
    """The list as a credential, to be signed."""
    return {
        "@context": [CONTEXT],
        "id": list_id,
        "type": ["VerifiableCredential", CREDENTIAL],
        "issuer": issuer,
        "validFrom": written(valid_from),
        "validUntil": written(valid_until),
        "credentialSubject": {
            "id": f"{list_id}#list",
            "type": LIST,
            "statusPurpose": REVOCATION,
            "encodedList": encoded(revoked),
        },
    }


def is_revoked(entry: Mapping[str, Any], listed: Mapping[str, Any]) -> bool:
    """Whether the list credential has the bit of `entry` set.

    Raises BadDocument where the two do not belong together or are not of their form.
    """
    subject = listed.get("credentialSubject")
    if entry.get("statusListCredential") != listed.get("id"):
        raise BadDocument(Why.OTHER_LIST)
    if not isinstance(subject, Mapping) or CREDENTIAL not in _many(listed.get("type")):
        raise BadDocument(Why.BAD_STATUS)
    if entry.get("statusPurpose") not in _many(subject.get("statusPurpose")):
        raise BadDocument(Why.OTHER_LIST, "statusPurpose")
    if entry.get("statusSize", 1) != 1:
        raise BadDocument(Why.BAD_STATUS, "statusSize")
    return is_set(decoded(subject.get("encodedList")), _index(entry.get("statusListIndex")))


def entries_of(credential: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The status entries that a credential names. Raises BadDocument for other kinds."""
    if "credentialStatus" not in credential:
        return []
    found = _many(credential["credentialStatus"])
    if not found or not all(isinstance(one, Mapping) and one.get("type") == ENTRY for one in found):
        raise BadDocument(Why.BAD_STATUS)
    return found


def _many(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _index(text: object) -> int:
    if not (isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 12):
        raise BadDocument(Why.BAD_STATUS, "statusListIndex")
    return int(text)
