"""Data Integrity proofs with the cryptosuite eddsa-jcs-2022.

W3C, "Data Integrity EdDSA Cryptosuites v1.0", 3.3: the SHA-256 of the canonical proof options,
followed by that of the canonical document, is what is signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from concours.credentials.canonical import canonical
from concours.credentials.keys import PublicKey, SigningKey
from concours.credentials.moments import written
from concours.credentials.multibase import base58btc, from_base58btc
from concours.credentials.why import BadDocument, Why

TYPE = "DataIntegrityProof"
SUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"
SIGNATURE_SIZE = 64


def sign(
    document: Mapping[str, Any], *, key: SigningKey, method: str, created: datetime
) -> dict[str, Any]:
    """`document` with a proof by `key`, which verifiers find under the address `method`.

    Raises BadDocument for what JSON cannot carry the same everywhere, and for a document that has a
    proof already.
    """
    if "proof" in document:
        raise BadDocument(Why.SEVERAL_PROOFS)
    options: dict[str, Any] = {
        "type": TYPE,
        "cryptosuite": SUITE,
        "created": written(created),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    signature = key.sign(to_be_signed(document, options))
    return {**document, "proof": {**options, "proofValue": base58btc(signature)}}


def to_be_signed(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """The 64 bytes that a proof signs: digest of the options, digest of the document."""
    return digest(options) + digest(document)


def digest(value: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(dict(value))).digest()


def signature_of(proof: Mapping[str, Any]) -> bytes:
    """Raises BadDocument for anything but 64 bytes in base58btc, written in the one way."""
    value = proof.get("proofValue")
    try:
        signature = from_base58btc(value) if isinstance(value, str) else b""
    except ValueError:
        raise BadDocument(Why.BAD_PROOF, "proofValue") from None
    if len(signature) != SIGNATURE_SIZE:
        raise BadDocument(Why.BAD_PROOF, "proofValue")
    return signature


def holds(secured: Mapping[str, Any], proof: Mapping[str, Any], key: PublicKey) -> bool:
    """Whether `key` has signed the document that carries `proof`. Raises BadDocument."""
    document = {name: value for name, value in secured.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    return key.holds(signature_of(proof), to_be_signed(document, options))
