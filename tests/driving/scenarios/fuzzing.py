"""Real files, mutated: the reader, the checker and the player must survive whatever comes.

`python -m tests.driving.scenarios.fuzzing --minutes 10` from the project's root; what breaks is
named by file and seed, from which `attempt` makes it again.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from concours.driving.scenarios import BadScenario, Scenario, examine, load
from concours.driving.scenarios.conditions import EntityCondition
from concours.driving.scenarios.machine import HostAction, Measure, Player, Running
from tests.driving.scenarios.shared import SCENARIOS

ODD = [
    "NaN", "INF", "-INF", "1e999", "-1", "0", "", " ", "true", "$x", "${1/0}", "${", "${$x + 1}",
    "0x10", "1_000", "99999999999999999999", "1e-300", "::", "Ego", "\u0663", "a" * 3000,
    "2020-13-01T00:00:00", "${" + "(" * 60 + "1", "${2 ** 2 ** 2 ** 2 ** 2 ** 2}",
]  # fmt: skip


@dataclass
class Stopped:
    """An action that takes so many questions to end."""

    left: int

    def done(self) -> bool:
        self.left -= 1
        return self.left < 0

    def stop(self) -> None:
        self.left = -1


class Nowhere:
    """A host that answers everything with numbers drawn from a seed."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.time = 0.0
        self._random = random.Random(seed)
        self.player = Player(scenario, self)

    def run(self, steps: int) -> None:
        self.player.begin()
        for number in range(steps):
            self.time = number * 0.5
            self.player.evaluate()
            self.player.settle()
        self.player.unfired()
        self.player.halt()
        assert self.player.finished

    def start(self, action: HostAction, actor: str | None) -> Running | None:
        return self._random.choice([None, Stopped(self._random.randrange(5))])

    def measure(self, condition: EntityCondition, entity: str) -> Measure:
        return lambda: self._random.choice([None, 0.0, 1.0, -5.0, 1e9, float("nan")])

    def signal_state(self, name: str) -> str | None:
        return self._random.choice([None, "red"])

    def user_value(self, name: str) -> str | None:
        return self._random.choice([None, "1", "x"])


def mutated(data: bytes, choose: random.Random) -> bytes:
    """The data after one to four changes."""
    for _ in range(choose.randint(1, 4)):
        data = choose.choice([_value, _value, _name, _drop, _double, _nest, _bytes])(data, choose)
    return data


def _spots(data: bytes, pattern: bytes) -> list[re.Match[bytes]]:
    return list(re.finditer(pattern, data))


def _value(data: bytes, choose: random.Random) -> bytes:
    spots = _spots(data, rb'="([^"]*)"')
    if not spots:
        return data
    spot = choose.choice(spots)
    new = choose.choice([choose.choice(ODD).encode(), choose.choice(spots).group(1)])
    return data[: spot.start(1)] + new + data[spot.end(1) :]


def _name(data: bytes, choose: random.Random) -> bytes:
    spots = _spots(data, rb"</?([A-Za-z]+)")
    if not spots:
        return data
    old, new = choose.choice(spots).group(1), choose.choice(spots).group(1)
    pattern = rb"(</?)" + old + rb"(?=[\s/>])"
    return re.sub(pattern, rb"\g<1>" + choose.choice([new, b"Strange"]), data)


def _element(data: bytes, choose: random.Random) -> tuple[int, int] | None:
    spots = _spots(data, rb"<([A-Za-z]+)\b")
    if not spots:
        return None
    spot = choose.choice(spots)
    closing = data.find(b"</" + spot.group(1) + b">", spot.start())
    short = data.find(b"/>", spot.start())
    ends = [
        end
        for end in (
            short + 2 if short >= 0 else 0,
            closing + len(spot.group(1)) + 3 if closing >= 0 else 0,
        )
        if end
    ]
    return (spot.start(), choose.choice(ends)) if ends else None  # fmt: skip


def _drop(data: bytes, choose: random.Random) -> bytes:
    found = _element(data, choose)
    return data if found is None else data[: found[0]] + data[found[1] :]


def _double(data: bytes, choose: random.Random) -> bytes:
    found = _element(data, choose)
    if found is None:
        return data
    part = data[found[0] : found[1]]
    return data[: found[1]] + part * choose.choice([1, 1, 2, 30]) + data[found[1] :]


def _nest(data: bytes, choose: random.Random) -> bytes:
    one, two = _element(data, choose), _element(data, choose)
    if one is None or two is None:
        return data
    return data[: two[0]] + data[one[0] : one[1]] + data[two[0] :]


def _bytes(data: bytes, choose: random.Random) -> bytes:
    at = choose.randrange(len(data) + 1)
    size = choose.randrange(4)
    return data[:at] + choose.randbytes(choose.randrange(3)) + data[at + size :]


def survive(path: Path, seed: int) -> str:
    """Check, load and play; what became of it. Raises whatever should not have been raised."""
    checked = examine(path)
    try:
        scenario = load(path)
    except BadScenario:
        return "refused"
    assert scenario.elements >= scenario.left_out
    assert all(finding.line >= 0 for finding in checked.findings)
    Nowhere(scenario, seed).run(40)
    return "played"


def prepare(folder: Path, source: Path) -> Path:
    """A place beside which copies of the source's catalogs lie as they should."""
    place = folder / source.parent.name / "xosc" / source.name
    place.parent.mkdir(parents=True, exist_ok=True)
    for name in ("Catalogs", "catalogs"):
        if (source.parent / name).is_dir() and not (place.parent / name).is_dir():
            shutil.copytree(source.parent / name, place.parent / name)
    return place


def attempt(folder: Path, source: Path, seed: int) -> str:
    """Mutate a file, or one of its catalogs, and see that it is survived; what became of it."""
    choose = random.Random(seed)
    place = prepare(folder, source)
    catalogs = sorted(place.parent.glob("[Cc]atalogs/**/*.xosc"))
    place.write_bytes(source.read_bytes())
    victim = choose.choice(catalogs) if catalogs and choose.random() < 0.3 else place
    whole = victim.read_bytes()
    victim.write_bytes(mutated(whole, choose))
    try:
        if victim is not place:
            examine(victim)
        return survive(place, seed)
    finally:
        victim.write_bytes(whole)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    choose, counts, slowest = random.Random(options.seed), {"refused": 0, "played": 0}, 0.0
    end = time.monotonic() + 60 * options.minutes
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            seed = choose.getrandbits(32)
            source = choose.choice(SCENARIOS)
            begun = time.process_time()
            try:
                counts[attempt(Path(folder), source, seed)] += 1
            except Exception:
                print(seed, source.name, traceback.format_exc(limit=-3))  # noqa: T201
            took = time.process_time() - begun
            if took > slowest:
                slowest = took
                print(f"slowest: {took:.2f} s, {seed} {source.name}")  # noqa: T201
    print(counts)  # noqa: T201


if __name__ == "__main__":
    main()
