"""Verifiable credentials: signed statements that anyone can check without asking who issued them.

W3C Verifiable Credentials 2.0 with Data Integrity proofs of the suite eddsa-jcs-2022 (Ed25519 over
RFC 8785), Multikey, did:key and did:web, and Bitstring Status Lists 1.0. Nothing here reads a
network, a clock or a file: keys, lists and the moment are given.
"""

from concours.credentials.canonical import canonical, read_json
from concours.credentials.keys import PublicKey, SigningKey, key_of_did, public_key, signing_key
from concours.credentials.methods import (
    Method,
    bare,
    did_document,
    did_web,
    method_id,
    methods_of,
)
from concours.credentials.moments import read_moment, written
from concours.credentials.proofs import sign
from concours.credentials.status import entry as status_entry
from concours.credentials.status import list_credential
from concours.credentials.verifying import Check, Checked, Verdict, verify
from concours.credentials.why import SENTENCES, BadDocument, Why

__all__ = [
    "SENTENCES",
    "BadDocument",
    "Check",
    "Checked",
    "Method",
    "PublicKey",
    "SigningKey",
    "Verdict",
    "Why",
    "bare",
    "canonical",
    "did_document",
    "did_web",
    "key_of_did",
    "list_credential",
    "method_id",
    "methods_of",
    "public_key",
    "read_json",
    "read_moment",
    "sign",
    "signing_key",
    "status_entry",
    "verify",
    "written",
]
