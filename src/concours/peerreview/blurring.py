"""What may be told of one reviewer so that at least so many others could be meant.

Standings are published with all reviews by alias, and teams know how they rated which alias: a
number that one reviewer alone has would tell which alias is theirs. So reviewers are put into
groups of at least `fewest`, and all of a group are told of alike (microaggregation: Domingo-Ferrer
and Mateo-Sanz, "Practical data-oriented microaggregation for statistical disclosure control",
2002).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from concours.peerreview.errors import BadInput
from concours.peerreview.reputation import Estimate, SeasonRecord, usefulness_of

FEWEST = 10
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Usefulness:
    """Of a group of `among` reviewers: the mean of their expectations, 0 .. 1, and what spans all
    their intervals."""

    mean: float
    low: float
    high: float
    among: int


@dataclass(frozen=True, kw_only=True)
class Blurred:
    """`reviews` or more were done in time, as by `among` reviewers in all. Without a rating in the
    group there is no `usefulness`."""

    reviews: int
    among: int
    usefulness: Usefulness | None


def blurred(records: Mapping[Key, SeasonRecord], *, fewest: int = FEWEST) -> dict[Key, Blurred]:
    """What may be told of each reviewer of one round; nothing of whoever is left out.

    Left out are all where there are fewer than `fewest`, and the few who did less than any group of
    `fewest` did: their entries' unmet duties are public, so that silence gives nothing more away.
    O(n log n). Raises BadInput for groups of nobody.
    """
    if fewest < 1:
        raise BadInput("a group has at least one member")
    found: dict[Key, Blurred] = {}
    by_number = sorted(records, key=lambda key: -records[key].kept)
    for members in _groups(by_number, value=lambda key: records[key].kept, fewest=fewest):
        least = records[members[-1]].kept
        if least < 1:
            continue
        told = _usefulness({key: records[key] for key in members}, fewest=fewest)
        for key in members:
            found[key] = Blurred(reviews=least, among=len(members), usefulness=told.get(key))
    return found


def _usefulness(records: Mapping[Key, SeasonRecord], *, fewest: int) -> dict[Key, Usefulness]:
    if not any(record.ratings for record in records.values()):
        return {}
    # An estimate follows from number and sum of the ratings, of which there are few.
    known: dict[tuple[int, int], Estimate] = {}
    estimates: dict[Key, Estimate] = {}
    for key, record in records.items():
        sort = len(record.ratings), sum(record.ratings)
        if sort not in known:
            known[sort] = usefulness_of(record)
        estimates[key] = known[sort]

    def place(key: Key) -> tuple[float, float]:
        return estimates[key].mean, estimates[key].low

    groups = _groups(sorted(estimates, key=place), value=place, fewest=fewest, rest=True)
    found: dict[Key, Usefulness] = {}
    for members in groups:
        told = _span([estimates[key] for key in members])
        found |= dict.fromkeys(members, told)
    return found


def _groups(
    ordered: Sequence[Key],
    *,
    value: Callable[[Key], object],
    fewest: int,
    rest: bool = False,
) -> list[list[Key]]:
    """Runs of `ordered` with at least `fewest` each, those of one value together.

    Fewer at the end are left out; with `rest` they join the last group.
    """
    groups: list[list[Key]] = []
    run: list[Key] = []
    for place, key in enumerate(ordered):
        run.append(key)
        last = place + 1 == len(ordered)
        if len(run) >= fewest and (last or value(ordered[place + 1]) != value(key)):
            groups.append(run)
            run = []
    if rest and run and groups:
        groups[-1].extend(run)
    return groups


def _span(estimates: Sequence[Estimate]) -> Usefulness:
    return Usefulness(
        mean=sum(one.mean for one in estimates) / len(estimates),
        low=min(one.low for one in estimates),
        high=max(one.high for one in estimates),
        among=len(estimates),
    )
