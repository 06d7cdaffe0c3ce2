"""Computing a result again from its control logs, without the algorithm that drove."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concours.driving import roads, scenarios
from concours.driving.closedloop import NoTask, Run
from concours.driving.closedloop.loop import Drive, End, Setting, replay_to_end
from concours.driving.results.bundle import BadBundle, Bundle
from concours.driving.results.digest import sha256, trace_digest
from concours.driving.results.manifest import ENGINE_VERSION, Driven, asked, judge, totals
from concours.driving.results.shape import require_shape
from concours.driving.results.sources import Sources, lay_out
from concours.driving.roads import BadMap, RoadNetwork
from concours.driving.scenarios import BadScenario
from concours.driving.scenarios.machine import Conventions
from concours.driving.scoring import Score, to_json
from concours.driving.vehicle import VehicleParameters

Watch = Callable[[str], object]
_UNUSABLE = (
    NoTask, BadScenario, BadMap, ValueError, TypeError, LookupError, AttributeError,
    ArithmeticError, RecursionError, OSError,
)  # fmt: skip
"""What a record that somebody made up leads to."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as the result says: of which run ("" for the whole), what, in words."""

    run: str
    what: str
    words: str


def verify(
    bundle: Bundle, *, folders: Sequence[Path] = (), watch: Watch | None = None
) -> list[Difference]:
    """Drive every log again; what differs from what the result says, nothing where it holds.

    folders: where to find, by their digests, files that the result does not hold (sealed ones).
    watch: told the name of each run when it is done. Raises BadBundle where a run cannot be made
    again for want of files, or the manifest does not say how.
    """
    manifest = bundle.manifest
    found = list(_engine(manifest))
    scores: list[dict[str, Score]] = []
    for name, entry, run, end in replayed(bundle, folders=folders):
        scores.append(judge(run))
        found += _compared(name, entry, run, scores[-1])
        found += _ended(name, entry, run, end, len(bundle.controls[name]))
        if watch is not None:
            watch(name)
    if manifest.get("totals") != _as_read(totals(scores)):
        found.append(Difference("", "totals", "the means are not those of the runs"))
    return found


def replayed(
    bundle: Bundle, *, folders: Sequence[Path] = ()
) -> Iterator[tuple[str, Mapping[str, Any], Run, End]]:
    """Each run of a result, driven again: its name, its record, what happened, why it ended.

    Raises BadBundle as `verify` does.
    """
    require_shape(bundle.manifest)
    runs = bundle.manifest["runs"]
    if unheard := set(bundle.controls) - {entry["name"] for entry in runs}:
        raise BadBundle(f"no run belongs to the control log of {min(unheard)!r}")
    contents = {**_files_in(folders), **bundle.files}
    networks: dict[str, RoadNetwork] = {}
    for entry in runs:
        name = entry["name"]
        if name not in bundle.controls:
            raise BadBundle(f"there is no control log of the run {name!r}")
        try:
            again = _again(entry, bundle, contents, networks)
        except _UNUSABLE as error:
            if isinstance(error, BadBundle):
                raise
            raise BadBundle(f"the run {name} cannot be made again: {error}") from None
        yield name, entry, *again


def driven_of(bundle: Bundle, *, folders: Sequence[Path] = ()) -> list[Driven]:
    """The runs of a result as they came, driven again; for a page about them.

    Raises BadBundle as `verify` does.
    """
    contents = {**_files_in(folders), **bundle.files}
    return [
        Driven(
            name=name,
            drive=Drive(run=run, end=end, kind=entry["fault_kind"], log=entry["told"]["log"]),
            setting=_setting(entry["setting"]),
            sources=_sources(entry["sources"], contents),
            scores=judge(run),
        )
        for name, entry, run, end in replayed(bundle, folders=folders)
    ]


def _sources(told: Mapping[str, Any], contents: Mapping[str, bytes]) -> Sources:
    try:
        return Sources(**told, contents=contents)
    except TypeError as error:
        raise BadBundle(f"the manifest does not say from which files a run is: {error}") from None


