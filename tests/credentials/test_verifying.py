"""What holds, what does not, and why."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from concours.credentials import (
    BadDocument,
    Check,
    SigningKey,
    Verdict,
    Why,
    bare,
    did_document,
    did_web,
    methods_of,
    sign,
    verify,
)
from concours.credentials.multibase import base58btc
from concours.credentials.proofs import to_be_signed
from tests.credentials.signed import (
    ISSUER,
    KEY,
    METHOD,
    NOW,
    OTHER,
    keys,
    listed,
    signed,
    unsigned,
    with_status,
)


def failures(verdict: Verdict) -> list[tuple[Check, Why | None]]:
    return [(one.check, one.why) for one in verdict.checks if one.holds is False]


def why(given: Any, **more: Any) -> list[tuple[Check, Why | None]]:
    return failures(verify(given, **{"keys": keys(), "now": NOW, **more}))


def test_what_was_signed_holds_as_text_too() -> None:
    verdict = verify(json.dumps(signed(), indent=3), keys=keys(), now=NOW)

    assert verdict.holds
    assert [one.check for one in verdict.checks] == list(Check)
    assert verdict.checks[-1].why is Why.NO_STATUS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Why.NOT_JSON),
        ("[1", Why.NOT_JSON),
        ("[]", Why.NOT_AN_OBJECT),
        ("3", Why.NOT_AN_OBJECT),
        (b"\xff\xfe{}", Why.NOT_JSON),
        ('{"a": 1, "a": 1}', Why.DUPLICATE_KEY),
        ('{"a": {"b": 1, "b": 2}}', Why.DUPLICATE_KEY),
        ('{"a": NaN}', Why.BAD_NUMBER),
        ('{"a": -Infinity}', Why.BAD_NUMBER),
        ('{"a": 1e999}', Why.BAD_NUMBER),
        ('{"a": 9007199254740992}', Why.BAD_NUMBER),
        ('{"a": ' + "9" * 5_000 + "}", Why.BAD_NUMBER),
        ('{"a": "\\ud800"}', Why.BAD_TEXT),
        ('{"\\udfff": 1}', Why.BAD_TEXT),
        ('{"a": ' + "[" * 60 + "]" * 60 + "}", Why.TOO_DEEP),
        ("[" * 200_000, Why.TOO_DEEP),
        ('{"a": "' + "x" * (1 << 20) + '"}', Why.TOO_LARGE),
    ],
)
def test_what_readers_could_take_differently_is_not_read(text: Any, reason: Why) -> None:
    verdict = verify(text, keys=keys(), now=NOW)

    assert failures(verdict) == [(Check.READABLE, reason)]
    assert verdict.credential is None
    assert {one.why for one in verdict.checks[1:]} == {Why.NOT_REACHED}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"@context": None}, Why.BAD_CONTEXT),
        ({"@context": "https://www.w3.org/ns/credentials/v2"}, Why.BAD_CONTEXT),
        ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, Why.BAD_CONTEXT),
        ({"@context": ["https://www.w3.org/ns/credentials/v2", 3]}, Why.BAD_CONTEXT),
        ({"type": "Other"}, Why.BAD_TYPE),
        ({"type": None}, Why.BAD_TYPE),
        ({"type": ["Other"]}, Why.BAD_TYPE),
        ({"type": ["VerifiableCredential", {}]}, Why.BAD_TYPE),
        ({"issuer": None}, Why.BAD_ISSUER),
        ({"issuer": {"name": "We"}}, Why.BAD_ISSUER),
        ({"issuer": 7}, Why.BAD_ISSUER),
        ({"credentialSubject": None}, Why.BAD_SUBJECT),
        ({"credentialSubject": {}}, Why.BAD_SUBJECT),
        ({"credentialSubject": []}, Why.BAD_SUBJECT),
        ({"validFrom": "2024-05-06"}, Why.BAD_DATE),
        ({"validFrom": "2024-05-06T08:00:00"}, Why.BAD_DATE),
        ({"validFrom": "2024-13-06T08:00:00Z"}, Why.BAD_DATE),
        ({"validUntil": 1_700_000_000}, Why.BAD_DATE),
    ],
)
def test_a_signature_does_not_mend_a_form(changes: dict[str, Any], reason: Why) -> None:
    assert why(signed(**changes)) == [(Check.FORM, reason)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": "Ed25519Signature2020"}, Why.UNKNOWN_SUITE),
        ({"cryptosuite": "eddsa-rdfc-2022"}, Why.UNKNOWN_SUITE),
        ({"cryptosuite": ["eddsa-jcs-2022"]}, Why.UNKNOWN_SUITE),
        ({"proofPurpose": "authentication"}, Why.WRONG_PURPOSE),
        ({"previousProof": "urn:uuid:2"}, Why.BAD_PROOF),
        ({"verificationMethod": {"id": METHOD}}, Why.BAD_PROOF),
        ({"created": "yesterday"}, Why.BAD_DATE),
        ({"expires": 3}, Why.BAD_DATE),
        ({"proofValue": "u" + "A" * 86}, Why.BAD_PROOF),
        ({"proofValue": "z" + "1" * 63}, Why.BAD_PROOF),
        ({"proofValue": "z" + "2" * 100_000}, Why.BAD_PROOF),
        ({"proofValue": "z0OIl"}, Why.BAD_PROOF),
        ({"proofValue": None}, Why.BAD_PROOF),
        ({"@context": []}, Why.OTHER_CONTEXT),
    ],
)
def test_a_proof_of_another_form_is_named(changes: dict[str, Any], reason: Why) -> None:
    credential = signed()
    credential["proof"] = {**credential["proof"], **changes}

    assert why(credential) == [(Check.PROOF, reason)]


@pytest.mark.parametrize(
    ("proof", "reason"),
    [
        (None, Why.NO_PROOF),
        ([], Why.NO_PROOF),
        ("yes", Why.BAD_PROOF),
        ([{}, {}], Why.SEVERAL_PROOFS),
        ([signed()["proof"], signed()["proof"]], Why.SEVERAL_PROOFS),
    ],
)
def test_one_proof_is_read(proof: Any, reason: Why) -> None:
    assert why({**unsigned(), "proof": proof}) == [(Check.PROOF, reason)]


def test_a_proof_in_a_list_of_one_is_read() -> None:
    credential = signed()

    assert why({**credential, "proof": [credential["proof"]]}) == []


def test_nothing_is_added_to_the_context_unseen() -> None:
    credential = signed()
    credential["@context"] = [*credential["@context"], {"place": "https://elsewhere.example/rank"}]

    assert why(credential) == [(Check.PROOF, Why.OTHER_CONTEXT)]


def test_only_the_issuers_keys_speak_for_it() -> None:
    elsewhere = methods_of(did_document("did:web:elsewhere.example", [(KEY.public, None)]))
    credential = sign(
        unsigned(), key=KEY, method=elsewhere[0].id, created=NOW
    )  # a key that is known, of somebody else

    assert why(signed(), keys=()) == [(Check.ISSUER, Why.UNKNOWN_METHOD)]
    assert why(signed(), keys=elsewhere) == [(Check.ISSUER, Why.UNKNOWN_METHOD)]
    assert why(credential, keys=elsewhere) == [(Check.ISSUER, Why.OTHER_CONTROLLER)]
    assert why(signed(key=OTHER)) == [(Check.SIGNATURE, Why.SIGNATURE)]
    assert why(signed(), keys=[bare(OTHER.public.multikey)]) == [(Check.SIGNATURE, Why.SIGNATURE)]
    assert why(signed(), keys=[bare(OTHER.public.multikey), bare(KEY.public.multikey)]) == []


def test_an_issuer_may_be_a_key_by_itself() -> None:
    did = KEY.public.did
    method = f"{did}#{KEY.public.multikey}"
    credential = sign(unsigned(issuer={"id": did}), key=KEY, method=method, created=NOW)

    assert why(credential, keys=[bare(did)]) == []
    assert why(credential, keys=[bare(OTHER.public.did)]) == [(Check.ISSUER, Why.UNKNOWN_METHOD)]


def test_retired_keys_hold_and_revoked_ones_do_not() -> None:
    retired = did_document(ISSUER, [(OTHER.public, None), (KEY.public, None)])
    leaked = did_document(ISSUER, [(OTHER.public, None), (KEY.public, NOW)])
    credential = signed(at=NOW - timedelta(hours=1))

    assert why(credential, keys=methods_of(retired)) == []
    assert why(credential, keys=methods_of(leaked)) == [(Check.ISSUER, Why.KEY_REVOKED)]
    assert why(credential, keys=methods_of(leaked), now=NOW - timedelta(seconds=1)) == []


def test_a_key_that_expires_holds_until_then() -> None:
    document = did_document(ISSUER, [(KEY.public, None)])
    document["verificationMethod"][0]["expires"] = "2024-05-06T10:00:00Z"

    assert why(signed(), keys=methods_of(document)) == []
    assert why(signed(), keys=methods_of(document), now=NOW + timedelta(hours=1)) == [
        (Check.ISSUER, Why.KEY_EXPIRED)
    ]


def test_time_is_half_open_and_told_beside_a_good_signature() -> None:
    credential = signed(validUntil="2024-05-06T10:00:00Z")

    assert why(credential) == []
    assert why(credential, now=NOW + timedelta(hours=1)) == [(Check.TIME, Why.EXPIRED)]
    assert why(credential, now=NOW - timedelta(seconds=1)) == [(Check.TIME, Why.SIGNED_LATER)]
    assert why(credential, now=NOW - timedelta(hours=2)) == [(Check.TIME, Why.NOT_YET_VALID)]


def test_a_proof_may_end_before_the_credential() -> None:
    options = {"expires": "2024-05-06T10:00:00Z"}
    credential = _signed_with(options)

    assert why(credential) == []
    assert why(credential, now=NOW + timedelta(hours=1)) == [(Check.TIME, Why.PROOF_EXPIRED)]


def _signed_with(more: dict[str, Any]) -> dict[str, Any]:
    from concours.credentials.multibase import base58btc
    from concours.credentials.proofs import to_be_signed

    options = {**signed()["proof"], **more}
    del options["proofValue"]
    value = base58btc(KEY.sign(to_be_signed(unsigned(), options)))
    return {**unsigned(), "proof": {**options, "proofValue": value}}


def test_a_status_list_tells_of_its_bit_alone() -> None:
    assert why(with_status(7), status=listed(6, 8)) == []
    assert why(with_status(7), status=json.dumps(listed(7)).encode()) == [
        (Check.STATUS, Why.REVOKED)
    ]
    assert verify(with_status(), keys=keys(), now=NOW).checks[-1].why is Why.NOT_ASKED


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (listed(list_id="https://contest.example/credentials/status/2"), Why.OTHER_LIST),
        (listed(key=OTHER), Why.LIST_NOT_HELD),
        (listed(validUntil="2024-05-06T08:59:59Z"), Why.LIST_NOT_HELD),
        (listed(issuer="did:web:elsewhere.example"), Why.LIST_NOT_HELD),
        ("{}", Why.LIST_NOT_HELD),
        (signed(), Why.BAD_STATUS),
        (
            listed(
                credentialSubject={
                    "type": "BitstringStatusList",
                    "statusPurpose": "suspension",
                    "encodedList": "u",
                }
            ),
            Why.OTHER_LIST,
        ),
        (
            listed(
                credentialSubject={
                    "type": "BitstringStatusList",
                    "statusPurpose": "revocation",
                    "encodedList": "uAAAA",
                }
            ),
            Why.BAD_STATUS,
        ),
    ],
)
def test_another_list_does_not_clear_anybody(status: Any, reason: Why) -> None:
    assert why(with_status(), status=status) == [(Check.STATUS, reason)]


@pytest.mark.parametrize(
    "entry",
    [
        {},
        [],
        "none",
        {"type": "Other"},
        {"statusListIndex": 7},
        {"statusListIndex": "131072"},
        {"statusListIndex": "-1"},
        {"statusSize": 2},
    ],
)
def test_a_status_of_another_form_is_not_passed_over(entry: Any) -> None:
    if isinstance(entry, dict) and entry:
        entry = {**with_status()["credentialStatus"], **entry}

    assert why(signed(credentialStatus=entry), status=listed()) == [(Check.STATUS, Why.BAD_STATUS)]


def test_a_list_that_unpacks_to_very_much_is_not_unpacked() -> None:
    import gzip

    from concours.credentials.multibase import base64url

    bomb = base64url(gzip.compress(bytes(1 << 26)))
    subject = {
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": bomb,
    }

    assert why(with_status(), status=listed(credentialSubject=subject)) == [
        (Check.STATUS, Why.BAD_STATUS)
    ]


@pytest.mark.parametrize(
    "document",
    [
        3,
        {},
        {"id": ISSUER, "verificationMethod": {}, "assertionMethod": []},
        {
            "id": ISSUER,
            "assertionMethod": [
                {"id": METHOD, "type": "Multikey", "controller": "did:web:elsewhere.example"}
            ],
        },
        {
            "id": ISSUER,
            "assertionMethod": [
                {"id": METHOD, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": "z1"}
            ],
        },
    ],
)
def test_a_did_document_of_another_form_is_refused(document: Any) -> None:
    with pytest.raises(BadDocument):
        methods_of(document)


def test_keys_that_are_not_for_asserting_are_left_out() -> None:
    document = did_document(ISSUER, [(KEY.public, None)])
    document["assertionMethod"] = [{"id": "x", "type": "JsonWebKey"}, "did:web:nobody#1", 3]

    assert methods_of(document) == ()


def test_the_name_of_a_site() -> None:
    assert did_web("https://contest.example/somewhere") == "did:web:contest.example"
    assert did_web("http://127.0.0.1:8000") == "did:web:127.0.0.1%3A8000"
    with pytest.raises(ValueError, match="host"):
        did_web("contest.example")


def test_what_is_signed_is_not_signed_twice_and_secrets_are_not_printed() -> None:
    with pytest.raises(BadDocument):
        sign(signed(), key=KEY, method=METHOD, created=NOW)
    with pytest.raises(BadDocument):
        sign(unsigned(extra=2**60), key=KEY, method=METHOD, created=NOW)
    with pytest.raises(BadDocument):
        SigningKey(b"short")
    assert repr(KEY) == "SigningKey()"


def test_one_type_may_stand_without_a_list() -> None:
    assert verify(signed(type="VerifiableCredential"), keys=keys(), now=NOW).holds


def test_a_proof_need_not_say_when_it_was_made() -> None:
    """Data Integrity leaves "created" to the issuer."""
    document = unsigned()
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    value = base58btc(KEY.sign(to_be_signed(document, options)))

    verdict = verify({**document, "proof": {**options, "proofValue": value}}, keys=keys(), now=NOW)

    assert verdict.holds
