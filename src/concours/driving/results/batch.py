"""Driving many scenarios, each in a process of its own where there are several workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from concours.driving import scenarios
from concours.driving.agents import AgentProcess, AgentSpec, InProcessAgent, Limits, Zygote
from concours.driving.closedloop.loop import Setting, Watch, drive
from concours.driving.results.manifest import Driven, judge
from concours.driving.results.sources import sources_of
from concours.driving.roads import RoadNetwork
from concours.driving.scenarios import Scenario
from concours.driving.world import open_map

MOST_OPEN = 4
"""Maps that are kept open."""
AHEAD = 2
"""Jobs a worker that are handed out before the first has come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One scenario to be driven.

    Attributes:
        name: of the run in the result. scenario: its file. maps: folders of maps.
        agent: what drives. limits: what it may use. trusted: in the engine's own process.
    """

    name: str
    scenario: Path
    agent: AgentSpec
    maps: tuple[Path, ...] = ()
    setting: Setting = field(default_factory=Setting)
    limits: Limits = field(default_factory=Limits)
    trusted: bool = False


def names_of(files: Sequence[Path]) -> list[str]:
    """A name for each file: its stem; with a number behind it where stems repeat."""
    found: list[str] = []
    for file in files:
        stem, number = file.stem, 1
        name = stem
        while name in found:
            number += 1
            name = f"{stem}-{number}"
        found.append(name)
    return found


def drive_one(job: Job, zygote: Zygote | None = None, *, watch: Watch | None = None) -> Driven:
    """Drive a scenario and judge it. The run comes without its network, which is its map's.

    zygote: what the agent's process is forked from; it is started afresh without. watch: told of
    the time that has come, once a frame; what it raises ends the drive.
    Raises NoTask, BadScenario, BadMap, OSError for a scenario that cannot be driven by anybody.
    """
    with _made(job, zygote) as agent:
        if isinstance(agent, AgentProcess):
            agent.launch()  # it makes itself ready beside what follows
        scenario = scenarios.load(job.scenario)
        sources = sources_of(scenario, job.maps)
        network = _network(scenario, job.maps, sources.map)
        made = drive(
            scenario, agent, setting=job.setting, network=network, maps=job.maps, watch=watch
        )
    scores = judge(made.run)
    bare = replace(made, run=replace(made.run, network=None))
    return Driven(name=job.name, drive=bare, setting=job.setting, sources=sources, scores=scores)


def _made(job: Job, zygote: Zygote | None) -> AgentProcess | InProcessAgent:
    """What drives: a dataflow is never trusted, for it has processes anyway."""
    if job.agent.is_dataflow:
        from concours.driving.dataflow import DoraAgent

        return DoraAgent(job.agent, job.limits)
    if job.trusted:
        return InProcessAgent(job.agent)
    return AgentProcess(job.agent, job.limits, zygote=zygote)


_OPEN: dict[str, RoadNetwork] = {}
"""The maps that this process has open, by their SHA-256: what sensors draw of a map is kept too."""


def _network(scenario: Scenario, maps: Sequence[Path], digest: str) -> RoadNetwork | None:
    """The scenario's map, opened once a process. Raises BadScenario, BadMap."""
    if digest not in _OPEN:
        network = open_map(scenario, maps)
        if network is None:
            return None
        while len(_OPEN) >= MOST_OPEN:
            del _OPEN[next(iter(_OPEN))]
        _OPEN[digest] = network
    return _OPEN[digest]


def drive_all(
    jobs: Sequence[Job], *, workers: int = 1, watch: Callable[[Driven], object] | None = None
) -> list[Driven]:
    """Every job, in their order; a result depends on its job alone, not on the workers.

    Workers are spawned, not forked; agents' processes are forked from a zygote, which holds nothing
    of any scenario. watch: told of each as it is done, in any order.
    Raises what `drive_one` raises for the first job that does.
    """
    if workers == 1 or len(jobs) <= 1:
        return list(_one_by_one(jobs, watch))
    done: dict[str, Driven] = {}
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn")) as pool:
        left = iter(jobs)
        waiting: set[Future[Driven]] = set()
        waiting |= {pool.submit(_in_worker, job) for job in islice(left, workers * AHEAD)}
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                one = future.result()
                done[one.name] = one
                if watch is not None:
                    watch(one)
            waiting |= {pool.submit(_in_worker, job) for job in islice(left, len(finished))}
    return [done[job.name] for job in jobs]


def _one_by_one(jobs: Sequence[Job], watch: Callable[[Driven], object] | None) -> Iterator[Driven]:
    with Zygote() as zygote:
        for job in jobs:
            one = drive_one(job, zygote)
            if watch is not None:
                watch(one)
            yield one


_ZYGOTE = Zygote()
"""A worker's own; it ends with it."""


def _in_worker(job: Job) -> Driven:
    return drive_one(job, _ZYGOTE)
