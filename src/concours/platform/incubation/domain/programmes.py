"""Adopting programmes, and reading the one in force."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.incubation.models import ProgrammeVersion
from concours.platform.incubation.programme import BadProgramme, Programme, read_programme
from concours.platform.record import domain as record


@transaction.atomic
def adopt_programme(*, actor: Any, text: str) -> ProgrammeVersion:
    """Put a programme in force, for incubations that begin from now on.

    Raises Refused with every fault and its place for a text that is none, and for the text that is
    in force already.
    """
    require(actor, "incubation.adopt_programme")
    text = text.replace("\r\n", "\n")
    found = _usable(text)
    latest = ProgrammeVersion.objects.select_for_update(of=("self",)).first()
    if latest is not None and latest.digest == found.digest:
        raise Refused("programme-in-force", _("This very programme is in force."))
    try:
        with transaction.atomic():
            made = ProgrammeVersion.objects.create(
                number=latest.number + 1 if latest else 1,
                name=found.name,
                version=found.version,
                title=found.title,
                title_zh=found.title_zh,
                text=text,
                digest=found.digest,
                adopted_at=clock.now(),
                adopted_by=actor if actor.pk is not None else None,
            )
    except IntegrityError:
        raise Refused("programme-adopted", _("Another programme was adopted just now.")) from None
    record.append(
        actor=actor,
        verb="programme.adopted",
        subject=f"programme:{made.number}",
        data={"name": found.name, "version": found.version, "digest": found.digest},
    )
    return made


def programme_in_force() -> ProgrammeVersion | None:
    """The programme that was adopted last; None before the first."""
    return ProgrammeVersion.objects.first()


def parsed(version: ProgrammeVersion) -> Programme:
    """What the programme says."""
    return _parsed(version.text)


@lru_cache(maxsize=32)
def _parsed(text: str) -> Programme:
    return read_programme(text)


def _usable(text: str) -> Programme:
    try:
        return read_programme(text)
    except BadProgramme as error:
        raise Refused(
            "bad-programme", _("This is no programme: %(faults)s") % {"faults": error}
        ) from None
