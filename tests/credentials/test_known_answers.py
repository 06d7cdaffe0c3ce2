"""The vectors of W3C's "Data Integrity EdDSA Cryptosuites v1.0" and "Bitstring Status List v1.0".

The suite's working group published its vectors twice for the same document and key: with the key
named by did:key (as in the recommendation), and named below the issuer's address.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from concours.credentials import (
    Method,
    bare,
    canonical,
    public_key,
    read_moment,
    sign,
    signing_key,
    verify,
)
from concours.credentials.proofs import digest, signature_of
from concours.credentials.status import LENGTH, decoded, encoded, is_set

SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
ISSUER = "https://vc.example/issuers/5678"
BY_KEY, BY_ADDRESS = f"did:key:{PUBLIC}#{PUBLIC}", f"{ISSUER}#{PUBLIC}"
CREATED = "2023-02-24T23:36:38Z"
CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/ns/credentials/examples/v2",
]
DOCUMENT: dict[str, Any] = {
    "@context": CONTEXTS,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": ISSUER,
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
DOCUMENT_TEXT = (
    '{"@context":["https://www.w3.org/ns/credentials/v2",'
    '"https://www.w3.org/ns/credentials/examples/v2"],'
    '"credentialSubject":{"alumniOf":"The School of Examples","id":"did:example:abcdefgh"},'
    '"description":"A minimum viable example of an Alumni Credential.",'
    '"id":"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",'
    '"issuer":"https://vc.example/issuers/5678","name":"Alumni Credential",'
    '"type":["VerifiableCredential","AlumniCredential"],"validFrom":"2023-01-01T00:00:00Z"}'
)
OPTIONS_TEXT = (
    '{"@context":["https://www.w3.org/ns/credentials/v2",'
    '"https://www.w3.org/ns/credentials/examples/v2"],"created":"2023-02-24T23:36:38Z",'
    '"cryptosuite":"eddsa-jcs-2022","proofPurpose":"assertionMethod",'
    f'"type":"DataIntegrityProof","verificationMethod":"{BY_KEY}"}}'
)
DOCUMENT_DIGEST = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
OPTIONS_DIGEST = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
VALUES = {
    BY_KEY: (
        "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
    ),
    BY_ADDRESS: (
        "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4"
    ),
}
SIGNATURE_BY_ADDRESS = (
    "fc91dec6565f35fbe185a77352e7fc512f95d1904da305cfef32ab8135469301"
    "f5a72d4e7a58368fc6ffc497b44633993bac054e3bc1436e3c846db8f1544503"
)
NOW = datetime(2024, 1, 1, tzinfo=UTC)


def options(method: str) -> dict[str, Any]:
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": CREATED,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "@context": CONTEXTS,
    }


def test_the_key_pair() -> None:
    key = signing_key(SECRET)

    assert key.public.multikey == PUBLIC
    assert key.multikey == SECRET
    assert public_key(PUBLIC) == key.public


def test_canonical_texts_and_their_digests() -> None:
    assert canonical(DOCUMENT).decode() == DOCUMENT_TEXT
    assert canonical(options(BY_KEY)).decode() == OPTIONS_TEXT
    assert digest(DOCUMENT).hex() == DOCUMENT_DIGEST
    assert digest(options(BY_KEY)).hex() == OPTIONS_DIGEST


@pytest.mark.parametrize("method", VALUES)
def test_the_proof_value(method: str) -> None:
    signed = sign(DOCUMENT, key=signing_key(SECRET), method=method, created=read_moment(CREATED))

    assert signed["proof"] == {**options(method), "proofValue": VALUES[method]}


def test_the_signature_in_hexadecimal() -> None:
    assert signature_of({"proofValue": VALUES[BY_ADDRESS]}).hex() == SIGNATURE_BY_ADDRESS


@pytest.mark.parametrize("method", VALUES)
def test_the_published_credential_holds(method: str) -> None:
    published = {**DOCUMENT, "proof": {**options(method), "proofValue": VALUES[method]}}
    named = Method(key=public_key(PUBLIC), id=method, controller=ISSUER)

    assert verify(published, keys=[named], now=NOW).holds
    assert verify(published, keys=[bare(PUBLIC)], now=NOW).holds


def test_the_recommendations_list_of_nobody() -> None:
    text = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"

    assert decoded(text) == bytes(LENGTH // 8)
    assert decoded(encoded([])) == decoded(text)


def test_a_list_of_another_implementation_counts_from_the_left() -> None:
    text = "uH4sIAAAAAAAAA-3OMQEAAAgDoEU3ugEWwENIQMI3cx0AAAAAAAAAAAAAAAAAAACgLGiNcIEAQAAA"

    bits = decoded(text)

    assert [index for index in range(LENGTH) if is_set(bits, index)] == [4000]
