"""Forms of peer review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.core.text import localised
from concours.platform.review.domain.advice import MOST_ENTRIES
from concours.platform.review.domain.reviewing import MAX_COMMENT, MAX_REASON
from concours.platform.review.domain.rounds import MAX_REVIEWS
from concours.platform.review.domain.screening import MOST_NOTE
from concours.platform.review.enums import AliasKind, DeclaredKind
from concours.platform.review.models import Criterion, Review
from concours.platform.web.interfaces.declaring import add_question, question_fields

MOST_RADIOS = 10
"""Scales up to this many points are rows of buttons, longer ones a number."""


@dataclass(frozen=True)
class CriterionRow:
    """A criterion and its field, as the page lays them out."""

    criterion: Criterion
    field: forms.BoundField
    radios: bool
    share: int
    """Of the whole, in per cent."""


class ScoresForm(forms.Form):
    """Points for each criterion of a rubric."""

    criteria: list[Criterion] = []

    def ask_for(self, criteria: Sequence[Criterion]) -> None:
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


class ReviewForm(ScoresForm):
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
        self,
        *args: Any,
        criteria: Sequence[Criterion],
        review: Review | None,
        track: Any,
        **kwargs: Any,
    ) -> None:
        if review is not None:
            kwargs["initial"] = {
                **{f"score-{key}": points for key, points in review.scores.items()},
                "comment": review.comment,
                "private_comment": review.private_comment,
            }
        super().__init__(*args, **kwargs)
        self.ask_for(criteria)
        add_question(self, track=track, said=review)

    def question(self) -> list[forms.BoundField]:
        return question_fields(self)


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
    """Why a duty must be lifted; which button was pressed says of what kind it is."""

    kind = forms.ChoiceField(choices=DeclaredKind.choices, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What the conflict is"),
        help_text=_(
            "For the organisers: by what you recognise the entry, or how you are close to its team."
        ),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def declared(self) -> DeclaredKind:
        return DeclaredKind(self.cleaned_data["kind"] or DeclaredKind.CLOSE)


class AdviceForm(forms.Form):
    """Numbers of a round to be thought about."""

    entries = forms.IntegerField(label=_("Entries"), min_value=2, max_value=MOST_ENTRIES)
    reviews = forms.IntegerField(
        label=_("Reviews an entry gets and owes"), min_value=1, max_value=MAX_REVIEWS
    )
    finalists = forms.IntegerField(label=_("Finalists"), min_value=1, max_value=MOST_ENTRIES)
    agreement = forms.ChoiceField(
        label=_("Reviewers agree"),
        choices=[
            ("little", _("little: on 2 of 3 pairs")),
            ("fair", _("fairly: on 3 of 4")),
            ("well", _("well: on 4 of 5")),
        ],
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("finalists", 0) >= cleaned.get("entries", MOST_ENTRIES + 1):
            self.add_error("finalists", _("There are to be fewer finalists than entries."))
        return cleaned


class DecideForm(forms.Form):
    """What people make of a flag."""

    note = forms.CharField(
        label=_("Why"),
        help_text=_("What you looked at, whom you heard, and what you conclude."),
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    state = forms.ChoiceField(choices=[(one, one) for one in ("dismissed", "upheld")])


class RevealForm(forms.Form):
    """Who is behind an alias."""

    kind = forms.ChoiceField(label=_("Of"), choices=AliasKind.choices)
    alias = forms.CharField(label=_("Alias"), max_length=12)
    reason = forms.CharField(
        label=_("Reason"), help_text=_("The record keeps who asked and why."), max_length=500
    )
