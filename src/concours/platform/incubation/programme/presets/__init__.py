"""Programmes that are shipped, as data with their sources."""

from __future__ import annotations

from importlib.resources import files

NAMES = ("quarterly", "apache-incubator", "cncf")


def preset_names() -> tuple[str, ...]:
    return NAMES


def preset_text(name: str) -> str:
    """The TOML text of a shipped programme. Raises KeyError for a name that is not shipped."""
    if name not in NAMES:
        raise KeyError(name)
    return files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
