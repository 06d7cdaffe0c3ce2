"""Blocks and digests: history leaves no trace, and little is rewritten."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.leaderboards import document
from concours.platform.leaderboards.document import (
    Block,
    Index,
    blocks,
    changed,
    ends_block,
    index_from,
    index_of,
    index_text,
    lines_in,
    rules_from,
    rules_json,
    snapshot_digest,
)
from concours.platform.leaderboards.ranking import Line, key_of
from tests.platform.leaderboards.test_ranking import rules, run

RULES = rules()
ENDING = [f"e{number}" for number in range(3_000) if ends_block(f"e{number}")]
PLAIN = [f"e{number}" for number in range(60) if not ends_block(f"e{number}")]


def line(entry: str, score: float) -> Line:
    made = run(entry, score=score)
    return Line(key=key_of(made, RULES), run=made)


def ordered(scores: dict[str, float]) -> list[Line]:
    return sorted((line(*item) for item in scores.items()), key=lambda one: one.key)


class Store:
    """Blocks by digest, as the database holds them."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.asked: list[str] = []

    def keep(self, cut: list[Block]) -> None:
        self.texts.update({block.digest: block.text for block in cut})

    def load(self, digests: Any) -> dict[str, str]:
        self.asked += digests
        return {digest: self.texts[digest] for digest in digests}


entries = st.sampled_from(ENDING[:12] + PLAIN[:30])
changes = st.lists(
    st.dictionaries(entries, st.one_of(st.none(), st.integers(0, 9)), max_size=5), max_size=8
)


@given(st.dictionaries(entries, st.integers(0, 9)), changes)
def test_changes_lead_where_cutting_everything_leads(
    start: dict[str, int], steps: list[dict[str, int | None]]
) -> None:
    scores: dict[str, float] = dict(start)
    store = Store()
    cut = list(blocks(ordered(scores)))
    store.keep(cut)
    index = index_of(cut)
    for step in steps:
        out = [line(entry, scores[entry]).key for entry in step if entry in scores]
        into = [line(entry, score) for entry, score in step.items() if score is not None]
        index, fresh = changed(index, load=store.load, rules=RULES, out=out, into=into)
        store.keep(fresh)
        scores = {**scores, **{one.run.entry: one.run.values["score"] for one in into}}
        scores = {entry: score for entry, score in scores.items() if step.get(entry, 0) is not None}
        assert index == index_of(blocks(ordered(scores)))
    held = [one for digest in index.digests for one in lines_in(store.texts[digest], RULES)]
    assert held == ordered(scores)


def test_a_new_score_reads_and_writes_few_blocks() -> None:
    scores = {f"e{number}": float(number % 997) for number in range(20_000)}
    store = Store()
    cut = list(blocks(ordered(scores)))
    store.keep(cut)
    before = index_of(cut)
    store.asked = []
    after, fresh = changed(
        before,
        load=store.load,
        rules=RULES,
        out=[line("e77", scores["e77"]).key],
        into=[line("e77", 990.5)],
    )
    assert len(before.digests) > 100
    assert len(fresh) <= 4
    assert len(store.asked) <= 8
    assert after.count == before.count
    assert len(set(after.digests) - set(before.digests)) <= 4


def test_an_index_finds_positions_and_merits() -> None:
    lines = ordered({f"e{number}": float(number // 40) for number in range(4_000)})
    index = index_of(blocks(lines))
    starts = [0, *accumulate(index.counts)]
    for offset in (0, 1, starts[1] - 1, starts[1], 2_345, 3_999):
        number = index.block_at(offset)
        assert starts[number] <= offset < starts[number + 1]
        assert index.block_for(lines[offset].key) == number
        first = next(n for n, one in enumerate(lines) if one.merit == lines[offset].merit)
        assert starts[index.block_of_merit(lines[offset].merit)] <= first


def test_an_index_comes_back_from_its_text() -> None:
    index = index_of(blocks(ordered(dict.fromkeys(ENDING[:3] + PLAIN, 1.0))))
    assert index_from(index_text(index)) == index
    assert index_from(index_text(Index(digests=(), counts=(), firsts=()))).count == 0


def test_rules_come_back_from_their_json() -> None:
    assert rules_from(rules_json(RULES)) == RULES


@pytest.mark.parametrize(
    "other",
    [
        {"board": "b2"},
        {"salt": "02"},
        {"rules": rules(ties="earlier")},
        {"index": index_of(blocks(ordered({"e1": 2.0})))},
    ],
)
def test_whatever_a_snapshot_is_made_of_moves_its_digest(other: dict[str, Any]) -> None:
    parts: dict[str, Any] = {
        "board": "b1",
        "salt": "01",
        "rules": RULES,
        "index": index_of(blocks(ordered({"e1": 1.0}))),
    }
    assert snapshot_digest(**parts) == snapshot_digest(**parts)
    assert snapshot_digest(**{**parts, **other}) != snapshot_digest(**parts)


def test_a_block_that_is_no_block_is_refused() -> None:
    good = document.block_of([line("e1", 1.0)]).text
    with pytest.raises((ValueError, KeyError)):
        lines_in(good.replace('"score"', '"speed"'), RULES)


def test_a_value_that_json_cannot_hold_is_refused() -> None:
    bad = replace(run("e1"), values={"score": float("nan"), "seconds": 1.0})
    with pytest.raises(ValueError):
        document.block_of([Line(key=(1.0, "e1"), run=bad)])
