"""Closeness of texts: shared words count, rare ones more, in either script, in any order."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.peerreview import BadInput
from concours.peerreview.assignment import texts as module
from concours.peerreview.assignment.texts import text_similarity, words_of

FIELDS = (
    "A vector database for nearest neighbour search",
    "Nearest neighbour search in a vector database, faster",
    "Formal proofs of a cryptographic library",
    "面向自动驾驶的感知算法",
    "自动驾驶感知与规划算法",
    "",
)


def cells(texts: list[str]) -> np.ndarray:
    found = text_similarity(texts)
    n = len(texts)
    return found.units(np.arange(n)[:, None], np.arange(n)[None, :])


def test_words_are_folded_and_unspaced_scripts_are_cut_in_pairs() -> None:
    assert words_of("GPU-based Ｓearch, v2_x") == ["gpu", "based", "search", "v2", "x"]
    assert words_of("自动驾驶OS算") == ["自动", "动驾", "驾驶", "os", "算"]


def test_the_same_field_is_closer_than_another_in_both_scripts() -> None:
    found = cells(list(FIELDS))
    assert found[0, 1] > 500_000 > found[0, 2] > 0
    assert found[3, 4] > 300_000
    assert found[3, 0] == 0
    assert np.all(found[5] == 0)
    assert np.all(np.abs(np.diag(found)[:5] - 1_000_000) < 500)


def test_a_rare_word_joins_more_than_a_common_one() -> None:
    common = ["the tool alpha", "the tool beta", "the tool gamma", "the rare alpha"]
    found = cells(common)
    assert found[0, 3] > found[2, 3]


def test_cosines_agree_with_plain_arithmetic() -> None:
    texts = ["a b b c", "b c d", "c d e e e"]
    counts = [Counter(text.split()) for text in texts]
    names = sorted({word for count in counts for word in count})
    spread = {name: sum(name in count for count in counts) for name in names}
    plain = np.array(
        [
            [
                (1 + np.log(count[name])) * (1 + np.log(4 / (1 + spread[name])))
                if count[name]
                else 0.0
                for name in names
            ]
            for count in counts
        ]
    )
    plain /= np.linalg.norm(plain, axis=1)[:, None]
    np.testing.assert_allclose(cells(texts) / 1e6, plain @ plain.T, atol=2e-4)


WORDS = st.lists(st.sampled_from("alpha beta gamma delta 数据 据库 库存 eta".split()), max_size=8)


@given(texts=st.lists(WORDS.map(" ".join), min_size=1, max_size=8), data=st.data())
def test_it_is_symmetric_within_bounds_and_indifferent_to_order(
    texts: list[str], data: st.DataObject
) -> None:
    found = cells(texts)
    assert np.array_equal(found, found.T)
    assert found.min() >= 0
    assert found.max() <= 1_000_000
    order = data.draw(st.permutations(range(len(texts))))
    assert np.array_equal(cells([texts[i] for i in order]), found[np.ix_(order, order)])


def test_many_texts_keep_the_cells_of_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{'search' if i % 2 else 'proof'} tool n{i % 7} word{i}" for i in range(60)]
    whole = cells(texts)
    monkeypatch.setattr(module, "DENSE", 10)
    monkeypatch.setattr(module, "NEAREST", 6)
    monkeypatch.setattr(module, "BLOCK", 16)
    some = cells(texts)
    stated = some > 0
    assert np.array_equal(some[stated], whole[stated])
    assert np.array_equal(stated, stated.T)
    np.fill_diagonal(whole, 0)
    for row in range(60):
        least = np.sort(whole[row])[-6]
        assert np.all(stated[row][whole[row] > least])


def test_no_text_is_refused() -> None:
    with pytest.raises(BadInput, match="at least one"):
        text_similarity([])
