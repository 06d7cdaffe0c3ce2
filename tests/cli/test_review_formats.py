"""`concours review` in every format gives what the Python API gives, digit by digit."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concours import peerreview as engine
from concours.peerreview import simulate
from concours.peerreview.files import read_columns, read_reviews
from concours.peerreview.selection import recommend
from tests.cli.reviewing import read, refused, run, world, write, written_reviews

N = 30
NAMES = [f"e{i:02d}" for i in range(N)]


@pytest.fixture(autouse=True)
def _at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def reviews_in(name: str) -> engine.ReviewSet:
    """Reviews of a small world, written in the format of the name's ending."""
    made = simulate.gaussian_world(N, 5, seed=b"formats").reviews
    columns = {
        "reviewer": [NAMES[r] for r in made.reviewer.tolist()],
        "entry": [NAMES[e] for e in made.entry.tolist()],
        "score": made.score.tolist(),
    }
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if name.endswith(".parquet"):
        pq.write_table(pa.table(columns), name)
    elif name.endswith(".json"):
        Path(name).write_text(json.dumps(rows))
    elif name.endswith(".jsonl"):
        write(name, *map(json.dumps, rows))
    else:
        written_reviews(name, made, NAMES)
    return made


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl", "parquet"])
def test_consensus_from_and_to_any_format_is_the_python_result(ending: str) -> None:
    made = reviews_in(f"r.{ending}")
    told = run("consensus", f"r.{ending}", "--top", "6", "--out", f"s.{ending}", "--json").stdout
    expected = engine.consensus(made, top=6)
    columns = ["estimate", "standard_error", "rank", "rank_low", "rank_high", "top_6"]
    found = read_columns(f"s.{ending}", ids=["entry"], numbers=columns)
    number = found.ids["entry"].code
    assert [NAMES.index(found.ids["entry"].names[c]) for c in number] == expected.order.tolist()
    for name, values in (
        ("estimate", expected.estimate),
        ("standard_error", expected.standard_error),
        ("rank_low", expected.rank_low),
        ("top_6", expected.top_probability),
    ):
        assert values is not None
        assert found.numbers[name].tolist() == values[expected.order].tolist(), name
    facts = json.loads(told)
    assert facts["expected_turnover"] == expected.expected_turnover
    assert facts["variance"] == expected.variance


@pytest.mark.parametrize("method", list(engine.SELECTORS))
def test_select_is_the_python_result_and_says_the_noise(method: str) -> None:
    made = reviews_in("r.csv")
    words = ("select", "r.csv", "--size", "6", "--seed", "ab", "--parts", "3", "--method", method)
    told = run(*words, "--out", "s.parquet").stdout
    part = engine.AssignmentProblem(
        n_entries=N, reviewer_entry=np.arange(N), reviews_per_entry=1, parts=3
    ).deal_parts(b"\xab")
    expected = engine.select(
        made, size=6, part=part, seed=b"\xab", reviewer_entry=np.arange(N), method=method
    )
    found = pq.read_table("s.parquet").to_pydict()
    chosen = {e for e, yes in zip(found["entry"], found["selected"], strict=True) if yes}
    assert chosen == {NAMES[e] for e in expected.selected.tolist()}
    assert "of the truly best 6 are among them" in told
    assert "Another panel of reviewers would change about" in told
    assert ("is not impartial" in told) == (method == "borda")


def test_assign_writes_pairs_in_any_format_and_the_result_beside() -> None:
    write("entries.csv", "id", *NAMES)
    Path("entries.json").write_text(json.dumps([{"id": name} for name in NAMES]))
    for out in ("a.csv", "b.parquet", "c.json"):
        run("assign", "entries.json", "--seed", "aa", "-k", "3", "--out", f"{out[0]}/{out}")
    pairs = {(x["reviewer"], x["entry"]) for x in read("a/a.csv")}
    assert len(pairs) == 3 * N
    assert {tuple(x.values()) for x in json.loads(Path("c/c.json").read_text())} == pairs
    table = pq.read_table("b/b.parquet").to_pydict()
    assert set(zip(table["reviewer"], table["entry"], strict=True)) == pairs
    run("verify", "c/result.json", "entries.csv")


def test_a_folder_takes_tables_and_facts() -> None:
    reviews_in("r.csv")
    run("consensus", "r.csv", "--out", "all")
    assert sorted(p.name for p in Path("all").iterdir()) == [
        "consensus.json", "reviewers.csv", "standings.csv",
    ]  # fmt: skip
    reviewers = read("all/reviewers.csv")
    expected = engine.consensus(read_reviews("r.csv").reviews)
    assert [float(x["bias"]) for x in reviewers] == expected.bias.tolist()
    assert json.loads(Path("all/consensus.json").read_text())["entries"] == N


