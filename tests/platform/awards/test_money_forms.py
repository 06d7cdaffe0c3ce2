from __future__ import annotations

import pytest
from django import forms

from concours.platform.awards.interfaces.money_forms import AmountField, ReasonForm
from concours.platform.core.currencies import CURRENCIES, minor_digits


@pytest.mark.parametrize(
    ("currency", "typed", "minor"),
    [
        ("CNY", "12.34", 1_234),
        ("CNY", "12.3", 1_230),
        ("CNY", "0.01", 1),
        ("JPY", "5000", 5_000),
        ("KWD", "1.001", 1_001),
        ("CNY", "1e3", 100_000),
        ("CNY", "70000000000.07", 7_000_000_000_007),
    ],
)
def test_what_is_typed_is_exact_in_minor_units(currency: str, typed: str, minor: int) -> None:
    assert AmountField(currency=currency).clean(typed) == minor


@pytest.mark.parametrize(
    ("currency", "typed"),
    [
        ("CNY", "1.005"),
        ("JPY", "0.5"),
        ("KWD", "0.0001"),
        ("CNY", "-1"),
        ("CNY", "NaN"),
        ("CNY", "Infinity"),
        ("CNY", "1" * 17),
        ("CNY", "one"),
    ],
)
def test_nothing_is_rounded_silently(currency: str, typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        AmountField(currency=currency).clean(typed)


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_the_amount_that_a_form_proposes_comes_back(currency: str) -> None:
    most = 1_234_567_891
    form = ReasonForm(currency=currency, most=most)
    proposed = str(form["amount"].value())
    assert AmountField(currency=currency).clean(proposed) == most
    assert minor_digits(currency) in {0, 2, 3}
