"""What the commands of `concours drive` share: the extra, the cache, refusals."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from concours.cli.console import give_up

if TYPE_CHECKING:
    from types import ModuleType

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, nothing else.")]
CacheOption = Annotated[
    bool, typer.Option(help="Keep compiled maps in $CONCOURS_CACHE or ~/.cache/concours.")
]


def roads() -> ModuleType:
    """The engine's roads, or one line on how to install what they need."""
    if find_spec("lxml") is None:  # the engine imports it late, when a map is read
        give_up(escape("lxml is missing: pip install 'concours[driving]'"))
    gc.disable()  # what is imported stays: looking through it again and again takes half a second
    _spare_linear_algebra()
    from concours.driving import roads as engine

    gc.freeze()
    gc.enable()
    return engine


def _spare_linear_algebra() -> None:
    """Let numba start without looking into scipy, which takes it as long as all of numba.

    It asks once whether scipy's linear algebra is there; no kernel of the engine uses any.
    """
    asked = "scipy.linalg.cython_blas"
    if asked in sys.modules:
        return
    sys.modules[asked] = None  # type: ignore[assignment]  # not to be found
    try:
        import_module("numba.np.arraymath")
    finally:
        del sys.modules[asked]


@contextmanager
def refusals() -> Iterator[None]:
    """Turn files that are not there or no maps into one line and exit code 2."""
    engine = roads()
    try:
        yield
    except engine.BadMap as error:
        give_up(escape(str(error)))
    except OSError as error:
        give_up(escape(f"{error.filename}: {error.strerror}"))


def files_in(paths: list[Path], *suffixes: str) -> list[Path]:
    """Files as they are, folders as the files of these suffixes in and below them, by name."""
    found: list[Path] = []
    for path in paths:
        inside = (p for p in path.rglob("*") if p.suffix.lower() in suffixes)
        found += sorted(inside) if path.is_dir() else [path]
    if not found:
        give_up(f"no {' or '.join(suffixes)} file in {', '.join(map(str, paths))}")
    return found
