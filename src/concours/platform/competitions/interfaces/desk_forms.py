"""Forms of the organiser's desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.phases import PhasePlan
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.interfaces.fields import MomentField, TextField
from concours.platform.competitions.models import Batch, Season, Track

MOST = 1_000
UTC_HELP = _("In UTC.")


class TrackForm(forms.ModelForm):  # type: ignore[type-arg]
    """All settings of a draft track."""

    starts_at = MomentField(label=_("Starts"), help_text=UTC_HELP)
    registration_opens_at = MomentField(label=_("Registration opens"), help_text=UTC_HELP)
    registration_closes_at = MomentField(
        label=_("Registration closes"),
        help_text=_("In UTC. The closing moment itself is too late."),
    )

    teams_freeze_at = MomentField(
        label=_("Teams are frozen from"),
        help_text=_("In UTC. Empty: with the end of registration, which is the latest."),
        required=False,
    )

    class Meta:
        model = Track
        fields = (
            "batch",
            "title",
            "title_zh",
            "summary",
            "summary_zh",
            "category",
            "category_zh",
            "technical_area",
            "owner",
            "owner_zh",
            "starts_at",
            "registration_opens_at",
            "registration_closes_at",
            "teams_freeze_at",
            "team_size_min",
            "team_size_max",
            "reviews_per_entry",
            "finalists",
            "rubric",
            "weight_machine",
            "weight_peer",
            "weight_jury",
            "llm_policy",
            "publish_source_days",
        )
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "summary_zh": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["batch"]
        field.queryset = season.batches.all()
        field.empty_label = None
        for number in self.fields.values():
            if isinstance(number, forms.IntegerField):
                number.max_value = MOST
                number.validators.append(MaxValueValidator(MOST))

    def _post_clean(self) -> None:
        """Keep the form's hands off the instance: the domain alone changes it, under its lock."""


class NewTrackForm(forms.Form):
    """The least a draft needs; the rest has defaults that its settings page shows."""

    batch = forms.ModelChoiceField(
        label=_("Batch"), queryset=Batch.objects.none(), empty_label=None
    )
    slug = forms.SlugField(
        label=_("Short name"), max_length=80, help_text=_("It becomes part of the address.")
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    category = forms.CharField(label=_("Category"), max_length=100)

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["batch"]
        field.queryset = season.batches.all()


class RulesForm(forms.Form):
    """The next version of a track's rules."""

    text = TextField(label=_("Rules"), max_length=100_000, rows=18, strip=False)
    text_zh = TextField(
        label=_("Rules in Chinese"), max_length=100_000, rows=10, required=False, strip=False
    )

    def clean_text(self) -> str:
        # Browsers send CRLF; the digest is of the text as others would write it down.
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean_text_zh(self) -> str:
        return str(self.cleaned_data["text_zh"]).replace("\r\n", "\n")


class PhaseForm(forms.Form):
    """One planned phase."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *PhaseKind.choices])
    starts_at = MomentField(label=_("Starts"))
    ends_at = MomentField(label=_("Ends"))
    may_submit = forms.BooleanField(label=_("teams may submit"), required=False)
    may_review = forms.BooleanField(label=_("reviewers may review"), required=False)
    scores_visible = forms.BooleanField(label=_("everyone sees scores"), required=False)
    names_visible = forms.BooleanField(label=_("everyone sees names"), required=False)


PhaseFormSet = forms.formset_factory(
    PhaseForm, extra=2, max_num=20, absolute_max=20, can_delete=True
)


def plans_of(data: Iterable[dict[str, Any]]) -> list[PhasePlan]:
    """The plans of a valid PhaseFormSet's cleaned data; empty and deleted rows are left out."""
    plans = []
    for row in data:
        values = {name: row[name] for name in PhaseForm.base_fields if name in row}
        if values and not row.get("DELETE"):
            plans.append(PhasePlan(**values | {"kind": PhaseKind(values["kind"])}))
    return plans


def suggested_phases(track: Track) -> list[dict[str, Any]]:
    """Rows for a track without phases, from its own dates; none where these leave no room.

    Registration as it is set, half of what is left until the final for peer review, the result
    from the final to the season's end.
    """
    opens, closes = track.registration_opens_at, track.registration_closes_at
    final, end = track.batch.final_at, track.season.ends_at
    if not opens < closes < final < end:
        return []
    half = closes + (final - closes) / 2
    half = half.replace(hour=0, minute=0, second=0, microsecond=0)
    cuts = [
        (PhaseKind.REGISTRATION, opens, closes, {"may_submit": True}),
        (PhaseKind.PEER_REVIEW, closes, half, {"may_review": True}),
        (PhaseKind.FINAL, half, final, {}),
        (PhaseKind.RESULT, final, end, {"scores_visible": True, "names_visible": True}),
    ]
    return [
        {"kind": kind, "starts_at": start, "ends_at": stop, **flags}
        for kind, start, stop, flags in cuts
        if start < stop
    ]
