"""`concours review assign` with similarity, groups and loads; `verify` names what differs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from concours import peerreview as engine
from tests.cli.reviewing import read, refused, run, write

DATA = Path(__file__).parents[3] / "shared" / "data" / "peerreview"
N = 20
NAMES = [f"e{i:02d}" for i in range(N)]


@pytest.fixture(autouse=True)
def _at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("entries.csv", "id,team", *(f"e{i:02d},t{i // 2}" for i in range(N)))


def vectors() -> np.ndarray:
    return np.round(np.random.default_rng(1).normal(size=(N, 3)), 3)


def pairs(name: str = "assignments.csv") -> set[tuple[str, str]]:
    return {(x["reviewer"], x["entry"]) for x in read(name)}


def test_vectors_a_matrix_and_pairs_give_the_assignment_of_the_python_api() -> None:
    values = vectors()
    rows = (f"{name}," + ",".join(map(str, v)) for name, v in zip(NAMES, values, strict=True))
    write("v.csv", "id,x1,x2,x3", *rows)
    words = ("-k", "3", "--seed", "0a", "--out")
    run("assign", "entries.csv", "--entry-vectors", "v.csv", *words, "v")
    groups = np.stack([np.arange(N) // 2, np.full(N, -1)], axis=1)
    problem = engine.AssignmentProblem(
        n_entries=N,
        reviewer_entry=np.arange(N),
        reviews_per_entry=3,
        reviewer_groups=groups,
        entry_groups=groups,
        similarity=engine.Similarity.vectors(values, values),
    )
    expected = engine.assign(problem, seed=b"\x0a", method="total")
    facts = json.loads(Path("v/result.json").read_text())
    assert facts["pairs_digest"] == expected.pairs_digest
    assert facts["facts"] == expected.facts
    assert facts["method"] == "total"
    total = sum(float(x["similarity"]) for x in read("v/assignments.csv"))
    assert total == pytest.approx(expected.facts["total"])
    run("verify", "v/result.json", "entries.csv", "--entry-vectors", "v.csv")

    m = (values @ values.T).tolist()
    matrix = [",".join([NAMES[e], *(repr(m[r][e]) for r in range(N))]) for e in range(N)]
    write("m.csv", ",".join(["entry", *NAMES]), *matrix)
    long = [f"{NAMES[r]},{NAMES[e]},{m[r][e]!r}" for r in range(N) for e in range(N)]
    write("p.csv", "reviewer,entry,similarity", *long)
    for name in ("m", "p"):
        run("assign", "entries.csv", "--similarity", f"{name}.csv", *words, name)
    assert pairs("m/assignments.csv") == pairs("p/assignments.csv")


@pytest.mark.skipif(not DATA.is_dir(), reason="shared/data/peerreview is not there")
def test_a_public_instance_reaches_its_optimum_and_verifies() -> None:
    file = str(DATA / "preflib1.in")
    words = ("--similarity", file, "-k", "3", "--load-min", "0", "--load-max", "6", "--seed", "00")
    told = json.loads(run("assign", *words, "--json").stdout)
    assert told["facts"]["total"] == pytest.approx(124.25, abs=1e-9)
    assert told["loads"][1] <= 6
    run("verify", "result.json", "--similarity", file)
    assert "no other table can go with it" in refused("assign", "entries.csv", *words)


def test_groups_mentors_and_loads_are_kept() -> None:
    write("g.csv", "group,entry", "g,e00", "g,e05", "g,e10", "h,e10", "h,e15")
    write("l.csv", "reviewer,min,max", "e03,0,0", "e04,5,6")
    words = ("--groups", "g.csv", "--loads", "l.csv", "-k", "3", "--seed", "0a")
    run("assign", "entries.csv", *words, "--load-min", "2", "--load-max", "4")
    found = pairs()
    apart = [("e00", "e05", "e10"), ("e10", "e15"), ("e00", "e01")]
    for group in apart:
        assert not {(a, b) for a in group for b in group} & found
    load = {f"e{i:02d}": sum(r == f"e{i:02d}" for r, _ in found) for i in range(N)}
    assert load.pop("e03") == 0
    assert load.pop("e04") in (5, 6)
    assert set(load.values()) <= {2, 3, 4}
    assert "e00' has no max" in refused("assign", "entries.csv", *words)
    write("l.csv", "reviewer,min", "e03,9")
    assert "must do 9 reviews and may do 4" in refused(
        "assign", "entries.csv", *words, "--load-max", "4"
    )


def test_verify_says_equal_or_names_the_pairs_that_differ() -> None:
    run("assign", "entries.csv", "--seed", "aa", "-k", "3")
    assert "holds: 60 reviews" in run("verify", "result.json", "entries.csv").stdout
    stated = json.loads(Path("result.json").read_text())
    old = tuple(stated["pairs"][0])
    taken = {tuple(pair) for pair in stated["pairs"]}
    free = next(e for e in (f"e{i:02d}" for i in range(2, N)) if (old[0], e) not in taken)
    stated["pairs"][0][1] = free
    Path("lie.json").write_text(json.dumps(stated))
    told = run("verify", "lie.json", "entries.csv", code=1)
    assert f"stated, not computed: {old[0]} on {free}" in told.stdout
    facts = json.loads(run("verify", "lie.json", "entries.csv", "--json", code=1).stdout)
    assert facts["holds"] is False
    assert facts["only_stated"] == [[old[0], free]]
    assert facts["only_computed"] == [list(old)]
    assert "pairs-differ" in facts["faults"]


def test_a_refusal_names_ids_and_not_numbers() -> None:
    write("c.csv", "reviewer,entry", *(f"e{i:02d},e07" for i in range(3, N)))
    told = refused("assign", "entries.csv", "--conflicts", "c.csv", "--seed", "aa", "-k", "5")
    assert "entry 'e07' has 3 eligible reviewers and needs 5" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "ENTRIES: a table with the column id is needed"),
        (("entries.csv", "--method", "best"), "no method 'best'"),
        (("entries.csv", "--similarity", "s.csv", "--entry-vectors", "v.csv"), "give one of them"),
        (("entries.csv", "--reviewer-vectors", "v.csv"), "give --entry-vectors too"),
        (("entries.csv", "r.csv", "--entry-vectors", "v.csv"), "reviewer 'q' has no entry to take"),
        (("entries.csv", "--cycles-up-to", "9"), "cycles_up_to"),
        (("entries.csv", "--similarity", "s.csv"), "s.csv:1: no reviewer 'b'"),
    ],
)
def test_assign_refuses_in_one_line(words: tuple[str, ...], told: str) -> None:
    write("s.csv", "entry,b", "x,1")
    write("r.csv", "id,entry", "q,")
    write("v.csv", "id,x", *(f"e{i:02d},1" for i in range(N)))
    assert told in refused("assign", *words, "--seed", "aa")
    assert not Path("assignments.csv").exists()


def test_repair_changes_few_pairs_and_names_them() -> None:
    run("assign", "entries.csv", "--seed", "aa", "-k", "3")
    old = pairs()
    late = sorted(old - {p for p in old if p[0] == "e03"})[:1]
    done = sorted(p for p in old if p[0] == "e03")[:1]
    write("late.csv", "reviewer,entry", *map(",".join, late))
    write("done.csv", "reviewer,entry", *map(",".join, done))
    write("new.csv", "id,entry", "helper,")
    words = ("repair", "result.json", "entries.csv", "--gone", "e03", "--late", "late.csv")
    told = run(*words, "--done", "done.csv", "--emergency", "new.csv").stdout
    new = pairs("repaired/assignments.csv")
    assert {p for p in new if p[0] == "e03"} == set(done)
    assert not set(late) & new
    assert len(old - new) == len(new - old) == 3, "two of who left, and the late conflict"
    assert "3 pairs removed, 3 added (no fewer can change)" in told
    for pair in old - new:
        assert f"removed  {pair[0]} on {pair[1]}" in told
    facts = json.loads(Path("repaired/result.json").read_text())
    assert facts["method"] == "mend"
    assert "helper" in facts["reviewer_entry"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--gone", "nobody"), "--gone: no reviewer 'nobody'"),
        (("--late", "bad.csv"), "bad.csv:2: no entry 'zz'"),
        (("--emergency", "old.csv"), "old.csv:2: reviewer 'e01' is there already"),
        (("--emergency", "new.csv"), "new.csv:2: no entry 'zz'"),
        (("--done", "undone.csv"), "done: reviewer"),
    ],
)
def test_repair_refuses_in_one_line(words: tuple[str, ...], told: str) -> None:
    run("assign", "entries.csv", "--seed", "aa", "-k", "3")
    write("bad.csv", "reviewer,entry", "e01,zz")
    write("undone.csv", "reviewer,entry", "e01,e01")
    write("old.csv", "id,entry", "e01,")
    write("new.csv", "id,entry", "x,zz")
    assert told in refused("repair", "result.json", "entries.csv", *words)
    assert not Path("repaired").exists()


def test_a_method_that_draws_writes_its_probabilities() -> None:
    rng = np.random.default_rng(2)
    rows = [",".join([name, *(f"{v:.2f}" for v in rng.random(N))]) for name in NAMES]
    write("m.csv", ",".join(["entry", *NAMES]), *rows)
    words = ("--method", "randomised", "--max-probability", "0.5", "--allow-mutual")
    run("assign", "entries.csv", "--similarity", "m.csv", "-k", "2", "--seed", "0a", *words)
    chances = {
        (x["reviewer"], x["entry"]): float(x["probability"]) for x in read("probabilities.csv")
    }
    assert max(chances.values()) <= 0.5
    assert sum(chances.values()) == pytest.approx(2 * N)
    assert pairs() <= chances.keys()


def test_perturbed_spreads_chances_wider_and_its_strength_is_kept_for_verify() -> None:
    rng = np.random.default_rng(2)
    rows = [",".join([name, *(f"{v:.2f}" for v in rng.random(N))]) for name in NAMES]
    write("m.csv", ",".join(["entry", *NAMES]), *rows)
    words = ("assign", "entries.csv", "--similarity", "m.csv", "-k", "2", "--seed", "0a")
    words = (*words, "--method", "perturbed", "--max-probability", "0.5", "--allow-mutual")
    supports = []
    for strength in ("0.1", "0.9"):
        run(*words, "--perturbation", strength, "--out", strength)
        stated = json.loads(Path(f"{strength}/result.json").read_text())
        assert stated["parameters"]["perturbation"] == float(strength)
        assert stated["facts"]["gap"] < 1e-5
        chances = [float(x["probability"]) for x in read(f"{strength}/probabilities.csv")]
        assert sum(chances) == pytest.approx(2 * N)
        supports.append(len(chances))
        run("verify", f"{strength}/result.json", "entries.csv", "--similarity", "m.csv")
    assert supports[0] < supports[1]
    assert "0 to 1 expected" in refused(*words, "--perturbation", "2")
    assert "cubic" in refused(*words, "--perturbation-shape", "cubic")

    stated["parameters"]["perturbation"] = 0.8
    Path("0.9/result.json").write_text(json.dumps(stated))
    done = run("verify", "0.9/result.json", "entries.csv", "--similarity", "m.csv", code=1)
    assert "inputs:" in done.stderr
