"""Evaluators, tracks that have one, and runs: through the domain functions and real files."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from django.db.models.functions import Now

from concours.platform.competitions import domain as competitions
from concours.platform.competitions.domain.phases import PhasePlan
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Submission, Track
from concours.platform.evaluations import domain
from concours.platform.evaluations.domain.finishing import CaseOutcome, finish_scored
from concours.platform.evaluations.domain.leases import Lease, claim
from concours.platform.evaluations.enums import CaseState
from concours.platform.evaluations.models import Evaluation, Evaluator, Worker
from tests.factories import competitions as make

_numbers = count(1)

PHASES = [
    PhasePlan(
        kind=PhaseKind.PRACTICE,
        starts_at=make.day(2022, 12, 1),
        ends_at=make.day(2023, 3, 1),
        may_submit=True,
    ),
    PhasePlan(
        kind=PhaseKind.RANKING,
        starts_at=make.day(2023, 3, 1),
        ends_at=make.day(2023, 5, 1),
        may_submit=True,
    ),
    PhasePlan(
        kind=PhaseKind.FINAL,
        starts_at=make.day(2023, 5, 1),
        ends_at=make.day(2023, 7, 1),
        may_submit=True,
    ),
    PhasePlan(
        kind=PhaseKind.RESULT,
        starts_at=make.day(2023, 7, 1),
        ends_at=make.day(2023, 12, 1),
        scores_visible=True,
        names_visible=True,
    ),
]

MANIFEST = """
format = 1
name = "adding"
version = "{version}"
kind = "program"
title = "Adding"
title_zh = "加法"

[inputs]
run = ["python", "main.py"]
needs = ["main.py"]
generate = "generate.py"

[limits]
wall_seconds = 20
cpu_seconds = 10
memory_mb = 512
disk_mb = 16

[[columns]]
name = "right"
title = "Right sums"
title_zh = "正确的和"
better = "higher"
on_failure = 0
aggregate = "sum"
decimals = 0

[[columns]]
name = "margin"
title = "Margin"
better = "lower"
public = false
on_failure = 1000

[sort]
columns = ["right"]

[splits.practice]
cases = ["cases/*"]

[splits.ranking]
sealed = 2
quota_day = 2
quota_total = 3

[splits.final]
sealed = 2
"""

SCORE = """
import json, pathlib
wanted = int(pathlib.Path("/expected/sum").read_text())
try:
    given = int(pathlib.Path("/output/sum").read_text())
except (OSError, ValueError):
    given = wanted + 1000
print(json.dumps({"right": float(given == wanted), "margin": float(abs(given - wanted))}))
"""

GENERATE = """
import pathlib, sys
seed = int(sys.stdin.read())
a, b = seed % 1000, seed // 1000 % 1000
pathlib.Path("input").mkdir()
pathlib.Path("expected").mkdir()
pathlib.Path("input/numbers").write_text(f"{a} {b}")
pathlib.Path("expected/sum").write_text(str(a + b))
"""

ADDS = b"""
import os, pathlib
numbers = pathlib.Path(os.environ["CONCOURS_INPUT"], "numbers").read_text().split()
print("adding", *numbers, flush=True)
pathlib.Path(os.environ["CONCOURS_OUTPUT"], "sum").write_text(str(sum(map(int, numbers))))
"""

SLEEPS = b"""
import time
print("asleep", flush=True)
time.sleep(15)
"""


def evaluator_folder(into: Path, *, version: str = "1", score: str = SCORE) -> Path:
    """An evaluator whose submissions add two numbers; two public cases, others sealed."""
    folder = into / f"adding-{next(_numbers)}"
    for number, (a, b) in enumerate([(1, 2), (30, 12)], start=1):
        case = folder / "cases" / f"sum{number}"
        (case / "input").mkdir(parents=True)
        (case / "expected").mkdir()
        (case / "input" / "numbers").write_text(f"{a} {b}")
        (case / "expected" / "sum").write_text(str(a + b))
    (folder / "evaluator.toml").write_text(MANIFEST.format(version=version))
    (folder / "score.py").write_text(score)
    (folder / "generate.py").write_text(GENERATE)
    return folder


def track(**fields: Any) -> Track:
    """A running track in its practice phase, without an evaluator."""
    made = make.draft_track(**fields)
    competitions.plan_phases(actor=make.ACTOR, track=made, phases=PHASES)
    return competitions.start_track(actor=make.ACTOR, track=made)


def evaluator(*, of: Track, folder: Path, **fields: Any) -> Evaluator:
    """The track's active evaluator, taken in from real files below `folder`."""
    return domain.attach_evaluator(
        actor=make.ACTOR, track=of, folder=evaluator_folder(folder, **fields)
    )


def submission(*, of: Entry, folder: Path, program: bytes = ADDS) -> Submission:
    """A ready submission with that program. Its runs are asked for where commits happen."""
    return make.submission(of=of, folder=folder, files={"main.py": program})


def evaluation(*, of: Submission, split: str = "practice") -> Evaluation:
    """A waiting run, asked for by the entry's captain."""
    return domain.enqueue(actor=make.captain_of(of.entry.team), submission=of, split=split)


def worker(**fields: Any) -> Worker:
    number = next(_numbers)
    return Worker.objects.create(
        name=fields.pop("name", f"worker-{number}"),
        box="bubblewrap",
        started_at=Now(),
        heartbeat_at=Now(),
        **fields,
    )


def taken(*, by: Worker) -> tuple[Lease, Evaluation]:
    """The next run, taken by that worker."""
    found = claim(worker=by)
    assert found is not None
    return found


def outcome(case: str = "sum1", **fields: Any) -> CaseOutcome:
    return CaseOutcome(
        case=case,
        state=CaseState.SCORED,
        values=fields.pop("values", {"right": 1.0, "margin": 0.0}),
        digest="d" * 64,
        reason="",
        seconds=1.0,
        **fields,
    )


def score(lease: Lease, *, seconds: float = 10.0, **fields: Any) -> bool:
    """End the run with a result."""
    return finish_scored(
        lease=lease,
        values=fields.pop("values", {"right": 1.0, "margin": 0.0}),
        intervals=fields.pop("intervals", {"right": (1.0, 1.0)}),
        digest=fields.pop("digest", "e" * 64),
        cases=fields.pop("cases", [outcome()]),
        log=fields.pop("log", ""),
        seconds=seconds,
    )
