"""The register's part of a season's folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from concours.platform.register.enums import DonorKind, Stage
from concours.platform.seasons.schema import AreaData, DonorData, ProjectData, RegisterData
from concours.tables import DataFolder, Table

REGISTER_FILE = "register/projects.toml"


def parse_register(folder: DataFolder) -> RegisterData:
    """What register/projects.toml holds; an empty register where there is no such file."""
    path = Path(folder.root) / REGISTER_FILE
    if not path.exists() and not path.is_symlink():
        return RegisterData()
    values = folder.table(REGISTER_FILE)
    if values is None:
        return RegisterData()
    table = Table(folder, REGISTER_FILE, values)
    table.integer("format", low=1, high=1)
    register = RegisterData(
        areas=tuple(_area(item) for item in table.tables("areas")),
        donors=tuple(_donor(item) for item in table.tables("donors")),
        projects=tuple(_project(item) for item in table.tables("projects")),
    )
    table.done()
    return register


def _area(table: Table) -> AreaData:
    area = AreaData(
        slug=table.slug("slug"),
        name=table.text("name"),
        name_zh=table.text("name_zh", default=""),
    )
    table.done()
    return area


def _donor(table: Table) -> DonorData:
    donor = DonorData(
        slug=table.slug("slug"),
        name=table.text("name"),
        name_zh=table.text("name_zh", default=""),
        kind=table.choice("kind", list(DonorKind.values), default=DonorKind.LEGAL_ENTITY.value),
    )
    table.done()
    return donor


def _project(table: Table) -> ProjectData:
    project = ProjectData(
        slug=table.slug("slug"),
        name=table.text("name"),
        name_zh=table.text("name_zh", default=""),
        summary=table.text("summary", most=5_000, default=""),
        summary_zh=table.text("summary_zh", most=5_000, default=""),
        areas=table.slugs("areas"),
        stage=table.choice("stage", list(Stage.values)),
        homepage=_address(table, "homepage"),
        licence=table.text("licence", most=100, default=""),
        donors=table.slugs("donors"),
        more_donors=table.boolean("more_donors"),
        signed_on=table.day("signed_on"),
        since=table.day("since"),
    )
    table.done()
    return project


def _address(table: Table, key: str) -> str:
    """A web address; other schemes would become links that run."""
    value = table.text(key, most=500, default="")
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in value
    except ValueError:
        usable = False
    if value and not usable:
        table.fault(key, f"{value!r} is no web address", "begin it with https://")
        return ""
    return value
