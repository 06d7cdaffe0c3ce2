"""Bad input: an error with file, line and element, in bounded time and memory; or a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.driving import roads
from concours.driving.roads import limits
from tests.driving.roads.maps import fork, linked
from tests.factories.driving import geometry, lane, road, section, xodr

BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<OpenDRIVE><header name="&b;"/>&b;</OpenDRIVE>'
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><OpenDRIVE>&a;</OpenDRIVE>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello", "not well-formed"),
        (xodr(road())[:-9], "not well-formed"),
        (b"<html/>", "not <OpenDRIVE>"),
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        (xodr(), "no <road>"),
        (xodr(road(length=0)), "0 m long"),
        (xodr(road(length=-5)), "-5 m long"),
        (xodr(road(plan="")), "no geometry"),
        (xodr(road(sections=[])), "no lane section"),
        (xodr(road(), road()), "twice"),
        (xodr(road().replace('id="1"', "", 1)), "no attribute id"),
        (xodr(road(plan=geometry("<line/>", x=float("nan")))), "not a finite number"),
        (xodr(road(plan=geometry("<line/>", hdg=float("inf")))), "not a finite number"),
        (xodr(road(plan=geometry("<arc/>"))), "no attribute curvature"),
        (xodr(road(plan=geometry("<line/><line/>"))), "one shape"),
        (xodr(road(plan=geometry("<line/>", length=-1))), "-1 m"),
        (xodr(road(sections=[section(lane(1, width=float("nan")))])), "not a finite number"),
        (xodr(road(sections=[section(*[lane(i) for i in range(1, 300)])])), "lanes in one"),
        (xodr(road(more="<a>" * 1000 + "</a>" * 1000)), "not well-formed"),
        (xodr(road(plan=geometry('<spiral curvStart="0" curvEnd="1e9"/>'))), "turns by"),
        (
            xodr(road(plan=geometry('<poly3 a="0" b="0" c="0" d="1e300"/>'))),
            "not a finite number",
        ),
    ],
)
def test_what_is_no_map_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(roads.BadMap, match=words) as caught:
        roads.loads(data, name="some.xodr")

    assert str(caught.value).startswith("some.xodr")
    assert caught.value.finding.severity == roads.Severity.ERROR


def test_the_error_names_line_and_element() -> None:
    text = xodr(road(plan=geometry("<line/>", x=float("nan")))).replace(
        b"<geometry", b"\n\n<geometry"
    )

    with pytest.raises(roads.BadMap) as caught:
        roads.loads(text, name="m.xodr")

    assert str(caught.value) == "m.xodr:3: <road/planView/geometry>: x='nan' is not a finite number"


@pytest.mark.slow
def test_a_million_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(roads.BadMap, match="500,000 elements"):
        roads.loads(xodr(road(more="<a/>" * 1_000_000)))
    monkeypatch.setattr(limits, "MAX_ELEMENTS", 50)
    with pytest.raises(roads.BadMap, match="50 elements"):
        roads.loads(xodr(*[road(str(i)) for i in range(9)]))


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concours.driving.roads.loading.MAX_BYTES", 10)
    path = tmp_path / "m.xodr"
    path.write_bytes(xodr(road()))

    with pytest.raises(roads.BadMap, match="MB"):
        roads.load(path)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + xodr(road()),
        xodr(road()).decode().encode("utf-16"),
        xodr(road()).replace(b"<OpenDRIVE>", b'<OpenDRIVE xmlns="http://example.org/1">'),
        b'<?xml version="1.0" encoding="iso-8859-1"?>'
        + xodr(road()).replace(b'name=""', b'name="\xe4"'),
        xodr(road(), header=""),
        xodr(road(), header='<header revMajor="1" revMinor="99"/>'),
    ],
    ids=["byte-order mark", "utf-16", "namespace", "latin-1", "no header", "later version"],
)
def test_what_real_files_do_is_read(data: bytes) -> None:
    assert roads.loads(data).length("1") == 100.0


def findings(tmp_path: Path, data: bytes) -> list[roads.Finding]:
    path = tmp_path / "m.xodr"
    path.write_bytes(data)
    return roads.check(path)


def test_a_clean_map_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path, fork()) == []


@pytest.mark.parametrize(
    ("data", "code", "element"),
    [
        (xodr(road(), header=""), "no-header", "OpenDRIVE"),
        (xodr(road(more="<surface/><flying/>")), "unknown-element", "road/flying"),
        (xodr(road(more='<userData code="x"/>')), "not-used", "road/userData"),
        (
            xodr(road(lateral="<crossSectionSurface><tOffset/></crossSectionSurface>")),
            "not-used",
            "road/lateralProfile/crossSectionSurface",
        ),
        (
            xodr(road(link=f"<successor {linked('road', '9', 'start')}/>")),
            "link-to-nothing",
            "road/link",
        ),
        (
            xodr(road(link=f"<successor {linked('junction', '9')}/>")),
            "link-to-nothing",
            "road/link",
        ),
        (
            fork().replace(b'connectingRoad="11"', b'connectingRoad="99"'),
            "link-to-nothing",
            "junction/connection",
        ),
        (
            fork().replace(b'<laneLink from="-1"', b'<laneLink from="-8"'),
            "link-to-nothing",
            "junction/connection/laneLink",
        ),
        (xodr(road(length=90)), "length-differs", "road"),
        (
            xodr(
                road(
                    plan=geometry("<line/>", length=50) + geometry("<line/>", s=50, x=60, length=50)
                )
            ),
            "gap",
            "road/planView/geometry",
        ),
        (
            xodr(road(sections=[section(lane(1, kind="hover"))])),
            "unknown-lane-type",
            "road/lanes/laneSection/left/lane",
        ),
        (xodr(road(sections=[section(lane(3), lane(1))])), "gap-in-ids", "road/lanes/laneSection"),
    ],
)
def test_findings(tmp_path: Path, data: bytes, code: str, element: str) -> None:
    found = [(one.code, one.element) for one in findings(tmp_path, data)]

    assert (code, element) in found


def test_an_error_that_stops_reading_comes_last(tmp_path: Path) -> None:
    found = findings(tmp_path, xodr(road(more="<flying/>"), road("2", length=-1)))

    assert [one.code for one in found] == ["unknown-element", "bad-length"]


def test_alike_findings_are_counted(tmp_path: Path) -> None:
    found = findings(tmp_path, xodr(*[road(str(i), more="<flying/>") for i in range(50)]))

    assert [(one.code, one.count) for one in found] == [("unknown-element", 50)]


def test_content_of_later_versions_is_read_over(tmp_path: Path) -> None:
    """Junction boundaries, elevation grids and crossing paths of 1.8 and 1.9."""
    later = (
        '<junction id="5" name=""><boundary><segment type="lane" roadId="1"/></boundary>'
        '<planView><geometry s="0" x="0" y="0" hdg="0" length="5"><line/></geometry></planView>'
        '<elevationGrid gridSpacing="1"><elevation center="0"/></elevationGrid></junction>'
        '<junction id="6" type="crossing" name="">'
        '<roadSection id="0" roadId="1" sStart="1" sEnd="2"/>'
        '<crossPath id="1" crossingRoad="1" roadAtStart="1" roadAtEnd="1"/></junction>'
    )

    found = findings(tmp_path, xodr(road(), later))

    assert {one.severity for one in found} == {roads.Severity.INFO}
    assert {one.element for one in found} >= {"junction/boundary", "junction/elevationGrid"}


def test_junctions_in_a_circle_end() -> None:
    """Two connecting roads that lead into each other, and a junction that leads to itself."""
    text = xodr(
        road("1", link=f"<successor {linked('junction', '5')}/>"),
        road(
            "2",
            link=f"<predecessor {linked('junction', '5')}/><successor {linked('junction', '5')}/>",
        ),
        '<junction id="5" name=""><connection id="0" incomingRoad="2" connectingRoad="2" '
        'contactPoint="start"><laneLink from="-1" to="-1"/></connection>'
        '<connection id="1" incomingRoad="1" connectingRoad="2" contactPoint="start">'
        '<laneLink from="-1" to="-1"/></connection></junction>',
    )
    network = roads.loads(text)

    assert network.find_route(("2", -1, 0.0), ("1", 1, 0.0)) is None
    assert network.find_route(("1", -1, 0.0), ("2", -1, 50.0)) is not None
