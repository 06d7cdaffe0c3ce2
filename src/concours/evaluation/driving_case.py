"""A driving case: the agent's process is in a box; the world and the score are computed here."""

from __future__ import annotations

import functools
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from concours import box
from concours.driving.agents import AgentSpec, Zygote, ZygoteEnded, gist
from concours.driving.agents import Limits as AgentLimits
from concours.driving.challenge import Draft, compose, write_drafts
from concours.driving.closedloop.loop import Setting
from concours.driving.results import Driven, bundle_of, pack, sha256, trace_digest
from concours.driving.results.batch import Job, drive_one
from concours.driving.scoring import Measure, Score
from concours.evaluation import boxing
from concours.evaluation.cases import CaseOrder, CaseResult, CaseState
from concours.evaluation.errors import BadResult, Stopped
from concours.evaluation.manifest import Allowed, Column, Evaluator, Split, Take
from concours.evaluation.prepared import Prepared, read_prepared
from concours.evaluation.results import checked
from concours.evaluation.sealing import derived

RESULT, REPLAY = "result.zip", "replay.html"
"""The files of a drive that are worth keeping."""
LOG = 65_536
REASON = 1_000


def run(order: CaseOrder, evaluator: Evaluator, split: Split, stop: threading.Event) -> CaseResult:
    """Drive a scenario. Raises what drive_one raises, BadResult, BoxMissing, Stopped."""
    prepared = read_prepared(order.prepared_folder)
    allowed = order.limits or evaluator.limits
    with _scenario(order, evaluator, split) as (scenario, maps):
        job = Job(
            name=order.case,
            scenario=scenario,
            agent=agent_spec(evaluator, prepared, allowed),
            maps=maps,
            setting=Setting(track=evaluator.driving.track, seed=order.seed),
            limits=agent_limits(allowed),
        )
        box_of = _BOX.of(job.agent)
        driven = _driven(job, box_of, stop)
    run = driven.drive.run
    fault = run.fault or next(iter(driven.scores.values())).fault
    if fault:
        # A box that broke around the agent looks like an agent that ended: is there still one?
        box.strongest(again=True)
    folder = _kept(order, evaluator, split, driven, prepared)
    return CaseResult(
        case=order.case,
        state=CaseState.FAILED if fault else CaseState.SCORED,
        values=evaluator.failure if fault else _values(evaluator, driven.scores),
        code=(driven.drive.kind or "nothing-driven") if fault else "",
        reason=gist(fault)[:REASON],
        log="\n".join(filter(None, (driven.drive.log, fault)))[-LOG:],
        details={"trace": trace_digest(run.trace)},
        layers=boxing.agent_layers(driven.drive.usage.isolation),
        artefacts=folder,
    )


def _driven(job: Job, zygote: Zygote, stop: threading.Event) -> Driven:
    """Raises BoxMissing where there is no box any more."""
    try:
        return drive_one(job, zygote, watch=lambda _time, _task: _heed(stop))
    except ZygoteEnded:
        box.strongest(again=True)
        raise


class _Box:
    """The box of the submission that this process evaluates, in which its agents are forked.

    One after another: an interpreter that starts afresh in a box of its own costs a case half as
    much again. What keeps them apart stands in zygote.py.
    """

    def __init__(self) -> None:
        self._for: tuple[object, ...] = ()
        self._zygote = Zygote()

    def of(self, agent: AgentSpec) -> Zygote:
        """Where agents of this submission are forked; the box of another one is closed."""
        folder = agent.file.parent.stat()  # mounted: what is made anew there is not seen inside
        wanted = (tuple(agent.wrapper), folder.st_dev, folder.st_ino, folder.st_ctime_ns)
        if wanted != self._for:
            self._zygote.close()
            self._zygote = Zygote(wrapper=agent.wrapper, rooms=box.WRITABLE)
            self._for = wanted
        return self._zygote


_BOX = _Box()


def agent_spec(evaluator: Evaluator, prepared: Prepared, allowed: Allowed) -> AgentSpec:
    """The agent, and the box that its process is put in. Raises BoxMissing."""
    agent = prepared.folder / prepared.entry
    return AgentSpec(path=agent, **boxing.around_agent(prepared, allowed))


def agent_limits(allowed: Allowed) -> AgentLimits:
    """What the agent's own process may use."""
    return AgentLimits(
        cpu_seconds=allowed.cpu_seconds,
        memory=allowed.memory_mb * 2**20,
        scratch_bytes=allowed.disk_mb * 2**20,
        file_bytes=min(allowed.disk_mb, 64) * 2**20,
        log_bytes=min(allowed.output_kb * 1024, LOG),
        require=boxing.REQUIRED,
    )


@contextmanager
def _scenario(
    order: CaseOrder, evaluator: Evaluator, split: Split
) -> Iterator[tuple[Path, tuple[Path, ...]]]:
    """The scenario's file and folders of maps; a sealed one is there for as long as it is used."""
    if not split.sealed:
        maps = evaluator.driving.maps
        yield split.files[order.case], (maps,) if maps else ()
        return
    seed = int.from_bytes(derived(order.secret, evaluator.name, split.name))
    draft = _composed(seed, split.sealed)[split.cases.index(order.case)]
    with tempfile.TemporaryDirectory(prefix="concours-sealed-") as name:
        write_drafts([draft], Path(name))
        yield Path(name, "scenarios", f"{draft.name}.xosc"), ()


@functools.lru_cache(maxsize=4)
def _composed(seed: int, count: int) -> tuple[Draft, ...]:
    return compose(seed, count=count)


def _heed(stop: threading.Event) -> None:
    if stop.is_set():
        raise Stopped


def _values(evaluator: Evaluator, scores: Mapping[str, Score]) -> dict[str, float]:
    """A number for every column. Raises BadResult for parts that are none."""
    return checked(
        {column.name: _value(column, scores) for column in evaluator.columns}, evaluator.columns
    )


def _value(column: Column, scores: Mapping[str, Score]) -> float:
    preset, _, name = column.source.partition("/")
    if not name:
        return scores[preset].value
    for part in scores[preset].parts:
        if part.name == name:
            return _taken(column.take, part.measure)
    raise BadResult(f"{column.name}: the score {preset} has no part {name}")


def _taken(take: Take, measure: Measure) -> float:
    if take is Take.COUNT:
        return float(len(measure.reasons))
    return 100.0 * measure.value if take is Take.VALUE else measure.measured


def _kept(
    order: CaseOrder, evaluator: Evaluator, split: Split, driven: Driven, prepared: Prepared
) -> Path | None:
    """Write the bundle, without the scenario where it is sealed, and the replay of a public one."""
    folder = order.artefacts
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    agent = {
        "name": Path(prepared.entry).name,
        "sha256": sha256((prepared.folder / prepared.entry).read_bytes()),
    }
    bundle = bundle_of([driven], agent=agent, sealed=not split.public)
    (folder / RESULT).write_bytes(pack(bundle))
    if split.public:
        from concours.driving.reporting import html

        page = html([driven], preset=evaluator.driving.preset, agent=prepared.entry)
        (folder / REPLAY).write_text(page, encoding="utf-8")
    return folder
