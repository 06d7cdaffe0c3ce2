"""Compiled code kept on disk never outlives the sources it was made from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from concours.peerreview import jit

INNER = "from concours.peerreview.jit import kernel\n\n@kernel\ndef inner():\n    return {}\n"
OUTER = """\
from pathlib import Path
from concours.peerreview.jit import forget_stale, kernel
forget_stale(Path(__file__).parent)
from package.inner import inner

@kernel
def outer():
    return inner()

print(outer())
"""


def test_a_change_in_another_file_is_computed_with(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "outer.py").write_text(OUTER)
    said = []
    for number in (1, 2, 2):
        (package / "inner.py").write_text(INNER.format(number))
        os.utime(package / "inner.py", ns=(number, number))
        run = [sys.executable, "-m", "package.outer"]
        done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
        said.append(done.stdout.strip())
        assert list(package.rglob("*.nbi"))
    assert said == ["1", "2", "2"]


def test_unchanged_sources_keep_what_was_compiled(tmp_path: Path) -> None:
    (tmp_path / "some.py").touch()
    (tmp_path / "__pycache__").mkdir()
    kept = tmp_path / "__pycache__" / "some.nbi"
    kept.touch()
    assert jit.forget_stale(tmp_path)
    assert not kept.exists()
    kept.touch()
    assert not jit.forget_stale(tmp_path)
    assert kept.exists()
