"""The form of a Verifiable Credential 2.0 and of its proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concours.credentials.moments import read_moment
from concours.credentials.proofs import PURPOSE, SUITE, TYPE, signature_of
from concours.credentials.why import BadDocument, Why

CONTEXT = "https://www.w3.org/ns/credentials/v2"
_KNOWN = frozenset(
    {
        "@context", "id", "type", "cryptosuite", "created", "expires", "verificationMethod",
        "proofPurpose", "proofValue", "domain", "challenge", "nonce",
    }
)  # fmt: skip
"""What a proof may hold. Others, such as previousProof, change what is to be checked."""


def require_credential(credential: Mapping[str, Any]) -> None:
    """Raise BadDocument for what the data model does not allow of the parts that are read here."""
    contexts = credential.get("@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] != CONTEXT:
        raise BadDocument(Why.BAD_CONTEXT)
    if not all(isinstance(one, (str, Mapping)) for one in contexts):
        raise BadDocument(Why.BAD_CONTEXT)
    named = credential.get("type")
    types = named if isinstance(named, list) else [named]
    if "VerifiableCredential" not in types:
        raise BadDocument(Why.BAD_TYPE)
    if not all(isinstance(one, str) for one in types):
        raise BadDocument(Why.BAD_TYPE)
    issuer_of(credential)
    subject = credential.get("credentialSubject")
    subjects = subject if isinstance(subject, list) else [subject]
    if not subjects or not all(isinstance(one, Mapping) and one for one in subjects):
        raise BadDocument(Why.BAD_SUBJECT)
    for name in ("validFrom", "validUntil"):
        if name in credential:
            read_moment(credential[name])


def issuer_of(credential: Mapping[str, Any]) -> str:
    """The address of who issued it. Raises BadDocument."""
    issuer = credential.get("issuer")
    found = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    if not isinstance(found, str) or ":" not in found:
        raise BadDocument(Why.BAD_ISSUER)
    return found


def proof_of(credential: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one proof. Raises BadDocument for none and for several."""
    proof = credential.get("proof")
    if isinstance(proof, list) and len(proof) > 1:
        raise BadDocument(Why.SEVERAL_PROOFS)
    found = proof[0] if isinstance(proof, list) and proof else proof
    if not found:
        raise BadDocument(Why.NO_PROOF)
    if not isinstance(found, Mapping):
        raise BadDocument(Why.BAD_PROOF)
    return found


def require_proof(credential: Mapping[str, Any]) -> None:
    """Raise BadDocument for a proof that is not read here.

    Stricter than the recommendation in one thing: what the proof says of "@context" must be all
    that the document shows, so that nothing can be added to it unseen.
    """
    proof = proof_of(credential)
    if proof.get("type") != TYPE or proof.get("cryptosuite") != SUITE:
        raise BadDocument(Why.UNKNOWN_SUITE)
    if proof.get("proofPurpose") != PURPOSE:
        raise BadDocument(Why.WRONG_PURPOSE)
    if unknown := sorted(set(proof) - _KNOWN):
        raise BadDocument(Why.BAD_PROOF, unknown[0])
    if not isinstance(proof.get("verificationMethod"), str):
        raise BadDocument(Why.BAD_PROOF, "verificationMethod")
    for name in ("created", "expires"):
        if name in proof:
            read_moment(proof[name])
    if "@context" in proof and proof["@context"] != credential.get("@context"):
        raise BadDocument(Why.OTHER_CONTEXT)
    signature_of(proof)
