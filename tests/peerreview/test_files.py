"""Reading files: every format gives the same, ids stay text, the order of lines changes nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview import BadInput
from concours.peerreview.files import (
    NamedReviews,
    read_columns,
    read_comparisons,
    read_in,
    read_rankings,
    read_reviews,
    read_roster,
    read_similarity,
    read_vectors,
    write_table,
)
from concours.peerreview.files.numbering import numbered
from concours.peerreview.files.plain import read_plain
from tests.examples import examples

ROWS = [("r10", "007", 3.5), ("r9", "007", -1.0), ("r10", "7", 2.0), ("é", "日本", 1e-3)]
DATA = Path(__file__).parents[3] / "shared" / "data" / "peerreview"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, text: str) -> Path:
    Path(name).write_bytes(text.encode())
    return Path(name)


def in_format(name: str) -> Path:
    """ROWS as a file of the format that the name's ending says."""
    path = Path(name)
    objects = [dict(zip(("reviewer", "entry", "score"), row, strict=True)) for row in ROWS]
    csv = "reviewer,entry,score\n" + "".join(f"{r},{e},{s}\n" for r, e, s in ROWS)
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(objects), path)
    elif ".jsonl" in name or ".ndjson" in name:
        text = "".join(json.dumps(one) + "\n" for one in objects)
        path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    elif name.endswith(".json"):
        path.write_text(json.dumps(objects))
    elif name.endswith(".json.gz"):
        path.write_bytes(gzip.compress(json.dumps(objects).encode()))
    else:
        path.write_bytes(gzip.compress(csv.encode()) if name.endswith("gz") else csv.encode())
    return path


def said(named: NamedReviews) -> list[tuple[str, str, float]]:
    r = named.reviews
    rows = zip(r.reviewer.tolist(), r.entry.tolist(), r.score.tolist(), strict=True)
    return sorted((named.reviewers[a], named.entries[b], s) for a, b, s in rows)


@pytest.mark.parametrize(
    "name",
    [
        "r.csv",
        "r.CSV",
        "r.txt",
        "r.csv.gz",
        "r.json",
        "r.jsonl",
        "r.ndjson",
        "r.jsonl.gz",
        "r.parquet",
    ],
)
def test_every_format_gives_the_same_reviews(name: str) -> None:
    named = read_reviews(in_format(name))
    assert named.reviewers == ["r10", "r9", "é"]
    assert named.entries == ["007", "7", "日本"]
    assert said(named) == sorted(ROWS)


@pytest.mark.parametrize(
    "text",
    [
        "reviewer,entry,score\r\nr,1,2\r\ns,1,3\r\n",
        "\ufeffreviewer,entry,score\nr,1,2\ns,1,3",
        "\n\nreviewer , entry, score\n\nr,1,2\n  \n,,\ns , 1 ,3\n\n",
        '"reviewer","entry","score"\n"r","1","2"\n"s","1",3\n',
        'note,score,entry,reviewer\n"a, ""b""\nc",2,1,r\n,3,1,s\n',
        "reviewer,entry,score\rr,1,2\rs,1,3\r",
        "reviewer,entry,score\nr,1,+2.\ns,1,.3e1\n",
    ],
)
@pytest.mark.parametrize("fast", [True, False])
def test_harmless_variants_of_csv_read_alike(text: str, fast: bool) -> None:
    table = read_columns(
        written("v.csv", text), ids=["reviewer", "entry"], numbers=["score"], fast=fast
    )
    assert table.ids["reviewer"].names == ["r", "s"]
    assert table.ids["reviewer"].code.tolist() == [0, 1]
    assert table.ids["entry"].names == ["1"]
    assert table.numbers["score"].tolist() == [2.0, 3.0]


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(-(10**6), 10**6, places=3).map(str),
    st.sampled_from(
        ["-0", "+0.50", "1e5", "9007199254740993", "0.1234567890123456789", ".5", "5."]
    ),
)
IDS = st.text(
    st.characters(codec="utf-8", exclude_characters='\0\r\n",', exclude_categories=("Cs",)),
    min_size=1,
    max_size=80,
).filter(lambda s: bool(s.strip()))
QUOTED = st.sampled_from(["{}", '"{}"', " {} ", '" {}"'])


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(st.tuples(IDS, QUOTED, IDS, NUMBERS), max_size=20), st.sampled_from(["\n", "\r\n"]))
def test_machine_code_reads_as_the_careful_reader_does(
    rows: list[tuple[str, str, str, str]], end: str
) -> None:
    lines = ["x,who,what,score", *(f"é,{q.format(a)},{b},{n}" for a, q, b, n in rows)]
    path = written("h.csv", end.join(lines) + end)
    careful = read_columns(path, ids=["who", "what"], numbers=["score"], fast=False)
    plain = read_plain(path, ["who", "what"], ["score"])
    assert plain is not None
    assert plain[2] == careful.length == len(rows)
    for name in ("who", "what"):
        assert plain[0][name].names == careful.ids[name].names
        assert plain[0][name].code.tolist() == careful.ids[name].code.tolist()
    assert plain[1]["score"].tobytes() == careful.numbers["score"].tobytes()


