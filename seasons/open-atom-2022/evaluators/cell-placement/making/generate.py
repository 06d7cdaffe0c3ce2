"""Makes a netlist from a seed: `python generate.py < seed`.

Writes input/netlist.txt and expected/wire.txt into the folder in which it runs. Cells are put on
a grid at random and wired to what lies near, so that a good placement is known; then they are
numbered anew.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

SMALLEST, LARGEST = 10, 16
"""Columns and rows of the grid."""
FILLED = 0.85
"""The share of the grid's places that are taken."""
NETS_PER_CELL = 1.3
NEAR = 2.0
"""Places, the spread of what a net joins."""


def main() -> None:
    rng = random.Random(int(sys.stdin.read()))
    columns, rows = rng.randint(SMALLEST, LARGEST), rng.randint(SMALLEST, LARGEST)
    places = [(x, y) for x in range(columns) for y in range(rows)]
    rng.shuffle(places)
    planted = places[: int(len(places) * FILLED)]
    at = {place: cell for cell, place in enumerate(planted)}
    nets = [drawn(rng, planted, at) for _ in range(int(len(planted) * NETS_PER_CELL))]
    wire = sum(length([planted[cell] for cell in net]) for net in nets)
    lines = [f"grid {columns} {rows}", f"cells {len(planted)}"]
    lines += ["net " + " ".join(map(str, net)) for net in nets]
    write("input/netlist.txt", lines)
    write("expected/wire.txt", [str(wire)])


def drawn(
    rng: random.Random, planted: list[tuple[int, int]], at: dict[tuple[int, int], int]
) -> list[int]:
    """A net: a cell with one to four that lie near it."""
    first = rng.randrange(len(planted))
    size = rng.choice([2, 2, 2, 3, 3, 4, 5])
    net = {first}
    x, y = planted[first]
    while len(net) < size:
        near = (round(rng.gauss(x, NEAR)), round(rng.gauss(y, NEAR)))
        if near in at:
            net.add(at[near])
    return sorted(net)


def length(places: list[tuple[int, int]]) -> int:
    """Half the way around what a net joins, in places."""
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return max(xs) - min(xs) + max(ys) - min(ys)


def write(name: str, lines: list[str]) -> None:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
