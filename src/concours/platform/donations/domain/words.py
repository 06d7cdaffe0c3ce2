"""What is kept of the texts of donations."""

from __future__ import annotations

import re
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from concours.platform.core.errors import Refused
from concours.platform.core.wording import one_line

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SHARE = re.compile(r"(\d{1,9})/(\d{1,9})|(\d{1,3}(?:\.\d{1,6})?) ?%", re.ASCII)
_ADDRESS = URLValidator(schemes=["https", "http"])


def needed_line(text: str, *, most: int) -> str:
    """As `wording.one_line`. Raises Refused for none."""
    line = one_line(text, most=most)
    if not line:
        raise Refused("empty", _("Fill in what is asked for."))
    return line


def short_name(text: str) -> str:
    """Raises Refused for anything but 1..80 small letters, digits and single hyphens between."""
    slug = one_line(text, most=80)
    if SLUG.fullmatch(slug) is None:
        raise Refused(
            "bad-slug", _("A short name has small letters, digits and hyphens between them.")
        )
    return slug


def address(text: str) -> str:
    """A web address or nothing. Raises Refused for anything else."""
    line = one_line(text, most=500)
    if not line:
        return ""
    try:
        _ADDRESS(line)
    except ValidationError:
        raise Refused("bad-address", _("Begin a web address with https://.")) from None
    return line


def licence(text: str) -> str:
    """An SPDX licence expression as SPDX spells it, or nothing.

    Raises Refused for one with an identifier that the SPDX list does not have.
    """
    line = one_line(text, most=100)
    if not line:
        return ""
    try:
        return str(canonicalize_license_expression(line))
    except InvalidLicenseExpression:
        raise Refused(
            "unknown-licence",
            _("“%(licence)s” is no SPDX licence, such as MulanPSL-2.0 or Apache-2.0.")
            % {"licence": line},
        ) from None


def share(text: str) -> Fraction | None:
    """ "1/3" or "12.5 %" as an exact fraction above 0 and at most 1; None for nothing.

    Raises Refused for anything else.
    """
    line = one_line(text, most=40)
    if not line:
        return None
    found = SHARE.fullmatch(line)
    try:
        value = _fraction(found) if found else Fraction(0)
    except ZeroDivisionError:
        value = Fraction(0)
    if not 0 < value <= 1:
        raise Refused("bad-share", _("Write a share as a fraction or in per cent: 1/3, or 12.5 %."))
    return value


def _fraction(found: re.Match[str]) -> Fraction:
    if found[3]:
        return Fraction(found[3]) / 100
    return Fraction(int(found[1]), int(found[2]))
