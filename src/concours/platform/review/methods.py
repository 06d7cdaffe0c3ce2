"""How a track's peer review is drawn, judged and chosen: the settings, and their names in words.

Names of methods are those of the engine's registries. Neither Django's set-up nor a database is
asked, so that a season's folder can be checked without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

MOST_PARTS = 32
CYCLES = (2, 8)
LEVELS = (50, 99)
DAYS = (0, 60)
SHARES = (0, 100)
MOST_REMINDERS = 10


@dataclass(frozen=True, kw_only=True)
class Methods:
    """The methods of one round.

    Attributes:
        assignment, consensus, selection: names in the engine's registries.
        parts: parts that entries are dealt to, 0 = by the selection and the room there is.
        cycles_up_to: no reviews in a circle of up to so many entries, 2 .. 8.
        own_left_out: whether an entry's rank leaves out what its own reviewer wrote.
        level: coverage of rank intervals in per cent, 50 .. 99.
        screening: whether those who run the round may have its reviews screened.
        reminder_days: reminders leave so many days before the close, 1 .. 60, each once.
        replace_days: so many days before the close the duties of whoever has written nothing go to
            others, 0 .. 60; 0 = never.
        withhold_reviews: whether a team reads its reviews only once its own duty is done.
        finalist_undone: no finalist where more than this share of the duty is undone, in per cent;
            100 = never.
        disqualify_undone: disqualified with the close where more than this share is undone, in per
            cent; 100 = never.
    """

    assignment: str = "balanced"
    consensus: str = "random-effects"
    selection: str = "exact-dollar-partition"
    parts: int = 0
    cycles_up_to: int = 2
    own_left_out: bool = True
    level: int = 95
    screening: bool = True
    reminder_days: tuple[int, ...] = (7, 3, 1)
    replace_days: int = 2
    withhold_reviews: bool = False
    finalist_undone: int = 50
    disqualify_undone: int = 100

    def __post_init__(self) -> None:
        object.__setattr__(self, "reminder_days", tuple(self.reminder_days))

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "reminder_days": list(self.reminder_days)}


BEFORE = Methods(own_left_out=False, screening=False, replace_days=0)
"""What rounds were held with that were planned before methods could be chosen."""
UNSAID = {"replace_days": 0}
"""What holds where a round's plan does not say so, as it could not be chosen then."""


class Fault(NamedTuple):
    """A setting that cannot be: its key, what is wrong, what to do."""

    key: str
    problem: str
    mend: str


class Wording(NamedTuple):
    """A method as pages call it, and one sentence on what it does."""

    label: Any
    sentence: Any


ASSIGNMENT = {
    "balanced": Wording(
        _("Evenly, by lot"),
        _("Every entry gets and owes the same number of reviews; who meets whom is drawn by lot."),
    ),
    "total": Wording(
        _("By closeness of texts"),
        _(
            "Reviewers get entries whose title and abstract are close to those of their own, as "
            "close as can be in sum. Whoever reads the texts can guess who reviews whom."
        ),
    ),
    "fairest": Wording(
        _("By closeness, the worst off first"),
        _(
            "As by closeness of texts, but first the entry whose reviewers fit it least gets "
            "reviewers as close as can be. For up to 2,000 entries; in larger tracks the draw is "
            "refused: choose “By closeness of texts” there."
        ),
    ),
    "randomised": Wording(
        _("By closeness and lot"),
        _(
            "By closeness of texts, but by lot among many, so that nobody can make sure of "
            "reviewing a certain entry. In large tracks no two meet with a chance above one half."
        ),
    ),
    "perturbed": Wording(
        _("By closeness and lot, spread wide"),
        _(
            "As by closeness and lot, with chances spread over as many reviewers as the closeness "
            "allows."
        ),
    ),
}
CONSENSUS = {
    "random-effects": Wording(
        _("Quality and severity together"),
        _(
            "Each entry’s quality is estimated together with each reviewer’s severity; few "
            "reviews are held back towards the mean."
        ),
    ),
    "robust": Wording(
        _("Quality and severity, outliers damped"),
        _("As quality and severity together; a single score far from all others counts less."),
    ),
    "ordinal": Wording(
        _("Steps of the scale"),
        _(
            "Points count as steps in order; how far apart the steps are follows from the reviews. "
            "For coarse scales."
        ),
    ),
    "plackett-luce": Wording(
        _("Order alone"),
        _("Only the order counts in which each reviewer’s points put the entries, not how far."),
    ),
    "bradley-terry": Wording(
        _("Pairs"),
        _("Each reviewer’s order counts as comparisons of two entries at a time."),
    ),
    "mean": Wording(
        _("Plain mean"),
        _("The mean of an entry’s points: a strict reviewer costs it places. For comparison."),
    ),
    "z-scores": Wording(
        _("Mean of standardised points"),
        _(
            "Each reviewer’s points are brought to the same mean and spread, then averaged. For "
            "comparison."
        ),
    ),
    "borda": Wording(
        _("Sum of places"),
        _("An entry gets points for each place in its reviewers’ orders. For comparison."),
    ),
}
SELECTION = {
    "exact-dollar-partition": Wording(
        _("By parts, votes decide the seats"),
        _(
            "Each part gets seats by the share of votes that other parts give it. As many "
            "finalists as planned, and nobody’s own reviews move their own chance."
        ),
    ),
    "peer-nomination": Wording(
        _("By nominations"),
        _(
            "Each reviewer nominates the best of their list; who is nominated by most of their "
            "reviewers is in. Nobody’s own reviews move their own place, and the number of "
            "finalists is met on average only."
        ),
    ),
    "partition": Wording(
        _("By parts, the same seats each"),
        _(
            "Each part gets the same number of seats. Simple and impartial; a strong part loses "
            "some of its best."
        ),
    ),
    "dollar-partition-raffle": Wording(
        _("By parts, seats by lot"),
        _("Seats go to parts by lot, with chances by the votes of the other parts. Impartial."),
    ),
    "borda": Wording(
        _("By sum of places"),
        _("The most points for places win. Not impartial: who marks rivals down gains by it."),
    ),
}
NOT_OFFERED = {
    "total-fast": "it takes vectors of expertise; texts are compared cell by cell",
    "credible-subset": "it has to be told whose reviewer each one is, which public inputs must not",
}
"""Methods of the engine that the platform leaves out, and why."""
WORDINGS = {"assignment": ASSIGNMENT, "consensus": CONSENSUS, "selection": SELECTION}

