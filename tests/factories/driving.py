"""Small OpenDRIVE maps, written by hand: one road, a crossing, a bridge."""

from __future__ import annotations

from collections.abc import Sequence

LINE = '<geometry s="0" x="0" y="0" hdg="0" length="100"><line/></geometry>'


def xodr(*content: str, header: str = '<header revMajor="1" revMinor="7"/>') -> bytes:
    """A document."""
    return f"<OpenDRIVE>{header}{''.join(content)}</OpenDRIVE>".encode()


def lane(
    number: int,
    *,
    kind: str = "driving",
    width: float = 3.5,
    inside: str = "",
    before: int | None = None,
    after: int | None = None,
    attributes: str = "",
) -> str:
    """One lane; `before` and `after` are ids of the lanes it is linked to."""
    links = "" if before is None else f'<predecessor id="{before}"/>'
    links += "" if after is None else f'<successor id="{after}"/>'
    size = "" if number == 0 else f'<width sOffset="0" a="{width}" b="0" c="0" d="0"/>'
    return (
        f'<lane id="{number}" type="{kind}" {attributes}><link>{links}</link>{size}{inside}</lane>'
    )


def section(*lanes: str, s: float = 0.0, centre: str = "") -> str:
    """A lane section of lanes given in any order; the centre lane is put in."""

    def side(sign: int) -> str:
        return "".join(one for one in lanes if (_id(one) > 0) == (sign > 0))

    middle = f'<center><lane id="0" type="none">{centre}</lane></center>'
    return (
        f'<laneSection s="{s}"><left>{side(1)}</left>{middle}<right>{side(-1)}</right>'
        "</laneSection>"
    )


def _id(text: str) -> int:
    return int(text.split('id="')[1].split('"')[0])


def road(
    number: str = "1",
    *,
    length: float = 100.0,
    plan: str = LINE,
    sections: Sequence[str] | None = None,
    offsets: str = "",
    link: str = "",
    elevation: str = "",
    lateral: str = "",
    more: str = "",
    attributes: str = "",
) -> str:
    """A road; by default straight along x with a lane of 3.5 m either way."""
    lanes = sections if sections is not None else [section(lane(1), lane(-1))]
    return (
        f'<road id="{number}" name="" length="{length}" junction="-1" {attributes}>'
        f"<link>{link}</link><planView>{plan}</planView>"
        f"<elevationProfile>{elevation}</elevationProfile>"
        f"<lateralProfile>{lateral}</lateralProfile>"
        f"<lanes>{offsets}{''.join(lanes)}</lanes>{more}</road>"
    )


def geometry(
    shape: str, *, s: float = 0, x: float = 0, y: float = 0, hdg: float = 0, length: float = 100
) -> str:
    """One element of the plan view."""
    return f'<geometry s="{s}" x="{x}" y="{y}" hdg="{hdg}" length="{length}">{shape}</geometry>'
