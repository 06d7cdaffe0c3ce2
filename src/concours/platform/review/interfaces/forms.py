"""Forms of peer review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.core.text import localised
from concours.platform.review.domain.reviewing import MAX_COMMENT, MAX_REASON
from concours.platform.review.domain.rounds import MAX_REVIEWS
from concours.platform.review.enums import AliasKind
from concours.platform.review.models import Criterion, Review, Rubric

MOST_RADIOS = 10
"""Scales up to this many points are rows of buttons, longer ones a number."""
PATTERN = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class CriterionRow:
    """A criterion and its field, as the page lays them out."""

    criterion: Criterion
    field: forms.BoundField
    radios: bool
    share: int
    """Of the whole, in per cent."""


class ReviewForm(forms.Form):
    """Points for each criterion of a rubric, and two comments."""

    comment = forms.CharField(
        label=_("Comment for the team"),
        help_text=_("Released to the team with your alias. What is good, what is missing, why."),
        max_length=MAX_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    private_comment = forms.CharField(
        label=_("Comment for the organisers"),
        help_text=_("The team never sees this."),
        max_length=MAX_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], review: Review | None, **kwargs: Any
    ) -> None:
        if review is not None:
            kwargs["initial"] = {
                **{f"score-{key}": points for key, points in review.scores.items()},
                "comment": review.comment,
                "private_comment": review.private_comment,
            }
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for criterion in self.criteria:
            self.fields[f"score-{criterion.key}"] = _points_field(criterion)

    def rows(self) -> list[CriterionRow]:
        total = sum(criterion.weight for criterion in self.criteria)
        return [
            CriterionRow(
                criterion=criterion,
                field=self[f"score-{criterion.key}"],
                radios=criterion.max_points <= MOST_RADIOS,
                share=round(100 * criterion.weight / total),
            )
            for criterion in self.criteria
        ]

    def scores(self) -> dict[str, int]:
        """The points given, of those fields that are valid."""
        cleaned = self.cleaned_data
        return {
            criterion.key: cleaned[f"score-{criterion.key}"]
            for criterion in self.criteria
            if f"score-{criterion.key}" in cleaned
        }


def _points_field(criterion: Criterion) -> forms.Field:
    label = localised(criterion, "title")
    if criterion.max_points <= MOST_RADIOS:
        return forms.TypedChoiceField(
            label=label,
            coerce=int,
            choices=[(points, str(points)) for points in range(criterion.max_points + 1)],
            widget=forms.RadioSelect,
            error_messages={"required": _("Give points for this criterion.")},
        )
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=criterion.max_points,
        error_messages={"required": _("Give points for this criterion.")},
    )


class ReasonForm(forms.Form):
    """Why a duty must be lifted."""

    reason = forms.CharField(
        label=_("What the conflict is"),
        help_text=_("For the organisers: you know the team, work with it, or have a stake in it."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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


class PlanForm(forms.Form):
    """A round to be planned."""

    rubric = forms.ModelChoiceField(label=_("Rubric"), queryset=Rubric.objects.all())
    opens_at = MomentField(label=_("Reviews open"))
    closes_at = MomentField(label=_("Reviews close"))
    reviews_per_entry = forms.IntegerField(
        label=_("Reviews an entry gets and owes"), min_value=1, max_value=MAX_REVIEWS
    )
    finalists = forms.IntegerField(label=_("Finalists"), min_value=0, max_value=100_000)


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


class RevealForm(forms.Form):
    """Who is behind an alias."""

    kind = forms.ChoiceField(label=_("Of"), choices=AliasKind.choices)
    alias = forms.CharField(label=_("Alias"), max_length=12)
    reason = forms.CharField(
        label=_("Reason"), help_text=_("The record keeps who asked and why."), max_length=500
    )
