"""Forms of the money desk and of the winner's page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.domain.bonus import BonusRule
from concours.platform.awards.interfaces.forms import in_major
from concours.platform.core import clock
from concours.platform.core.currencies import minor_digits


class AmountField(forms.DecimalField):
    """An amount in the currency's main unit; cleans to minor units."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        self.digits = minor_digits(currency)
        super().__init__(min_value=0, max_digits=16, decimal_places=self.digits, **kwargs)

    def clean(self, value: Any) -> Any:
        amount: Decimal | None = super().clean(value)
        return None if amount is None else int(amount.scaleb(self.digits))


class _Money(forms.Form):
    """A form with an amount in the pool's currency."""

    def __init__(self, *args: Any, currency: str, most: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = AmountField(
            currency=currency,
            label=_("Amount in %(currency)s") % {"currency": currency},
            initial=in_major(most, currency) if most else None,
        )
        self.order_fields(["user", "entry", "title", "amount"])


class ReasonForm(_Money):
    """A claw-back, or a return to the sponsor."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the record; organisers read it there."),
    )


class GrantForm(ReasonForm):
    """An award out of the pool."""

    entry = forms.CharField(label=_("Code of the entry"), max_length=12)
    title = forms.CharField(label=_("Title of the award"), max_length=200)


class BonusForm(ReasonForm):
    """A bonus for reviewers, out of the pool."""

    threshold = forms.DecimalField(
        label=_("Least mean usefulness"),
        help_text=_("From 1 to 5, as teams rated the reviews before they saw the scores."),
        min_value=1,
        max_value=5,
        decimal_places=2,
        initial=Decimal("3.5"),
    )
    least_ratings = forms.IntegerField(
        label=_("From at least so many ratings"), min_value=1, max_value=1_000, initial=2
    )

    def rule(self) -> BonusRule:
        return BonusRule(
            threshold_milli=int(self.cleaned_data["threshold"] * 1_000),
            least_ratings=self.cleaned_data["least_ratings"],
        )


class PaymentForm(_Money):
    """That somebody was paid, or repaid."""

    reference = forms.CharField(
        label=_("Reference of the transfer"),
        max_length=100,
        help_text=_("By which your bank finds it. Never the number of an account."),
    )
    paid_on = forms.DateField(
        label=_("Paid on"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )

    def clean_paid_on(self) -> Any:
        return self.cleaned_data["paid_on"] or clock.now().date()


class PaperForm(forms.Form):
    """That a paper was seen."""

    what = forms.CharField(
        label=_("What was seen"),
        max_length=200,
        help_text=_("Such as “passport, at the prize-giving”. No numbers."),
    )


class SharesForm(forms.Form):
    """Whole parts for each member; nothing for who gets nothing."""

    def __init__(self, *args: Any, members: list[Any], parts: dict[int, int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.members = {f"member_{member.code}": member for member in members}
        for name, member in self.members.items():
            self.fields[name] = forms.IntegerField(
                label=member.display_name,
                min_value=0,
                max_value=10_000,
                required=False,
                initial=parts.get(member.pk),
            )

    def shares(self) -> dict[Any, int]:
        return {
            member: self.cleaned_data[name]
            for name, member in self.members.items()
            if self.cleaned_data[name]
        }
