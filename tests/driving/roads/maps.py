"""Small maps of our own that the tests share."""

from __future__ import annotations

from tests.factories.driving import geometry, lane, road, section, xodr

SOLID = '<roadMark sOffset="0" type="solid" color="white" width="0.12"/>'
BROKEN = '<roadMark sOffset="0" type="broken" color="white" width="0.12" laneChange="both"/>'


def linked(kind: str, target: str, contact: str = "") -> str:
    """The attributes of a link."""
    at = f' contactPoint="{contact}"' if contact else ""
    return f'elementType="{kind}" elementId="{target}"{at}'


def both(before: str, after: str) -> str:
    """The links of a road."""
    return f"<predecessor {before}/><successor {after}/>"


def fork() -> bytes:
    """Road 1 leads by junction 5 to road 2 (straight, over 10) and road 3 (left, over 11)."""
    connecting = 'junction="5"'
    straight = road(
        "10",
        length=20,
        plan=geometry("<line/>", x=100, length=20),
        sections=[section(lane(-1, before=-1, after=-1, inside=SOLID))],
        link=both(linked("road", "1", "end"), linked("road", "2", "start")),
    ).replace('junction="-1"', connecting)
    left = road(
        "11",
        length=31.41592653589793,
        plan=geometry('<arc curvature="0.05"/>', x=100, length=31.41592653589793),
        sections=[section(lane(-1, before=-1, after=-1, inside=BROKEN))],
        link=both(linked("road", "1", "end"), linked("road", "3", "start")),
    ).replace('junction="-1"', connecting)
    light = (
        '<signals><signal id="7" name="light" s="99" t="-4" dynamic="yes" orientation="+" '
        'type="1000001" subtype="-1" zOffset="3"><validity fromLane="-1" toLane="-1"/></signal>'
        '<signal id="8" name="" s="97" t="0" dynamic="no" orientation="+" type="294"/></signals>'
        '<objects><object id="o" type="barrier" name="b" s="50" t="6" length="2" width="1" '
        'height="1" hdg="0.3"><outline><cornerLocal u="-1" v="0" z="0"/>'
        '<cornerLocal u="1" v="0" z="0"/>'
        "</outline></object></objects>"
    )
    return xodr(
        road("1", more=light, link=f"<successor {linked('junction', '5')}/>"),
        road(
            "2",
            plan=geometry("<line/>", x=120),
            link=f"<predecessor {linked('junction', '5')}/>",
        ),
        road(
            "3",
            plan=geometry("<line/>", x=120, y=20, hdg=1.5707963267948966),
            link=f"<predecessor {linked('junction', '5')}/>",
        ),
        straight,
        left,
        '<junction id="5" name="fork">'
        '<connection id="0" incomingRoad="1" connectingRoad="10" contactPoint="start">'
        '<laneLink from="-1" to="-1"/></connection>'
        '<connection id="1" incomingRoad="1" connectingRoad="11" contactPoint="start">'
        '<laneLink from="-1" to="-1"/></connection></junction>'
        '<controller id="20" name="c"><control signalId="7" type=""/></controller>',
    )


def hilly() -> bytes:
    """One road with all profiles, sections that widen, borders, raised and level lanes."""
    wide = section(
        lane(3, kind="sidewalk", width=2, attributes='level="true"').replace(
            "<link>", '<height sOffset="0" inner="0.12" outer="0.12"/><link>'
        ),
        lane(1, after=1, inside=SOLID),
        lane(2, kind="biking", width=1.5, after=2, inside=BROKEN),
        lane(-1, after=-1, inside=BROKEN),
        centre='<roadMark sOffset="0" type="solid broken" color="yellow" width="0.3"/>',
    )
    bordered = section(
        lane(1, before=1).replace('<width sOffset="0" a="3.5"', '<border sOffset="0" a="3.5"'),
        lane(2, kind="biking", before=2).replace(
            '<width sOffset="0" a="3.5"', '<border sOffset="0" a="5"'
        ),
        lane(-1, before=-1).replace(
            '<width sOffset="0" a="3.5" b="0"', '<width sOffset="0" a="3.5" b="0.02"'
        ),
        s=60,
    )
    plan = (
        geometry("<line/>", length=20)
        + geometry('<spiral curvStart="0" curvEnd="0.02"/>', s=20, x=20, length=30)
        + geometry('<arc curvature="0.02"/>', s=50, x=49.73, y=2.98, hdg=0.3, length=50)
    )
    return xodr(
        road(
            "h",
            plan=plan,
            sections=[wide, bordered],
            offsets='<laneOffset s="0" a="0.2" b="0" c="0.0001" d="0"/>',
            elevation='<elevation s="0" a="1" b="0.02" c="0" d="0"/>'
            '<elevation s="50" a="2" b="0.02" c="-0.0004" d="0"/>',
            lateral='<superelevation s="0" a="0.03" b="0.001" c="0" d="0"/>'
            '<crossfall side="left" s="0" a="0.02" b="0" c="0" d="0"/>'
            '<shape s="0" t="-4" a="0.1" b="-0.025" c="0" d="0"/>'
            '<shape s="0" t="0" a="0" b="0.025" c="0" d="0"/>'
            '<shape s="100" t="-4" a="0" b="0" c="0" d="0"/>',
        )
    )


def bridge() -> bytes:
    """Road "over" crosses road "under" 6 m above it, both through (50, 0)."""
    return xodr(
        road("under"),
        road(
            "over",
            plan=geometry("<line/>", x=50, y=-50, hdg=1.5707963267948966),
            elevation='<elevation s="0" a="6" b="0" c="0" d="0"/>',
        ),
    )


def virtual() -> bytes:
    """A side road leaves the middle of a main road by a virtual junction."""
    side = road(
        "side",
        length=10,
        plan=geometry("<line/>", x=40, y=-1.75, hdg=-0.5, length=10),
        sections=[section(lane(-1, before=-1))],
        link='<predecessor elementType="road" elementId="main" elementS="40" elementDir="+"/>',
    ).replace('junction="-1"', 'junction="v"')
    return xodr(
        road("main"),
        side,
        '<junction id="v" name="" type="virtual" mainRoad="main" sStart="38" sEnd="44" '
        'orientation="+">'
        '<connection id="0" incomingRoad="main" connectingRoad="side" contactPoint="start">'
        '<laneLink from="-1" to="-1"/></connection></junction>',
    )


SMALL = (fork(), hilly(), bridge(), virtual())
