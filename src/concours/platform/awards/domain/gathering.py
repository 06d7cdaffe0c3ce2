"""Collecting what a result is computed from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concours.platform.awards.document import Inputs, PoolInput, digest_of, to_text
from concours.platform.awards.domain.contest import Contest, Supposed, contest_of
from concours.platform.awards.domain.jury import conflicts_in
from concours.platform.awards.domain.pools import plans_of
from concours.platform.awards.formula import Candidate, Weights, missing_parts
from concours.platform.awards.models import JuryCorrection, JuryScore, MachineScore, PrizePool
from concours.platform.awards.rules import serving_jurors
from concours.platform.core.errors import Refused

NAMED_AT_MOST = 5
"""How many gaps a refusal names one by one."""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """The inputs, their one text and its digest, and each entry's key by its code."""

    inputs: Inputs
    text: str
    digest: str
    entry_ids: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A score that is still missing. `juror` is a display name, for the jury's part."""

    part: str
    entry: str
    juror: str = ""


def gather(*, track: Any, supposed: Supposed | None = None) -> Gathered:
    """Everything the track's result depends on, or would. Raises Refused naming what is missing."""
    contest = contest_of(track=track, supposed=supposed)
    if not contest.codes:
        raise Refused(
            "no-standings",
            gettext_lazy("There are no standings yet: release the peer review's first."),
        )
    if gaps := gaps_in(track=track, contest=contest, supposed=supposed):
        raise Refused("parts-missing", _sentence(gaps))
    inputs = Inputs(
        track=track.code,
        weights=weights_of(track),
        peer=contest.peer,
        candidates=_candidates(contest, counting_scores(track=track, supposed=supposed), track),
        pools=_pools(track),
        left_out=contest.left_out,
    )
    text = to_text(inputs)
    return Gathered(
        inputs=inputs,
        text=text,
        digest=digest_of(text),
        entry_ids={code: pk for pk, code in contest.codes.items()},
    )


def weights_of(track: Any) -> Weights:
    return Weights(machine=track.weight_machine, peer=track.weight_peer, jury=track.weight_jury)


def gaps_in(*, track: Any, contest: Contest, supposed: Supposed | None = None) -> list[Gap]:
    """What finalists still need, part by part.

    Every juror without a conflict scores every finalist: a mean over different jurors would compare
    unlike with unlike.
    """
    weights = weights_of(track)
    scored = counting_scores(track=track, supposed=supposed)
    jurors = list(serving_jurors(track).select_related("user"))
    entering = supposed.entering if supposed else ()
    conflicts = conflicts_in(track=track, also=entering) if weights.jury else {}
    gaps: list[Gap] = []
    candidates = _candidates(contest, scored, track)
    for candidate, pk in zip(candidates, contest.codes, strict=True):
        title = contest.titles[pk]
        gaps += [
            Gap(part=part, entry=title)
            for part in missing_parts(candidate, weights)
            if part != "jury"
        ]
        if not (weights.jury and candidate.finalist):
            continue
        owing = [juror for juror in jurors if pk not in conflicts.get(juror.pk, {})]
        if not owing:
            gaps.append(Gap(part="jury", entry=title))
        gaps += [
            Gap(part="jury", entry=title, juror=juror.user.display_name)
            for juror in owing
            if juror.pk not in scored[pk]
        ]
    return gaps


def _candidates(
    contest: Contest, jury: Mapping[int, Mapping[int, int]], track: Any
) -> tuple[Candidate, ...]:
    machine = dict(
        MachineScore.objects.filter(entry__track=track).values_list("entry_id", "points_milli")
    )
    return tuple(
        Candidate(
            code=code,
            finalist=pk in contest.finalist_ids,
            machine=machine.get(pk),
            peer=contest.peer_milli.get(pk),
            jury=tuple(sorted(jury[pk].values())) if pk in contest.finalist_ids else (),
        )
        for pk, code in contest.codes.items()
    )


def counting_scores(
    *, track: Any, supposed: Supposed | None = None
) -> defaultdict[int, dict[int, int]]:
    """Entry id -> juror id -> points that count, of the jurors who serve: as they stand, or would.

    A correction counts in place of the juror's own score, the latest of several.
    """
    rows = JuryScore.objects.filter(track=track, juror__removed_at__isnull=True)
    keys = ("entry_id", "juror_id", "points_milli")
    corrections = JuryCorrection.objects.filter(
        entry__track=track, juror__removed_at__isnull=True
    ).order_by("pk")
    counting: dict[tuple[int, int], int | None] = {
        (entry, juror): points for entry, juror, points in corrections.values_list(*keys)
    }
    counting.update(supposed.jury if supposed else {})
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for entry_id, juror_id, points in rows.values_list(*keys):
        found[entry_id][juror_id] = points
    for (entry_id, juror_id), corrected in counting.items():
        if corrected is not None:
            found[entry_id][juror_id] = corrected
    return found


def _pools(track: Any) -> tuple[PoolInput, ...]:
    return tuple(
        PoolInput(
            code=pool.code,
            currency=pool.currency,
            total_minor=pool.total_minor,
            prizes=plans_of(pool),
        )
        for pool in PrizePool.objects.filter(track=track).prefetch_related("prizes")
    )


def _sentence(gaps: list[Gap]) -> str:
    named = [_phrase(gap) for gap in gaps[:NAMED_AT_MOST]]
    if len(gaps) > NAMED_AT_MOST:
        named.append(_("and %(number)d more") % {"number": len(gaps) - NAMED_AT_MOST})
    return _("Still missing: %(what)s.") % {"what": "; ".join(named)}


def _phrase(gap: Gap) -> str:
    if gap.part == "machine":
        return _("the machine score of “%(entry)s”") % {"entry": gap.entry}
    if gap.part == "peer":
        return _("the peer score of “%(entry)s”") % {"entry": gap.entry}
    if gap.juror:
        return _("%(juror)s's score of “%(entry)s”") % {"juror": gap.juror, "entry": gap.entry}
    return _("a juror without a conflict for “%(entry)s”") % {"entry": gap.entry}
