"""The one act: a winner becomes a candidate of the register, and its dossier goes along."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line, passage
from concours.platform.donations.domain import donation_of
from concours.platform.donations.domain.words import needed_line, short_name
from concours.platform.governance.domain import was_reviewed
from concours.platform.handover.document import digest_of
from concours.platform.handover.domain.asking import require_agreed
from concours.platform.handover.domain.code import licence_of
from concours.platform.handover.domain.gathering import dossier_text
from concours.platform.handover.domain.noting import lock_handover, note
from concours.platform.handover.domain.settled import require_settled, require_winner
from concours.platform.handover.enums import BEFORE_THE_ACT, HandoverState
from concours.platform.handover.models import Dossier, Handover
from concours.platform.register import domain as register
from concours.platform.register.domain.entering import enter_candidate
from concours.platform.register.enums import Stage

MOST_NAME, MOST_SUMMARY, MOST_REASON = 200, 5_000, 2_000


def hand_over(
    *,
    actor: Any,
    handover: Handover,
    slug: str,
    name: str,
    name_zh: str = "",
    summary: str = "",
) -> Handover:
    """Make the entry a candidate of the register, and its dossier, in one transaction.

    An entry that was taken back before comes back as the project it was; the names given are then
    not used. Raises NotPermitted, and Refused: done already (saying where it is), not agreed, no
    winner, appeals not over, no snapshot, or a name that another project has.
    """
    require(actor, "handover.hand_over", handover)
    licence = licence_of(entry=handover.entry)
    return _hand_over(actor, handover, licence, slug, name, name_zh, summary)


@transaction.atomic
def _hand_over(
    actor: Any,
    handover: Handover,
    licence: dict[str, Any],
    slug: str,
    name: str,
    name_zh: str,
    summary: str,
) -> Handover:
    track = lock(handover.entry.track)
    lock(handover.entry.team)
    entry = lock(handover.entry)
    handover = lock_handover(handover, states=BEFORE_THE_ACT)
    require(actor, "handover.hand_over", handover)
    entry.track, handover.entry = track, entry
    require_winner(entry)
    require_settled(track)
    require_agreed(handover)
    text = dossier_text(handover=handover, licence=licence)
    digest = digest_of(text)
    handover.project = _earlier(entry)
    if handover.project is not None:
        lock(handover.project)
    handover.state, handover.done_at = HandoverState.DONE, clock.now()
    if handover.project is None:
        handover.project = enter_candidate(
            actor=actor,
            slug=short_name(slug),
            name=needed_line(name, most=MOST_NAME),
            name_zh=one_line(name_zh, most=MOST_NAME),
            summary=passage(summary.strip(), most=MOST_SUMMARY),
            area=track.technical_area,
            source=digest,
        )
    else:
        register.change_stage(
            actor=actor,
            project=handover.project,
            to=Stage.CANDIDATE.value,
            on=clock.now().date(),
            reason=f"{track.code}: {entry.code}",
        )
    handover.save(update_fields=["state", "project", "done_at"])
    Dossier.objects.create(handover=handover, content=text, digest=digest, made_at=clock.now())
    note(
        actor=actor,
        verb="done",
        handover=handover,
        project=handover.project.slug,
        digest=digest,
    )
    return handover


@transaction.atomic
def take_back(*, actor: Any, handover: Handover, reason: str) -> Handover:
    """Undo the act: the project is archived, the dossier no longer public; the record keeps both.

    Raises Refused without a reason, once an access review of the project was ever opened, and once
    the project was given to the foundation.
    """
    handover = lock_handover(handover, states={HandoverState.DONE})
    require(actor, "handover.take_back", handover)
    reason = passage(reason.strip(), most=MOST_REASON)
    if not reason:
        raise Refused("reason-needed", _("Say why it is taken back; it stays to be read."))
    project: Any = lock(handover.project)  # type: ignore[type-var]
    if was_reviewed(project=project):
        raise Refused(
            "reviewed",
            _("An access review of the project was opened; from there on the foundation decides."),
        )
    if donation_of(project) is not None:
        raise Refused(
            "donated",
            _("The project was given to the foundation; from there on the foundation decides."),
        )
    if project.stage != Stage.ARCHIVED:
        register.change_stage(
            actor=actor,
            project=project,
            to=Stage.ARCHIVED.value,
            on=clock.now().date(),
            reason=reason,
        )
    handover.state, handover.reason = HandoverState.TAKEN_BACK, reason
    handover.ended_at = clock.now()
    handover.save(update_fields=["state", "reason", "ended_at"])
    note(actor=actor, verb="taken-back", handover=handover, reason=reason)
    return handover


def _earlier(entry: Any) -> Any:
    """The project that the entry was before it was taken back."""
    found = Handover.objects.filter(entry=entry, state=HandoverState.TAKEN_BACK).first()
    return found.project if found is not None else None
