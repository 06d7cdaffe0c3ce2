"""Verifying what somebody brings: with our own keys and lists, or with keys that they bring too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concours.credentials import BadDocument, Method, Verdict, bare, methods_of, read_json, verify
from concours.credentials.status import entries_of
from concours.platform.core import clock
from concours.platform.profiles.domain.keys import methods
from concours.platform.profiles.domain.status import known_lists, list_address, status_list


def check(*, given: bytes | str, issuer: str = "") -> Verdict:
    """What holds of the credential; nothing is fetched from anywhere.

    `issuer` is another issuer's DID document or Multikey; without it, the installation's own keys
    count. Its own status lists are looked at as they stand. Raises credentials.BadDocument for an
    `issuer` that is neither.
    """
    keys = _keys_of(issuer.strip()) if issuer.strip() else methods()
    first = verify(given, keys=keys, now=clock.now())
    status = _own_list(first.credential)
    return verify(given, keys=keys, now=clock.now(), status=status) if status else first


def _keys_of(text: str) -> tuple[Method, ...]:
    return methods_of(read_json(text)) if text.startswith("{") else (bare(text),)


def _own_list(credential: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The list that the credential names, where it is one of ours."""
    try:
        named = [one.get("statusListCredential") for one in entries_of(credential or {})]
    except BadDocument:
        return None
    for number in range(1, known_lists() + 1):
        if list_address(number) in named:
            return status_list(number=number)
    return None
