from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.notifications.domain import choices_of, time_zones, zone_of
from concours.platform.notifications.enums import ALWAYS, Channel, Kind


class PreferencesForm(forms.Form):
    """A channel for each kind that can be turned off, and the time zone."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Moments in pages and mails are written in it, and digests come at eight."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["time_zone"]
        zone.choices = [(name, name.replace("_", " ")) for name in time_zones()]  # type: ignore[attr-defined]
        zone.initial = zone_of(user=user).key
        chosen = choices_of(user=user)
        for kind in Kind:
            if kind in ALWAYS:
                continue
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=Channel.choices, initial=chosen[kind]
            )
        self.order_fields([*(kind.value for kind in Kind), "time_zone"])

    def channels(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name in set(Kind)}
