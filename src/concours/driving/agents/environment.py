"""What an agent's process finds in its environment."""

from __future__ import annotations

from concours.driving.agents import kernels

ONE_THREAD = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA")
BARE = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    **{f"{name}_NUM_THREADS": "1" for name in ONE_THREAD},
}
"""What is the same for all agents; nothing of the engine's own environment."""


def environment(scratch: str) -> dict[str, str]:
    """All of it, for an agent with this scratch folder."""
    return BARE | {"HOME": scratch, "TMPDIR": scratch, "NUMBA_CACHE_DIR": kernels.cache_in(scratch)}
