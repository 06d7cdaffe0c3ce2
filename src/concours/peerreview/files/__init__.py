"""The engine's inputs and outputs as files: CSV, JSON, JSON Lines, Parquet by the ending.

Ids are strings. They are sorted, so that the order of lines changes no result. Every fault is
named with its file and line.
"""

from concours.peerreview.files.columns import Columns, read_columns
from concours.peerreview.files.named import (
    NamedReviews,
    read_comparisons,
    read_rankings,
    read_reviews,
)
from concours.peerreview.files.roster import Roster, read_roster
from concours.peerreview.files.similarity import (
    NamedSimilarity,
    read_in,
    read_similarity,
    read_vectors,
)
from concours.peerreview.files.table import table
from concours.peerreview.files.text import lines, where
from concours.peerreview.files.write import is_table, write_table

__all__ = [
    "Columns",
    "NamedReviews",
    "NamedSimilarity",
    "Roster",
    "is_table",
    "lines",
    "read_columns",
    "read_comparisons",
    "read_in",
    "read_rankings",
    "read_reviews",
    "read_roster",
    "read_similarity",
    "read_vectors",
    "table",
    "where",
    "write_table",
]
