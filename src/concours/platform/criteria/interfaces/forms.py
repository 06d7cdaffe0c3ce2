"""Forms of assessments, evidence and judgements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from concours.criteria import load_preset, presets
from concours.platform.core import clock
from concours.platform.criteria.domain.evidence import ENDINGS, MOST_BYTES
from concours.platform.criteria.enums import StageEntered


def set_choices() -> list[tuple[str, str]]:
    """Each set with each stage that it has rows for, as "set stage"."""
    return [
        (
            f"{found.slug} {stage}",
            f"{found.slug} {found.version} · {StageEntered(stage.value).label}",
        )
        for found in map(load_preset, presets())
        for stage in found.stages
    ]


class OpenForm(forms.Form):
    """Which set, for which stage."""

    wanted = forms.ChoiceField(label=_("Criteria set and stage"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted: Any = self.fields["wanted"]
        wanted.choices = set_choices()


class MaintainerForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the account"),
        help_text=_("This person can then attach evidence and hand in reports."),
    )

    def clean_email(self) -> Any:
        found = get_user_model().objects.filter(email__iexact=self.cleaned_data["email"]).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has an account with this address."))
        return found


class ReportForm(forms.Form):
    report = forms.FileField(
        label=_("Report"),
        help_text=_("The file that “concours criteria check --json” wrote."),
    )

    def clean_report(self) -> Any:
        upload = self.cleaned_data["report"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("A file has at most 4 MiB."))
        return upload


class EvidenceForm(forms.Form):
    """A file or an address."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("Up to 4 MiB. Kinds: %(kinds)s.")
        % {"kinds": ", ".join(sorted(ending[1:] for ending in ENDINGS))},
    )
    address = forms.URLField(
        label=_("Or an address"), required=False, max_length=500, assume_scheme="https"
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("What it is, in a few words. A file has its own."),
    )
    dated = forms.DateField(
        label=_("Dated"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The day that the evidence is of; from then it counts."),
    )
    digest = forms.RegexField(
        label=_("Digest of what stands at the address"),
        regex=r"^[0-9a-f]{64}$",
        required=False,
        help_text=_("SHA-256, 64 hexadecimal digits; for a file it is computed."),
    )
    confidential = forms.BooleanField(label=_("Confidential: for organisers alone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dated"].initial = clock.now().date()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("file")) == bool(data.get("address")):
            raise forms.ValidationError(_("Give either a file or an address."))
        if data.get("address") and not data.get("name"):
            self.add_error("name", _("Name what stands at the address."))
        if data.get("file") and data["file"].size > MOST_BYTES:
            self.add_error("file", _("A file has at most 4 MiB."))
        return data


class JudgeForm(forms.Form):
    met = forms.ChoiceField(
        label=_("This criterion is"),
        choices=[("yes", _("met")), ("no", _("not met"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reasons"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads them, beside your name."),
    )
