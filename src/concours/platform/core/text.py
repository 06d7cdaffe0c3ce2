"""Content in two languages: English, and Chinese where somebody wrote it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language


def localised(instance: Any, field: str) -> str:
    """`instance.<field>_zh` when the reader reads Chinese and it is filled, else `<field>`."""
    if (get_language() or "").startswith("zh"):
        chinese: str = getattr(instance, f"{field}_zh", "")
        if chinese:
            return chinese
    value: str = getattr(instance, field)
    return value


def in_language(text: str, chinese: str) -> str:
    """`chinese` when the reader reads Chinese and it is there, else `text`."""
    return chinese if chinese and (get_language() or "").startswith("zh") else text
