"""The name that others see, as every form for new accounts asks for it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.core.errors import Refused
from concours.platform.core.wording import one_line


class ShownName(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("Shown to others once names are public. It need not be your legal name."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        try:
            return one_line(self.cleaned_data["name"], most=100)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
