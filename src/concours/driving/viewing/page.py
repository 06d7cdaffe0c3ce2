"""The replay's page."""

from __future__ import annotations

from concours.driving.roads.network import RoadNetwork
from concours.driving.viewing.assembling import SCRIPTS, STYLES, assembled, asset
from concours.driving.viewing.content import content
from concours.driving.world.trace import Trace


def html(trace: Trace, network: RoadNetwork | None = None, *, lang: str | None = None) -> str:
    """One HTML file that replays a run; it needs nothing else and talks to nobody.

    network: the map; without it, a grid. lang: "en" or "zh" at first, by the reader's browser
    where None; the page has a switch. Raises ValueError for another language.

    Names and other texts of the scenario come from strangers: they are data in the file, never
    markup, and its policy runs this script alone, by its hash. The same arguments give the same
    text.

    Size: 100 kB of script and style, then 6 characters for each row of an actor whose motion is
    smooth (14 where it is not), about 4 for each point of the map's outlines (40 kB for a small
    town) and 150 for each element of the storyboard. Above 1,500,000 rows times actors, rows are
    left out evenly. Complexity: linear in all of these.
    """
    return assembled(
        asset("replay.html"),
        title=trace.name or "Replay",
        lang=lang,
        styles=[asset(name) for name in STYLES],
        scripts=[asset(name) for name in (*SCRIPTS, "main.js")],
        data=content(trace, network),
    )
