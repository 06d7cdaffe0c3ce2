"""Forms in which a round is planned, assigned and extended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from concours.platform.review.domain.rounds import MAX_REVIEWS
from concours.platform.review.interfaces.fields import DaysField, MomentField
from concours.platform.review.methods import (
    CYCLES,
    DAYS,
    LEVELS,
    MOST_PARTS,
    SHARES,
    available,
    wording,
)
from concours.platform.review.models import Rubric

METHOD_FIELDS = (
    "assignment",
    "consensus",
    "own_left_out",
    "selection",
    "parts",
    "cycles_up_to",
    "level",
    "screening",
    "reminder_days",
    "replace_days",
    "withhold_reviews",
    "finalist_undone",
    "disqualify_undone",
)


MOST_MET = [(number, str(number)) for number in range(CYCLES[0], CYCLES[1] + 1)]


class PlanForm(forms.Form):
    """A round to be planned: what is judged by whom and when, and by which methods."""

    rubric = forms.ModelChoiceField(label=_("Rubric"), queryset=Rubric.objects.all())
    opens_at = MomentField(label=_("Reviews open"))
    closes_at = MomentField(label=_("Reviews close"))
    reviews_per_entry = forms.IntegerField(
        label=_("Reviews an entry gets and owes"), min_value=1, max_value=MAX_REVIEWS
    )
    finalists = forms.IntegerField(label=_("Finalists"), min_value=0, max_value=100_000)
    assignment = forms.ChoiceField(label=_("Who reviews whom"), widget=forms.RadioSelect)
    consensus = forms.ChoiceField(label=_("How points become ranks"), widget=forms.RadioSelect)
    own_left_out = forms.BooleanField(
        label=_("Leave own reviews out of one’s own rank"),
        help_text=_("From 20 entries on. Ranks may then repeat or skip a number."),
        required=False,
    )
    selection = forms.ChoiceField(label=_("How finalists are chosen"), widget=forms.RadioSelect)
    parts = forms.IntegerField(
        label=_("Parts"),
        help_text=_(
            "Nobody reviews inside their own part. 0: four where the choice of finalists needs "
            "parts and there is room, else one."
        ),
        min_value=0,
        max_value=MOST_PARTS,
    )
    cycles_up_to = forms.TypedChoiceField(
        label=_("No circle of reviews of up to so many entries"),
        help_text=_("2: no two review each other. More leaves the draw less room."),
        coerce=int,
        choices=MOST_MET,
    )
    level = forms.IntegerField(
        label=_("Rank intervals cover, in per cent"), min_value=LEVELS[0], max_value=LEVELS[1]
    )
    screening = forms.BooleanField(
        label=_("Let organisers have the closed reviews screened"),
        help_text=_("For signs of arrangement. A sign is looked at by people, never a verdict."),
        required=False,
    )
    reminder_days = DaysField(
        label=_("Reminders, days before the close"),
        help_text=_("With commas between them, such as 7, 3, 1. Empty: none."),
        max_length=60,
        required=False,
    )
    replace_days = forms.IntegerField(
        label=_("Late reviewers are replaced so many days before the close"),
        help_text=_("Whoever has written nothing by then. 0: never."),
        min_value=DAYS[0],
        max_value=DAYS[1],
    )
    withhold_reviews = forms.BooleanField(
        label=_("Withhold a team’s own reviews until its duty is done"), required=False
    )
    finalist_undone = forms.IntegerField(
        label=_("No finalist above so many per cent of the duty undone"),
        help_text=_("100: never."),
        min_value=SHARES[0],
        max_value=SHARES[1],
    )
    disqualify_undone = forms.IntegerField(
        label=_("Disqualified above so many per cent of the duty undone"),
        help_text=_("100: never."),
        min_value=SHARES[0],
        max_value=SHARES[1],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in ("assignment", "consensus", "selection"):
            field: Any = self.fields[kind]
            field.choices = [(name, _in_words(kind, name)) for name in available(kind)]

    def plan(self) -> dict[str, Any]:
        """The arguments of `plan_round`."""
        values = dict(self.cleaned_data)
        methods = {name: values.pop(name) for name in METHOD_FIELDS}
        return {**values, "methods": methods}

    def method_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in METHOD_FIELDS]

    def other_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in METHOD_FIELDS]

    def method_errors(self) -> bool:
        return any(name in self.errors for name in METHOD_FIELDS)


def _in_words(kind: str, name: str) -> str:
    worded = wording(kind, name)
    return format_html(
        '<span><strong>{}</strong><br><span class="help">{}</span></span>',
        worded.label,
        worded.sentence,
    )


class AssignForm(forms.Form):
    """The mends of an assignment that cannot be."""

    reviews_per_entry = forms.IntegerField(
        label=_("Reviews an entry gets and owes"), min_value=1, max_value=MAX_REVIEWS
    )
    ignored_organisations = forms.TypedMultipleChoiceField(
        label=_("Organisations whose teams may review one another"),
        help_text=_("Leave all of them unticked unless the assignment is impossible otherwise."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, organisations: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organisations:
            self.fields["ignored_organisations"].choices = list(organisations)  # type: ignore[attr-defined]
        else:
            del self.fields["ignored_organisations"]


class ConflictForm(forms.Form):
    """Two entries whose teams must not review each other."""

    first = forms.SlugField(label=_("Code of one entry"), max_length=12)
    second = forms.SlugField(label=_("Code of the other"), max_length=12)
    detail = forms.CharField(label=_("Reason"), max_length=500)


class ExtendForm(forms.Form):
    """A later deadline."""

    closes_at = MomentField(label=_("New deadline"))