def test_machine_code_keeps_many_ids_apart_over_many_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("concours.peerreview.files.plain.BLOCK", 5_000)
    rows = [f"r{i * 7919 % 100_003},e{i % 997:05d},{i % 100}" for i in range(100_003)]
    path = written("many.csv", "\n".join(["reviewer,entry,score", *rows]))
    plain = read_plain(path, ["reviewer", "entry"], ["score"])
    assert plain is not None
    who = plain[0]["reviewer"]
    assert who.names == sorted(f"r{i}" for i in range(100_003))
    assert [who.names[c] for c in who.code[:50].tolist()] == [r.split(",")[0] for r in rows[:50]]
    assert len(set(who.code.tolist())) == 100_003
    assert plain[1]["score"].tolist() == [i % 100 for i in range(100_003)]


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"x""y",1\n',
        'a,b\nx,"1\n2"\n',
        'a,b\n"x"y,1\n',
        "a,b\nx\ry,1\n",
        "a,b\nx,1\0\n",
        "a,b\nx,1,2\n",
        "a,b\nx\n",
        "a,b\n,1\n",
        "a,b\nx,\n",
        "a,b\nx,nan\n",
        "a,b\nx,1_0\n",
        'a,"b\nx,1\n',
        "a,a,b\nx,x,1\n",
        "a,c\nx,1\n",
        "",
    ],
)
def test_machine_code_leaves_what_is_not_plain_to_the_careful_reader(text: str) -> None:
    assert read_plain(written("odd.csv", text), ["a"], ["b"]) is None


def test_unused_categories_and_padded_ids_get_no_number() -> None:
    found = numbered(np.array([2, 0, 2, 3]), [" b", "unused", "a", "b"])
    assert found.names == ["a", "b"]
    assert found.code.tolist() == [0, 1, 0, 1]


def test_parquet_takes_categories_and_whole_numbers_as_ids() -> None:
    columns = {
        "reviewer": pa.array(["b", "a"]).dictionary_encode(),
        "entry": pa.array([10, 9], pa.int16()),
        "score": pa.array([1, 2], pa.int8()),
    }
    pq.write_table(pa.table(columns), "p.parquet")
    assert said(read_reviews("p.parquet")) == [("a", "9", 2.0), ("b", "10", 1.0)]


def test_rankings_read_alike_in_every_format() -> None:
    written("r.csv", "b,a,c\nc,b,\n\n")
    written("r.json", '[["b","a","c"],["c","b"]]')
    written("r.jsonl", '["b","a","c"]\n\n["c","b"]\n')
    pq.write_table(pa.table({"ranking": [["b", "a", "c"], ["c", "b"]]}), "r.parquet")
    first = read_rankings("r.csv", entries=["d", "c", "b", "a"])
    assert first.reviewers == ["1", "2"]
    assert first.entries == ["a", "b", "c", "d"]
    assert first.reviews.ranked
    for name in ("r.json", "r.jsonl", "r.parquet"):
        assert said(read_rankings(name, entries=["d", "c", "b", "a"])) == said(first)


def test_named_rankings_do_not_depend_on_their_order() -> None:
    rows = ['{"reviewer":"z","ranking":["b","a"]}', '{"reviewer":"y","ranking":[1,"a"]}']
    written("one.jsonl", "\n".join(rows))
    written("two.jsonl", "\n".join(rows[::-1]))
    one, two = read_rankings("one.jsonl"), read_rankings("two.jsonl")
    assert one.reviewers == two.reviewers == ["y", "z"]
    assert said(one) == said(two)
    assert one.entries == ["1", "a", "b"]


