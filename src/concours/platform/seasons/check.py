"""How a season's parts fit together: references, and dates in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from concours.platform.competitions.enums import PhaseKind
from concours.platform.core.calendar import add_months
from concours.platform.seasons.evaluators import check_evaluators
from concours.platform.seasons.faults import DataRefused
from concours.platform.seasons.parse import SEASON_FILE, parse
from concours.platform.seasons.parse_register import REGISTER_FILE
from concours.platform.seasons.schema import BatchData, RubricData, SeasonData, TrackData
from concours.tables import DataFolder, Fault

REGISTRATION_MONTHS = 2
GUIDE = 5_000
Say = Callable[..., None]


def check_folder(folder: Path) -> list[Fault]:
    """Everything that is wrong with the folder, sorted; an empty list when it can be loaded."""
    return _read(folder)[1]


def read_folder(folder: Path) -> SeasonData:
    """The season in `folder`. Raises DataRefused with everything that is wrong with it."""
    season, faults = _read(folder)
    if faults or season is None:
        raise DataRefused(faults)
    return season


def _read(path: Path) -> tuple[SeasonData | None, list[Fault]]:
    if not path.is_dir():
        return None, [Fault(str(path), "", "is no folder", "name the folder of a season")]
    folder = DataFolder(path)
    season = parse(folder)
    # Values that could not be read stand in as defaults: how those fit together means nothing.
    if season is not None and not folder.faults:
        check(season, folder.fault)
        check_evaluators(season, path, folder.fault)
    return season, sorted(set(folder.faults))


def check(season: SeasonData, say: Say) -> None:
    """Report through `say(file, place, problem, mend)` what does not fit together."""
    _season(season, say)
    _unique(season.batches, "number", SEASON_FILE, "batches", say)
    batches = {batch.number: batch for batch in season.batches}
    rubrics = {rubric.slug: rubric for rubric in season.rubrics}
    areas = {area.slug for area in season.register.areas}
    _unique_files(season.tracks, say)
    _unique_files(season.rubrics, say)
    for rubric in season.rubrics:
        _rubric(rubric, say)
    for track in season.tracks:
        batch = batches.get(track.batch)
        if batch is None:
            known = ", ".join(map(str, sorted(batches)))
            say(track.file, "batch", f"there is no batch {track.batch}", f"there are {known}")
        if track.rubric and track.rubric not in rubrics:
            known = ", ".join(sorted(rubrics)) or "none"
            say(track.file, "rubric", f"there is no rubric {track.rubric}", f"there are {known}")
        if areas and track.technical_area and track.technical_area not in areas:
            say(
                track.file,
                "technical_area",
                f"there is no area {track.technical_area}",
                f"add it to {REGISTER_FILE}",
            )
        _track(track, batch, season, say)
    _register(season, say)


def _season(season: SeasonData, say: Say) -> None:
    if season.ends_at <= season.starts_at:
        say(SEASON_FILE, "ends_at", "is not after starts_at", "a season ends after it starts")
    opens, closes = season.proposals_open_at, season.proposals_close_at
    if opens and closes and not opens < closes <= season.ends_at:
        say(
            SEASON_FILE,
            "call_for_tracks",
            "dates are in the wrong order",
            "opens_at < closes_at <= the season's ends_at",
        )
    if not season.batches:
        say(SEASON_FILE, "batches", "there is none", "write at least one [[batches]]")
    for number, batch in enumerate(season.batches, start=1):
        if not season.starts_at <= batch.starts_at < batch.final_at <= season.ends_at:
            say(
                SEASON_FILE,
                f"batches[{number}]",
                "dates are in the wrong order",
                "the season's starts_at <= starts_at < final_at <= the season's ends_at",
            )


def _rubric(rubric: RubricData, say: Say) -> None:
    if not rubric.criteria:
        say(rubric.file, "criteria", "there is none", "write at least one [[criteria]]")
    _unique(rubric.criteria, "key", rubric.file, "criteria", say)
    for number, criterion in enumerate(rubric.criteria, start=1):
        points = [level.points for level in criterion.levels]
        if max(len(criterion.guide()), len(criterion.guide(chinese=True))) > GUIDE:
            say(
                rubric.file,
                f"criteria[{number}]",
                "is too long with its levels",
                f"at most {GUIDE} characters are allowed",
            )
        if points != sorted(set(points)) or (points and points[-1] > criterion.max_points):
            say(
                rubric.file,
                f"criteria[{number}].levels",
                f"points {points} are not in rising order up to {criterion.max_points}",
                "sort them, each once",
            )


def _track(track: TrackData, batch: BatchData | None, season: SeasonData, say: Say) -> None:
    if batch is not None:
        starts = track.starts_at or batch.starts_at
        if not batch.starts_at <= starts < batch.final_at:
            say(track.file, "starts_at", "is not within its batch", "batch start <= it < final")
        opens = track.registration_opens_at or season.starts_at
        closes = track.registration_closes_at or add_months(starts, REGISTRATION_MONTHS)
        if closes <= opens:
            say(track.file, "registration_closes_at", "is not after registration opens")
        submitting = [phase.ends_at for phase in track.phases if phase.may_submit]
        if submitting and max(submitting) < closes:
            say(
                track.file,
                "phases",
                f"the last that takes submissions ends before registration closes ({closes})",
                "let whoever registers last submit as well",
            )
    if track.team_size_max < track.team_size_min:
        say(track.file, "team_size_max", "is smaller than team_size_min")
    if track.weight_machine + track.weight_peer + track.weight_jury == 0:
        say(track.file, "weights", "are all 0", "give one score a weight")
    _prizes(track, say)
    _phases(track, season, say)


def _prizes(track: TrackData, say: Say) -> None:
    for number, pool in enumerate(track.pools, start=1):
        amounts = [prize.amount_minor for prize in pool.prizes]
        if amounts != sorted(amounts, reverse=True):
            say(
                track.file,
                f"pools[{number}].prizes",
                "grow with the place",
                "write the highest prize first",
            )
        promised = sum(prize.count * prize.amount_minor for prize in pool.prizes)
        if promised > pool.total_minor:
            say(
                track.file,
                f"pools[{number}].total_minor",
                f"{pool.total_minor} does not cover the prizes, which are {promised}",
            )


def _phases(track: TrackData, season: SeasonData, say: Say) -> None:
    if not track.phases:
        say(track.file, "phases", "there is none", "write at least one [[phases]]")
    for number, phase in enumerate(track.phases, start=1):
        place = f"phases[{number}]"
        if phase.ends_at <= phase.starts_at:
            say(track.file, f"{place}.ends_at", "is not after starts_at")
        if not season.starts_at <= phase.starts_at <= phase.ends_at <= season.ends_at:
            say(track.file, place, "is not within the season")
    for number, (before, after) in enumerate(
        zip(track.phases, track.phases[1:], strict=False), start=2
    ):
        if after.starts_at < before.ends_at:
            say(
                track.file,
                f"phases[{number}].starts_at",
                f"is before phase {number - 1} has ended ({before.ends_at})",
                "phases stand in order and do not overlap",
            )
    reviewing = [phase for phase in track.phases if phase.kind == PhaseKind.PEER_REVIEW]
    if track.weight_peer and track.phases and not any(phase.may_review for phase in reviewing):
        say(
            track.file,
            "phases",
            "the peer score has a weight, but no peer-review phase has may_review = true",
        )


def _register(season: SeasonData, say: Say) -> None:
    register = season.register
    for name in ("areas", "donors", "projects"):
        _unique(getattr(register, name), "slug", REGISTER_FILE, name, say)
        _unique(getattr(register, name), "name", REGISTER_FILE, name, say)
    areas = {area.slug for area in register.areas}
    donors = {donor.slug for donor in register.donors}
    for number, project in enumerate(register.projects, start=1):
        for key, named, known in (
            ("areas", project.areas, areas),
            ("donors", project.donors, donors),
        ):
            for slug in named:
                if slug not in known:
                    say(
                        REGISTER_FILE,
                        f"projects[{number}].{key}",
                        f"there is no {slug}",
                        f"add it as one of [[{key}]]",
                    )


def _unique(items: Iterable[object], key: str, file: str, place: str, say: Say) -> None:
    seen: dict[object, int] = {}
    for number, item in enumerate(items, start=1):
        value = getattr(item, key)
        if value in seen:
            say(
                file,
                f"{place}[{number}].{key}",
                f"{value!r} is that of {place}[{seen[value]}] already",
                "give each its own",
            )
        seen.setdefault(value, number)


def _unique_files(items: Iterable[TrackData | RubricData], say: Say) -> None:
    seen: dict[str, str] = {}
    for item in items:
        if item.slug in seen:
            say(item.file, "slug", f"{item.slug!r} is that of {seen[item.slug]} already")
        seen.setdefault(item.slug, item.file)
