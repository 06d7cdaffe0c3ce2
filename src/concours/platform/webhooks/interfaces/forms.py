from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.feeds.domain.news import NEWS


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=_("Address to call"),
        max_length=2_000,
        help_text=_("It begins with https:// and is reached from the public internet."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    verbs = forms.MultipleChoiceField(
        label=_("Events"),
        choices=[(verb, verb) for verb in NEWS],
        widget=forms.CheckboxSelectMultiple,
    )