CAPPED = frozenset({"randomised", "perturbed"})
"""Methods of assignment that draw pairs, each with a chance of at most MOST_PROBABLE."""
MOST_PROBABLE = 0.5
"""Tracks too small for it have the least chance that leaves enough pairs."""
BY_TEXTS = frozenset({"total", "fairest", "randomised", "perturbed"})
"""Methods of assignment that compare texts."""
OWN_SCALE = frozenset({"plackett-luce", "bradley-terry", "z-scores", "borda"})
"""Methods of consensus whose estimates are no points: points then follow from ranks."""
IN_PARTS = frozenset({"exact-dollar-partition", "partition", "dollar-partition-raffle"})
"""Methods of selection that need the entries dealt to parts."""

REVIEWS_ALONE = frozenset({"peer-nomination"})
"""Methods of selection in which a machine's scores cannot count."""


def available(kind: str) -> list[str]:
    """The engine's methods of "assignment", "consensus" or "selection" that can be chosen."""
    from concours import peerreview  # here, because reading an old round's settings needs none

    registries: dict[str, Mapping[str, Any]] = {
        "assignment": peerreview.ASSIGNERS,
        "consensus": peerreview.AGGREGATORS,
        "selection": peerreview.SELECTORS,
    }
    return [name for name in registries[kind] if name not in NOT_OFFERED]


def wording(kind: str, name: str) -> Wording:
    """The method in words; its bare name where there are none."""
    return WORDINGS[kind].get(name, Wording(name, ""))


def faults_of(values: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with settings given by key; [] where `Methods(**values)` can be used."""
    found = []
    for key, value in values.items():
        check = _CHECKS.get(key)
        if check is None:
            found.append(Fault(key, "is not a known key", f"known here are {', '.join(_CHECKS)}"))
        elif (expected := check(key, value)) is not None:
            found.append(Fault(key, f"{str(value)[:40]!r} is not possible", expected))
    return found


def methods_of(params: Mapping[str, Any]) -> Methods:
    """The methods of a round by its stored params."""
    stored = params.get("methods")
    if stored is None:
        return BEFORE
    known = {field.name for field in fields(Methods)}
    return Methods(**{**UNSAID, **{key: value for key, value in stored.items() if key in known}})


def _method(key: str, value: Any) -> str | None:
    names = available(key)
    return None if value in names else f"use one of {', '.join(names)}"


def _whole(low: int, high: int) -> Any:
    def check(_key: str, value: Any) -> str | None:
        if type(value) is int and low <= value <= high:
            return None
        return f"{low} to {high} is expected"

    return check


def _switch(_key: str, value: Any) -> str | None:
    return None if isinstance(value, bool) else "true or false is expected"


def _days(_key: str, value: Any) -> str | None:
    if (
        isinstance(value, (list, tuple))
        and len(value) <= MOST_REMINDERS
        and all(type(day) is int and 1 <= day <= DAYS[1] for day in value)
        and len(set(value)) == len(value)
    ):
        return None
    return f"a list of at most {MOST_REMINDERS} different days from 1 to {DAYS[1]} is expected"


_CHECKS = {
    "assignment": _method,
    "consensus": _method,
    "selection": _method,
    "parts": _whole(0, MOST_PARTS),
    "cycles_up_to": _whole(*CYCLES),
    "own_left_out": _switch,
    "level": _whole(*LEVELS),
    "screening": _switch,
    "reminder_days": _days,
    "replace_days": _whole(*DAYS),
    "withhold_reviews": _switch,
    "finalist_undone": _whole(*SHARES),
    "disqualify_undone": _whole(*SHARES),
}
