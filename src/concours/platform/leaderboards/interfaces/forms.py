"""Forms of the leaderboards' desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.evaluations.domain.sets import evaluator_versions
from concours.platform.evaluations.enums import Split
from concours.platform.leaderboards.enums import Rule, SetScope, Visibility
from concours.platform.leaderboards.models import Board

MOST_CHOSEN = 2_000
PATTERN = "%Y-%m-%dT%H:%M"


class BoardForm(forms.Form):
    """Which board to make."""

    split = forms.ChoiceField(label=_("Cases"), choices=Split.choices)
    visibility = forms.ChoiceField(
        label=_("Who sees it"),
        choices=[
            (Visibility.PUBLIC, _("everyone")),
            (Visibility.SEALED, _("organisers, until it is opened")),
        ],
    )
    rule = forms.ChoiceField(
        label=_("What counts of an entry"),
        required=False,
        choices=[("", _("as the evaluator says")), *Rule.choices],
    )

    def __init__(self, *args: Any, splits: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["split"]
        field.choices = [(split, Split(split).label) for split in splits]


class FreezeForm(forms.Form):
    """When to freeze; empty for now."""

    at = forms.DateTimeField(
        label=_("Freeze at"),
        required=False,
        help_text=_("In UTC. Empty: at once."),
        input_formats=[PATTERN, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(format=PATTERN, attrs={"type": "datetime-local"}),
    )


class StageForm(forms.Form):
    """Which runs to make again, with what, and why."""

    evaluator = forms.ChoiceField(label=_("Evaluator’s version"))
    scope = forms.ChoiceField(label=_("Whose runs"), choices=SetScope.choices)
    top = forms.IntegerField(
        label=_("How many first places"), min_value=1, max_value=100_000, required=False, initial=10
    )
    entries = forms.CharField(
        label=_("Codes of chosen entries"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("With spaces or commas between."),
    )
    every_run = forms.BooleanField(
        label=_("All scored submissions of these entries, not only the one that counts"),
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("It stands in the record.")
    )

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {
            one.code: one
            for one in evaluator_versions(track=board.track)
            if one.pk != board.evaluator_id
        }
        field: Any = self.fields["evaluator"]
        field.choices = [(code, str(one)) for code, one in self.versions.items()]

    def clean_entries(self) -> list[str]:
        codes = self.cleaned_data["entries"].replace(",", " ").split()
        if len(codes) > MOST_CHOSEN:
            raise forms.ValidationError(
                _("At most %(most)d entries are chosen one by one.") % {"most": MOST_CHOSEN}
            )
        return list(dict.fromkeys(codes))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("scope") == SetScope.TOP and not data.get("top"):
            self.add_error("top", _("Say how many."))
        if data.get("scope") == SetScope.CHOSEN and not data.get("entries"):
            self.add_error("entries", _("Name at least one entry."))
        return data
