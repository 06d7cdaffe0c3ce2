from __future__ import annotations

from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from concours.platform.core.text import in_language_of
from concours.platform.register import domain
from concours.platform.register.enums import OWN, Stage


class QuickSelect(forms.Select):
    """The same as a Select, without a template for each of hundreds of options."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        options = "".join(
            f'<option value="{escape(str(key))}"{" selected" * (str(key) == chosen)}>'
            f"{escape(str(label))}</option>"
            for key, label in self.choices
        )
        given = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", given, mark_safe(options))  # noqa: S308 - escaped above


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
    area = forms.ChoiceField(label=_("Technical area"), required=False, widget=QuickSelect)
    stage = forms.ChoiceField(
        label=_("Stage"),
        required=False,
        choices=[("", _("all")), *Stage.choices],
        widget=QuickSelect,
    )
    donor = forms.ChoiceField(label=_("Donor"), required=False, widget=QuickSelect)
    register = forms.ChoiceField(label=_("Register"), required=False, widget=QuickSelect)
    year = forms.ChoiceField(label=_("Entered in"), required=False, widget=QuickSelect)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = domain.offers(user=user)
        for field, rows in (("area", offers.areas), ("donor", offers.donors)):
            self._offer(field, [(slug, in_language_of(*names)) for slug, *names in rows])
        self._offer("year", [(str(year), str(year)) for year in offers.years])
        registers = self.fields["register"]
        assert isinstance(registers, forms.ChoiceField)  # noqa: S101
        # Our own needs no word: it is what one sees without a choice.
        registers.choices = [
            ("" if slug == OWN else slug, domain.register_name(slug))
            for slug in (OWN, *offers.registers, domain.EVERY)
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