def test_ties_in_rankings_share_a_place() -> None:
    written("r.json", '[["a",["c","b"],"d"]]')
    scores = {entry: score for _, entry, score in said(read_rankings("r.json"))}
    assert scores["b"] == scores["c"] == 0
    assert scores["a"] == -scores["d"] > 0


def test_comparisons_are_read_with_or_without_reviewers() -> None:
    written("c.csv", "winner,loser,reviewer\nb,a,y\nb,c,x\nb,a,y\n")
    found = read_comparisons("c.csv", entries=["a", "b", "c", "d"])
    assert (found.entries, found.reviewers) == (["a", "b", "c", "d"], ["x", "y"])
    assert [(r, e, s > 0) for r, e, s in said(found)] == [
        ("x", "b", True), ("x", "c", False), *[("y", "a", False)] * 2, *[("y", "b", True)] * 2,
    ]  # fmt: skip
    written("c.jsonl", '{"winner":1,"loser":2}\n')
    assert read_comparisons("c.jsonl").reviewers == ["1"]


def test_an_empty_score_is_an_abstention_where_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("r", "a", 1.0), ("s", "a", None), ("s", "b", 2.5)]
    columns = dict(zip(("reviewer", "entry", "score"), zip(*rows, strict=True), strict=True))
    pq.write_table(pa.table({name: list(cells) for name, cells in columns.items()}), "a.parquet")
    written("a.csv", "reviewer,entry,score\nr,a,1\ns,a,\ns,b,2.5\n")
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    written("a.json", json.dumps(objects))
    for name, large in (("a.csv", 1), ("a.csv", 1 << 30), ("a.json", 1), ("a.parquet", 1)):
        monkeypatch.setattr("concours.peerreview.files.columns.LARGE", large)
        found = read_reviews(name, abstentions=True)
        assert said(found) == [("r", "a", 1.0), ("s", "b", 2.5)]
        assert found.reviews.abstentions.tolist() == [[1, 0]]
        with pytest.raises(BadInput, match="score is empty"):
            read_reviews(name)


def test_a_roster_has_mentors_groups_and_loads() -> None:
    written("e.csv", "id,team,organisation,mentor\na,t1,o1,m\nb,t1,,m\nc,t2,o1,r\nd,t2,,\n")
    written("r.csv", "id,entry,organisation\nr,,o2\ns,a,\nt,c,o9\n")
    written("g.csv", "group,reviewer,entry\nx,r,b\nx,,c\ny,,c\ny,s,\nz,,d\n")
    written("l.csv", "reviewer,min,max\nr,2,4\nt,,3\n")
    roster = read_roster("e.csv", reviewers="r.csv", groups="g.csv", loads="l.csv")
    assert roster.reviewer_entry.tolist() == [-1, 0, 2]
    assert roster.conflicts.tolist() == [[0, 2]], "r mentors c"
    assert (roster.load_min, roster.load_max) is not None
    assert np.stack([roster.load_min, roster.load_max]).tolist() == [[2, -1, -1], [4, -1, 3]]
    mine, theirs = roster.reviewer_groups, roster.entry_groups
    shares = (mine[:, None, :] == theirs[None, :, :]) & (theirs[None, :, :] >= 0)
    apart = {(roster.reviewers[r], roster.entries[e]) for r, e in np.argwhere(shares.any(2))}
    assert apart == {
        *{("s", "a"), ("s", "b"), ("s", "c"), ("t", "c"), ("t", "d")},  # teams, organisations
        *{("r", "b"), ("r", "c"), ("t", "b")},  # group x, with t of c
    }


def test_groups_that_share_no_member_share_a_column() -> None:
    written("e.csv", "id\n" + "\n".join(f"e{i:03d}" for i in range(100)))
    written("g.csv", "group,entry\n" + "\n".join(f"g{i // 4},e{i:03d}" for i in range(100)))
    roster = read_roster("e.csv", groups="g.csv")
    assert roster.entry_groups.shape == (100, 3)
    assert roster.entry_groups[:, 2].tolist() == roster.reviewer_groups[:, 2].tolist()
    assert len(set(roster.entry_groups[:, 2].tolist())) == 25


