"""Forms of a donation: its parts, its review, its ceremony, a signature."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.donations.domain.ceremony import MOST_WITNESSES
from concours.platform.donations.domain.papers import MOST_BYTES
from concours.platform.donations.enums import AssetKind, AssetState, TermsKind
from concours.platform.donations.models import Donation
from concours.platform.register.domain.entering import areas_offered
from concours.platform.register.enums import DonorKind

CODE_HELP = _("The last part of the address of their page, twelve letters and digits.")
FILE_HELP = _("PDF, PNG or JPEG, at most 5 MiB. It is never public.")


def _line(label: Any, most: int = 200, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **more)


def _text(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=5_000, required=required, widget=forms.Textarea(attrs={"rows": 4})
    )


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _file(label: Any, *, required: bool = True) -> forms.FileField:
    return forms.FileField(label=label, required=required, help_text=FILE_HELP)


class ProjectForm(forms.Form):
    """What the project is."""

    name = _line(_("Name"))
    name_zh = _line(_("Name in Chinese"), required=False)
    slug = _line(
        _("Short name"),
        80,
        help_text=_("Small letters, digits and hyphens; the project’s address in the register."),
    )
    summary = _text(_("Summary"))
    summary_zh = _text(_("Summary in Chinese"))
    areas = forms.MultipleChoiceField(
        label=_("Technical areas"), required=False, widget=forms.CheckboxSelectMultiple
    )
    homepage = _line(_("Home page"), 500, required=False)
    licence = _line(
        _("Licence"),
        100,
        required=False,
        help_text=_("By its SPDX short name, such as MulanPSL-2.0 or Apache-2.0."),
    )

    def __init__(self, *args: Any, donation: Donation | None = None, **kwargs: Any) -> None:
        if donation is not None:
            kwargs["initial"] = {
                name: getattr(donation, name) for name in self.base_fields if name != "areas"
            } | {"areas": list(donation.areas.values_list("slug", flat=True))}
        super().__init__(*args, **kwargs)
        areas = self.fields["areas"]
        assert isinstance(areas, forms.MultipleChoiceField)  # noqa: S101
        areas.choices = areas_offered()


class DonorForm(forms.Form):
    name = _line(_("Name"))
    name_zh = _line(_("Name in Chinese"), required=False)
    slug = _line(
        _("Short name"),
        80,
        help_text=_("Small letters, digits and hyphens; the register’s, if it knows the donor."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=DonorKind.choices)
    registered_as = _line(
        _("Registration number"),
        100,
        required=False,
        help_text=_("Stands in the agreement, never on a public page."),
    )
    address = _line(
        _("Address"),
        300,
        required=False,
        help_text=_("Stands in the agreement, never on a public page."),
    )
    share = _line(
        _("Share"), 40, required=False, help_text=_("As a fraction or in per cent: 1/3, or 12.5 %.")
    )


class UndividedForm(forms.Form):
    undivided = forms.BooleanField(
        label=_("The donors give together, without shares"), required=False
    )


class AssetForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=AssetKind.choices)
    name = _line(_("Name"))
    location = _line(_("Address on the web"), 500, required=False)
    licence = _line(
        _("Licence"),
        100,
        required=False,
        help_text=_("By its SPDX short name; for code and designs."),
    )
    owner = _line(_("Owner"), help_text=_("Who owns it now, if not a donor, too."))


class MoveForm(forms.Form):
    asset = forms.ChoiceField(label=_("Asset"))
    state = forms.ChoiceField(label=_("Transfer"), choices=AssetState.choices)
    evidence = _line(_("How it can be seen"), 500, required=False)
    file = _file(_("Evidence"), required=False)

    def __init__(self, *args: Any, donation: Donation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asset = self.fields["asset"]
        assert isinstance(asset, forms.ChoiceField)  # noqa: S101
        asset.choices = [(one.code, str(one)) for one in donation.assets.all()]


class TermsForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=TermsKind.choices)
    on_file = forms.IntegerField(label=_("On file"), min_value=0)
    contributors = forms.IntegerField(label=_("Contributors"), min_value=0)


class MandateForm(forms.Form):
    donor = forms.ChoiceField(label=_("Acts for"), required=False)
    user = _line(_("Person"), 12, help_text=CODE_HELP)
    office = _line(_("Office"), 100)
    valid_from = _day(_("From"))
    valid_until = _day(_("Until"), required=False)
    file = _file(_("Mandate"))

    def __init__(self, *args: Any, donation: Donation, staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        donor = self.fields["donor"]
        assert isinstance(donor, forms.ChoiceField)  # noqa: S101
        choices: list[tuple[str, Any]] = [
            (party.slug, str(party)) for party in donation.parties.all()
        ]
        donor.choices = [*choices, ("", _("the foundation"))] if staff else choices
        donor.required = not staff


class FindingForm(forms.Form):
    text = _text(_("Finding"), required=True)


class AcceptForm(forms.Form):
    receiver = _line(_("Name of the foundation"))
    receiver_zh = _line(_("Name of the foundation in Chinese"), required=False)


class CeremonyForm(forms.Form):
    place = _line(_("Place"))
    place_zh = _line(_("Place in Chinese"), required=False)
    held_on = _day(_("Day"))
    witnesses_wanted = forms.IntegerField(
        label=_("Witnesses wanted"), min_value=0, max_value=MOST_WITNESSES
    )
    in_order = forms.BooleanField(
        label=_("The sides sign in the order in which they are listed"), required=False
    )

    def __init__(self, *args: Any, donation: Donation, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(donation, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)


class WitnessForm(forms.Form):
    user = _line(_("Person"), 12, help_text=CODE_HELP)
    organisation = _line(_("Authority"))
    organisation_zh = _line(_("Authority in Chinese"), required=False)


class CopyForm(forms.Form):
    file = _file(_("Signed copy"))


class SignForm(forms.Form):
    """The seat, the version that was read, and that the signer is at the keyboard."""

    seat = forms.CharField(max_length=100, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    password = _line(
        _("Your password"),
        200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = _line(
        _("or the code of your authenticator app"),
        10,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def uploaded(data: dict[str, Any]) -> dict[str, Any]:
    """The cleaned data with the file as `name` and `content`, as the domain takes them."""
    rest = dict(data)
    file = rest.pop("file", None)
    if file is None:
        return rest
    # One byte beyond what is taken is read, so that the refusal is the domain's.
    return {**rest, "name": file.name or "", "content": file.read(MOST_BYTES + 1)}
