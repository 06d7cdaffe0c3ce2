"""Forms of handovers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _


class AgreeForm(forms.Form):
    """What the captain agrees to beside the handover itself."""

    repository_shown = forms.BooleanField(
        label=_("Show the address of the repository beside the dossier"), required=False
    )


class WishForm(forms.Form):
    named = forms.BooleanField(label=_("Show my name beside the dossier"), required=False)
    mentors = forms.BooleanField(label=_("I may be asked to mentor projects"), required=False)


class CandidateForm(forms.Form):
    """The project as it is to stand in the register."""

    name = forms.CharField(label=_("Name"), max_length=200)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200, required=False)
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=80,
        help_text=_("Small letters, digits and hyphens; the project’s address has it."),
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it in the project’s history."),
    )


class AttachForm(forms.Form):
    """A row of an open assessment; `rows` are (code, what it asks) by assessment."""

    row = forms.ChoiceField(label=_("Criterion"))

    def __init__(self, *args: Any, rows: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["row"]
        field.choices = rows


def first_values(entry: Any) -> dict[str, str]:
    """What a candidate is called unless somebody says otherwise."""
    return {
        "name": entry.title,
        "slug": slugify(entry.title)[:80].strip("-") or f"entry-{entry.code}",
        "summary": entry.abstract,
    }
