"""A season written back: the folder that would make it again, and what has come of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.lookups import season_by_slug
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.register import domain as register
from concours.platform.review.domain import rubric_by_slug
from concours.platform.seasons import differences as fields
from concours.platform.seasons import toml_text
from concours.platform.seasons.export_data import write_data
from concours.platform.seasons.manifest import write_manifest
from concours.platform.seasons.parse import SEASON_FILE
from concours.platform.seasons.parse_register import REGISTER_FILE
from concours.platform.seasons.schema import FORMAT

if TYPE_CHECKING:
    from concours.platform.competitions.models import Season, Track

Progress = Callable[[str], None]


def export_season(*, slug: str, to: Path, progress: Progress | None = None) -> list[str]:
    """Write the season into the new folder `to`; the names of its files, sorted.

    season.toml, tracks/, rubrics/ and register/ are what `load_folder` reads. data/<track>/ holds
    entries, assignments, reviews, standings, results, awards and movements of money as CSV files:
    teams are named where the track shows names to everyone, reviewers stand under their aliases,
    and payees not at all. record.jsonl is the whole chain, which names actors by code.
    manifest.json has the digest of every file. All of it is written or, when interrupted, nothing.

    Raises Refused for an unknown season or a folder that is there already.
    """
    season = season_by_slug(slug=slug)
    if season is None:
        raise Refused("no-season", _("There is no season %(slug)s.") % {"slug": slug})
    if to.exists():
        raise Refused("folder-taken", _("%(folder)s is there already.") % {"folder": to})
    partial = to.with_name(f".{to.name}.partial")
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise Refused("bad-folder", f"{partial}: {error.strerror}") from error
    try:
        for part in _parts(season):
            if progress is not None:
                progress(part.__name__.removeprefix("_").replace("_", " "))
            part(season, partial)
        write_manifest(partial, season=season.slug)
        partial.rename(to)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return sorted(str(path.relative_to(to)) for path in to.rglob("*") if path.is_file())


def _parts(season: Season) -> list[Callable[[Any, Path], None]]:
    return [_season, _tracks, _rubrics, _register, _data, _record]


def _season(season: Season, folder: Path) -> None:
    call = None
    if season.proposals_open_at and season.proposals_close_at:
        call = {"opens_at": season.proposals_open_at, "closes_at": season.proposals_close_at}
    values = {
        "format": FORMAT,
        "slug": season.slug,
        "title": season.title,
        **{name: getattr(season, name) for name in fields.SEASON_FIELDS if "proposals" not in name},
        **({"call_for_tracks": call} if call else {}),
        "batches": [
            {
                "number": batch.number,
                **{name: getattr(batch, name) for name in fields.BATCH_FIELDS},
            }
            for batch in season.batches.all()
        ],
    }
    _write(folder / SEASON_FILE, toml_text.table(values))


def _tracks(season: Season, folder: Path) -> None:
    for track in season.tracks.select_related("batch"):
        name = f"tracks/{track.slug}"
        rules = track.rules_versions.order_by("-number").first()
        if rules is None:
            continue
        _write(folder / f"{name}.rules.en.md", rules.text)
        if rules.text_zh:
            _write(folder / f"{name}.rules.zh.md", rules.text_zh)
        _write(folder / f"{name}.toml", toml_text.table(_track(track, chinese=bool(rules.text_zh))))


def _track(track: Track, *, chinese: bool) -> dict[str, Any]:
    weights = ("machine", "peer", "jury")
    nested = ("weight_machine", "weight_peer", "weight_jury", "review_methods")
    plain = [name for name in fields.TRACK_FIELDS if name not in nested]
    return {
        "slug": track.slug,
        "batch": track.batch.number,
        **{name: getattr(track, name) for name in (*plain, *fields.DATE_FIELDS)},
        "rules": f"{track.slug}.rules.en.md",
        "rules_zh": f"{track.slug}.rules.zh.md" if chinese else "",
        "weights": {name: getattr(track, f"weight_{name}") for name in weights},
        **({"review": track.review_methods} if track.review_methods else {}),
        "phases": [
            {name: getattr(phase, name) for name in fields.PHASE_FIELDS}
            for phase in track.phases.all()
        ],
        "pools": [_pool(pool) for pool in track.prize_pools.order_by("pk")],
    }


def _pool(pool: Any) -> dict[str, Any]:
    return {
        "title": pool.title,
        "title_zh": pool.title_zh,
        "currency": pool.currency,
        "total_minor": pool.total_minor,
        "prizes": [
            {
                "title": prize.title,
                "title_zh": prize.title_zh,
                "count": prize.place_to - prize.place_from + 1,
                "amount_minor": prize.amount_minor,
            }
            for prize in pool.prizes.order_by("place_from")
        ],
    }


def _rubrics(season: Season, folder: Path) -> None:
    slugs = {track.rubric for track in season.tracks.all() if track.rubric}
    for slug in sorted(slugs):
        rubric = rubric_by_slug(slug=slug)
        if rubric is None:
            continue
        names = ("key", "title", "title_zh", "weight", "max_points", "description")
        values = {
            "slug": rubric.slug,
            "title": rubric.title,
            "title_zh": rubric.title_zh,
            "criteria": [
                {name: getattr(criterion, name) for name in (*names, "description_zh")}
                for criterion in rubric.criteria.order_by("position")
            ],
        }
        _write(folder / f"rubrics/{slug}.toml", toml_text.table(values))


def _register(season: Season, folder: Path) -> None:
    listing = register.list_register()
    if listing.projects or listing.areas:
        values = {"format": 1, **asdict(listing)}
        _write(folder / REGISTER_FILE, toml_text.table(values))


def _data(season: Season, folder: Path) -> None:
    for track in season.tracks.select_related("phase"):
        write_data(track, folder / "data" / track.slug)


def _record(season: Season, folder: Path) -> None:
    with (folder / "record.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(record.export_lines())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
