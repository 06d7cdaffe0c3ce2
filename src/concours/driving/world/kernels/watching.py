"""Whether what is measured still stands in the relation that a condition asks for."""

from __future__ import annotations

import math

from concours.driving.jit import inner, kernel
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.gauges import (
    ASKED,
    AT_LEAST,
    AT_MOST,
    EQUAL,
    FRESH,
    LESS,
    MORE,
    NOT_ZERO,
    RULE,
    SHOWN,
    STANDS,
    STILL,
    TRUTH,
    VALUE,
    Gauges,
    measure,
)
from concours.driving.world.layout import Finder, Scene

REFRESH, NOTE = -1, -2
"""What `look` is asked for, besides a row."""
SAME = 1e-6
"""Two measured numbers are equal within this."""


@inner
def holds(rule: int, measured: float, value: float) -> int:
    """1 where the measured number stands in the relation."""
    if math.isnan(measured):
        return 0
    if rule == MORE:
        return int(measured > value)
    if rule == AT_LEAST:
        return int(measured >= value)
    if rule == LESS:
        return int(measured < value)
    if rule == AT_MOST:
        return int(measured <= value)
    if rule == NOT_ZERO:
        return int(measured != 0.0)
    if rule == STANDS:
        return int(abs(measured) <= STILL)
    same = abs(measured - value) <= SAME
    return int(same if rule == EQUAL else not same)


@kernel
def look(tables: Tables, finder: Finder, scene: Scene, gauges: Gauges, only: int) -> None:
    """Measure one gauge, or those asked in the last step, or note the truth of those asked since.

    only: a row; REFRESH, so that all conditions of a step see one moment; or NOTE.
    """
    for row in range(len(gauges.i)):
        if only >= 0:
            wanted = row == only
        elif only == REFRESH:
            wanted = gauges.i[row, ASKED] != 0
            gauges.i[row, FRESH], gauges.i[row, ASKED] = gauges.i[row, ASKED], 0
        else:
            wanted = gauges.i[row, ASKED] != 0 and gauges.i[row, FRESH] == 0
        if wanted:
            gauges.f[row, SHOWN] = measure(tables, finder, scene, gauges, row)
        if only == NOTE:
            gauges.i[row, FRESH] = 0
            if gauges.i[row, ASKED]:
                shown, value = gauges.f[row, SHOWN], gauges.f[row, VALUE]
                gauges.i[row, TRUTH] = holds(gauges.i[row, RULE], shown, value)


@inner
def changed(tables: Tables, finder: Finder, scene: Scene, gauges: Gauges) -> bool:
    """Whether a truth that was asked for is no longer the one noted."""
    for row in range(len(gauges.i)):
        if gauges.i[row, ASKED]:
            shown = measure(tables, finder, scene, gauges, row)
            if holds(gauges.i[row, RULE], shown, gauges.f[row, VALUE]) != gauges.i[row, TRUTH]:
                return True
    return False
