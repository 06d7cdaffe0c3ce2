"""Forms of appeals, their judges, and staged changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from concours.platform.appeals.domain.attaching import ENDINGS, MOST_BYTES
from concours.platform.appeals.enums import AppealKind, Outcome


class AppealForm(forms.Form):
    """What the appeal is against, and why."""

    kind = forms.ChoiceField(label=_("Against"))
    about = forms.ChoiceField(
        label=_("Which review"),
        required=False,
        help_text=_(
            "Only for an appeal against a review: the reviewer as your entry’s page names them."
        ),
    )
    subject = forms.CharField(
        label=_("Matter"), max_length=200, help_text=_("In one line, what you ask for.")
    )
    reason = forms.CharField(
        label=_("Reasons"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "What is wrong, and how it can be seen. Those who judge read this; the public does not."
        ),
    )

    def __init__(
        self, *args: Any, kinds: Iterable[AppealKind], aliases: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(str(one), one.label) for one in kinds]
        about: Any = self.fields["about"]
        about.choices = [("", "–"), *((alias, alias) for alias in aliases)]
        if len(about.choices) == 1:
            del self.fields["about"]


class AttachForm(forms.Form):
    """A file that supports the appeal."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Up to 2 MiB; an appeal has at most five. Kinds: %(kinds)s.")
        % {"kinds": ", ".join(sorted(ending[1:] for ending in ENDINGS))},
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("A file has at most 2 MiB."))
        return upload


class HearingForm(forms.Form):
    hearing = forms.CharField(
        label=_("What was said"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The team reads it; name no reviewer."),
    )


class DismissForm(forms.Form):
    """Written reasons, in one language or both."""

    decision = forms.CharField(
        label=_("Written reasons"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("They are published while everyone sees scores; name no person."),
    )
    decision_zh = forms.CharField(
        label=_("Written reasons in Chinese"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class DecideForm(DismissForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)

    field_order = ("outcome", "decision", "decision_zh")


class AsideForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you stand aside"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AppointForm(forms.Form):
    """Whom to appoint, by the address they signed up with."""

    email = forms.EmailField(label=_("E-mail address of the judge’s account"))

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].strip().lower()
        self.person: Any = get_user_model().objects.filter(email=address, is_active=True).first()
        if self.person is None:
            raise forms.ValidationError(
                _("No account has this address. Ask the person to sign up first.")
            )
        return address


class ChangeSetForm(forms.Form):
    """What a set of changes is for."""

    title = forms.CharField(label=_("Title"), max_length=200)
    reason = forms.CharField(
        label=_("Reasons"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Published once the changes are applied; a team that goes out or in reads them."
        ),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reasons"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PointsForm(forms.Form):
    """Whole points for each criterion of a rubric."""

    def __init__(self, *args: Any, criteria: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in criteria:
            self.fields[f"score-{criterion.key}"] = forms.IntegerField(
                label=str(criterion), min_value=0, max_value=criterion.max_points
            )

    @property
    def scores(self) -> dict[str, int]:
        return {
            name.removeprefix("score-"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("score-")
        }


class JuryPointsForm(forms.Form):
    """A juror's corrected score; cleans to thousandths of a point."""

    points = forms.DecimalField(
        label=_("Points"), min_value=0, max_value=100, decimal_places=3, max_digits=6
    )

    @property
    def points_milli(self) -> int:
        return int(self.cleaned_data["points"] * 1_000)


class SignForm(forms.Form):
    """The signer's password; for accounts without one, the set's code typed out."""

    def __init__(self, *args: Any, by_password: bool, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_password:
            self.fields["password"] = forms.CharField(
                label=_("Your password"),
                max_length=200,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
        else:
            self.fields["code"] = forms.CharField(
                label=_("Type “%(code)s” to confirm") % {"code": code}, max_length=20
            )
