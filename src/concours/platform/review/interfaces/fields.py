"""Fields of the forms of peer review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.review.methods import (
    DAYS,
    MOST_REMINDERS,
    faults_of,
)

PATTERN = "%Y-%m-%dT%H:%M"


class DaysField(forms.CharField):
    """Days before the close, typed as "7, 3, 1"."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(day) for day in value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        words = [
            word for word in super().clean(value).replace("，", ",").split(",") if word.strip()
        ]
        try:
            days = [int(word) for word in words]
        except ValueError:
            raise forms.ValidationError(_("Whole numbers with commas between them.")) from None
        if any(fault.key == "reminder_days" for fault in faults_of({"reminder_days": days})):
            raise forms.ValidationError(
                _("At most %(most)d different days from 1 to %(last)d.")
                % {"most": MOST_REMINDERS, "last": DAYS[1]}
            )
        return days


class MomentField(forms.DateTimeField):
    """A date and time typed in UTC, by the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format=PATTERN, attrs={"type": "datetime-local"})
        super().__init__(
            input_formats=[PATTERN, "%Y-%m-%dT%H:%M:%S"],
            widget=widget,
            help_text=_("In UTC."),
            **kwargs,
        )
