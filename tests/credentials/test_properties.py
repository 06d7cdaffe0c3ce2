"""Whatever is changed is found; whatever is given is answered."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from concours.credentials import canonical, read_json, verify
from concours.credentials.canonical import LARGEST
from concours.credentials.multibase import base58btc, base64url, from_base58btc, from_base64url
from concours.credentials.status import LENGTH, decoded, encoded, is_set
from tests.credentials.signed import NOW, keys, listed, signed, with_status
from tests.examples import examples

texts = st.text(st.characters(codec="utf-8"), max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.floats(-LARGEST, LARGEST)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
subjects = st.dictionaries(texts, values, min_size=1, max_size=4)


def paths(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for name, one in inner:
        found.append((*before, name))
        if isinstance(one, dict | list):
            found += paths(one, (*before, name))
    return found


def shuffled(value: Any, draw: Any) -> Any:
    if isinstance(value, dict):
        names = draw(st.permutations(list(value)))
        return {name: shuffled(value[name], draw) for name in names}
    return [shuffled(one, draw) for one in value] if isinstance(value, list) else value


@settings(max_examples=examples(200), deadline=None)
@given(subject=subjects, data=st.data())
def test_any_changed_value_is_found(subject: dict[str, Any], data: st.DataObject) -> None:
    credential = signed(credentialSubject=subject)
    changed = deepcopy(credential)
    path = data.draw(st.sampled_from(paths(credential)))
    place = changed
    for part in path[:-1]:
        place = place[part]
    if data.draw(st.booleans()):
        del place[path[-1]]
    else:
        place[path[-1]] = data.draw(values)

    verdict = verify(changed, keys=keys(), now=NOW)

    same = canonical(changed) == canonical(credential)
    assert verdict.holds == same


@settings(max_examples=examples(100), deadline=None)
@given(subject=subjects, data=st.data())
def test_any_changed_byte_of_the_text_is_found(
    subject: dict[str, Any], data: st.DataObject
) -> None:
    credential = with_status(credentialSubject=subject)
    text = bytearray(json.dumps(credential).encode())
    text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))

    verdict = verify(bytes(text), keys=keys(), now=NOW, status=listed())

    same = False
    if verdict.credential is not None:
        same = canonical(dict(verdict.credential)) == canonical(credential)
    assert verdict.holds == same


@settings(max_examples=examples(100), deadline=None)
@given(subject=subjects, data=st.data())
def test_order_of_names_and_white_space_do_not_matter(
    subject: dict[str, Any], data: st.DataObject
) -> None:
    credential = signed(credentialSubject=subject)
    text = json.dumps(shuffled(credential, data.draw), indent=data.draw(st.integers(0, 4)))

    assert verify(text, keys=keys(), now=NOW).holds


@settings(max_examples=examples(200), deadline=None)
@given(given_=values | st.binary(max_size=200) | st.text(max_size=200), as_status=st.booleans())
def test_whatever_is_given_is_answered(given_: Any, as_status: bool) -> None:
    wild = given_ if isinstance(given_, bytes | str | dict) else json.dumps(given_)

    if as_status:
        verdict = verify(with_status(), keys=keys(), now=NOW, status=wild)
    else:
        verdict = verify(wild, keys=keys(), now=NOW)

    assert not verdict.holds


@settings(max_examples=examples(200), deadline=None)
@given(more=st.dictionaries(st.sampled_from(list(signed()) + list(signed()["proof"])), values))
def test_wild_parts_of_credential_and_proof_are_answered(more: dict[str, Any]) -> None:
    credential = signed()

    verify({**credential, **more}, keys=keys(), now=NOW)
    verify({**credential, "proof": {**credential["proof"], **more}}, keys=keys(), now=NOW)


@settings(max_examples=examples(200), deadline=None)
@given(value=values)
def test_canonical_texts_read_back_to_themselves(value: Any) -> None:
    text = canonical(value)

    assert canonical(read_json(text)) == text


@settings(max_examples=examples(100), deadline=None)
@given(raw=st.binary(max_size=80))
def test_multibase_there_and_back(raw: bytes) -> None:
    assert from_base58btc(base58btc(raw)) == raw
    assert from_base64url(base64url(raw)) == raw


@settings(max_examples=examples(20), deadline=None)
@given(indices=st.sets(st.integers(0, LENGTH - 1), max_size=50), probe=st.integers(0, LENGTH - 1))
def test_a_list_holds_what_was_put_in(indices: set[int], probe: int) -> None:
    bits = decoded(encoded(indices))

    assert is_set(bits, probe) == (probe in indices)
    assert sum(byte.bit_count() for byte in bits) == len(indices)
