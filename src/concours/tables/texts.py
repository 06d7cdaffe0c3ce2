"""TOML that comes as a text: one table with its faults."""

from __future__ import annotations

import tomllib
from pathlib import Path

from concours.tables.faults import Fault
from concours.tables.files import DataFolder
from concours.tables.table import Table


class BadText(Exception):
    """The text is no TOML that can be read. `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def table_in(text: str, *, name: str, most_bytes: int) -> Table:
    """The table of a text, whose faults name `name` as their file and gather in `table.folder`.

    Raises BadText for what is too large, is nested too deeply, or is not TOML.
    """
    if len(text.encode(errors="replace")) > most_bytes:
        raise BadText(Fault(name, "", f"is larger than {most_bytes} bytes", "shorten it"))
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BadText(Fault(name, "", f"is not TOML: {reason}")) from None
    return Table(DataFolder(Path()), name, values)
