from __future__ import annotations

from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext_lazy as _


class ClockForm(forms.Form):
    """A moment in UTC, to the second."""

    to = forms.DateTimeField(
        label=_("Let the clock read (UTC)"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S"
        ),
    )

    def clean_to(self) -> datetime:
        moment: datetime = self.cleaned_data["to"]
        return moment.astimezone(UTC)
