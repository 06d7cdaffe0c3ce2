"""Judges one placement: reads /input, /expected and /output, prints a number for each column.

An output that is no legal placement is the entrant's fault and is scored as one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

INPUT, EXPECTED, OUTPUT = Path("/input"), Path("/expected"), Path("/output")
LARGEST = 1_000_000
"""Bytes of a placement that are read."""


class Illegal(Exception):
    """Why an output is no placement."""


def main() -> None:
    columns, rows, cells, nets = netlist((INPUT / "netlist.txt").read_text())
    planted = int((EXPECTED / "wire.txt").read_text())
    worst = len(nets) * (columns + rows)
    try:
        placed = placement(OUTPUT / "placement.txt", columns, rows, cells)
    except Illegal as error:
        print(error, file=sys.stderr)
        print(json.dumps({"quality": 0.0, "legal": 0.0, "wire": worst}))
        return
    wire = sum(length([placed[cell] for cell in net]) for net in nets)
    print(json.dumps({"quality": 100.0 * planted / wire, "legal": 100.0, "wire": wire}))


def netlist(text: str) -> tuple[int, int, int, list[list[int]]]:
    """Columns, rows, number of cells, nets."""
    lines = [line.split() for line in text.splitlines()]
    columns, rows = map(int, lines[0][1:])
    return columns, rows, int(lines[1][1]), [list(map(int, line[1:])) for line in lines[2:]]


def placement(path: Path, columns: int, rows: int, cells: int) -> list[tuple[int, int]]:
    """A place for each cell: line k is the column and the row of cell k. Raises Illegal."""
    if not path.is_file():
        raise Illegal(f"there is no {path.name}")
    text = path.read_bytes()[:LARGEST].decode("ascii", "replace")
    try:
        placed = [(int(x), int(y)) for x, y in (line.split() for line in text.splitlines())]
    except ValueError:
        raise Illegal("a line is not two whole numbers") from None
    if len(placed) != cells:
        raise Illegal(f"{len(placed)} lines for {cells} cells")
    if not all(0 <= x < columns and 0 <= y < rows for x, y in placed):
        raise Illegal("a cell is off the grid")
    if len(set(placed)) < cells:
        raise Illegal("two cells are in one place")
    return placed


def length(places: list[tuple[int, int]]) -> int:
    """Half the way around what a net joins, in places."""
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return max(xs) - min(xs) + max(ys) - min(ys)


if __name__ == "__main__":
    main()
