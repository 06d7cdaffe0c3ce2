"""A machine without a box: tests of boxes skip there, and in CI they fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TEST = "tests/box/test_view.py"


def _run(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-k", "below_tmp", TEST],
        env={**os.environ, "CONCOURS_CI": "0", "PATH": "/nonexistent", **environment},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize(("ci", "counted"), [("0", "1 skipped"), ("1", "1 failed")])
def test_without_a_box_ci_fails_where_others_skip(ci: str, counted: str) -> None:
    told = _run(CONCOURS_CI=ci)

    assert counted in told, told
