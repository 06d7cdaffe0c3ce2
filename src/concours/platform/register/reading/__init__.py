"""Registers that others keep, read from their own files. A library: no Django, no database.

Each reader takes files and returns a Reading: the projects with the days of their stages, the
rows that could not be read, and remarks on what was kept as the source says it.
"""

from concours.platform.register.reading.files import SourceFile, load_files
from concours.platform.register.reading.labels import read_labels
from concours.platform.register.reading.landscape import read_landscape
from concours.platform.register.reading.parts import History, Reading, Row, Step
from concours.platform.register.reading.podlings import read_podlings

__all__ = [
    "History",
    "Reading",
    "Row",
    "SourceFile",
    "Step",
    "load_files",
    "read_labels",
    "read_landscape",
    "read_podlings",
]
