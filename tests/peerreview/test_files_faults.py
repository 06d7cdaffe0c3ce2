"""Every fault of a file is named with its place, and nothing is guessed."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concours.peerreview import BadInput
from concours.peerreview.files import (
    read_columns,
    read_comparisons,
    read_in,
    read_rankings,
    read_reviews,
    read_roster,
    read_similarity,
    read_vectors,
)

HEAD = "reviewer,entry,score\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, text: str | bytes) -> Path:
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return Path(name)


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(BadInput) as caught:
        read()
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "a,x,1\n\na,y,abc\n", "f.csv:4: score 'abc' is not a number"),
        (HEAD + "a,x,1_0\n", "f.csv:2: score '1_0' is not a number"),
        (HEAD + "a,x,\n", "f.csv:2: score is empty"),
        (HEAD + "a,x,inf\n", "f.csv:2: score 'inf' is not a finite number"),
        (HEAD + "a,x,NaN\n", "f.csv:2: score 'NaN' is not a finite number"),
        (HEAD + "a,x,1e999\n", "f.csv:2: score '1e999' is not a finite number"),
        (HEAD + "a,x,1\nb,x,1e200\n", "f.csv:3: score 1e+200 is beyond 1e+100"),
        (HEAD + "a,,1\n", "f.csv:2: entry is empty"),
        (HEAD + "a,x,1\nb,x\n", "f.csv:3: 2 cells, 3 expected"),
        (HEAD + "a,x,no\nb,x\n", "f.csv:2: score 'no' is not a number"),
        (HEAD + "a,x,1\nb,y,2\na,x,1\nb,y,2\n", "f.csv:4: same reviewer and entry as in line 2"),
        (HEAD + 'a,"x\ny",1\nb,z,?\n', "f.csv:4: score '?' is not a number"),
        (HEAD + 'a,"x\ny",?\n', "f.csv:2: score '?' is not a number"),
        (HEAD + 'a,x,1\n"b,x,3\nc,x,4\n', "f.csv:3: unexpected end of data: a quotation mark"),
        (HEAD + 'a,x,1\n"' + "b,x,3\n" * 30_000, "f.csv:3: field larger than field limit"),
        (HEAD + '"a"b,x,1\n', "f.csv:2: ',' expected after '\"'"),
        (HEAD + "a,x\0,1\n", "f.csv:2: a NUL byte"),
        ("reviewer,score\na,1\n", "f.csv:1: no column 'entry' in the header (found: reviewer, s"),
        ("reviewer;entry;score\na;x;1\n", "separate cells by commas, not by ';'"),
        ("reviewer,entry,score,entry\n", "f.csv:1: a column stands twice in the header: 'entry'"),
        ("", "f.csv:1: no column 'reviewer' in the header (found: nothing)"),
        (HEAD.encode() + b"a,x,1\nb,\xe9,2\n", "f.csv:3: not UTF-8 text (byte 0xe9"),
        ((HEAD + "a,x,1\n").encode("utf-16"), "f.csv: UTF-16 text: save the file as UTF-8"),
    ],
)
@pytest.mark.parametrize("large", [True, False])
def test_a_fault_in_csv_names_its_line(
    text: str | bytes, words: str, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concours.peerreview.files.columns.LARGE", 0 if large else 1 << 40)
    path = written("f.csv", text)
    assert words in refusal(lambda: read_reviews(path))


@pytest.mark.slow
def test_one_bad_line_among_a_million_is_named() -> None:
    lines = [f"r{i % 1000},e{i // 1000},{i % 7}" for i in range(1_000_000)]
    lines[734_199] = "r199,e734,abc"
    path = written("reviews.csv", HEAD + "\n".join(lines))
    assert refusal(lambda: read_reviews(path)) == "reviews.csv:734201: score 'abc' is not a number"


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concours.peerreview.files.text.LONGEST_LINE", 1_000)
    monkeypatch.setattr("concours.peerreview.files.plain.LONGEST_LINE", 1_000)
    path = written("f.csv", HEAD + "a,x,1\n" + "a" * 5_000)
    for fast in (True, False):
        words = refusal(lambda: read_columns(path, ids=["reviewer"], fast=fast))  # noqa: B023
        assert "f.csv:3: a line of over 1,000 characters" in words


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("f.json", '[{"reviewer":"a","entry":"x","score":true}]', "f.json: item 1: score: text or"),
        ("f.json", '[{"reviewer":"a","entry":"x","score":"b"}]', "f.json: item 1: score 'b' is n"),
        ("f.json", '[{"reviewer":"a","entry":"x"}]', "f.json: item 1: no column 'score' in the"),
        ("f.json", "[{]", "f.json: not JSON"),
        ("f.json", '[\n{"a":1},\n{"a":}]', "f.json:3: not JSON: Expecting value (column 6)"),
        ("f.json", '{"reviewer":"a"}', "f.json: a JSON array expected"),
        ("f.json", "[1]", "f.json: item 1: an object with names expected"),
        ("f.json", '[{"reviewer":"a","reviewer":"b"}]', "'reviewer' stands twice in one object"),
        ("f.json", "[" * 100_000, "f.json: JSON nested too deep"),
        ("f.jsonl", '{"reviewer":"a","entry":"x","score":1}\n\n{"', "f.jsonl:3: not JSON"),
        ("f.jsonl", '{"reviewer":"a","entry":"x","score":1}\n{"reviewer":"a"}', "f.jsonl:2: entry"),
        ("f.jsonl", '{"reviewer":"a","entry":"x","score":NaN}', "f.jsonl:1: score 'nan' is not a"),
        ("f.jsonl", '{"reviewer":"a","entry":"x","score":1}\n' * 2, "f.jsonl:2: same reviewer and"),
        ("f.xlsx", "PK", "f.xlsx: spreadsheets are not read: save the sheet as CSV"),
        ("f.parquet", "PAR", "f.parquet: not a Parquet file"),
        ("f.csv.gz", "PAR", "f.csv.gz: not a whole gzip file"),
    ],
)
def test_a_fault_in_other_formats_names_its_place(name: str, text: str, words: str) -> None:
    path = written(name, text)
    assert words in refusal(lambda: read_reviews(path))


def test_files_that_are_not_there_or_cut_are_said() -> None:
    whole = gzip.compress((HEAD + "a,x,1\n" * 1000).encode())
    assert "not a whole gzip file" in refusal(lambda: read_reviews(written("f.csv.gz", whole[:-9])))
    for name in ("no.csv", "no.json", "no.parquet", "no.csv.gz"):
        assert f"{name}: No such file" in refusal(lambda: read_reviews(name))  # noqa: B023


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"reviewer": ["a", None], "entry": ["x", "y"], "score": [1.0, 2.0]}, "row 2: reviewer is"),
        ({"reviewer": ["a", " "], "entry": ["x", "y"], "score": [1.0, 2.0]}, "row 2: reviewer is"),
        ({"reviewer": ["a", "b"], "entry": ["x", "y"], "score": [1.0, None]}, "row 2: score is em"),
        ({"reviewer": ["a"], "entry": ["x"], "score": [float("inf")]}, "row 1: score 'inf' is not"),
        ({"reviewer": ["a", "a"], "entry": ["x", "x"], "score": [1, 2]}, "row 2: same reviewer"),
        ({"reviewer": [1.5], "entry": ["x"], "score": [1]}, "'reviewer' holds double; text or wh"),
        ({"reviewer": ["a"], "entry": ["x"], "score": ["1"]}, "'score' holds string; numbers exp"),
        ({"reviewer": ["a"], "entry": ["x"]}, "no column 'score' in the header (found: reviewer"),
    ],
)
def test_a_fault_in_parquet_names_its_row(columns: dict[str, list[object]], words: str) -> None:
    pq.write_table(pa.table(columns), "f.parquet")
    assert words in refusal(lambda: read_reviews("f.parquet"))


def test_parquet_without_pyarrow_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install 'concours[reports]'" in refusal(lambda: read_reviews("f.parquet"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\na,,c\n", "r.csv:2: an empty cell amid"),
        ("a,b\nb,b\n", "r.csv:2: 'b' stands twice"),
        ("a,z\n", "r.csv:1: no entry 'z'"),
    ],
)
def test_a_fault_in_rankings_names_its_line(text: str, words: str) -> None:
    path = written("r.csv", text)
    assert words in refusal(lambda: read_rankings(path, entries=["a", "b", "c"]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[["a"],{"ranking":"a"}]', 'r.json: item 2: a list of entries, or {"reviewer"'),
        ('[{"reviewer":1,"ranking":["a"]},{"reviewer":"1","ranking":[]}]', "item 2: reviewer '1'"),
        ('[[["a"],"a"]]', "r.json: item 1: 'a' stands twice in the ranking"),
        ('[[[["a"]]]]', "r.json: item 1: ranking: text or a number expected"),
    ],
)
def test_a_fault_in_json_rankings_names_its_item(text: str, words: str) -> None:
    path = written("r.json", text)
    assert words in refusal(lambda: read_rankings(path))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("winner,loser\na,b\nb,b\n", "c.csv:3: entry 'b' is compared with itself"),
        ("winner,loser\na,z\n", "c.csv:2: no entry 'z'"),
        ("winner\na\n", "c.csv:1: no column 'loser'"),
    ],
)
def test_a_fault_in_comparisons_names_its_line(text: str, words: str) -> None:
    path = written("c.csv", text)
    assert words in refusal(lambda: read_comparisons(path, entries=["a", "b"]))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("groups", "group,entry\n,a\n", "groups.csv:2: group is empty"),
        ("groups", "group,entry\ng,\n", "groups.csv:2: name a reviewer or an entry"),
        ("groups", "group,entry\ng,z\n", "groups.csv:2: no entry 'z'"),
        ("groups", "group,reviewer\ng,z\n", "groups.csv:2: no reviewer 'z'"),
        ("loads", "reviewer,max\nz,1\n", "loads.csv:2: no reviewer 'z'"),
        ("loads", "reviewer,max\na,1\na,2\n", "loads.csv:3: reviewer 'a' stands in line 2"),
        ("loads", "reviewer,max\na,-1\n", "loads.csv:2: max '-1' is not a whole number"),
        ("loads", "reviewer,min\na,1.5\n", "loads.csv:2: min '1.5' is not a whole number"),
        ("loads", "reviewer,min,max\na,3,2\n", "loads.csv:2: min 3 is above max 2"),
        ("loads", "reviewer\na\n", "loads.csv:2: no column 'min' or 'max'"),
        ("conflicts", "reviewer,entry\na,z\n", "conflicts.csv:2: no entry 'z'"),
        ("reviewers", "id,entry\nq,z\n", "reviewers.csv:2: no entry 'z'"),
        ("reviewers", "id\nq\n", "reviewers.csv:1: no column 'entry'"),
    ],
)
def test_a_fault_beside_the_entries_names_its_line(name: str, text: str, words: str) -> None:
    written("entries.csv", "id\na\nb\n")
    written(f"{name}.csv", text)
    assert words in refusal(lambda: read_roster("entries.csv", **{name: f"{name}.csv"}))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("entry,r,s\na,1,nan\nb,1,1\n", "s.csv:2, column s: similarity 'nan' is not a finite"),
        ("entry,r,s\na,1,0\nb,x,1\n", "s.csv:3, column r: similarity 'x' is not a number"),
        ("entry,r,s\na,1,\nb,1,1\n", "s.csv:2, column s: similarity is empty"),
        ("entry,r,s\na,1,1001\nb,1,1\n", "s.csv:2, column s: similarity '1001' is beyond 1000"),
        ("entry,r,s\na,1,0\n", "s.csv: entry 'b' has no line"),
        ("entry,r,s\na,1,0\na,1,0\nb,0,0\n", "s.csv:3: entry 'a' stands in line 2 already"),
        ("entry,r,s\nz,1,0\n", "s.csv:2: no entry 'z'"),
        ("entry,r,s\na,1\n", "s.csv:2: 2 cells, 3 expected"),
        ("entry,r\na,1\n", "s.csv:1: reviewer 's' has no column"),
        ("entry,r,r\na,1,1\n", "s.csv:1: reviewer 'r' stands twice in the header"),
        ("entry,r,q\na,1,1\n", "s.csv:1: no reviewer 'q'"),
        ("reviewer,entry,similarity\nr,a,inf\n", "s.csv:2: similarity 'inf' is not a finite"),
        ("reviewer,entry,similarity\nr,a,1\nr,a,1\n", "s.csv:3: same reviewer and entry as in"),
        ("reviewer,entry,similarity\nr,a,1\nr,z,1\n", "s.csv:3: no entry 'z'"),
        ("reviewer,entry,similarity\nr,a,1e4\n", "s.csv:2: similarity 10000.0 is beyond 1000"),
        ("reviewer,entry\nr,a\n", "s.csv:1: no column 'similarity'"),
    ],
)
def test_a_fault_in_a_similarity_names_line_and_column(text: str, words: str) -> None:
    path = written("s.csv", text)
    told = refusal(lambda: read_similarity(path, reviewers=["r", "s"], entries=["a", "b"]))
    assert words in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "s.in:1: two whole numbers expected"),
        ("2 x\n", "s.in:1: two whole numbers expected"),
        ("1 2\n0 0 0\n", "s.in:2: 1 lines of 2 numbers expected, this is line 1 with 3"),
        ("1 2\n0 0\n0 0\n", "s.in:3: 1 lines of 2 numbers expected, this is line 2"),
        ("2 2\n0 0\n", "s.in: 2 lines of numbers expected, 1 found"),
        ("1 2\n0 nan\n", "s.in:2, column 2: similarity 'nan' is not a finite number"),
        ("1 2\n0,5 1\n", "s.in:2, column 1: similarity '0,5' is not a number"),
    ],
)
def test_a_fault_in_the_in_format_names_its_line(text: str, words: str) -> None:
    path = written("s.in", text)
    assert words in refusal(lambda: read_in(path))


def test_a_matrix_without_ids_does_not_go_with_ids() -> None:
    path = written("s.in", "1 1\n0\n")
    assert "without ENTRIES" in refusal(
        lambda: read_similarity(path, reviewers=["r"], entries=["a"])
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id\na\n", "v.csv: columns after `id` expected"),
        ("name,x\na,1\n", "v.csv:1: no column 'id'"),
        ("id,x\na,1\nz,1\n", "v.csv:3: no entry 'z'"),
        ("id,x\na,1\na,1\n", "v.csv:3: same id and table as in line 2"),
        ("id,x\na,1\n", "v.csv: entry 'b' has no line"),
        ("id,x\na,1\nb,33\n", "v.csv:3: x 33.0 is beyond 32"),
        ("id,x\na,1\nb,nan\n", "v.csv:3: x 'nan' is not a finite number"),
    ],
)
def test_a_fault_in_vectors_names_its_line(text: str, words: str) -> None:
    path = written("v.csv", text)
    assert words in refusal(lambda: read_vectors(path, ids=["a", "b"], what="entry"))
