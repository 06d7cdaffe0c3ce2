"""Forms of peer review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from concours.platform.core.text import localised
from concours.platform.review.domain.advice import MOST_ENTRIES
from concours.platform.review.domain.reviewing import MAX_COMMENT, MAX_REASON
from concours.platform.review.domain.rounds import MAX_REVIEWS
from concours.platform.review.domain.screening import MOST_NOTE
from concours.platform.review.enums import AliasKind, DeclaredKind
from concours.platform.review.methods import (
    CYCLES,
    DAYS,
    LEVELS,
    MOST_PARTS,
    MOST_REMINDERS,
    SHARES,
    available,
    faults_of,
    wording,
)
from concours.platform.review.models import Criterion, Review, Rubric
from concours.platform.web.interfaces.declaring import add_question, question_fields

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


class DaysField(forms.CharField):
    """Days before the close, typed as "7, 3, 1"."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(day) for day in value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        words = [
            word for word in super().clean(value).replace("，", ",").split(",") if word.strip()
        ]
        try:
            days = [int(word) for word in words]
        except ValueError:
            raise forms.ValidationError(_("Whole numbers with commas between them.")) from None
        if any(fault.key == "reminder_days" for fault in faults_of({"reminder_days": days})):
            raise forms.ValidationError(
                _("At most %(most)d different days from 1 to %(last)d.")
                % {"most": MOST_REMINDERS, "last": DAYS[1]}
            )
        return days


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
