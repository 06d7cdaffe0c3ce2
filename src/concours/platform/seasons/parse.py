"""From the folder's files to a SeasonData, without looking at how its parts fit together."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from concours.platform.competitions.enums import LlmPolicy, PhaseKind
from concours.platform.core.currencies import CURRENCIES
from concours.platform.review.methods import (
    CYCLES,
    DAYS,
    LEVELS,
    MOST_PARTS,
    MOST_REMINDERS,
    SHARES,
    available,
)
from concours.platform.seasons.parse_register import parse_register
from concours.platform.seasons.schema import (
    FORMAT,
    BatchData,
    CriterionData,
    LevelData,
    PhaseData,
    PoolData,
    PrizeData,
    RubricData,
    SeasonData,
    TrackData,
)
from concours.tables import DataFolder, Table

SEASON_FILE = "season.toml"
MAX_MONEY = 10**15

TEXT, RULES = 20_000, 100_000


def parse(folder: DataFolder) -> SeasonData | None:
    """Everything in the folder; None without a season.toml. Faults are left in `folder.faults`."""
    values = folder.table(SEASON_FILE)
    if values is None:
        return None
    table = Table(folder, SEASON_FILE, values)
    table.require_format(FORMAT)
    call = table.table("call_for_tracks")
    season = SeasonData(
        slug=table.slug("slug"),
        title=table.text("title"),
        title_zh=table.text("title_zh", default=""),
        summary=table.text("summary", most=TEXT, default=""),
        summary_zh=table.text("summary_zh", most=TEXT, default=""),
        starts_at=table.needed_moment("starts_at"),
        ends_at=table.needed_moment("ends_at"),
        proposals_open_at=call.needed_moment("opens_at") if call else None,
        proposals_close_at=call.needed_moment("closes_at") if call else None,
        batches=tuple(_batch(item) for item in table.tables("batches", most=100)),
        tracks=tuple(
            _track(folder, name, values)
            for name in folder.tables_in("tracks")
            if (values := folder.table(name)) is not None
        ),
        rubrics=tuple(
            _rubric(folder, name, values)
            for name in folder.tables_in("rubrics")
            if (values := folder.table(name)) is not None
        ),
        register=parse_register(folder),
        digest=folder.digest,
    )
    if call:
        call.done()
    table.done()
    return season


def _batch(table: Table) -> BatchData:
    batch = BatchData(
        number=table.integer("number", low=1, high=1_000),
        title=table.text("title"),
        title_zh=table.text("title_zh", default=""),
        starts_at=table.needed_moment("starts_at"),
        final_at=table.needed_moment("final_at"),
    )
    table.done()
    return batch


def _track(folder: DataFolder, name: str, values: dict[str, object]) -> TrackData:
    table = Table(folder, name, values)
    weights = table.table("weights")
    track = TrackData(
        file=name,
        slug=table.slug("slug"),
        batch=table.integer("batch", low=1, high=1_000),
        rubric=table.slug("rubric", default=""),
        evaluator=table.slug("evaluator", default=""),
        title=table.text("title"),
        title_zh=table.text("title_zh", default=""),
        summary=table.text("summary", most=TEXT, default=""),
        summary_zh=table.text("summary_zh", most=TEXT, default=""),
        category=table.text("category", most=100),
        category_zh=table.text("category_zh", most=100, default=""),
        technical_area=table.slug("technical_area", default=""),
        owner=table.text("owner", default=""),
        owner_zh=table.text("owner_zh", default=""),
        starts_at=table.moment("starts_at", required=False),
        registration_opens_at=table.moment("registration_opens_at", required=False),
        registration_closes_at=table.moment("registration_closes_at", required=False),
        teams_freeze_at=table.moment("teams_freeze_at", required=False),
        team_size_min=table.integer("team_size_min", low=1, high=1_000, default=1),
        team_size_max=table.integer("team_size_max", low=1, high=1_000, default=5),
        reviews_per_entry=table.integer("reviews_per_entry", low=1, high=50, default=5),
        finalists=table.integer("finalists", low=1, high=10_000, default=10),
        weight_machine=_weight(weights, "machine", 0),
        weight_peer=_weight(weights, "peer", 50),
        weight_jury=_weight(weights, "jury", 50),
        publish_source_days=_days(table),
        llm_policy=table.choice("llm_policy", list(LlmPolicy.values), default="none"),
        review_methods=_review_methods(table.table("review")),
        rules=_rules(folder, table, "rules", required=True),
        rules_zh=_rules(folder, table, "rules_zh", required=False),
        phases=tuple(_phase(item) for item in table.tables("phases", most=50)),
        pools=tuple(_pool(item) for item in table.tables("pools", most=20)),
    )
    if weights:
        weights.done()
    table.done()
    return track


def _days(table: Table) -> int | None:
    """Absent: sources stay private."""
    if not table.has("publish_source_days"):
        return None
    return table.integer("publish_source_days", low=0, high=3_650)


def _weight(weights: Table | None, key: str, default: int) -> int:
    return weights.integer(key, low=0, high=10_000, default=0) if weights else default


def _review_methods(table: Table | None) -> dict[str, Any]:
    """The settings that are there; the platform's usual ones stand for the others."""
    if table is None:
        return {}
    numbers = {
        "parts": (1, MOST_PARTS),
        "cycles_up_to": CYCLES,
        "level": LEVELS,
        "replace_days": DAYS,
        "finalist_undone": SHARES,
        "disqualify_undone": SHARES,
    }
    switches = ("own_left_out", "screening", "withhold_reviews")
    found: dict[str, Any] = {}
    for kind in ("assignment", "consensus", "selection"):
        if table.has(kind):
            found[kind] = table.choice(kind, available(kind))
    for key, (low, high) in numbers.items():
        if table.has(key):
            found[key] = table.integer(key, low=low, high=high)
    for key in switches:
        if table.has(key):
            found[key] = table.boolean(key)
    if table.has("reminder_days"):
        days = table.integers("reminder_days", low=1, high=DAYS[1], most=MOST_REMINDERS)
        found["reminder_days"] = list(days)
    table.know("assignment", "consensus", "selection", *numbers, *switches, "reminder_days")
    table.done()
    return found


