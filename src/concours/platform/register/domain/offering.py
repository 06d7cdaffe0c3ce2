"""What a reader may choose from when they look for projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concours.platform.register.domain.figures import registers
from concours.platform.register.domain.keeping import kept
from concours.platform.register.domain.searching import years
from concours.platform.register.enums import OWN
from concours.platform.register.models import Donor, TechnicalArea


@dataclass(frozen=True, kw_only=True)
class Offers:
    """Areas and donors as (short name, name, name in Chinese); `registers` beside our own."""

    areas: list[tuple[str, str, str]]
    donors: list[tuple[str, str, str]]
    years: list[int]
    registers: list[str]


def offers(*, user: Any) -> Offers:
    """Everything that the filters of the register offer `user`; kept until the register changes."""
    return kept("offers", user=user, make=lambda: _offers(user))


def _offers(user: Any) -> Offers:
    names = ("slug", "name", "name_zh")
    return Offers(
        # Values and no instances: there are hundreds of donors.
        areas=list(TechnicalArea.objects.values_list(*names)),
        donors=list(Donor.objects.values_list(*names)),
        years=years(user=user),
        registers=[row.slug for row in registers(user=user) if row.slug != OWN],
    )
