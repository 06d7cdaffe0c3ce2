"""Runs to look at: one HTML file that replays a trace on its map, without any server.

from concours.driving import viewing

Path("replay.html").write_text(viewing.html(trace, network), encoding="utf-8")
"""

from concours.driving.viewing.page import html

__all__ = ["html"]
