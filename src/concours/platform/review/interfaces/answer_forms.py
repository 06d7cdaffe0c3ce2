"""Forms of answers to reviews, of what follows from them, and of how useful a review was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.review.domain.answering import (
    MOST_ANSWER,
    MOST_REASON,
    amending_open,
)
from concours.platform.review.interfaces.fields import MomentField
from concours.platform.review.interfaces.forms import ScoresForm
from concours.platform.review.models import Assignment, Criterion, Review

NOT_SAID = "none"


class RebuttalPlanForm(forms.Form):
    """Until when teams answer, and until when reviewers amend."""

    rebuttal_closes_at = MomentField(label=_("Teams may answer until"))
    amend_closes_at = MomentField(label=_("Reviewers may amend until"))


class AnswerForm(forms.Form):
    """A team's answer to one review."""

    text = forms.CharField(
        label=_("Your answer"),
        help_text=_("This reviewer and the organisers read it. Name nobody."),
        max_length=MOST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class UsefulnessForm(forms.Form):
    """How useful a review was."""

    rating = forms.ChoiceField(
        label=_("How useful is this review?"),
        help_text=_("Said once, before you see its scores. Its author learns it only in sums."),
        choices=[
            ("5", _("5: very useful")),
            ("4", _("4: useful")),
            ("3", _("3: so-so")),
            ("2", _("2: of little use")),
            ("1", _("1: of no use")),
            (NOT_SAID, _("rather not say")),
        ],
        widget=forms.RadioSelect,
    )

    def value(self) -> int | None:
        chosen = self.cleaned_data["rating"]
        return None if chosen == NOT_SAID else int(chosen)


class AmendForm(ScoresForm):
    """Scores after a team's answer."""

    reason = forms.CharField(
        label=_("Why the scores change"),
        help_text=_("The organisers read it. You can do this once."),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], review: Review, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {f"score-{key}": points for key, points in review.scores.items()}
        super().__init__(*args, **kwargs)
        self.ask_for(criteria)


def amend_form(duty: Assignment, data: Any = None) -> AmendForm | None:
    """The form, where this duty's scores may be amended now; None otherwise."""
    review = getattr(duty, "review", None)
    if review is None or answer_to(duty) == "" or hasattr(review, "revision"):
        return None
    if not amending_open(duty.round):
        return None
    criteria = list(duty.round.rubric.criteria.order_by("position"))
    return AmendForm(data, criteria=criteria, review=review, auto_id="id_amend_%s")


def answer_to(duty: Assignment) -> str:
    """What the team answered, once answers have ended; nothing before."""
    end = duty.round.rebuttal_closes_at
    answer = getattr(getattr(duty, "review", None), "rebuttal", None)
    if answer is None or end is None or clock.now() < end:
        return ""
    return str(answer.text)
