"""Forms of the jury and of the organiser's result desk."""

from __future__ import annotations

import csv
import hashlib
import io
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.prizes import PrizePlan
from concours.platform.core.currencies import CURRENCIES, minor_digits

MOST_PRIZES = 30
LARGEST_IMPORT = 5 * 1024 * 1024


class PointsField(forms.DecimalField):
    """0 to 100 points with up to three decimals; cleans to an integer of thousandths."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=3, max_digits=6, **kwargs)

    def clean(self, value: Any) -> Any:
        points: Decimal | None = super().clean(value)
        return None if points is None else int(points * 1_000)


class ScoreForm(forms.Form):
    """A juror's score of one finalist."""

    points = PointsField(
        label=_("Points"), help_text=_("From 0 to 100; up to three decimals, such as 87.5.")
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For the organisers: why this score."),
    )


class AppointForm(forms.Form):
    """Whom to appoint, by the address they signed up with."""

    email = forms.EmailField(label=_("E-mail address of the juror's account"))

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].strip().lower()
        self.person: Any = get_user_model().objects.filter(email=address, is_active=True).first()
        if self.person is None:
            raise forms.ValidationError(
                _("No account has this address. Ask the juror to sign up first.")
            )
        return address


class MachineScoresForm(forms.Form):
    """Machine scores as a CSV file: the entry's code, then its points, on each line."""

    source = forms.CharField(
        label=_("Evaluation"),
        max_length=200,
        help_text=_("What gave these scores, with its version: “driving evaluation 1.4”."),
    )
    file = forms.FileField(
        label=_("CSV file"), help_text=_("On each line an entry's code and its points, 0 to 100.")
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        upload = data.get("file")
        if upload is not None:
            if upload.size > LARGEST_IMPORT:
                self.add_error("file", _("The file is too large."))
                return data
            raw = upload.read()
            data["digest"] = hashlib.sha256(raw).hexdigest()
            data["scores"] = self._scores(raw)
        return data

    def _scores(self, raw: bytes) -> list[tuple[str, int]]:
        try:
            rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
        except (UnicodeDecodeError, csv.Error):
            self.add_error("file", _("This is not a CSV file in UTF-8."))
            return []
        scores: list[tuple[str, int]] = []
        field = PointsField()
        for number, row in enumerate(rows, start=1):
            if not row or (number == 1 and row[0].strip() in {"entry", "code"}):
                continue
            try:
                code, points = row
                scores.append((code.strip(), field.clean(points.strip())))
            except (ValueError, forms.ValidationError):
                self.add_error(
                    "file", _("Line %(number)d is not a code and points.") % {"number": number}
                )
                return []
        return scores


class PoolForm(forms.Form):
    """A prize pool: its title, currency and total."""

    title = forms.CharField(label=_("Title"), max_length=200)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200, required=False)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in sorted(CURRENCIES)], initial="CNY"
    )
    total = forms.DecimalField(
        label=_("Total"), min_value=0, max_digits=16, help_text=_("In the currency's main unit.")
    )
    reserve = forms.DecimalField(
        label=_("Reserve for appeals"),
        min_value=0,
        max_digits=16,
        required=False,
        help_text=_("Of what no prize takes: it stays in the pool after the result."),
    )

    def __init__(self, *args: Any, fixed_currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed_currency:
            currency: Any = self.fields["currency"]
            currency.disabled = True
            currency.initial = fixed_currency

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("total") is not None and data.get("currency"):
            data["total_minor"] = in_minor(self, "total", data["total"], data["currency"])
        if data.get("currency"):
            reserve = data.get("reserve") or Decimal(0)
            data["reserve_minor"] = in_minor(self, "reserve", reserve, data["currency"])
        return data


class PrizeForm(forms.Form):
    """One prize; a row left empty is no prize."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200, required=False)
    place_from = forms.IntegerField(label=_("From place"), min_value=1, required=False)
    place_to = forms.IntegerField(label=_("To place"), min_value=1, required=False)
    amount = forms.DecimalField(label=_("Amount each"), min_value=0, max_digits=16, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("title") or data.get("place_from"):
            for name in ("place_from", "title"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in, or empty the whole row."))
        return data

    def plan(self, currency: str) -> PrizePlan | None:
        """The prize in the row; None for an empty row, or with an error for a wrong amount."""
        data = self.cleaned_data
        if not data.get("place_from") or not data.get("title"):
            return None
        amount = in_minor(self, "amount", data.get("amount") or Decimal(0), currency)
        if amount is None:
            return None
        return PrizePlan(
            place_from=data["place_from"],
            place_to=data.get("place_to") or data["place_from"],
            amount_minor=amount,
            title=data["title"],
            title_zh=data.get("title_zh", ""),
        )


PrizeFormSet = forms.formset_factory(
    PrizeForm, extra=3, max_num=MOST_PRIZES, absolute_max=MOST_PRIZES
)


def in_minor(form: forms.Form, field: str, amount: Decimal, currency: str) -> int | None:
    """`amount` in minor units; None, with an error on the form, where it does not come out even."""
    minor = amount.scaleb(minor_digits(currency))
    if minor != minor.to_integral_value():
        form.add_error(field, _("This currency has no smaller unit than the last one written."))
        return None
    return int(minor)


def in_major(minor: int, currency: str) -> Decimal:
    """Minor units as an amount for a form, without trailing zeros behind the point."""
    return _plain(Decimal(minor).scaleb(-minor_digits(currency)))


def in_points(milli: int) -> Decimal:
    """Thousandths of a point as points, for a form."""
    return _plain(Decimal(milli).scaleb(-3))


def _plain(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount
