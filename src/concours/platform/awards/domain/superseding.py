"""A published result replaced by the one that changed inputs lead to: money taken back and given
anew in one transaction, the earlier result kept."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.awards.document import from_text, outcome_of
from concours.platform.awards.domain.carrying import carry_over
from concours.platform.awards.domain.gathering import gather
from concours.platform.awards.domain.results import make_awards, reserved_of, store_result
from concours.platform.awards.domain.sealing import new_salt, seal_of
from concours.platform.awards.enums import POINTS_MAX_MILLI, LedgerKind, ResultState
from concours.platform.awards.models import JuryCorrection, LedgerLine, PrizePool, Result
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock


@transaction.atomic
def correct_jury_score(
    *, actor: Any, entry: Any, juror: Any, points_milli: int | None
) -> JuryCorrection:
    """Let `points_milli` (0..100,000) count in place of the juror's score; their own without.

    Who calls it appends the one event of the act, with the correction's seal.
    """
    track = lock(entry.track)
    require(actor, "awards.supersede_result", track)
    if points_milli is not None and not 0 <= points_milli <= POINTS_MAX_MILLI:
        raise Refused("score-out-of-range", _("A score is between 0 and 100."))
    if juror.track_id != track.pk or juror.removed_at is not None:
        raise Refused("juror-removed", _("This person is no longer of the jury."))
    salt = new_salt()
    content = {"entry": entry.code, "juror": juror.user.code, "points_milli": points_milli}
    return JuryCorrection.objects.create(
        entry=entry,
        juror=juror,
        points_milli=points_milli,
        salt=salt,
        seal=seal_of(salt=salt, content=content),
        corrected_at=clock.now(),
    )


@transaction.atomic
def supersede_result(*, actor: Any, track: Any) -> Result | None:
    """Replace the published result by the one that the inputs lead to now; None without one.

    Awards of the earlier one are kept and their money taken back, so that every pool balances
    before and after; payouts follow, with events of their own. Who calls it appends the one event
    of the act, with the inputs. Raises Refused naming what a finalist still needs, and where money
    was paid that would have to come back.
    """
    track = lock(track)
    require(actor, "awards.supersede_result", track)
    earlier = Result.objects.filter(track=track, state=ResultState.PUBLISHED).first()
    if earlier is None:
        return None
    gathered = gather(track=track)
    _take_back(earlier)
    earlier.state = ResultState.SUPERSEDED
    earlier.save(update_fields=["state"])
    result = store_result(track=track, gathered=gathered)
    make_awards(result)
    result.state, result.published_at = ResultState.PUBLISHED, clock.now()
    result.save(update_fields=["state", "published_at"])
    carry_over(actor=actor, result=result)
    return result


def _take_back(result: Result) -> None:
    """A reversal for each movement that settled the pools with this result."""
    outcome = outcome_of(from_text(result.inputs))
    for pool in PrizePool.objects.filter(track_id=result.track_id):
        settlement = outcome.settlements[pool.code]
        lines = list(pool.ledger.filter(award__result=result))
        reserved = reserved_of(pool, settlement)
        for kind, amount in (
            (LedgerKind.ROUNDING, settlement.rounding_minor),
            (LedgerKind.RESERVED, reserved),
            (LedgerKind.RETURNED, settlement.returned_minor - reserved),
        ):
            if amount:
                # Money returned when a pool was made smaller stands before it and stays.
                lines.append(pool.ledger.filter(kind=kind, amount_minor=-amount).latest("pk"))
        LedgerLine.objects.bulk_create(
            LedgerLine(
                pool=pool,
                kind=LedgerKind.REVERSED,
                reverses=line,
                amount_minor=-line.amount_minor,
                at=clock.now(),
            )
            for line in lines
        )
