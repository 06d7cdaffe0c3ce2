"""Forms of governance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from concours.platform.governance.enums import Choice
from concours.platform.register.enums import ArchiveCause, Stage


class PersonField(forms.EmailField):
    """Cleans an address to the account that has it."""

    def clean(self, value: Any) -> Any:
        address = super().clean(value).strip().lower()
        if not address:
            return None
        person = get_user_model().objects.filter(email=address, is_active=True).first()
        if person is None:
            raise forms.ValidationError(
                _("No account has this address. Ask the person to sign up first.")
            )
        return person


class CharterForm(forms.Form):
    text = forms.CharField(
        label=_("Charter"),
        max_length=256 * 1024,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
        help_text=_("TOML. Faults are named with their place; nothing is adopted before all fits."),
    )
    threshold = forms.CharField(
        label=_("Threshold"),
        max_length=20,
        required=False,
        help_text=_(
            "For a charter that leaves it to be set: a fraction such as 2/3, or 55%. "
            "It is shown wherever the charter is."
        ),
    )


class SeatForm(forms.Form):
    person = PersonField(label=_("E-mail address of the person’s account"))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["role"]
        field.choices = list(roles)


class MeetingForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    held_at = forms.DateTimeField(
        label=_("Held at (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    present = forms.MultipleChoiceField(
        label=_("Who came"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.code: user for user in people}
        field: Any = self.fields["present"]
        field.choices = [(code, user.display_name) for code, user in self.people.items()]

    @property
    def those_present(self) -> list[Any]:
        return [self.people[code] for code in self.cleaned_data["present"]]


class ReviewForm(forms.Form):
    project = forms.SlugField(
        label=_("Project"), max_length=80, help_text=_("Its short name in the register.")
    )
    to = forms.ChoiceField(label=_("Stage that is asked for"), choices=Stage.choices)
    cause = forms.ChoiceField(
        label=_("Cause"),
        required=False,
        choices=[("", "–"), *ArchiveCause.choices],
        help_text=_("Only where the project is to be archived."),
    )
    summary = forms.CharField(
        label=_("What is asked for"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    spokesperson = PersonField(
        label=_("Who speaks for the project"),
        required=False,
        help_text=_("The address of their account. Voters who share an organisation stand aside."),
    )


class MoveForm(forms.Form):
    project = forms.SlugField(
        label=_("Project"), max_length=80, help_text=_("Its short name in the register.")
    )
    to = forms.ChoiceField(label=_("New stage"), choices=Stage.choices)
    body: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Who decided"), queryset=None, to_field_name="slug"
    )
    decided = forms.CharField(
        label=_("Which decision"),
        max_length=300,
        help_text=_("Where it can be found: the minutes, their number or their address."),
    )
    on = forms.DateField(
        label=_("Decided on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Reasons"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = bodies


class DocumentForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")
    digest = forms.CharField(label=_("SHA-256"), max_length=64, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reasons"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecideForm(ReasonForm):
    passes = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("It passes")), ("no", _("It does not pass"))]
    )

    field_order = ("passes", "reason")


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Your comment"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everyone reads it, with your name."),
    )


class BallotForm(forms.Form):
    choice = forms.TypedChoiceField(
        label=_("Your vote"), choices=Choice.choices, coerce=int, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, secret: bool, reasons_for_no: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = _("A −1 needs its reason.") if reasons_for_no else ""
        told = (
            _("After the end it is published without your name; how it is written may tell.")
            if secret
            else _("Everyone reads it, with your name.")
        )
        self.fields["reason"].help_text = f"{asked} {told}".strip()