def _rules(folder: DataFolder, table: Table, key: str, *, required: bool) -> str:
    """The text of the file that `key` names, relative to the track's own file."""
    name = table.text(key, default=None if required else "")
    if not name:
        return ""
    beside = PurePosixPath(table.file).parent
    text = folder.text(str(beside / name), named_by=(table.file, key)) or ""
    if len(text) > RULES:
        table.fault(key, f"{name} has {len(text)} characters", f"at most {RULES} are allowed")
    if "\0" in text:
        table.fault(key, f"{name} holds a zero byte", "take it out")
    return text


def _phase(table: Table) -> PhaseData:
    phase = PhaseData(
        kind=table.choice("kind", list(PhaseKind.values)),
        starts_at=table.needed_moment("starts_at"),
        ends_at=table.needed_moment("ends_at"),
        may_submit=table.boolean("may_submit"),
        may_review=table.boolean("may_review"),
        scores_visible=table.boolean("scores_visible"),
        names_visible=table.boolean("names_visible"),
    )
    table.done()
    return phase


def _pool(table: Table) -> PoolData:
    pool = PoolData(
        title=table.text("title", default=""),
        title_zh=table.text("title_zh", default=""),
        currency=table.choice("currency", sorted(CURRENCIES), default="CNY"),
        total_minor=table.integer("total_minor", low=0, high=MAX_MONEY),
        prizes=tuple(_prize(item) for item in table.tables("prizes", most=200)),
    )
    table.done()
    return pool


def _prize(table: Table) -> PrizeData:
    prize = PrizeData(
        title=table.text("title"),
        title_zh=table.text("title_zh", default=""),
        count=table.integer("count", low=1, high=10_000, default=1),
        amount_minor=table.integer("amount_minor", low=0, high=MAX_MONEY),
    )
    table.done()
    return prize


def _rubric(folder: DataFolder, name: str, values: dict[str, object]) -> RubricData:
    table = Table(folder, name, values)
    rubric = RubricData(
        file=name,
        slug=table.slug("slug"),
        title=table.text("title"),
        title_zh=table.text("title_zh", default=""),
        criteria=tuple(_criterion(item) for item in table.tables("criteria", most=50)),
    )
    table.done()
    return rubric


def _criterion(table: Table) -> CriterionData:
    criterion = CriterionData(
        key=table.slug("key", most=40),
        title=table.text("title"),
        title_zh=table.text("title_zh", default=""),
        weight=table.integer("weight", low=1, high=1_000),
        max_points=table.integer("max_points", low=1, high=100, default=10),
        description=table.text("description", most=TEXT, default=""),
        description_zh=table.text("description_zh", most=TEXT, default=""),
        levels=tuple(_level(item) for item in table.tables("levels", most=100)),
    )
    table.done()
    return criterion


def _level(table: Table) -> LevelData:
    level = LevelData(
        points=table.integer("points", low=0, high=1_000),
        text=table.text("text", most=1_000),
        text_zh=table.text("text_zh", most=1_000, default=""),
    )
    table.done()
    return level
