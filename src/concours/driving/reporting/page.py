"""The page: the replay's parts, with an overview of all runs before and the losses beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from concours.driving.reporting.content import content
from concours.driving.results import Driven
from concours.driving.roads import RoadNetwork
from concours.driving.viewing.assembling import SCRIPTS, STYLES, assembled, asset

HERE = "concours.driving.reporting"
OWN_SCRIPTS = (
    "words.js",
    "metrics.js",
    "curves.js",
    "losses.js",
    "overview.js",
    "table.js",
    "run.js",
    "report.js",
)
OWN_STYLES = ("report.css", "run.css")


def html(
    driven: Sequence[Driven],
    *,
    preset: str = "concours",
    agent: str = "",
    networks: Mapping[str, RoadNetwork] | None = None,
    lang: str | None = None,
) -> str:
    """One HTML file about an agent's runs; it needs nothing else and talks to nobody.

    preset: the formula shown first; the page has a switch between all of them. agent: its name.
    networks: maps by their SHA-256, as far as they are read already; others are read from the
    runs' sources, and where there is no map either, a run is shown on a grid. lang: as of the
    replay. The same arguments give the same text.

    Names, logs and reasons come from strangers: they are data in the file, never markup, and its
    policy runs this script alone, by its hash.

    Size: 150 kB, each map once, 6 characters for each row of an actor whose motion is smooth, 15
    for each frame's curves. Above 1,000,000 rows times actors in all runs together, rows are left
    out evenly, and so are points of curves above 300,000 frames; losses never are.
    Complexity: linear in all of these, and `scoring.observe` for each run.
    Raises UnknownPreset; ValueError without runs, for one that this preset did not judge, or for
    another language; BadMap.
    """
    return assembled(
        asset("report.html", HERE),
        title=agent or "Report",
        lang=lang,
        styles=[asset(name) for name in STYLES] + [asset(name, HERE) for name in OWN_STYLES],
        scripts=[asset(name) for name in SCRIPTS] + [asset(name, HERE) for name in OWN_SCRIPTS],
        data=content(driven, preset=preset, agent=agent, networks=networks or {}),
    )
