"""Why something does not hold, as codes with a sentence each."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """Reasons of failure. A face that speaks other languages has a sentence of its own for each."""

    TOO_LARGE = "too-large"
    NOT_JSON = "not-json"
    DUPLICATE_KEY = "duplicate-key"
    BAD_NUMBER = "bad-number"
    BAD_TEXT = "bad-text"
    TOO_DEEP = "too-deep"
    NOT_AN_OBJECT = "not-an-object"
    BAD_CONTEXT = "bad-context"
    BAD_TYPE = "bad-type"
    BAD_ISSUER = "bad-issuer"
    BAD_SUBJECT = "bad-subject"
    BAD_DATE = "bad-date"
    NO_PROOF = "no-proof"
    SEVERAL_PROOFS = "several-proofs"
    BAD_PROOF = "bad-proof"
    UNKNOWN_SUITE = "unknown-suite"
    WRONG_PURPOSE = "wrong-purpose"
    OTHER_CONTEXT = "other-context"
    UNKNOWN_METHOD = "unknown-method"
    OTHER_CONTROLLER = "other-controller"
    KEY_REVOKED = "key-revoked"
    KEY_EXPIRED = "key-expired"
    BAD_KEY = "bad-key"
    SIGNATURE = "signature"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    SIGNED_LATER = "signed-later"
    PROOF_EXPIRED = "proof-expired"
    REVOKED = "revoked"
    BAD_STATUS = "bad-status"
    OTHER_LIST = "other-list"
    LIST_NOT_HELD = "list-not-held"
    NOT_ASKED = "not-asked"
    NOT_REACHED = "not-reached"
    NO_STATUS = "no-status"


SENTENCES: dict[Why, str] = {
    Why.TOO_LARGE: "The file is larger than a credential may be.",
    Why.NOT_JSON: "This is not JSON in UTF-8.",
    Why.DUPLICATE_KEY: "A name stands twice in one object: readers could take either.",
    Why.BAD_NUMBER: "A number is not one that every reader takes alike.",
    Why.BAD_TEXT: "A text holds half a character.",
    Why.TOO_DEEP: "Objects are nested too deeply.",
    Why.NOT_AN_OBJECT: "A credential is one JSON object.",
    Why.BAD_CONTEXT: "“@context” does not begin with that of Verifiable Credentials 2.0.",
    Why.BAD_TYPE: "“type” does not name VerifiableCredential.",
    Why.BAD_ISSUER: "“issuer” is neither an address nor an object with one.",
    Why.BAD_SUBJECT: "“credentialSubject” tells nothing.",
    Why.BAD_DATE: "A date is not one of date, time and zone.",
    Why.NO_PROOF: "There is no proof.",
    Why.SEVERAL_PROOFS: "There are several proofs; one is read here.",
    Why.BAD_PROOF: "The proof lacks something, or holds something of another form.",
    Why.UNKNOWN_SUITE: "The proof is of another kind than eddsa-jcs-2022.",
    Why.WRONG_PURPOSE: "The proof is not made to assert anything.",
    Why.OTHER_CONTEXT: "The proof is over another “@context” than the document shows.",
    Why.UNKNOWN_METHOD: "The given keys of the issuer do not include the one that is named.",
    Why.OTHER_CONTROLLER: "The key belongs to somebody else than the named issuer.",
    Why.KEY_REVOKED: "The issuer has taken the key back.",
    Why.KEY_EXPIRED: "The key has expired.",
    Why.BAD_KEY: "This is no Ed25519 key in Multikey form.",
    Why.SIGNATURE: "The signature does not fit: something was changed, or another key signed.",
    Why.NOT_YET_VALID: "It is valid only from a later moment on.",
    Why.EXPIRED: "It is not valid any more.",
    Why.SIGNED_LATER: "It says that it was signed at a later moment than now.",
    Why.PROOF_EXPIRED: "The proof is not valid any more.",
    Why.REVOKED: "It was revoked.",
    Why.BAD_STATUS: "What it says of its status, or the status list, is not of the known form.",
    Why.OTHER_LIST: "The given status list is not the one that it names.",
    Why.LIST_NOT_HELD: "The given status list does not hold itself.",
    Why.NOT_ASKED: "No status list was given, so nobody has looked whether it was revoked.",
    Why.NOT_REACHED: "Not looked at: something before it failed.",
    Why.NO_STATUS: "It names no status list, so it cannot be revoked.",
}


class BadDocument(ValueError):
    """Something is not of the form that it must have; `why` says what."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{SENTENCES[why]}{f' ({detail})' if detail else ''}")
        self.why, self.detail = why, detail
