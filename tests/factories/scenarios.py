"""Scenario files as text: small parts that are put together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def declaration(name: str, value: str, *, kind: str = "double", constraints: str = "") -> str:
    return (
        f'<ParameterDeclaration name="{name}" parameterType="{kind}" value="{value}">'
        f"{constraints}</ParameterDeclaration>"
    )


def entity(name: str) -> str:
    return f"""<ScenarioObject name="{name}"><Vehicle name="car" vehicleCategory="car">
      <BoundingBox><Center x="1.5" y="0" z="0.8"/>
        <Dimensions width="2" length="5" height="1.6"/></BoundingBox>
      <Performance maxSpeed="60" maxAcceleration="5" maxDeceleration="9"/>
      <Axles><FrontAxle maxSteering="0.5" wheelDiameter="0.8" trackWidth="1.7" positionX="3"
          positionZ="0.4"/>
        <RearAxle maxSteering="0" wheelDiameter="0.8" trackWidth="1.7" positionX="0"
          positionZ="0.4"/></Axles>
      <Properties/></Vehicle></ScenarioObject>"""


def speed(value: float, *, shape: str = "step", time: float = 0.0) -> str:
    return f"""<PrivateAction><LongitudinalAction><SpeedAction>
      <SpeedActionDynamics dynamicsShape="{shape}" dynamicsDimension="time" value="{time}"/>
      <SpeedActionTarget><AbsoluteTargetSpeed value="{value}"/></SpeedActionTarget>
    </SpeedAction></LongitudinalAction></PrivateAction>"""


def teleport(x: float, y: float = 0.0) -> str:
    return f"""<PrivateAction><TeleportAction><Position><WorldPosition x="{x}" y="{y}"/></Position>
    </TeleportAction></PrivateAction>"""


def private(name: str, *actions: str) -> str:
    return f'<Private entityRef="{name}">{"".join(actions)}</Private>'


def by_value(test: str) -> str:
    return f"<ByValueCondition>{test}</ByValueCondition>"


def time_is(value: float, rule: str = "greaterOrEqual") -> str:
    return by_value(f'<SimulationTimeCondition value="{value}" rule="{rule}"/>')


def element_is(kind: str, name: str, state: str) -> str:
    return by_value(
        f'<StoryboardElementStateCondition storyboardElementType="{kind}"'
        f' storyboardElementRef="{name}" state="{state}"/>'
    )


def by_entity(test: str, *names: str, rule: str = "any") -> str:
    refs = "".join(f'<EntityRef entityRef="{name}"/>' for name in names or ("Ego",))
    return f"""<ByEntityCondition><TriggeringEntities triggeringEntitiesRule="{rule}">{refs}
    </TriggeringEntities><EntityCondition>{test}</EntityCondition></ByEntityCondition>"""


def condition(test: str, *, edge: str = "none", delay: float = 0.0, name: str = "c") -> str:
    return f'<Condition name="{name}" conditionEdge="{edge}" delay="{delay}">{test}</Condition>'


def trigger(kind: str, *groups: Iterable[str]) -> str:
    inner = "".join(f"<ConditionGroup>{''.join(group)}</ConditionGroup>" for group in groups)
    return f"<{kind}Trigger>{inner}</{kind}Trigger>"


def at(seconds: float, kind: str = "Start") -> str:
    return trigger(kind, [condition(time_is(seconds))])


def event(
    name: str,
    *actions: str,
    start: str = "",
    priority: str = "parallel",
    count: int | None = None,
) -> str:
    times = "" if count is None else f' maximumExecutionCount="{count}"'
    done = "".join(
        f'<Action name="{name}Action{number or ""}">{action}</Action>'
        for number, action in enumerate(actions)
    )
    return f'<Event name="{name}" priority="{priority}"{times}>{done}{start}</Event>'


def maneuver(name: str, *events: str) -> str:
    return f'<Maneuver name="{name}">{"".join(events)}</Maneuver>'


def group(
    name: str,
    *maneuvers: str,
    actors: Iterable[str] = ("Ego",),
    count: int = 1,
    select: bool = False,
) -> str:
    refs = "".join(f'<EntityRef entityRef="{actor}"/>' for actor in actors)
    return f"""<ManeuverGroup name="{name}" maximumExecutionCount="{count}">
      <Actors selectTriggeringEntities="{str(select).lower()}">{refs}</Actors>
      {"".join(maneuvers)}</ManeuverGroup>"""


def act(name: str, *groups: str, start: str | None = None, stop: str = "") -> str:
    begin = at(0) if start is None else start
    return f'<Act name="{name}">{"".join(groups)}{begin}{stop}</Act>'


def story(name: str, *acts: str, parameters: str = "") -> str:
    return f'<Story name="{name}">{_declared(parameters)}{"".join(acts)}</Story>'


def simple(*events: str) -> str:
    """One story, act, group and maneuver around the events."""
    return story("story", act("act", group("group", maneuver("maneuver", *events))))


def _declared(parameters: str) -> str:
    return f"<ParameterDeclarations>{parameters}</ParameterDeclarations>" if parameters else ""


def scenario(
    *stories: str,
    init: str = "",
    entities: str | None = None,
    parameters: str = "",
    variables: str = "",
    network: str = "",
    catalogs: str = "",
    stop: str = "",
    minor: int = 2,
) -> str:
    who = entity("Ego") if entities is None else entities
    changing = f"<VariableDeclarations>{variables}</VariableDeclarations>" if variables else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OpenSCENARIO>
<FileHeader revMajor="1" revMinor="{minor}" date="2026-01-01T00:00:00" description="" author=""/>
{_declared(parameters)}{changing}<CatalogLocations>{catalogs}</CatalogLocations>
<RoadNetwork>{network}</RoadNetwork>
<Entities>{who}</Entities>
<Storyboard><Init><Actions>{init}</Actions></Init>{"".join(stories)}{stop or "<StopTrigger/>"}
</Storyboard></OpenSCENARIO>"""


def catalog(name: str, *entries: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OpenSCENARIO><FileHeader revMajor="1" revMinor="2" date="2026-01-01T00:00:00" description=""
  author=""/><Catalog name="{name}">{"".join(entries)}</Catalog></OpenSCENARIO>"""


def write(folder: Path, text: str, name: str = "scenario.xosc") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
