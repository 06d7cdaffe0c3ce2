"""TOML that people wrote, read with bounds; each fault names file, key and mend. A library."""

from concours.tables.faults import Fault, told
from concours.tables.files import DataFolder
from concours.tables.table import SLUG, Table
from concours.tables.texts import BadText, table_in

__all__ = ["SLUG", "BadText", "DataFolder", "Fault", "Table", "table_in", "told"]
