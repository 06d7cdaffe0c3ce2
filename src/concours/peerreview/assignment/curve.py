"""How the worth of a pair's chance falls as the chance grows, in whole numbers.

Xu, Jecmen, Song and Fang, "A one-size-fits-all approach to improving randomness in paper
assignment" (NeurIPS 2023): a pair of similarity S and probability x is worth S * f(x) for a concave
f, quadratic f(x) = x - beta x**2 or exponential, proportional to 1 - exp(-alpha x). Here both are
scaled to f'(0) = 1, and one number says how much is perturbed, whatever the cap Q: the strength
1 - f'(Q), that is beta = strength / (2 Q) or alpha = -log(1 - strength) / Q.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray

SHAPES = ("quadratic", "exponential")
MOST_EXPONENTIAL = 0.9999
STRENGTH_STEPS = 1 << 20
"""The strength is rounded to a multiple of one of these."""
DIGITS = 40
GUIDE = 4_096


def refuse_the_impossible(shape: str, strength: float) -> None:
    """Raises BadInput for an unknown shape or a strength that it cannot have."""
    if shape not in SHAPES:
        raise BadInput(f"perturbation_shape: {' or '.join(SHAPES)} expected, got {shape!r}")
    if not 0 <= strength <= 1:
        raise BadInput(f"perturbation: 0 to 1 expected, got {strength}")
    if shape == "exponential" and strength > MOST_EXPONENTIAL:
        raise BadInput(
            f"perturbation: at most {MOST_EXPONENTIAL} expected where it is exponential, got "
            f"{strength}"
        )


@dataclass(frozen=True, eq=False)
class Curve:
    """f at the multiples of one unit of probability.

    Attributes:
        fall: (U,) top * (1 - slope of f over unit j + 1), rounded up; never falls. U units make the
            cap.
        top: the slope of f at 0, in the whole numbers of `fall`.
        above: by how much f exceeds, between two multiples, the line that joins its values there,
            at most, times top.
    """

    fall: IntArray
    top: int
    above: int

    @classmethod
    def of(cls, shape: str, strength: float, *, units: int, top: int) -> Curve:
        """The curve of a cap of up to 2**20 units; `top` is a power of 2 up to 2**30. O(units)."""
        steps = round(strength * STRENGTH_STEPS)
        if steps == 0:
            return cls(np.zeros(units, dtype=np.int64), top, 0)
        if shape == "quadratic":
            return cls(*_quadratic(steps, units, top))
        return cls(*_exponential(steps, units, top))

    @property
    def units(self) -> int:
        """Units that make the cap."""
        return len(self.fall)

    @cached_property
    def fallen(self) -> IntArray:
        """(U + 1,) what 0 .. U units have lost: sums of `fall`."""
        return np.concatenate([[0], np.cumsum(self.fall)])

    def sought(self, margin: IntArray, width: IntArray, *, generous: int = 0) -> IntArray:
        """(p,) units each of which gains: width * (fall - generous) < margin, width above 0."""
        most = -(-margin // width)
        return np.searchsorted(self.fall - generous, most, side="left").astype(np.int64)

    @cached_property
    def guide(self) -> IntArray:
        """(GUIDE + 1,) units whose fall is less than each of even shares of the last one."""
        last = int(self.fall[-1])
        shares = np.arange(GUIDE + 1) * last // GUIDE
        return np.searchsorted(self.fall, shares, side="left").astype(np.int64)


def _quadratic(steps: int, units: int, top: int) -> tuple[IntArray, int, int]:
    """The slope over unit j is 1 - strength (2 j - 1) / (2 units), exactly."""
    up, down = max(top // STRENGTH_STEPS, 1), max(STRENGTH_STEPS // top, 1)
    odd = 2 * np.arange(1, units + 1, dtype=np.int64) - 1
    fall = -(-(odd * (steps * up)) // (2 * units * down))
    return fall, top, -(-steps * up // (8 * units * down))


def _exponential(steps: int, units: int, top: int) -> tuple[IntArray, int, int]:
    """The slope over unit j is (q**(j - 1) - q**j) / a for q = exp(-a): decimals, the same bits."""
    with localcontext() as context:
        context.prec = DIGITS
        a = -(1 - Decimal(steps) / STRENGTH_STEPS).ln() / units
        q = (-a).exp()
        first, left, fall = top * (1 - q) / a, Decimal(1), []
        for _ in range(units):
            fall.append(-int((first * left - top).__floor__()))
            left *= q
        above = int((top * a / 8).__ceil__())
    return np.array(fall, dtype=np.int64), top, above
