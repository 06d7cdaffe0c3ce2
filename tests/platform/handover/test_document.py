"""The document: one text whatever order its parts came in, and nothing else is read as one."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.platform.handover.document import (
    PARTS,
    BadDossier,
    digest_of,
    read,
    seal_of,
    to_text,
)
from tests.examples import examples

words = st.text(max_size=8)
digests = st.text("0123456789abcdef", min_size=8, max_size=8)
bundles = st.fixed_dictionaries({"digest": digests, "bytes": st.integers(0, 9)})
runs = st.fixed_dictionaries({"code": words, "values": st.just({}), "bundles": st.lists(bundles)})
reviews = st.fixed_dictionaries({"points_milli": st.integers(0, 9), "seal": digests})
people = st.fixed_dictionaries({"member": digests, "captain": st.booleans()})
awards = st.fixed_dictionaries({"pool": words, "place": st.integers(1, 3)})
facts = st.dictionaries(words, words, max_size=3)
dossiers = st.fixed_dictionaries(
    {
        **dict.fromkeys(PARTS - {"format"}, words),
        **dict.fromkeys(("record", "code", "result"), facts),
        **dict.fromkeys(("standing", "integrity"), st.none() | facts),
        "people": st.lists(people),
        "evaluations": st.lists(runs),
        "reviews": st.fixed_dictionaries(
            {"counted": st.integers(0, 9), "released": st.lists(reviews)}
        ),
        "awards": st.lists(awards),
    }
)


def shuffled(value: Any, random: Random) -> Any:
    """The same with its lists and the keys of its objects in another order."""
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    if isinstance(value, list):
        rows = [shuffled(one, random) for one in value]
        random.shuffle(rows)
        return rows
    return value


@settings(max_examples=examples(200))
@given(parts=dossiers, seed=st.integers())
def test_the_digest_does_not_depend_on_any_order(parts: dict[str, Any], seed: int) -> None:
    text = to_text(parts)
    assert digest_of(to_text(shuffled(parts, Random(seed)))) == digest_of(text)
    assert to_text(read(text)) == text


@settings(max_examples=examples(200))
@given(parts=dossiers, where=st.integers(0, 10_000), letter=st.characters(codec="utf-8"))
def test_a_changed_text_is_another_or_none(parts: dict[str, Any], where: int, letter: str) -> None:
    text = to_text(parts)
    place = where % len(text)
    changed = text[:place] + letter + text[place + 1 :]
    if changed == text:
        return
    try:
        assert digest_of(changed) != digest_of(text)
        read(changed)
    except BadDossier:
        pass


@given(salt=digests, text=words, other=words)
def test_a_seal_is_of_its_text_alone(salt: str, text: str, other: str) -> None:
    assert (seal_of(salt=salt, text=text) == seal_of(salt=salt, text=other)) == (text == other)


@pytest.mark.parametrize("wrong", ["", "[]", "{}", "null", '{"format":"concours-dossier/2"}'])
def test_other_texts_are_no_dossiers(wrong: str) -> None:
    with pytest.raises(BadDossier):
        read(wrong)


@settings(max_examples=examples(40))
@given(parts=dossiers)
def test_spaces_and_missing_parts_are_refused(parts: dict[str, Any]) -> None:
    text = to_text(parts)
    with pytest.raises(BadDossier):
        read(json.dumps(json.loads(text), indent=1))
    less = json.loads(text)
    del less["awards"]
    with pytest.raises(BadDossier):
        read(json.dumps(less))
