"""A simulated crowd: teams with hidden true qualities, the same for the same seed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass

import numpy as np

FIRST = (
    "Amber Azure Bamboo Boreal Brisk Bronze Calm Cedar Coral Crimson Dawn Distant Eager Early "
    "Emerald Fern Gentle Golden Granite Harbour Hazel Hidden Indigo Ivory Jade Lantern Lively "
    "Lotus Lunar Maple Meadow Misty Mountain Northern Ocean Olive Orchid Patient Pine Plum Quiet "
    "River Silver Steady Summer Swift Tidal Umber Velvet Violet Willow Winter"
).split()
SECOND = (
    "Anchor Arrow Beacon Bridge Canvas Circuit Cloud Compass Crane Delta Engine Falcon Field Forge "
    "Garden Gate Harbour Heron Island Kernel Key Kite Ladder Lamp Lattice Loom Mill Mirror Needle "
    "Orbit Otter Path Pebble Pilot Plough Prism Quarry Quill Raft Reed Relay Sail Signal Spark "
    "Sparrow Spring Stone Thread Tower Vessel Wheel Wren"
).split()
GIVEN = (
    "Ada Aisha Bo Chen Chiara Daniel Elif Fang Fatima Grace Hao Ines Ivan Jun Kofi Lan Lars Lei "
    "Leila Lin Luca Mei Min Nadia Ngozi Noor Olga Pavel Priya Qing Rosa Rui Sami Sofia Tao Tomas "
    "Uma Wei Xin Yan Yuki Zhen"
).split()
FAMILY = (
    "Abe Almeida Bauer Chen Costa Deng Diaz Eriksen Fan Gao Haddad He Huang Ito Jansen Kim Kovac "
    "Li Liang Lin Liu Ma Mensah Novak Okafor Osei Patel Peng Rossi Sato Silva Sun Tan Tang Wang "
    "Weber Wu Xu Yang Yilmaz Zhang Zhao Zhou"
).split()
THINGS = (
    "scheduler package-mirror bootloader font-renderer storage-engine tracing-agent "
    "build-cache key-vault message-bus device-simulator log-index policy-checker "
    "memory-profiler network-probe file-synchroniser test-runner parser-generator "
    "image-codec solver dashboard"
).split()
AIMS = (
    "that starts in milliseconds",
    "for small devices",
    "that explains what it does",
    "with reproducible builds",
    "for teaching",
    "that survives power loss",
    "without a central server",
    "for mixed Chinese and Latin text",
    "with a formal model",
    "that needs no configuration",
)

SIZES = (0.6, 0.85)
"""Six teams in ten are one person, a quarter two, the rest three."""


@dataclass(frozen=True, kw_only=True)
class SimulatedTeam:
    """A team as the simulation knows it. `quality` is standard normal and hidden from reviewers."""

    name: str
    people: tuple[str, ...]
    title: str
    abstract: str
    quality: float
    diligent: bool


def crowd(*, teams: int, seed: int) -> list[SimulatedTeam]:
    """`teams` teams. Two in a hundred name a reviewer who will not pay the debt of reviews."""
    generator = np.random.Generator(np.random.Philox(key=_key(seed, "crowd")))
    quality = generator.standard_normal(teams)
    sizes = np.searchsorted(SIZES, generator.random(teams), side="right") + 1
    diligent = generator.random(teams) >= 0.02
    picks = generator.integers(0, 1 << 30, size=(teams, 5 + 2 * (len(SIZES) + 1)))
    return [
        SimulatedTeam(
            name=_team_name(number, int(picks[number, 0]), int(picks[number, 1])),
            people=tuple(
                f"{_pick(GIVEN, picks[number, 5 + 2 * member])} "
                f"{_pick(FAMILY, picks[number, 6 + 2 * member])}"
                for member in range(int(sizes[number]))
            ),
            title=_title(picks[number]),
            abstract=_abstract(picks[number]),
            quality=float(quality[number]),
            diligent=bool(diligent[number]),
        )
        for number in range(teams)
    ]


def archive(*, team: SimulatedTeam, number: int) -> bytes:
    """A small source archive, different for every team."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in {
            "README.md": f"# {team.title}\n\n{team.abstract}\n",
            "LICENSE": "MulanPSL-2.0\n",
            "src/main.py": f'"""{team.title}."""\n\nNUMBER = {number}\n',
        }.items():
            file.writestr(zipfile.ZipInfo(name, (2023, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def key_of(seed: int, purpose: str) -> bytes:
    """32 bytes for `purpose`, from the demo's seed."""
    return hashlib.sha256(f"concours demo {seed} {purpose}".encode()).digest()


def _key(seed: int, purpose: str) -> int:
    return int.from_bytes(key_of(seed, purpose)[:16], "big")


def _pick(words: list[str] | tuple[str, ...], number: int) -> str:
    return words[int(number) % len(words)]


def _team_name(number: int, first: int, second: int) -> str:
    return f"{_pick(FIRST, first)} {_pick(SECOND, second)} {number + 1}"


def _title(picks: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    thing = _pick(THINGS, picks[2]).replace("-", " ")
    return f"{_with_article(thing).capitalize()} {_pick(AIMS, picks[3])}"


def _with_article(thing: str) -> str:
    return f"an {thing}" if thing[0] in "aeiou" else f"a {thing}"


def _abstract(picks: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    thing = _pick(THINGS, picks[2]).replace("-", " ")
    return (
        f"We built {_with_article(thing)} {_pick(AIMS, picks[3])}. It comes with tests, a "
        f"benchmark against two alternatives, and a tutorial. (An entry of the simulated crowd.)"
    )
