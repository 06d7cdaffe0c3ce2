"""What an evaluator declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

MANIFEST = "evaluator.toml"
MEGABYTE = 2**20


class Kind(StrEnum):
    """How a case is run."""

    DRIVING = "driving"
    PROGRAM = "program"


class Better(StrEnum):
    """Which end of a column is the good one."""

    HIGHER = "higher"
    LOWER = "lower"


class Aggregate(StrEnum):
    """How the values of the cases become one."""

    MEAN = "mean"
    SUM = "sum"
    MIN = "min"
    MAX = "max"


class Ties(StrEnum):
    """What equal entries share: their rank, or the earlier one leads."""

    SHARED = "shared"
    EARLIER = "earlier"


class Rule(StrEnum):
    """Which of an entry's submissions counts."""

    BEST = "best"
    LAST = "last"
    SELECTED = "selected"


class Take(StrEnum):
    """What a column of a drive takes of its source: 0 to 100, the number behind it, how often."""

    VALUE = "value"
    MEASURED = "measured"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A number of every result.

    Attributes:
        public: shown to everybody; a sealed one to staff alone.
        decimals: shown, 0 to 9; what is stored is not rounded.
        on_failure: its value where the entrant's program failed.
        least, most: a value outside is no result.
        source, take: of a drive: a preset ("concours") or a part ("concours/ComfortTest").
    """

    name: str
    title: str
    title_zh: str = ""
    unit: str = ""
    better: Better = Better.HIGHER
    public: bool = True
    decimals: int = 2
    aggregate: Aggregate = Aggregate.MEAN
    on_failure: float = 0.0
    least: float = -1e300
    most: float = 1e300
    source: str = ""
    take: Take = Take.VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A named set of cases: files that lie in the folder, or `sealed` ones from a secret seed.

    Attributes:
        files: case -> its file or folder, in the order of names; empty where sealed.
        sealed: how many are made from the secret seed; 0 where they are files.
        public: whether logs and replays may be shown.
        quota_day, quota_total: completed runs of an entry; 0 where there is no bound.
    """

    name: str
    files: Mapping[str, Path] = field(default_factory=dict)
    sealed: int = 0
    public: bool = False
    quota_day: int = 0
    quota_total: int = 0

    @property
    def cases(self) -> list[str]:
        """Names, in order."""
        if self.sealed:
            return [f"sealed{number:02d}" for number in range(1, self.sealed + 1)]
        return list(self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What a program may use for one case; disk in scratch, output on stdout and stderr each."""

    wall_seconds: int = 600
    cpu_seconds: int = 600
    memory_mb: int = 2048
    processes: int = 64
    disk_mb: int = 256
    output_kb: int = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Driving:
    """What a driving evaluator asks for.

    Attributes:
        agent: the file of the submission that drives. track: which sensors are allowed.
        preset: whose formula the pages show first. maps: a folder of maps, None where they lie
            beside the scenarios.
    """

    agent: str = "agent.py"
    track: str = "carsmos"
    preset: str = "concours"
    maps: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a plain evaluator asks for.

    Attributes:
        run: the command, in the submission's folder. needs: files a submission must have.
        image: the command in an image, where a submission may be one; empty where it may not.
        score: the organiser's program, which judges a case. generate: the one that makes sealed
            cases, None without.
        scoring: what these two may use.
    """

    run: tuple[str, ...]
    score: Path
    generate: Path | None = None
    needs: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    scoring: Allowed = field(default_factory=Allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """What is done once a submission, in a box of its own.

    Attributes:
        packages: names that may be installed, dependencies too. wheels: a folder of the
            evaluator's where they lie. index: the address of an index that has them, "" for none.
        requirements: the submission's file that names what it wants.
        compile: a command in a copy of the submission.
    """

    packages: tuple[str, ...] = ()
    wheels: Path | None = None
    index: str = ""
    requirements: str = "requirements.txt"
    compile: tuple[str, ...] = ()
    allowed: Allowed = field(default_factory=Allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """How a column becomes the 0 to 100 points of a result: linear between the two, cut off beyond.

    Attributes:
        zero, hundred: the column's values that are worth 0 and 100 points; two different ones.
    """

    column: str
    zero: float
    hundred: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """A declared program that judges submissions, as read from its folder.

    Attributes:
        data: the folder below which its cases lie; the evaluator's own, or one of its season.
        digest: SHA-256 of the sorted `sha256sum` lines of all its files and its data's.
        sort: columns by which entries are ranked, the first counts most.
        points: how a result's points come of a column; None where nothing is said.
    """

    folder: Path
    data: Path
    name: str
    version: str
    kind: Kind
    title: str
    title_zh: str = ""
    digest: str
    columns: tuple[Column, ...]
    splits: Mapping[str, Split]
    limits: Allowed
    sort: tuple[str, ...]
    ties: Ties
    rule: Rule
    install: Install
    driving: Driving = field(default_factory=Driving)
    program: Program | None = None
    points: Points | None = None

    def cases(self, split: str) -> list[str]:
        """The names of a split's cases, in order. Raises KeyError for a split that is none."""
        return self.splits[split].cases

    @property
    def longest_seconds(self) -> float:
        """What one step of a run may take: building a submission, or a case with its judge."""
        building = 2 * self.install.allowed.wall_seconds
        judging = 2 * self.program.scoring.wall_seconds if self.program else 0
        return float(max(building, self.limits.wall_seconds + judging))

    @property
    def failure(self) -> dict[str, float]:
        """The values of a case in which the entrant's program failed."""
        return {column.name: column.on_failure for column in self.columns}
