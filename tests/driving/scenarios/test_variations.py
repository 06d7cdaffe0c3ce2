"""Variations: all combinations, and draws that follow their distributions."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from concours.driving.scenarios import BadScenario, Variations, load, variations
from tests.factories import scenarios as make


def distribution(inner: str) -> str:
    return f"""<OpenSCENARIO>
      <FileHeader revMajor="1" revMinor="3" date="" description="" author=""/>
      <ParameterValueDistribution><ScenarioFile filepath="scenario.xosc"/>{inner}
      </ParameterValueDistribution></OpenSCENARIO>"""


def values(name: str, *options: str) -> str:
    inner = "".join(f'<Element value="{option}"/>' for option in options)
    return single(name, f"<DistributionSet>{inner}</DistributionSet>")


def single(name: str, inner: str) -> str:
    return f"""<DeterministicSingleParameterDistribution parameterName="{name}">{inner}
      </DeterministicSingleParameterDistribution>"""


def steps(low: float, high: float, step: float) -> str:
    return (
        f'<DistributionRange stepWidth="{step}"><Range lowerLimit="{low}" upperLimit="{high}"/>'
        "</DistributionRange>"
    )


def stochastic(*parts: str, runs: int = 1000, seed: str = 'randomSeed="5"') -> str:
    inner = "".join(
        f'<StochasticDistribution parameterName="p{index}">{part}</StochasticDistribution>'
        for index, part in enumerate(parts)
    )
    return distribution(f'<Stochastic numberOfTestRuns="{runs}" {seed}>{inner}</Stochastic>')


def read(folder: Path, text: str, seed: int | None = None) -> Variations:
    return variations(make.write(folder, text, "distribution.xosc"), seed=seed)


def test_all_combinations_the_last_changing_fastest(tmp_path: Path) -> None:
    multi = """<DeterministicMultiParameterDistribution><ValueSetDistribution>
      <ParameterValueSet><ParameterAssignment parameterRef="c" value="1"/>
        <ParameterAssignment parameterRef="d" value="2"/></ParameterValueSet>
      <ParameterValueSet><ParameterAssignment parameterRef="c" value="3"/></ParameterValueSet>
      </ValueSetDistribution></DeterministicMultiParameterDistribution>"""
    inner = values("a", "x", "y") + single("b", steps(0.1, 0.3, 0.1)) + multi
    found = read(tmp_path, distribution(f"<Deterministic>{inner}</Deterministic>"))
    assert len(found) == 12
    assert found[0].parameters == {"a": "x", "b": "0.1", "c": "1", "d": "2"}
    assert found[1].parameters == {"a": "x", "b": "0.1", "c": "3"}
    assert found[5].parameters == {"a": "x", "b": "0.3", "c": "3"}
    assert [each.parameters["a"] for each in found] == ["x"] * 6 + ["y"] * 6
    with pytest.raises(IndexError):
        found[12]


@given(st.integers(-1000, 1000), st.integers(1, 400), st.integers(0, 3000))
def test_steps_meet_their_ends(low: int, step: int, way: int) -> None:
    from concours.driving.scenarios.distributions import DistributionRange
    from concours.driving.scenarios.traffic import Range
    from concours.driving.scenarios.variations import _range

    node = DistributionRange(
        step_width=step / 100,
        range=Range(lower_limit=low / 100, upper_limit=(low + way) / 100),
    )
    count, value = _range(node)
    assert count == way // step + 1
    assert [round(float(value(i)) * 100) for i in range(count)] == list(
        range(low, low + way + 1, step)
    )


def test_a_variation_can_be_loaded(tmp_path: Path) -> None:
    make.write(tmp_path, make.scenario(parameters=make.declaration("v", "1")))
    inner = f"<Deterministic>{values('v', '7', '8')}</Deterministic>"
    found = read(tmp_path, distribution(inner))
    loaded = [load(found.scenario, parameters=each.parameters) for each in found]
    assert [scenario.parameters["v"] for scenario in loaded] == ["7", "8"]


RANGE = '<Range lowerLimit="{}" upperLimit="{}"/>'


@pytest.mark.parametrize(
    ("xml", "cdf"),
    [
        (
            '<NormalDistribution expectedValue="3" variance="4"/>',
            stats.norm(3, 2).cdf,
        ),
        (
            f'<NormalDistribution expectedValue="3" variance="4">{RANGE.format(4, 9)}'
            "</NormalDistribution>",
            stats.truncnorm(0.5, 3, 3, 2).cdf,
        ),
        (
            f'<NormalDistribution expectedValue="0" variance="1">{RANGE.format(40, 41)}'
            "</NormalDistribution>",
            stats.truncnorm(40, 41).cdf,
        ),
        (
            f'<NormalDistribution expectedValue="0" variance="1">{RANGE.format(-41, -40)}'
            "</NormalDistribution>",
            stats.truncnorm(-41, -40).cdf,
        ),
        (
            '<LogNormalDistribution expectedValue="1" variance="0.25"/>',
            stats.lognorm(0.5, scale=math.e).cdf,
        ),
        (
            f"<UniformDistribution>{RANGE.format(-2, 6)}</UniformDistribution>",
            stats.uniform(-2, 8).cdf,
        ),
        (
            f'<Histogram><Bin weight="1">{RANGE.format(0, 1)}</Bin><Bin weight="0">'
            f'{RANGE.format(1, 2)}</Bin><Bin weight="3">{RANGE.format(2, 4)}</Bin></Histogram>',
            lambda x: 0.25 * np.clip(x, 0, 1) + 0.75 * np.clip((np.asarray(x) - 2) / 2, 0, 1),
        ),
    ],
)
def test_draws_follow_the_distribution(tmp_path: Path, xml: str, cdf: object) -> None:
    found = read(tmp_path, stochastic(xml))
    draws = [float(each.parameters["p0"]) for each in found]
    assert stats.kstest(draws, cdf).pvalue > 0.01  # type: ignore[call-overload]


def test_counts_follow_poisson(tmp_path: Path) -> None:
    found = read(tmp_path, stochastic('<PoissonDistribution expectedValue="4"/>'))
    draws = [int(each.parameters["p0"]) for each in found]
    seen = [sum(draw == k for draw in draws) for k in range(9)] + [sum(d > 8 for d in draws)]
    law = stats.poisson(4)
    expected = [1000 * law.pmf(k) for k in range(9)] + [1000 * law.sf(8)]
    assert stats.chisquare(seen, expected).pvalue > 0.01


def test_counts_within_a_range(tmp_path: Path) -> None:
    xml = f'<PoissonDistribution expectedValue="4">{RANGE.format(2.5, 5)}</PoissonDistribution>'
    draws = {each.parameters["p0"] for each in read(tmp_path, stochastic(xml))}
    assert draws == {"3", "4", "5"}


def test_weighted_values(tmp_path: Path) -> None:
    xml = """<ProbabilityDistributionSet><Element value="a" weight="3"/>
      <Element value="never" weight="0"/><Element value="b" weight="1"/>
      </ProbabilityDistributionSet>"""
    draws = [each.parameters["p0"] for each in read(tmp_path, stochastic(xml))]
    assert stats.binomtest(draws.count("a"), 1000, 0.75).pvalue > 0.01
    assert set(draws) == {"a", "b"}


UNIFORM = f"<UniformDistribution>{RANGE.format(0, 1)}</UniformDistribution>"


def test_a_draw_depends_on_seed_name_and_index_alone(tmp_path: Path) -> None:
    one = read(tmp_path, stochastic(UNIFORM, runs=3))
    two = read(tmp_path, stochastic(UNIFORM, UNIFORM, runs=10))
    assert [each.parameters["p0"] for each in one] == [two[i].parameters["p0"] for i in range(3)]
    assert two[9].parameters == list(two)[9].parameters
    other = read(tmp_path, stochastic(UNIFORM, runs=3), seed=6)
    assert other[0].parameters != one[0].parameters
    assert read(tmp_path, stochastic(UNIFORM, runs=3), seed=5)[2] == one[2]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (make.scenario(), "no-distribution"),
        (stochastic(UNIFORM, seed=""), "bad-distribution"),
        (stochastic('<NormalDistribution expectedValue="0" variance="-1"/>'), "bad-distribution"),
        (stochastic("<UniformDistribution><Range lowerLimit='2' upperLimit='1'/>"
                    "</UniformDistribution>"), "bad-distribution"),
        (stochastic("<ProbabilityDistributionSet><Element value='1' weight='0'/>"
                    "</ProbabilityDistributionSet>"), "bad-distribution"),
        (stochastic("<UserDefinedDistribution type='x'>y</UserDefinedDistribution>"),
         "bad-distribution"),
        (stochastic("<PoissonDistribution expectedValue='1e300'/>"), "bad-distribution"),
        (stochastic("<Unheard/>"), "missing"),
        (stochastic(UNIFORM, runs=10**9), "too-many-variations"),
        (distribution(f"<Deterministic>{values('a', '1')}{values('a', '2')}</Deterministic>"),
         "bad-distribution"),
        (distribution(f"<Deterministic>{single('a', steps(0, 1, 0))}</Deterministic>"),
         "bad-distribution"),
        (distribution(f"<Deterministic>{single('a', steps(0, 1, 1e-300))}</Deterministic>"),
         "too-many-variations"),
    ],
)  # fmt: skip
def test_what_is_no_distribution_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(BadScenario) as caught:
        read(tmp_path, text)
    assert caught.value.code == code
    assert caught.value.place.line >= 1


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-1e3, 1e3), st.floats(0, 1e4), st.floats(-1e6, 1e6), st.floats(0, 1e6),
    st.floats(1e-9, 1 - 1e-9),
)  # fmt: skip
def test_a_range_is_never_left(
    mean: float, variance: float, low: float, width: float, u: float
) -> None:
    from concours.driving.scenarios.distributions import NormalDistribution
    from concours.driving.scenarios.sampling import sampler
    from concours.driving.scenarios.traffic import Range

    limits = Range(lower_limit=low, upper_limit=low + width)
    node = NormalDistribution(expected_value=mean, variance=variance, range=limits)
    assert low <= float(sampler(node)(u)) <= low + width
