"""An example entry: simulated annealing, which swaps places while that saves wire.

Reads $CONCOURS_INPUT/netlist.txt, writes $CONCOURS_OUTPUT/placement.txt.
"""

from __future__ import annotations

import math
import os
import random
from pathlib import Path

MOVES = 60_000
HOT, COLD = 6.0, 0.08

Place = tuple[int, int]


def main() -> None:
    text = Path(os.environ["CONCOURS_INPUT"], "netlist.txt").read_text()
    lines = [line.split() for line in text.splitlines()]
    columns, rows = map(int, lines[0][1:])
    cells = int(lines[1][1])
    nets = [list(map(int, line[1:])) for line in lines[2:]]
    placed = annealed(columns, rows, cells, nets)
    out = "".join(f"{x} {y}\n" for x, y in placed)
    Path(os.environ["CONCOURS_OUTPUT"], "placement.txt").write_text(out)


def annealed(columns: int, rows: int, cells: int, nets: list[list[int]]) -> list[Place]:
    """A place for each cell; the same for the same netlist."""
    rng = random.Random(1)
    places = [(x, y) for y in range(rows) for x in range(columns)]
    held: list[int | None] = [*range(cells), *[None] * (len(places) - cells)]
    placed = places[:cells]
    joined: list[list[int]] = [[] for _ in range(cells)]
    for number, net in enumerate(nets):
        for cell in net:
            joined[cell].append(number)
    for move in range(MOVES):
        heat = HOT * (COLD / HOT) ** (move / MOVES)
        one, two = rng.randrange(len(places)), rng.randrange(len(places))
        touched = [cell for cell in (held[one], held[two]) if cell is not None]
        if one == two or not touched:
            continue
        around = {number for cell in touched for number in joined[cell]}
        before = sum(length(nets[number], placed) for number in around)
        swap(held, placed, places, one, two)
        worse = sum(length(nets[number], placed) for number in around) - before
        if worse > 0 and rng.random() >= math.exp(-worse / heat):
            swap(held, placed, places, one, two)
    return placed


def swap(
    held: list[int | None], placed: list[Place], places: list[Place], one: int, two: int
) -> None:
    held[one], held[two] = held[two], held[one]
    for at in (one, two):
        cell = held[at]
        if cell is not None:
            placed[cell] = places[at]


def length(net: list[int], placed: list[Place]) -> int:
    """Half the way around what a net joins, in places."""
    xs, ys = [placed[cell][0] for cell in net], [placed[cell][1] for cell in net]
    return max(xs) - min(xs) + max(ys) - min(ys)


if __name__ == "__main__":
    main()
