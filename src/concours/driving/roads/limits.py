"""What is read at most: a map from a stranger takes bounded time and memory."""

MAX_BYTES = 512 * 2**20
MAX_ELEMENTS = 10_000_000
"""Elements in a file."""
MAX_ELEMENTS_AT_ONCE = 500_000
"""Elements inside one road or junction, which are in memory together."""
MAX_TEXT = 10_000
"""Characters kept of a name or an id."""
MAX_NUMBER = 1e12
"""Metres, or whatever a number counts."""
