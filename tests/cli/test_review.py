"""`concours review` on files: results, verification, and refusals that name file and line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.reviewing import read, run, world, write


@pytest.fixture(autouse=True)
def _at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("entries.csv", "id,team,organisation", *(f"e{i},t{i // 2},o{i % 5}" for i in range(24)))


def test_assign_keeps_teams_and_organisations_apart() -> None:
    write("conflicts.csv", "reviewer,entry", "e0,e7", "e3,e9")
    run("assign", "entries.csv", "--conflicts", "conflicts.csv", "--seed", "00ff", "-k", "4")
    rows = read("assignments.csv")
    assert len(rows) == 24 * 4
    pairs = {(x["reviewer"], x["entry"]) for x in rows}
    number = {f"e{i}": i for i in range(24)}
    for r, e in pairs:
        assert number[r] // 2 != number[e] // 2
        assert number[r] % 5 != number[e] % 5
        assert (e, r) not in pairs
    assert not pairs & {("e0", "e7"), ("e3", "e9")}


def test_the_order_of_lines_changes_nothing() -> None:
    one = json.loads(run("assign", "entries.csv", "--seed", "01", "-k", "3", "--json").stdout)
    header, *rows = Path("entries.csv").read_text().split()
    write("shuffled.csv", header, *rows[::-1])
    two = json.loads(run("assign", "shuffled.csv", "--seed", "01", "-k", "3", "--json").stdout)
    assert one == two


def test_a_new_seed_is_printed_with_its_commitment_and_verifies() -> None:
    out = run("assign", "entries.csv", "--new-seed", "-k", "3", "--parts", "3").stdout
    stated = json.loads(Path("result.json").read_text())
    assert len(stated["seed"]) == 64
    assert stated["seed"] in out
    commitment = hashlib.sha256(bytes.fromhex(stated["seed"])).hexdigest()
    assert commitment == stated["commitment"]
    assert commitment in out
    assert "holds" in run("assign", "entries.csv", "--verify", "result.json").stdout


def test_verify_finds_a_moved_pair_and_a_changed_input() -> None:
    run("assign", "entries.csv", "--seed", "aa", "-k", "3")
    stated = json.loads(Path("result.json").read_text())
    good = [tuple(p) for p in stated["pairs"]]
    stated["pairs"][0][1], stated["pairs"][-1][1] = stated["pairs"][-1][1], stated["pairs"][0][1]
    assert [tuple(p) for p in stated["pairs"]] != good
    Path("lie.json").write_text(json.dumps(stated))
    told = run("assign", "entries.csv", "--verify", "lie.json", "--json", code=1)
    assert "pairs-differ" in json.loads(told.stdout)["faults"]
    write("conflicts.csv", "reviewer,entry", "e0,e7")
    run(
        *("assign", "entries.csv", "--conflicts", "conflicts.csv", "--verify", "result.json"),
        code=1,
    )
    run("assign", "entries.csv", "--verify", "result.json", "--seed", "bb", code=1)


def test_independent_reviewers_come_from_their_file() -> None:
    reviewers = [f"r{i},,o{i % 5}" for i in range(10)]
    write("reviewers.csv", "id,entry,organisation", *reviewers, "own,e0,")
    run("assign", "entries.csv", "reviewers.csv", "--seed", "aa", "-k", "3")
    for row in read("assignments.csv"):
        if row["reviewer"] == "own":
            assert row["entry"] not in {"e0", "e1", "e5", "e10", "e15", "e20"}
        else:
            assert int(row["reviewer"][1:]) % 5 != int(row["entry"][1:]) % 5


def test_consensus_writes_standings_and_says_how_near_the_truth() -> None:
    quality, reviews = world()
    write("truth.csv", *(str(e) for e in np.argsort(-quality)))
    told = run("consensus", reviews, "--truth-file", "truth.csv", "--top", "5", "--json")
    facts = json.loads(told.stdout)
    agreement = facts["agreement"]
    assert agreement["random-effects"]["spearman"] > 0.9
    assert agreement["random-effects"]["spearman"] > agreement["borda"]["spearman"]
    rows = read("standings.csv")
    assert [int(x["rank"]) for x in rows] == sorted(int(x["rank"]) for x in rows)
    assert sum(float(x["top_5"]) for x in rows) == pytest.approx(5, abs=0.01)
    assert all(int(x["rank_low"]) <= int(x["rank"]) <= int(x["rank_high"]) for x in rows)


def test_consensus_of_rankings_prints_a_table() -> None:
    write("rankings.csv", "1,2,3", "1,3,4", "2,1,4", "1,2,4")
    out = run("consensus", "rankings.csv", "--rankings", "--truth", "by-id").stdout
    assert "Spearman" in out
    assert "borda" in out
    assert [x["entry"] for x in read("standings.csv")] == ["1", "2", "3", "4"]


def test_entries_without_review_and_separate_parts_are_said() -> None:
    write("two.csv", "reviewer,entry,score", "a,e0,1", "a,e1,2", "b,e2,5", "b,e3,4")
    out = run("consensus", "two.csv", "--entries", "entries.csv").stdout
    assert "20 entries have no review" in out
    assert "2 parts" in out
    assert len(read("standings.csv")) == 24


def test_select_uses_the_parts_of_the_assignment() -> None:
    run("assign", "entries.csv", "--seed", "aa", "-k", "4", "--parts", "3")
    rows = read("assignments.csv")
    scores = [f"{x['reviewer']},{x['entry']},{x['entry'][1:]}" for x in rows]
    write("reviews.csv", "reviewer,entry,score", *scores)
    words = ("select", "reviews.csv", "--size", "6", "--seed", "bb")
    run(*words, "--assignment", "result.json")
    chosen = [x for x in read("selection.csv") if x["selected"] == "1"]
    assert len(chosen) == 6
    part = json.loads(Path("result.json").read_text())["part"]
    assert all(int(x["part"]) == part[x["entry"]] for x in chosen)
    facts = json.loads(run(*words, "--method", "borda", "--json").stdout)
    assert facts["impartial"] is False
    assert len(set(facts["selected"]) & {f"e{i}" for i in range(18, 24)}) >= 5


def test_who_stays_silent_changes_nothing_for_the_own_entry() -> None:
    run("assign", "entries.csv", "--seed", "aa", "-k", "4", "--parts", "3")
    rows = read("assignments.csv")

    def chance(*, silent: bool) -> str:
        told = [x for x in rows if not silent or x["reviewer"] != "e5"]
        scores = [f"{x['reviewer']},{x['entry']},{x['entry'][1:]}" for x in told]
        write("reviews.csv", "reviewer,entry,score", *scores)
        words = ("select", "reviews.csv", "--size", "6", "--seed", "bb")
        run(*words, "--assignment", "result.json", "--entries", "entries.csv")
        return next(x["probability"] for x in read("selection.csv") if x["entry"] == "e5")

    assert float(chance(silent=True)) == pytest.approx(float(chance(silent=False)), abs=1e-12)


BAD = ["reviewer,entry,score", "a,x,1", "a,y,2"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*BAD, "b,x"], "bad.csv:4: 2 cells, 3 expected"),
        ([*BAD, "b,x,good"], "bad.csv:4: score 'good' is not a number"),
        ([*BAD, "b,x,nan"], "bad.csv:4: score 'nan' is not a finite number"),
        ([*BAD, "a,x,3"], "bad.csv:4: same reviewer and entry as in line 2"),
        ([*BAD, ",x,3"], "bad.csv:4: reviewer is empty"),
        ([*BAD, '"b,x,3'], "bad.csv:4: unexpected end of data"),
        (["reviewer,entry", "a,x"], "bad.csv:1: no column 'score' in the header"),
        (["reviewer,entry,score"], "bad.csv: no reviews"),
    ],
)
def test_malformed_reviews_name_file_and_line(rows: list[str], words: str) -> None:
    result = run("consensus", write("bad.csv", *rows), code=2)
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not Path("standings.csv").exists()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"entries": ["id", "a", "b", "a"]}, "entries.csv:4: id 'a' stands in line 2 already"),
        ({"entries": ["name", "a"]}, "entries.csv:1: no column 'id'"),
        ({"entries": ["id"]}, "entries.csv: no lines"),
        ({"conflicts": ["reviewer,entry", "e0,zz"]}, "conflicts.csv:2: no entry 'zz'"),
        ({"conflicts": ["reviewer,entry", "zz,e0"]}, "conflicts.csv:2: no reviewer 'zz'"),
        ({"entries": ["id", "a", "b", "c"]}, "allow mutual pairs"),
    ],
)
def test_malformed_rosters_name_file_and_line(files: dict[str, list[str]], words: str) -> None:
    for name, rows in files.items():
        write(f"{name}.csv", *rows)
    extra = ("--conflicts", "conflicts.csv") if "conflicts" in files else ()
    result = run("assign", "entries.csv", *extra, "--seed", "aa", "-k", "2", code=2)
    assert words in result.stderr
    assert not Path("assignments.csv").exists()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["assign", "entries.csv"], "no seed"),
        (["assign", "entries.csv", "--seed", "xyz"], "not hexadecimal"),
        (["assign", "entries.csv", "--seed", "aa", "--new-seed"], "give one"),
        (["assign", "absent.csv", "--seed", "aa"], "absent.csv: No such file"),
        (["assign", "entries.csv", "--verify", "entries.csv"], "not a result of assign"),
        (["consensus", "entries.csv"], "no column 'reviewer'"),
        (["consensus", "r.csv", "--rankings", "--truth", "guess"], "by-id"),
        (["consensus", "r.csv", "--rankings", "--truth", "by-id"], "not a whole number"),
        (["consensus", "twice.csv", "--rankings"], "twice.csv:2: 'b' stands twice"),
        (["consensus", "r.csv", "--rankings", "--entries", "entries.csv"], "r.csv:1: no entry 'a'"),
        (["select", "r.csv", "--rankings", "--size", "9", "--parts", "2", "--seed", "aa"], "size"),
    ],
)
def test_other_refusals_take_one_line(command: list[str], words: str) -> None:
    write("r.csv", "a,b", "b,c")
    write("twice.csv", "a,b", "b,b")
    result = run(*command, code=2)
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
