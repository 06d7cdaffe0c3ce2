from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from concours.platform.awards.document import Inputs, PoolInput, digest_of, from_text, to_text
from concours.platform.awards.formula import Candidate, Weights
from concours.platform.awards.prizes import PrizePlan

ROOT = Path(__file__).parents[3]

KNOWN = Inputs(
    track="season/track",
    weights=Weights(machine=0, peer=1, jury=1),
    peer={"snapshot": 1},
    candidates=(
        Candidate(code="aa", finalist=True, peer=80_000, jury=(70_000, 71_001)),
        Candidate(code="bb", finalist=True, peer=90_000, jury=(60_000, 61_001)),
        Candidate(code="cc", finalist=False, peer=99_000),
    ),
    pools=(
        PoolInput(
            code="pool",
            currency="CNY",
            total_minor=301,
            prizes=(
                PrizePlan(place_from=1, place_to=1, amount_minor=201, title="First"),
                PrizePlan(place_from=2, place_to=2, amount_minor=100, title="Second"),
            ),
        ),
    ),
    left_out=("zz",),
)


@given(st.randoms(use_true_random=False))
def test_the_text_does_not_depend_on_order(chance: random.Random) -> None:
    def shuffled(items: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        return tuple(chance.sample(items, len(items)))

    pools = tuple(
        PoolInput(**{**vars(pool), "prizes": tuple(chance.sample(pool.prizes, 2))})
        for pool in KNOWN.pools
    )
    other = Inputs(**{**vars(KNOWN), "candidates": shuffled(KNOWN.candidates), "pools": pools})
    assert to_text(other) == to_text(KNOWN)


def test_there_and_back() -> None:
    assert from_text(to_text(KNOWN)) == KNOWN


def test_the_documented_script_runs_without_django(tmp_path: Path) -> None:
    """The code in docs/explanation/awards.md, on a document of its own, with no settings."""
    page = (ROOT / "docs/explanation/awards.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    text = to_text(KNOWN)
    (tmp_path / "inputs.json").write_text(text, encoding="utf-8")
    environment = {key: os.environ[key] for key in ("PATH",)} | {"PYTHONPATH": str(ROOT / "src")}
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == [
        digest_of(text),
        "1 aa 301001/4",
        "1 bb 301001/4",
        "3 cc 99000",
        "pool aa First 150",
        "pool bb First 150",
    ]
