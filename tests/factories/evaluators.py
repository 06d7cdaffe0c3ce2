"""Evaluators and submissions as folders, small and real: cases are numbers to be added up."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

MANIFEST = """\
format = 1
name = "adding"
version = "1"
kind = "program"
title = "Adding"

[inputs]
run = ["python", "main.py"]
needs = ["main.py"]
generate = "making/generate.py"

[limits]
wall_seconds = 10
cpu_seconds = 5
memory_mb = 256
processes = 8
disk_mb = 8
output_kb = 64

[[columns]]
name = "right"
title = "Right"
unit = "%"
better = "higher"
on_failure = 0
least = 0
most = 100

[[columns]]
name = "error"
title = "Error"
better = "lower"
aggregate = "sum"
on_failure = 1000

[sort]
columns = ["right", "error"]

[splits.practice]
cases = ["cases/*"]

[splits.ranking]
sealed = 2
"""

SCORE = """\
import json
from pathlib import Path
wanted = int(Path("/expected/sum.txt").read_text())
try:
    found = int(Path("/output/sum.txt").read_text())
except (OSError, ValueError):
    found = wanted + 1000
print(json.dumps({"right": 100 * (found == wanted), "error": abs(found - wanted)}))
"""

GENERATE = """\
import random, sys
from pathlib import Path
rng = random.Random(int(sys.stdin.read()))
numbers = [rng.randrange(1000) for _ in range(10)]
Path("input").mkdir()
Path("expected").mkdir()
Path("input/numbers.txt").write_text("\\n".join(map(str, numbers)))
Path("expected/sum.txt").write_text(str(sum(numbers)))
"""

ADDS = """\
import os
from pathlib import Path
numbers = Path(os.environ["CONCOURS_INPUT"], "numbers.txt").read_text().split()
print("adding", len(numbers))
Path(os.environ["CONCOURS_OUTPUT"], "sum.txt").write_text(str(sum(map(int, numbers))))
"""
"""A submission that is right."""

CASES = {"one": "1 2 3", "three": "100 200", "two": "4 5 6 7"}


def write_evaluator(
    folder: Path,
    *,
    manifest: str = MANIFEST,
    score: str = SCORE,
    generate: str = GENERATE,
    cases: Mapping[str, str] = CASES,
) -> Path:
    """An evaluator's folder, with a case for each line of numbers."""
    (folder / "making").mkdir(parents=True)
    (folder / "evaluator.toml").write_text(manifest)
    (folder / "score.py").write_text(score)
    (folder / "making/generate.py").write_text(generate)
    for name, numbers in cases.items():
        for part in ("input", "expected"):
            (folder / "cases" / name / part).mkdir(parents=True)
        (folder / "cases" / name / "input/numbers.txt").write_text(numbers)
        total = sum(map(int, numbers.split()))
        (folder / "cases" / name / "expected/sum.txt").write_text(str(total))
    return folder


def write_archive(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip of these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_agent(folder: Path, baseline: str) -> Path:
    """A baseline as an entrant would send it: its file as agent.py, with those beside it."""
    from concours.driving.baselines import baseline as file_of

    folder.mkdir(parents=True)
    for path in file_of(baseline).parent.glob("*.py"):
        if path.name != "__init__.py":
            name = "agent.py" if path.stem == baseline else path.name
            (folder / name).write_bytes(path.read_bytes())
    return folder
