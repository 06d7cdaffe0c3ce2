"""Plays many seasons to choose the number of reviews, the parts and the method before one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from concours.peerreview.aggregation import AGGREGATORS
from concours.peerreview.assignment import ASSIGNERS
from concours.peerreview.errors import BadInput
from concours.peerreview.selection import SELECTORS
from concours.peerreview.simulation.behaviours import check_shares
from concours.peerreview.simulation.measures import one_world
from concours.peerreview.simulation.tables import ScreeningRow, Study, StudyRow
from concours.peerreview.simulation.tally import Design, Plan, Tally
from concours.peerreview.simulation.worlds import GaussianWorlds, Worlds

Progress = Callable[[int, int], None]
Shares = Mapping[str, float]


def study(
    *,
    entries: int,
    seed: bytes,
    reviews_per_entry: Sequence[int] = (3, 5, 8),
    parts: Sequence[int] = (1, 4),
    assignments: Sequence[str] = ("balanced",),
    methods: Sequence[str] = ("random-effects", "mean", "z-scores"),
    selection: Sequence[str] = ("exact-dollar-partition", "peer-nomination", "borda"),
    size: int | None = None,
    behaviours: Shares | Sequence[Shares] = (),
    world: Worlds | Sequence[Worlds] | None = None,
    worlds: int = 200,
    gain_worlds: int = 50,
    screening: bool = True,
    level: float = 0.01,
    progress: Progress | None = None,
) -> Study:
    """What recall, rank correlation, coverage, gain and flags to expect of every design.

    Args:
        entries: entries of a season, each with one reviewer.
        seed: keys everything; world w is the same for all designs.
        reviews_per_entry, parts, assignments: the designs, every combination.
        methods: names in AGGREGATORS, whose first `size` are selected.
        selection: names in SELECTORS; those that need parts are left out where there is one part.
        size: how many are selected; None = a quarter of the entries.
        behaviours: shares of reviewers by name in BEHAVIOURS, or several such, each tried.
        world: a family of worlds, or several; None = GaussianWorlds().
        worlds: worlds a design, 2 or more.
        gain_worlds: how many of them to play again with one strategic reviewer.
        screening, level: whether to screen every season, and at what level.
        progress: called with (seasons done, seasons in all).

    Time is that of worlds * designs * (methods + selection + screening); memory that of one season.
    Raises BadInput, and InfeasibleAssignment where a design cannot be assigned.
    """
    size = max(entries // 4, 1) if size is None else size
    plan = Plan(
        entries=entries,
        size=size,
        methods=_names(methods, AGGREGATORS, "methods"),
        selection=_names(selection, SELECTORS, "selection"),
        level=level,
        screening=screening,
        gain_worlds=gain_worlds,
    )
    designs = list(
        _designs(
            world,
            behaviours,
            reviews_per_entry,
            parts,
            _names(assignments, ASSIGNERS, "assignments"),
        )
    )
    if not 1 <= size < entries:
        raise BadInput(f"size: 1 to {entries - 1} expected, got {size}")
    if worlds < 2:
        raise BadInput(f"worlds: at least 2 expected, got {worlds}")
    rows: list[StudyRow] = []
    flags: list[ScreeningRow] = []
    for number, design in enumerate(designs):
        tally = Tally()
        for w in range(worlds):
            one_world(plan, design, w, seed + b"/" + str(w).encode(), tally)
            if progress is not None:
                progress(number * worlds + w + 1, len(designs) * worlds)
        rows += tally.rows(design, worlds)
        flags += tally.screening(design)
    return Study(entries=entries, size=size, level=level, rows=tuple(rows), screening=tuple(flags))


def _names(names: Sequence[str], known: Mapping[str, object], what: str) -> tuple[str, ...]:
    if isinstance(names, str):
        raise BadInput(f"{what}: a list of names expected, got {names!r}")
    for name in names:
        if name not in known:
            raise BadInput(f"{what}: no {name!r}: {', '.join(sorted(known))}")
    return tuple(names)


def _designs(
    world: Worlds | Sequence[Worlds] | None,
    behaviours: Shares | Sequence[Shares],
    reviews_per_entry: Sequence[int],
    parts: Sequence[int],
    assignments: tuple[str, ...],
) -> Iterator[Design]:
    families = [GaussianWorlds()] if world is None else world
    listed = list(families) if isinstance(families, Sequence) else [families]
    crowds = [behaviours] if isinstance(behaviours, Mapping) else list(behaviours) or [{}]
    shares = [check_shares(crowd) for crowd in crowds]
    for family, crowd, k, p, assignment in product(
        listed, shares, reviews_per_entry, parts, assignments
    ):
        yield Design(
            world=family, shares=crowd, reviews_per_entry=k, parts=p, assignment=assignment
        )
