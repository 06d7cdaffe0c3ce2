"""SVG by matplotlib: the same bytes each time, text as text, legible on light and on dark."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from concours.peerreview.errors import BadInput

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, FAINT = "#010203", "#040506"
"""Stand for the colours of text and of lines, which follow the page."""
COLOURS = ("#2a7fc1", "#d0621b", "#16956b", "#b3549b", "#8a7a16", "#7a7a80", "#c8434a", "#5b6fd0")
"""Each at least 3 to 1 against white and against #14171c; shapes tell them apart as well."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
FONTS = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"
_STYLE = (
    "<style>:root{color:#1d2127;--faint:#c3c8cf}"
    "@media(prefers-color-scheme:dark){:root{color:#e9ebee;--faint:#4a5058}}</style>"
)
_OPTIONS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "concours",
    "font.family": "DejaVu Sans",
    "text.parse_math": False,
    "font.size": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "lines.markersize": 5.5,
    "errorbar.capsize": 3.0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}


def options() -> Any:
    """A context with the options of every plot. Raises BadInput without matplotlib."""
    try:
        from matplotlib import rc_context
    except ImportError as error:
        raise BadInput("plots need matplotlib: pip install 'concours[reports]'") from error
    return rc_context(_OPTIONS)


def figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches; call inside `options`."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def svg(drawn: Figure, *, title: str, description: str) -> str:
    """The figure as SVG text with a title and a description for readers of the page's text."""
    buffer = io.StringIO()
    drawn.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r" <metadata>.*?</metadata>\n", "", text, flags=re.DOTALL)
    text = text.replace(INK, "currentColor").replace(FAINT, "var(--faint)")
    text = re.sub(r"font(-family)?: ([^;\"]*?)'?DejaVu Sans'?[^;\"]*", _family, text)
    # Sizes only in viewBox: the page decides how wide the picture is.
    head = re.sub(r' (width|height)="[\d.]+pt"', "", text[: text.index(">") + 1])
    head = head[:-1] + ' role="img" aria-labelledby="plot-title plot-description">'
    words = (
        f'<title id="plot-title">{_escaped(title)}</title>'
        f'<desc id="plot-description">{_escaped(description)}</desc>'
    )
    return head + words + _STYLE + text[text.index(">") + 1 :]


def _family(found: re.Match[str]) -> str:
    return f"font{found[1] or ''}: {found[2]}{FONTS}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
