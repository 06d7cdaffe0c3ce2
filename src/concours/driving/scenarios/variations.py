"""Variations of a scenario: the values that a parameter value distribution gives."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from concours.driving.scenarios.binding import Broken, Reader
from concours.driving.scenarios.catalogs import CatalogShelf
from concours.driving.scenarios.distributions import (
    Deterministic,
    DeterministicMultiParameterDistribution,
    DeterministicSingleParameterDistribution,
    DistributionFile,
    DistributionRange,
    DistributionSet,
    Stochastic,
)
from concours.driving.scenarios.elements import read_file
from concours.driving.scenarios.errors import BadScenario, Place
from concours.driving.scenarios.findings import Findings
from concours.driving.scenarios.nodes import Node
from concours.driving.scenarios.sampling import BadDistribution, sampler
from concours.driving.scenarios.walking import element_name

MAX_VARIATIONS = 10_000_000

Choice = tuple[int, Callable[[int], dict[str, str]]]  # how many, and the values of one


@dataclass(frozen=True, slots=True)
class Variation:
    """Values of parameters, to be given to `load`; index counts from 0."""

    index: int
    parameters: dict[str, str]


class Variations(Sequence[Variation]):
    """All variations of a file. Each is worked out when it is asked for, from its index alone.

    scenario: path of the scenario that is varied.
    """

    def __init__(self, scenario: Path, count: int, values: Callable[[int], dict[str, str]]) -> None:
        self.scenario = scenario
        self._count = count
        self._values = values

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Variation:  # type: ignore[override]
        if not 0 <= index < self._count:
            raise IndexError(index)
        return Variation(index, self._values(index))

    def __iter__(self) -> Iterator[Variation]:
        return (self[index] for index in range(self._count))


def variations(path: str | Path, *, seed: int | None = None) -> Variations:
    """The variations that a parameter value distribution (1.1 and later) describes.

    Deterministic distributions give all combinations, the last one changing fastest. Stochastic
    ones give numberOfTestRuns draws; a value depends on (seed, parameter, index) alone, and so not
    on the other parameters, their order, or the number of runs. Without a seed the file's own
    randomSeed is taken.
    Raises: BadScenario for a file that is none, that varies one parameter twice, has more than
    MAX_VARIATIONS variations, or draws without any seed.
    """
    place = Path(path)
    file = read_distribution(place, Findings())
    inner = file.distribution
    scenario = place.parent / inner.scenario_file.filepath.replace("\\", "/")
    try:
        match inner.distribution:
            case Deterministic():
                count, values = _deterministic(inner.distribution)
            case Stochastic():
                count, values = _stochastic(inner.distribution, seed)
    except BadDistribution as error:
        raise BadScenario(
            str(error),
            place=error.node.place,
            element=element_name(error.node),
            code="bad-distribution",
        ) from error
    if not 0 <= count <= MAX_VARIATIONS:
        raise BadScenario(
            f"{count} variations; at most {MAX_VARIATIONS}",
            place=inner.place,
            element="ParameterValueDistribution",
            code="too-many-variations",
        )
    return Variations(scenario, count, values)


def read_distribution(path: Path, findings: Findings) -> DistributionFile:
    """The file's content; what is odd is noted. Raises: BadScenario for what cannot be used."""
    root = read_file(path)
    if root.child("ParameterValueDistribution") is None:
        raise BadScenario(
            "is no distribution of parameters",
            place=Place(str(path), root.line),
            element=root.tag,
            code="no-distribution",
        )
    reader = Reader(str(path), findings=findings, catalogs=CatalogShelf(path.parent, None))
    try:
        file = reader.read_root(DistributionFile, root)
    except Broken:
        findings.raise_first_error()
        raise
    reader.note_unread(root)
    findings.raise_first_error()
    return file


def _deterministic(node: Deterministic) -> Choice:
    choices: list[Choice] = []
    taken: set[str] = set()
    for each in node.distributions:
        if isinstance(each, DeterministicSingleParameterDistribution):
            choices.append(_single(each, taken))
        else:
            choices.append(_multi(each, taken))
    total = math.prod(count for count, _ in choices)

    def values(index: int) -> dict[str, str]:
        found: dict[str, str] = {}
        for count, pick in reversed(choices):
            index, own = divmod(index, count)
            found = pick(own) | found
        return found

    return total, values


def _single(node: DeterministicSingleParameterDistribution, taken: set[str]) -> Choice:
    _take([node.parameter_name], taken, node)
    name = node.parameter_name
    match node.values:
        case DistributionSet(elements=elements):
            return len(elements), lambda index: {name: elements[index].value}
        case DistributionRange():
            count, value = _range(node.values)
            return count, lambda index: {name: value(index)}
        case _:
            raise BadDistribution("is known to its own tool only", node.values)


def _multi(node: DeterministicMultiParameterDistribution, taken: set[str]) -> Choice:
    sets = [
        {each.parameter_ref: each.value for each in one.assignments} for one in node.values.sets
    ]
    _take(sorted(set().union(*sets)), taken, node)
    return len(sets), lambda index: dict(sets[index])


def _take(names: Sequence[str], taken: set[str], node: Node) -> None:
    for name in names:
        if name in taken:
            raise BadDistribution(f"parameter {name} is varied twice", node)
        taken.add(name)


def _range(node: DistributionRange) -> tuple[int, Callable[[int], str]]:
    low, high, step = node.range.lower_limit, node.range.upper_limit, node.step_width
    if not (math.isfinite(low) and math.isfinite(high) and 0 < step < math.inf and low <= high):
        raise BadDistribution(f"no steps of {step} from {low} to {high}", node)
    first, width = Decimal(repr(low)), Decimal(repr(step))
    count = int((Decimal(repr(high)) - first) / width) + 1

    def value(index: int) -> str:  # decimal, so that 0.1 + 2 * 0.1 is 0.3
        return format((first + index * width).normalize() + 0, "f")

    return count, value


def _stochastic(node: Stochastic, seed: int | None) -> Choice:
    from concours.driving.keyed import uniform  # with NumPy, which reading does not need

    if seed is None:
        if node.random_seed is None:
            raise BadDistribution("no seed: neither given nor in the file", node)
        seed = int(node.random_seed) if math.isfinite(node.random_seed) else 0
    _take([each.parameter_name for each in node.distributions], set(), node)
    draws = {each.parameter_name: sampler(each.distribution) for each in node.distributions}
    known = seed

    def values(index: int) -> dict[str, str]:
        return {
            name: draw(uniform(known, f"parameter {name}", index)) for name, draw in draws.items()
        }

    return node.number_of_test_runs, values
