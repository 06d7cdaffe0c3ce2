from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.register import domain
from concours.platform.register.enums import OWN, Stage
from concours.platform.register.models import Donor, TechnicalArea


class FilterForm(forms.Form):
    """What a reader looks for in the register; a value that is not on offer filters nothing."""

    q = forms.CharField(
        label=_("Search"),
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "placeholder": _("name, donor, subject …"),
            }
        ),
    )
    area = forms.ChoiceField(label=_("Technical area"), required=False)
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", _("all")), *Stage.choices]
    )
    donor = forms.ChoiceField(label=_("Donor"), required=False)
    register = forms.ChoiceField(label=_("Register"), required=False)
    year = forms.ChoiceField(label=_("Entered in"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("area", [(row.slug, str(row)) for row in TechnicalArea.objects.all()])
        self._offer("donor", [(row.slug, str(row)) for row in Donor.objects.all()])
        self._offer("year", [(str(year), str(year)) for year in domain.years(user=user)])
        others = [row.slug for row in domain.registers(user=user) if row.slug != OWN]
        field = self.fields["register"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        # Our own needs no word: it is what one sees without a choice.
        field.choices = [
            ("" if slug == OWN else slug, domain.register_name(slug))
            for slug in (OWN, *others, domain.EVERY)
        ]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("all")), *choices]

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters as `domain.search` takes them."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name, "") for name in ("area", "stage", "donor")}
        return {
            "text": self.cleaned_data.get("q", ""),
            **found,
            "register": self.cleaned_data.get("register") or OWN,
            "year": int(self.cleaned_data.get("year") or 0),
        }
