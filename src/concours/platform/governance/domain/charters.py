"""Adopting charters, and reading the one in force."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.governance import BadCharter, read_charter
from concours.governance import Charter as Parsed
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.governance.models import Body, Charter
from concours.platform.record import domain as record


@transaction.atomic
def adopt_charter(*, actor: Any, text: str) -> Charter:
    """Put a charter in force, for reviews that are asked for from now on.

    Raises Refused with every fault and its place for a text that is no charter, for one whose
    threshold is still to be set, and for the text that is in force already.
    """
    require(actor, "governance.adopt_charter")
    text = text.replace("\r\n", "\n")
    parsed = _usable(text)
    latest = Charter.objects.select_for_update(no_key=True).first()
    if latest is not None and latest.digest == parsed.digest:
        raise Refused("charter-in-force", _("This very charter is in force."))
    try:
        with transaction.atomic():
            charter = Charter.objects.create(
                number=latest.number + 1 if latest else 1,
                name=parsed.name,
                version=parsed.version,
                title=parsed.title,
                title_zh=parsed.title_zh,
                text=text,
                digest=parsed.digest,
                adopted_at=clock.now(),
                adopted_by=actor if actor.pk is not None else None,
            )
    except IntegrityError:
        raise Refused("charter-adopted", _("Another charter was adopted just now.")) from None
    for body in parsed.bodies:
        Body.objects.update_or_create(
            slug=body.key, defaults={"name": body.name, "name_zh": body.name_zh}
        )
    record.append(
        actor=actor,
        verb="charter.adopted",
        subject=f"charter:{charter.number}",
        data={"name": parsed.name, "version": parsed.version, "digest": parsed.digest},
    )
    return charter


def charter_in_force() -> Charter | None:
    """The charter that was adopted last; None before the first."""
    return Charter.objects.first()


def charter_needed() -> Charter:
    """Raises Refused before a charter was adopted."""
    found = charter_in_force()
    if found is None:
        raise Refused("no-charter", _("The foundation has adopted no charter yet."))
    return found


def parsed(charter: Charter) -> Parsed:
    """What the charter says."""
    return _parsed(charter.text)


@lru_cache(maxsize=32)
def _parsed(text: str) -> Parsed:
    return read_charter(text)


def _usable(text: str) -> Parsed:
    try:
        found = read_charter(text)
    except BadCharter as error:
        raise Refused(
            "bad-charter", _("This is no charter: %(faults)s") % {"faults": error}
        ) from None
    if found.unset:
        raise Refused(
            "threshold-unset",
            _("Set the threshold of %(rules)s first: no public source tells it.")
            % {"rules": ", ".join(found.unset)},
        )
    return found
