"""Strangers' words in CSV files, which people open in spreadsheets."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def harmless(text: str) -> str:
    """A stranger's words that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
