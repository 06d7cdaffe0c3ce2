"""Collecting what a result is computed from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concours.platform.awards.document import Inputs, PoolInput, digest_of, to_text
from concours.platform.awards.domain.contest import Contest, contest_of
from concours.platform.awards.domain.jury import conflicts_in
from concours.platform.awards.domain.pools import plans_of
from concours.platform.awards.formula import Candidate, Weights, missing_parts
from concours.platform.awards.models import JuryScore, MachineScore, PrizePool
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


def gather(*, track: Any) -> Gathered:
    """Everything the track's result depends on. Raises Refused naming what is missing."""
    contest = contest_of(track=track)
    if not contest.codes:
        raise Refused(
            "no-standings",
            gettext_lazy("There are no standings yet: release the peer review's first."),
        )
    if gaps := gaps_in(track=track, contest=contest):
        raise Refused("parts-missing", _sentence(gaps))
    inputs = Inputs(
        track=track.code,
        weights=weights_of(track),
        peer=contest.peer,
        candidates=_candidates(track, contest),
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


def gaps_in(*, track: Any, contest: Contest) -> list[Gap]:
    """What finalists still need, part by part.

    Every juror without a conflict scores every finalist: a mean over different jurors would compare
    unlike with unlike.
    """
    weights = weights_of(track)
    scored = _jury(track)
    jurors = list(serving_jurors(track).select_related("user"))
    conflicts = conflicts_in(track=track) if weights.jury else {}
    gaps: list[Gap] = []
    for candidate, pk in zip(_candidates(track, contest), contest.codes, strict=True):
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


def _candidates(track: Any, contest: Contest) -> tuple[Candidate, ...]:
    jury = _jury(track)
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


def _jury(track: Any) -> defaultdict[int, dict[int, int]]:
    """Entry id -> juror id -> points, of the jurors who serve."""
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    rows = JuryScore.objects.filter(track=track, juror__removed_at__isnull=True)
    for entry_id, juror_id, points in rows.values_list("entry_id", "juror_id", "points_milli"):
        found[entry_id][juror_id] = points
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
