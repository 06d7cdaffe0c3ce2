"""The jury: who is of it, and how finalists are scored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain.lookups import organisations_of
from concours.platform.awards.domain.contest import contest_of
from concours.platform.awards.domain.sealing import new_salt, seal_of
from concours.platform.awards.domain.settled import require_unpublished
from concours.platform.awards.enums import POINTS_MAX_MILLI
from concours.platform.awards.models import Juror, JuryScore
from concours.platform.awards.rules import serving_jurors
from concours.platform.competitions.domain import entry_facts
from concours.platform.competitions.enums import EntryState, PhaseKind, TrackState
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record


@transaction.atomic
def appoint_juror(*, actor: Any, track: Any, user: Any) -> Juror:
    """Appoint `user` to the track's jury; somebody who was removed comes back with their scores.

    Raises Refused for a person who takes part in the track, who is of the jury already, or whose
    account is closed, and once the result is published.
    """
    track = lock(track)
    require(actor, "awards.appoint_juror", track)
    require_unpublished(track)
    if not user.is_active:
        raise Refused("account-closed", _("This account is closed."))
    if takes_part(user=user, track=track):
        raise Refused("takes-part", _("Somebody who is of an entry in this track cannot judge it."))
    juror, created = Juror.objects.get_or_create(
        track=track, user=user, defaults={"appointed_at": clock.now()}
    )
    if not created and juror.removed_at is None:
        raise Refused("juror-already", _("This person is of the jury already."))
    if not created:
        juror.removed_at, juror.appointed_at = None, clock.now()
        juror.save(update_fields=["removed_at", "appointed_at"])
    _note(actor=actor, verb="juror.appointed", juror=juror)
    return juror


@transaction.atomic
def remove_juror(*, actor: Any, juror: Juror) -> Juror:
    """Take somebody out of the jury: their scores count no more. Not after publication."""
    track = lock(juror.track)
    juror = lock(juror)
    require(actor, "awards.remove_juror", track)
    require_unpublished(track)
    if juror.removed_at is not None:
        raise Refused("juror-removed", _("This person is no longer of the jury."))
    juror.removed_at = clock.now()
    juror.save(update_fields=["removed_at"])
    _note(actor=actor, verb="juror.removed", juror=juror)
    return juror


@transaction.atomic
def score_as_juror(*, actor: Any, entry: Any, points_milli: int, comment: str = "") -> JuryScore:
    """Give a finalist a score, 0..100,000 thousandths of a point; a second replaces the first.

    Raises NotPermitted for whoever is not of the track's jury. Raises Refused outside the track's
    final or its time, for an entry that is not a finalist, for a juror who takes part or shares an
    organisation with the team, and once the result is published.
    """
    track = lock(entry.track)
    entry = lock(entry)
    require(actor, "awards.score_entry", entry)
    require_unpublished(track)
    _require_final(track)
    if not 0 <= points_milli <= POINTS_MAX_MILLI:
        raise Refused("score-out-of-range", _("A score is between 0 and 100."))
    if entry.state != EntryState.ENTERED or entry.pk not in contest_of(track=track).finalist_ids:
        raise Refused("not-a-finalist", _("The jury scores finalists; this entry is not one."))
    _require_no_conflict(actor=actor, entry=entry)
    juror = serving_jurors(track).get(user=actor)
    salt = new_salt()
    comment = comment.strip()
    seal = seal_of(
        salt=salt,
        content={
            "entry": entry.code,
            "juror": actor.code,
            "points_milli": points_milli,
            "comment": comment,
        },
    )
    score, _created = JuryScore.objects.update_or_create(
        entry=entry,
        juror=juror,
        defaults={
            "track": track,
            "points_milli": points_milli,
            "comment": comment,
            "salt": salt,
            "seal": seal,
            "scored_at": clock.now(),
        },
    )
    record.append(
        actor=actor,
        verb="jury.scored",
        subject=entry,
        season=track.season.slug,
        data={"track": track.slug, "seal": seal},
    )
    return score


def takes_part(*, user: Any, track: Any) -> bool:
    """Whether `user` is of any entry that the track has or had."""
    return bool(
        track.participations.filter(user=user).exists()
        or track.entries.filter(team__memberships__user=user).exists()
    )


def conflicts_in(*, track: Any, also: Collection[int] = ()) -> dict[int, dict[int, frozenset[int]]]:
    """Juror id -> entry id -> the organisations that the juror shares with the entry's team.

    `also` are keys of entries that are out and are looked at nevertheless.
    """
    jurors = list(serving_jurors(track))
    of_jurors = organisations_of(user_ids=[juror.user_id for juror in jurors])
    found: defaultdict[int, dict[int, frozenset[int]]] = defaultdict(dict)
    if not of_jurors:
        return {}
    for facts in entry_facts(track=track, also=also):
        for juror in jurors:
            shared = of_jurors.get(juror.user_id, frozenset()) & facts.organisation_ids
            if shared:
                found[juror.pk][facts.id] = shared
    return dict(found)


def _require_final(track: Any) -> None:
    phase = track.phase
    if track.state != TrackState.STARTED or phase is None or phase.kind != PhaseKind.FINAL:
        raise Refused("not-in-final", _("The jury scores during the final; it is not on."))
    moment = clock.now()
    if not phase.runs_at(moment):
        early = moment < phase.starts_at
        raise Refused(
            "final-not-running",
            _("The final has not begun yet.") if early else _("The final is over."),
        )


def _require_no_conflict(*, actor: Any, entry: Any) -> None:
    if takes_part(user=actor, track=entry.track):
        raise Refused("takes-part", _("You are of an entry in this track and cannot judge it."))
    members = list(entry.team.memberships.values_list("user_id", flat=True))
    found = organisations_of(user_ids=[actor.pk, *members])
    own = found.pop(actor.pk, frozenset())
    if own & frozenset().union(*found.values()):
        raise Refused(
            "conflict",
            _("You and somebody of this team belong to one organisation; others score this entry."),
        )


def _note(*, actor: Any, verb: str, juror: Juror) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=juror.track,
        season=juror.track.season.slug,
        data={"juror": juror.user.code},
    )
