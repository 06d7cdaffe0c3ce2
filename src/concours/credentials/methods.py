"""The keys of issuers: verification methods, as a DID document lists them (did:web, did:key)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from concours.credentials.keys import PublicKey, key_of_did, public_key
from concours.credentials.moments import read_moment, written
from concours.credentials.why import BadDocument, Why

CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
MOST_METHODS = 1_000


@dataclass(frozen=True, kw_only=True)
class Method:
    """A key by which an issuer signs. Without `id` and `controller` it stands for whoever a
    document names: whoever gave the key has said so. From `expires` or `revoked` on nothing is
    verified with it, whenever it was signed: a thief would date it back."""

    key: PublicKey
    id: str = ""
    controller: str = ""
    expires: datetime | None = None
    revoked: datetime | None = None


def bare(multikey: str) -> Method:
    """A key that somebody trusts as it is: Multikey or did:key. Raises BadDocument."""
    if multikey.startswith("did:key:"):
        key = key_of_did(multikey)
        return Method(key=key, id=f"{multikey}#{key.multikey}", controller=multikey)
    return Method(key=public_key(multikey))


def methods_of(document: object) -> tuple[Method, ...]:
    """The methods by which the owner of a DID document asserts; those of other kinds left out.

    Raises BadDocument where the document is not of the form of one.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("id"), str):
        raise BadDocument(Why.NOT_AN_OBJECT)
    listed = {one["id"]: one for one in _listed(document, "verificationMethod") if _named(one)}
    found = []
    for one in _listed(document, "assertionMethod"):
        method = listed.get(one) if isinstance(one, str) else one
        if isinstance(method, Mapping) and method.get("type") == "Multikey" and _named(method):
            found.append(_method(method, owner=document["id"]))
    return tuple(found)


def did_web(address: str) -> str:
    """The did:web of the host that an address leads to; a port is part of it.

    Raises ValueError for an address without a host.
    """
    parts = urlsplit(address)
    if not parts.hostname:
        raise ValueError("an address without a host")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    name = f"{host}:{parts.port}" if parts.port else host
    return f"did:web:{quote(name, safe='.-')}"


def method_id(did: str, key: PublicKey) -> str:
    """What a key of that DID is called in its document."""
    return f"{did}#{key.multikey}"


def did_document(did: str, methods: Sequence[tuple[PublicKey, datetime | None]]) -> dict[str, Any]:
    """The DID document of an issuer: its keys, each with the moment at which it was revoked.

    A key that signs no more stays without one, so that what it signed can still be verified.
    """
    rows = [
        {
            "id": method_id(did, key),
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": key.multikey,
            **({"revoked": written(revoked)} if revoked is not None else {}),
        }
        for key, revoked in methods
    ]
    return {
        "@context": CONTEXTS,
        "id": did,
        "verificationMethod": rows,
        "assertionMethod": [row["id"] for row in rows],
    }


def _listed(document: Mapping[str, Any], name: str) -> list[Any]:
    found = document.get(name, [])
    if not isinstance(found, list) or len(found) > MOST_METHODS:
        raise BadDocument(Why.UNKNOWN_METHOD, name)
    return found


def _named(method: object) -> bool:
    return isinstance(method, Mapping) and isinstance(method.get("id"), str)


def _method(method: Mapping[str, Any], *, owner: str) -> Method:
    if method.get("controller") != owner:
        raise BadDocument(Why.OTHER_CONTROLLER, method["id"])
    moments = {name: read_moment(method[name]) for name in ("expires", "revoked") if name in method}
    return Method(
        key=public_key(method.get("publicKeyMultibase")),
        id=method["id"],
        controller=owner,
        **moments,
    )
