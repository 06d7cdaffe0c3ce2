"""Form fields that several forms share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

PATTERN = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A date and time typed in UTC, by the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateTimeInput(format=PATTERN, attrs={"type": "datetime-local"})
        )
        super().__init__(input_formats=[PATTERN, "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        # A picker without seconds drops them; what is stored may hold some.
        return value.replace(microsecond=0) if isinstance(value, datetime) else value


class TextField(forms.CharField):
    """Longer text, CommonMark unless said otherwise."""

    def __init__(self, *, rows: int = 8, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
