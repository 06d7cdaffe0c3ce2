"""From a file to plain records: XML, checked numbers, findings."""

from concours.driving.roads.reading.document import read

__all__ = ["read"]