def test_similarity_reads_alike_as_pairs_and_as_a_matrix() -> None:
    written("wide.csv", "entry,s,r\nb,0.5,0\na,-1,0.25\n")
    written("long.csv", "reviewer,entry,similarity\ns,b,.5\nr,a,.25\ns,a,-1\n")
    written("long.json", '[{"reviewer":"s","entry":"b","similarity":0.5},'
            '{"reviewer":"r","entry":"a","similarity":0.25},'
            '{"reviewer":"s","entry":"a","similarity":-1}]')  # fmt: skip
    columns = {"reviewer": ["s", "r", "s"], "entry": ["b", "a", "a"], "similarity": [0.5, 0.25, -1]}
    pq.write_table(pa.table(columns), "long.parquet")
    every = np.indices((2, 2)).reshape(2, -1)
    for name in ("wide.csv", "long.csv", "long.json", "long.parquet"):
        found = read_similarity(name, reviewers=["r", "s"], entries=["a", "b"])
        assert found.units(*every).tolist() == [250_000, 0, -1_000_000, 500_000], name


def test_the_in_format_is_a_matrix_of_papers_by_reviewers() -> None:
    found = read_in(written("s.in", "2 3\n0 0.25 1\n.5 0 0\n"))
    assert found.entries == ["1", "2"]
    assert found.reviewers == ["1", "2", "3"]
    assert found.similarity.shape == (3, 2)
    assert found.similarity.units(np.array([1, 0]), np.array([0, 1])).tolist() == [250_000, 500_000]


@pytest.mark.skipif(not DATA.is_dir(), reason="shared/data/peerreview is not there")
@pytest.mark.parametrize(
    ("name", "shape"), [("preflib1", (31, 54)), ("preflib2", (24, 52)), ("aamas2016", (161, 442))]
)
def test_public_instances_are_read(name: str, shape: tuple[int, int]) -> None:
    found = read_in(DATA / f"{name}.in")
    assert found.similarity.shape == shape
    assert found.similarity.cells is not None
    assert set(np.unique(found.similarity.cells).tolist()) <= {0, 250_000, 500_000, 1_000_000}
    assert found.entries == sorted(found.entries)


def test_vectors_follow_the_ids_and_the_columns_names() -> None:
    written("v.csv", "x2,id,x10,x1\n2,b,10,1\n4,a,12,3\n")
    assert read_vectors("v.csv", ids=["a", "b"], what="entry").tolist() == [[3, 4, 12], [1, 2, 10]]
    pq.write_table(pa.table({"id": ["b", "a"], "x1": [1.0, 3.0]}), "v.parquet")
    assert read_vectors("v.parquet", ids=["a", "b"], what="entry").tolist() == [[3], [1]]


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.json", "t.jsonl", "t.parquet"])
def test_what_is_written_reads_as_the_same(name: str) -> None:
    ids = ["b,c", 'q"uote', "007", "é\nf", " "]
    values = np.array([0.1 + 0.2, -1e-300, 3.0, np.nan, 2.0**0.5])
    write_table(name, {"id": ids[:4], "value": values[:4], "whole": np.arange(4)})
    found = read_columns(name, ids=["id"], numbers=["value", "whole"], gaps=True, fast=False)
    assert found.ids["id"].names == sorted(ids[:4])
    order = np.argsort(ids[:4])
    assert found.ids["id"].code[order].tolist() == [0, 1, 2, 3]
    assert np.array_equal(found.numbers["value"], values[:4], equal_nan=True)
    assert found.numbers["whole"].tolist() == [0, 1, 2, 3]


def test_a_broken_run_leaves_the_old_file() -> None:
    written("t.csv", "old")
    with pytest.raises(BadInput, match="one length"):
        write_table("t.csv", {"a": [1], "b": []})
    with pytest.raises(TypeError):
        write_table("t.json", {"a": [object()]})
    assert Path("t.csv").read_text() == "old"
    assert sorted(p.name for p in Path().iterdir()) == ["t.csv"]


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_long_files_tell_how_far_they_are(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concours.peerreview.files.plain.BLOCK", 1_000)
    monkeypatch.setattr("concours.peerreview.files.parquet.ROWS", 100)
    write_table(name, {"id": [f"e{i}" for i in range(1_000)]})
    told: list[tuple[int, int]] = []
    read_columns(name, ids=["id"], fast=True, progress=lambda *how: told.append(how))
    assert len(told) > 3
    assert told == sorted(told)
    assert all(done <= whole for done, whole in told)
    assert told[-1][0] > 0.99 * told[-1][1]
