"""Numbers that must not be kept here: of bank accounts, cards and identity papers.

We pay nobody ourselves and need none of them. This catches what somebody types by mistake: valid
IBANs, card numbers that pass the Luhn check, and Chinese resident identity numbers with their
check digit. Account numbers without a check digit look like any other number and are not caught.
"""

from __future__ import annotations

import re

_IBAN = re.compile(r"(?=([A-Z]{2}\d{2}[A-Z0-9]{11,30}))")
_SHORTEST_IBAN = 15
_DIGITS = re.compile(r"(?<!\d)\d{13,19}(?!\d)")
_RESIDENT = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def holds_private_number(text: str) -> bool:
    """Whether the text seems to hold a bank account, card or identity number."""
    upper = text.upper()
    words = re.sub(r"(?<=[A-Z0-9])[ \-\u00a0](?=[A-Z0-9])", "", upper)
    digits = re.sub(r"(?<=\d)[ \-\u00a0](?=[\dX])", "", upper)
    return (
        any(_begins_iban(found) for found in _IBAN.findall(words))
        or any(_passes_luhn(found) for found in _DIGITS.findall(digits))
        or any(_is_resident(found) for found in _RESIDENT.findall(digits))
    )


def _begins_iban(text: str) -> bool:
    return any(_is_iban(text[:end]) for end in range(_SHORTEST_IBAN, len(text) + 1))


def _is_iban(text: str) -> bool:
    """ISO 13616: the country's letters and check digits moved to the end give 1 modulo 97."""
    turned = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_resident(text: str) -> bool:
    """GB 11643: a weighted sum modulo 11 names the last character."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    return _CHECKS[total % 11] == text[17]