def _engine(manifest: Mapping[str, Any]) -> Iterator[Difference]:
    engine = manifest.get("engine")
    told = engine.get("version") if isinstance(engine, dict) else None
    if told != ENGINE_VERSION:
        yield Difference("", "engine", f"made by {told}; this is {ENGINE_VERSION}")


def _again(
    entry: Mapping[str, Any],
    bundle: Bundle,
    contents: Mapping[str, bytes],
    networks: dict[str, RoadNetwork],
) -> tuple[Run, End]:
    """Replay the control log of one run."""
    sources, told = entry["sources"], entry["setting"]
    network = _network(str(sources["map"]), contents, networks)
    with tempfile.TemporaryDirectory() as folder:
        scenario = scenarios.load(lay_out(sources, contents, Path(folder)))
        if network is None and scenario.map_name:
            raise BadBundle(f"the result does not say which map {scenario.map_name} was")
        return replay_to_end(
            scenario,
            bundle.controls[entry["name"]],
            setting=_setting(told),
            network=network,
            fault=str(entry["fault"]),
        )


def _setting(told: Mapping[str, Any]) -> Setting:
    return Setting(
        vehicle=_vehicle(told["vehicle"]),
        track=str(told["track"]),
        seed=int(told["seed"]),
        ego=str(told["ego"]),
        conventions=Conventions(**told["conventions"]),
    )


def _vehicle(told: Mapping[str, Any]) -> VehicleParameters:
    """A vehicle from JSON: lists are tuples again."""
    return VehicleParameters(**{name: _tuples(value) for name, value in told.items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def _network(
    digest: str, contents: Mapping[str, bytes], networks: dict[str, RoadNetwork]
) -> RoadNetwork | None:
    if not digest:
        return None
    if digest not in networks:
        if digest not in contents:
            raise BadBundle("a map is not in the result: give the folder where it lies")
        networks[digest] = roads.loads(contents[digest])
    return networks[digest]


def _compared(
    name: str, entry: Mapping[str, Any], run: Run, scores: Mapping[str, Score]
) -> Iterator[Difference]:
    """What of one run is not as it was recorded."""
    digest = trace_digest(run.trace)
    if entry.get("trace") != digest:
        words = f"the replay leads elsewhere: {digest[:12]}, not {str(entry.get('trace'))[:12]}"
        yield Difference(name, "trace", words)
    if entry.get("frames") != len(run.trace.times):
        yield Difference(name, "frames", f"{len(run.trace.times)}, not {entry.get('frames')}")
    told = entry.get("scores")
    for preset, found in scores.items():
        recorded = told.get(preset) if isinstance(told, dict) else None
        if recorded != json.loads(to_json(found)):
            before = recorded.get("value") if isinstance(recorded, dict) else None
            yield Difference(name, f"score {preset}", f"{found.value:.6f}, not {before}")
    vehicle = entry["setting"].get("vehicle_digest")
    if vehicle != _vehicle(entry["setting"]["vehicle"]).digest():
        yield Difference(name, "vehicle", "its digest is not that of its parameters")


def _ended(
    name: str, entry: Mapping[str, Any], run: Run, end: End, rows: int
) -> Iterator[Difference]:
    """What was asked and how it ended, where that is not as it was recorded."""
    if entry["end"] != end:
        yield Difference(name, "end", f"{end}, not {entry['end']}")
    if (end is End.FAULT) != bool(entry["fault"]):
        words = "a fault is recorded" if entry["fault"] else "no fault is recorded"
        yield Difference(name, "fault", f"{words}, and the run ended by: {end}")
    if rows != len(run.controls):
        yield Difference(name, "controls", f"{rows} rows, of which {len(run.controls)} were driven")
    if entry["task"] != _as_read(asked(run)):
        yield Difference(name, "task", "it is not what the scenario asks")
    if entry["seconds"] != float(run.trace.times[-1]):
        yield Difference(name, "seconds", f"{run.trace.times[-1]:g}, not {entry['seconds']:g}")


def _as_read(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _files_in(folders: Sequence[Path]) -> dict[str, bytes]:
    """Scenarios, maps and catalogs below folders, by their digests."""
    found: dict[str, bytes] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in (".xosc", ".xodr") and path.is_file():
                data = path.read_bytes()
                found[sha256(data)] = data
    return found
