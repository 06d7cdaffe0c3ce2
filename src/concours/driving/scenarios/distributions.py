"""Parameter value distributions as they stand in the file; `variations` draws from them."""

from __future__ import annotations

from concours.driving.scenarios.entities import File
from concours.driving.scenarios.header import FileHeader
from concours.driving.scenarios.nodes import Node, child, inline, literal, node, text
from concours.driving.scenarios.parameters import ParameterAssignment
from concours.driving.scenarios.traffic import Range


@node
class DistributionSetElement(Node):
    """A value."""

    value: str


@node
class DistributionSet(Node):
    """These values."""

    elements: tuple[DistributionSetElement, ...] = child("Element", default=())


@node
class DistributionRange(Node):
    """From the lower limit on in steps, the upper limit included where a step meets it."""

    step_width: float
    range: Range


@node
class UserDefinedDistribution(Node):
    """A distribution that only a tool knows."""

    type: str
    content: str = text()


@node
class DeterministicSingleParameterDistribution(Node):
    """Values of one parameter."""

    parameter_name: str = literal("parameterName")
    values: DistributionSet | DistributionRange | UserDefinedDistribution = inline()


@node
class ParameterValueSet(Node):
    """Values of several parameters that belong together."""

    assignments: tuple[ParameterAssignment, ...] = child("ParameterAssignment", default=())


@node
class ValueSetDistribution(Node):
    """These sets."""

    sets: tuple[ParameterValueSet, ...] = child("ParameterValueSet", default=())


@node
class DeterministicMultiParameterDistribution(Node):
    """Values of several parameters."""

    values: ValueSetDistribution


@node
class Deterministic(Node):
    """All combinations of what the distributions give."""

    distributions: tuple[
        DeterministicSingleParameterDistribution | DeterministicMultiParameterDistribution, ...
    ] = inline(default=())


@node
class ProbabilityDistributionSetElement(Node):
    """A value and its weight."""

    value: str
    weight: float


@node
class ProbabilityDistributionSet(Node):
    """Values with weights."""

    elements: tuple[ProbabilityDistributionSetElement, ...] = child("Element", default=())


@node
class NormalDistribution(Node):
    """A normal, within a range if one is given."""

    expected_value: float
    variance: float
    range: Range | None = None


@node
class LogNormalDistribution(Node):
    """A variable whose logarithm has this mean and variance (1.3)."""

    expected_value: float
    variance: float
    range: Range | None = None


@node
class UniformDistribution(Node):
    """Evenly over a range."""

    range: Range


@node
class PoissonDistribution(Node):
    """A count."""

    expected_value: float
    range: Range | None = None


@node
class HistogramBin(Node):
    """A range and its weight."""

    TAGS = ("Bin",)
    weight: float
    range: Range


@node
class Histogram(Node):
    """Evenly within bins."""

    bins: tuple[HistogramBin, ...] = child("Bin", default=())


AnyStochastic = (
    ProbabilityDistributionSet
    | NormalDistribution
    | LogNormalDistribution
    | UniformDistribution
    | PoissonDistribution
    | Histogram
    | UserDefinedDistribution
)


@node
class StochasticDistribution(Node):
    """A distribution of one parameter."""

    parameter_name: str = literal("parameterName")
    distribution: AnyStochastic = inline()


@node
class Stochastic(Node):
    """So many draws of all parameters."""

    number_of_test_runs: int
    random_seed: float | None = None
    distributions: tuple[StochasticDistribution, ...] = child("StochasticDistribution", default=())


@node
class ParameterValueDistribution(Node):
    """Which scenario is varied, and how."""

    scenario_file: File = child("ScenarioFile")
    distribution: Deterministic | Stochastic = inline()


@node
class DistributionFile(Node):
    """A file of variations."""

    TAGS = ("OpenSCENARIO",)
    header: FileHeader | None = child("FileHeader", default=None)
    distribution: ParameterValueDistribution = child("ParameterValueDistribution")
