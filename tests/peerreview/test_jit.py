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
        # Python itself looks at whole seconds.
        os.utime(package / "inner.py", (number, number))
        run = [sys.executable, "-m", "package.outer"]
        done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
        said.append(done.stdout.strip())
        assert list(package.rglob("*.nbi"))
    assert said == ["1", "2", "2"]


KERNEL = "from concours.jit import kernel\nfrom {} import N\n\n@kernel\ndef f():\n    return N\n"


def compiled(package: Path) -> dict[str, Path]:
    """A package of two kernels, each with a constant from another file; what is kept of them."""
    (package / "__pycache__").mkdir(parents=True)
    (package / "__init__.py").touch()
    kept = {}
    for name in ("one", "two"):
        (package / f"{name}_constants.py").write_text("N = 1\n")
        (package / f"{name}.py").write_text(KERNEL.format(f"{package.name}.{name}_constants"))
        kept[name] = package / "__pycache__" / f"{name}.f-4.py311.nbi"
        kept[name].touch()
    return kept


def test_unchanged_sources_keep_what_was_compiled(tmp_path: Path) -> None:
    kept = compiled(tmp_path / "package")
    assert jit.forget_stale(tmp_path / "package")  # made from nobody knows what
    for file in kept.values():
        file.touch()

    assert not jit.forget_stale(tmp_path / "package")
    os.utime(tmp_path / "package" / "one.py", ns=(1, 1))
    assert not jit.forget_stale(tmp_path / "package")

    assert all(file.exists() for file in kept.values())


def test_only_what_a_change_concerns_is_forgotten(tmp_path: Path) -> None:
    kept = compiled(tmp_path / "package")
    jit.forget_stale(tmp_path / "package")
    for file in kept.values():
        file.touch()
    (tmp_path / "package" / "one_constants.py").write_text("N = 22\n")

    assert jit.forget_stale(tmp_path / "package")

    assert not kept["one"].exists()
    assert kept["two"].exists()
