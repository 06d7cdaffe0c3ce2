"""Forms of the desk."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why an evaluator or a worker is set aside."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