def test_comparisons_and_abstentions_are_taken() -> None:
    write("c.csv", "winner,loser,reviewer", "a,b,r", "b,c,r", "a,c,s")
    run("consensus", "c.csv", "--comparisons")
    assert [x["entry"] for x in read("standings.csv")] == ["a", "b", "c"]
    write("r.csv", "reviewer,entry,score", "r,a,3", "r,b,", "s,b,1", "s,a,2")
    told = run("consensus", "r.csv", "--abstentions").stdout
    assert "3 reviews of 2 entries and 1 abstentions" in told
    assert [x["abstentions"] for x in read("standings.csv")] == ["0", "1"]
    assert "score is empty" in refused("consensus", "r.csv")
    assert "one at most" in refused("consensus", "r.csv", "--abstentions", "--rankings")


def test_standings_become_a_picture_with_their_names_as_text() -> None:
    _, reviews = world()
    words = ("consensus", reviews, "--top", "5", "--plot")
    run(*words, "one.svg")
    run(*words, "two.svg")
    picture = Path("one.svg").read_bytes()
    assert picture == Path("two.svg").read_bytes()
    texts = {"".join(one.itertext()).strip() for one in Xml.fromstring(picture).iter()}  # noqa: S314
    assert {x["entry"] for x in read("standings.csv")[:30]} <= texts
    assert "first 5" in texts
    assert any("rank" in text and "95%" in text for text in texts)


def test_a_picture_needs_its_ending_and_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    _, reviews = world()
    assert "SVG file expected" in refused("consensus", reviews, "--plot", "p.png")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert "pip install 'concours[reports]'" in refused("consensus", reviews, "--plot", "p.svg")


def test_parquet_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    _, reviews = world()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert "concours[reports]" in refused("consensus", reviews, "--out", "s.parquet")
    assert sorted(p.name for p in Path().iterdir()) == ["reviews.csv"]


def test_a_method_is_recommended_with_its_reason_as_in_python() -> None:
    words = ("recommend", "--entries", "40", "--size", "10", "-k", "5", "--worlds", "20")
    facts = json.loads(run(*words, "--json").stdout)
    expected = recommend(entries=40, reviews_per_entry=5, size=10, worlds=20)
    assert (facts["method"], facts["parts"]) == (expected.method, expected.parts)
    assert facts["expected"]["recall"] == expected.expected.recall
    told = " ".join(run(*words).stdout.split())
    assert expected.sentence in told
    assert all(one.method in told for one in expected.candidates)
    assert "size" in refused("recommend", "--entries", "40", "--size", "50")


def test_own_reviews_are_left_out_as_in_python() -> None:
    made = reviews_in("r.csv")
    told = run("consensus", "r.csv", "--own-left-out", "--folds", "5", "--seed", "ab").stdout
    expected = engine.impartial_ranks(made, reviewer_entry=np.arange(N), seed=b"\xab", folds=5)
    rows = {x["entry"]: x for x in read("standings.csv")}
    assert [int(rows[name]["own_left_out_rank"]) for name in NAMES] == expected.rank.tolist()
    assert [float(rows[name]["own_left_out_estimate"]) for name in NAMES] == (
        expected.estimate.tolist()
    )
    assert "Without the reviews by one's own reviewers (5 fits)" in told


def test_what_if_changes_say_who_moves_as_in_python() -> None:
    made = reviews_in("r.csv")
    first, second = (int(made.reviewer[i]) for i in (0, 7))
    best = (first, int(made.entry[0]), 40.0)
    gone = (second, int(made.entry[7]), None)
    rows = [f"{NAMES[best[0]]},{NAMES[best[1]]},40", f"{NAMES[gone[0]]},{NAMES[gone[1]]},"]
    write("c.csv", "reviewer,entry,score", *rows, f"guest,{NAMES[3]},1")
    told = run("consensus", "r.csv", "--changes", "c.csv", "--top", "5", "--out", "all").stdout
    with_guest = engine.ReviewSet(
        n_entries=N, n_reviewers=N + 1, reviewer=made.reviewer, entry=made.entry, score=made.score
    )
    expected = engine.what_if(with_guest, changes=[best, gone, (N, 3, 1.0)], top=5)
    moves = read("all/moves.csv")
    assert [x["entry"] for x in moves] == [NAMES[e] for e in expected.moved.tolist()]
    assert [int(x["rank_after"]) for x in moves] == expected.after.rank[expected.moved].tolist()
    assert f"The changes move {len(moves)} of {N} entries" in told
    assert [x["rank"] for x in read("all/standings.csv") if x["entry"] == NAMES[best[1]]] == ["1"]
    write("bad.csv", "reviewer,entry,score", "e01,zz,1")
    assert "bad.csv:2: no entry 'zz'" in refused("consensus", "r.csv", "--changes", "bad.csv")
