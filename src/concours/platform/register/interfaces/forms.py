from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.register.enums import Stage
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("area", TechnicalArea.objects.all())
        self._offer("donor", Donor.objects.all())

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("all")), *((row.slug, str(row)) for row in rows)]

    @property
    def wanted(self) -> dict[str, str]:
        """The filters as `domain.search` takes them."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name, "") for name in ("area", "stage", "donor")}
        return {"text": self.cleaned_data.get("q", ""), **found}
