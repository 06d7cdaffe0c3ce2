"""Whether a credential holds, check by check, without asking anybody over the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from concours.credentials import form, proofs
from concours.credentials.canonical import read_json
from concours.credentials.methods import Method
from concours.credentials.moments import read_moment
from concours.credentials.status import CREDENTIAL, entries_of, is_revoked
from concours.credentials.why import BadDocument, Why


class Check(StrEnum):
    """What is checked, in this order."""

    READABLE = "readable"
    FORM = "form"
    PROOF = "proof"
    ISSUER = "issuer"
    SIGNATURE = "signature"
    TIME = "time"
    STATUS = "status"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """`holds` is None for what was not looked at; `why` tells then, and where it does not hold."""

    check: Check
    holds: bool | None
    why: Why | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """All checks in order; `credential` is the document where one could be read."""

    checks: tuple[Checked, ...]
    credential: Mapping[str, Any] | None

    @property
    def holds(self) -> bool:
        """No check failed. Whether the status was looked at, its check says."""
        return all(one.holds is not False for one in self.checks)


def verify(
    given: bytes | str | Mapping[str, Any],
    *,
    keys: Sequence[Method],
    now: datetime,
    status: bytes | str | Mapping[str, Any] | None = None,
) -> Verdict:
    """Check a credential against the issuer's `keys` and, where it is given, its status list.

    Never raises for what is given, and never looks anything up. `keys` come from the issuer's DID
    document (`methods_of`) or are trusted as they are (`bare`). A `status` list must be signed by
    the same issuer.
    """
    try:
        credential = given if isinstance(given, Mapping) else read_json(given)
        if not isinstance(credential, Mapping):
            raise BadDocument(Why.NOT_AN_OBJECT)
    except BadDocument as error:
        return _verdict([_failed(Check.READABLE, error)], None)
    checks = [Checked(check=Check.READABLE, holds=True)]
    steps: list[tuple[Check, Callable[[], object]]] = [
        (Check.FORM, lambda: form.require_credential(credential)),
        (Check.PROOF, lambda: form.require_proof(credential)),
        (Check.ISSUER, lambda: _method_for(credential, keys, now)),
        (Check.SIGNATURE, lambda: _require_signature(credential, keys, now)),
        (Check.TIME, lambda: _require_in_time(credential, now)),
    ]
    for check, step in steps:
        try:
            step()
        except BadDocument as error:
            # A date says nothing about the signature: both are told.
            checks.append(_failed(check, error))
            if check is not Check.TIME:
                return _verdict(checks, credential)
        else:
            checks.append(Checked(check=check, holds=True))
    checks.append(_status(credential, keys=keys, now=now, given=status))
    return _verdict(checks, credential)


def _method_for(credential: Mapping[str, Any], keys: Sequence[Method], now: datetime) -> Method:
    """The issuer's key that the proof names. Raises BadDocument where none may speak for it."""
    proof, issuer = form.proof_of(credential), form.issuer_of(credential)
    named = [one for one in keys if one.id == proof["verificationMethod"]]
    found = named or [one for one in keys if not one.id]
    if not found:
        raise BadDocument(Why.UNKNOWN_METHOD)
    method = found[0] if named else _signer(credential, found)
    if method.controller and method.controller != issuer:
        raise BadDocument(Why.OTHER_CONTROLLER)
    if method.revoked is not None and now >= method.revoked:
        raise BadDocument(Why.KEY_REVOKED)
    if method.expires is not None and now >= method.expires:
        raise BadDocument(Why.KEY_EXPIRED)
    return method


def _signer(credential: Mapping[str, Any], among: Sequence[Method]) -> Method:
    """Of keys without a name the one that signed; the first where none did."""
    proof = form.proof_of(credential)
    return next((one for one in among if proofs.holds(credential, proof, one.key)), among[0])


def _require_signature(
    credential: Mapping[str, Any], keys: Sequence[Method], now: datetime
) -> None:
    method = _method_for(credential, keys, now)
    if not proofs.holds(credential, form.proof_of(credential), method.key):
        raise BadDocument(Why.SIGNATURE)


def _require_in_time(credential: Mapping[str, Any], now: datetime) -> None:
    """Half open: valid from validFrom on, and no more at validUntil."""
    proof = form.proof_of(credential)
    if "validFrom" in credential and now < read_moment(credential["validFrom"]):
        raise BadDocument(Why.NOT_YET_VALID, str(credential["validFrom"]))
    if "validUntil" in credential and now >= read_moment(credential["validUntil"]):
        raise BadDocument(Why.EXPIRED, str(credential["validUntil"]))
    if "created" in proof and now < read_moment(proof["created"]):
        raise BadDocument(Why.SIGNED_LATER, str(proof["created"]))
    if "expires" in proof and now >= read_moment(proof["expires"]):
        raise BadDocument(Why.PROOF_EXPIRED, str(proof["expires"]))


def _status(
    credential: Mapping[str, Any],
    *,
    keys: Sequence[Method],
    now: datetime,
    given: bytes | str | Mapping[str, Any] | None,
) -> Checked:
    try:
        entries = entries_of(credential)
        if not entries:
            return Checked(check=Check.STATUS, holds=None, why=Why.NO_STATUS)
        if given is None:
            return Checked(check=Check.STATUS, holds=None, why=Why.NOT_ASKED)
        listed = _list(given, issuer=form.issuer_of(credential), keys=keys, now=now)
        if any(is_revoked(one, listed) for one in entries):
            raise BadDocument(Why.REVOKED)
    except BadDocument as error:
        return _failed(Check.STATUS, error)
    return Checked(check=Check.STATUS, holds=True)


def _list(
    given: bytes | str | Mapping[str, Any],
    *,
    issuer: str,
    keys: Sequence[Method],
    now: datetime,
) -> Mapping[str, Any]:
    verdict = verify(given, keys=keys, now=now)
    listed = verdict.credential
    if listed is None or not verdict.holds:
        failed = next(one for one in verdict.checks if one.holds is False)
        raise BadDocument(Why.LIST_NOT_HELD, str(failed.why))
    if form.issuer_of(listed) != issuer:
        raise BadDocument(Why.LIST_NOT_HELD, str(Why.OTHER_CONTROLLER))
    if CREDENTIAL not in listed["type"]:
        raise BadDocument(Why.BAD_STATUS)
    return listed


def _failed(check: Check, error: BadDocument) -> Checked:
    return Checked(check=check, holds=False, why=error.why, detail=error.detail)


def _verdict(checks: list[Checked], credential: Mapping[str, Any] | None) -> Verdict:
    reached = {one.check for one in checks}
    rest = [
        Checked(check=check, holds=None, why=Why.NOT_REACHED)
        for check in Check
        if check not in reached
    ]
    return Verdict(checks=tuple(checks + rest), credential=credential)
