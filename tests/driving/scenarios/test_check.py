"""What `check` says: with code, line and element, and never by raising."""

from __future__ import annotations

from pathlib import Path

import pytest

from concours.driving.scenarios import Finding, Severity, check, examine, find_map
from concours.driving.scenarios.support import By, table
from tests.driving.scenarios.shared import FOLDER, SCENARIOS, needed
from tests.factories import scenarios as make

MAP = '<LogicFile filepath="map.xodr"/>'
STOP = make.at(9, "Stop")
SOMEWHERE = make.private("Ego", make.teleport(0.0))


def found(folder: Path, text: str, **more: str) -> list[Finding]:
    (folder / "map.xodr").write_text("<OpenDRIVE/>")
    return check(make.write(folder, text), parameters=more)


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def good(*stories: str, **parts: str) -> str:
    return make.scenario(*stories, **({"network": MAP, "stop": STOP, "init": SOMEWHERE} | parts))


def test_a_layered_map_of_carla_has_the_roads_of_the_plain_one(tmp_path: Path) -> None:
    (tmp_path / "Town01.xodr").write_text("<OpenDRIVE/>")

    assert find_map(tmp_path / "elsewhere", "Town01_Opt", [tmp_path]) == tmp_path / "Town01.xodr"
    assert find_map(tmp_path / "elsewhere", "Town02_Opt", [tmp_path]) is None


def test_the_header_of_a_catalog_may_hold_properties(tmp_path: Path) -> None:
    text = make.catalog("Cars").replace(
        'author=""/>',
        'author=""><Properties><Property name="tool" value="7"/></Properties></FileHeader>',
    )

    assert "<Properties>" in text
    assert check(make.write(tmp_path, text, "Cars.xosc")) == []
    broken = text.replace('revMajor="1"', 'revMajor="one"')
    assert check(make.write(tmp_path, broken, "Cars.xosc")) == []


def test_nothing_is_said_of_what_is_well(tmp_path: Path) -> None:
    event = make.event("e", make.speed(1), start=make.at(1))
    assert found(tmp_path, good(make.simple(event))) == []


@pytest.mark.parametrize(
    ("network", "code", "severity"),
    [
        ("", "no-map", Severity.WARNING),
        ('<LogicFile filepath="other.xodr"/>', "missing-map", Severity.ERROR),
        ('<LogicFile filepath="maps/Town01"/>', "missing-map", Severity.ERROR),
        ('<LogicFile filepath="Town01"/>', "map-by-name", Severity.NOTE),
    ],
)
def test_maps(tmp_path: Path, network: str, code: str, severity: Severity) -> None:
    (finding,) = found(tmp_path, good(network=network))
    assert (finding.code, finding.severity) == (code, severity)


def test_maps_are_found_by_path_and_by_name(tmp_path: Path) -> None:
    maps = tmp_path / "maps"
    maps.mkdir()
    (maps / "Town01.xodr").write_text("<OpenDRIVE/>")
    assert find_map(tmp_path, "maps\\Town01.xodr", []) == maps / "Town01.xodr"
    assert find_map(tmp_path, "Town01", [maps]) == maps / "Town01.xodr"
    assert find_map(tmp_path, "../gone/Town01.xodr", [maps]) == maps / "Town01.xodr"
    assert find_map(tmp_path, "Town02", [maps]) is None
    assert find_map(tmp_path, "a\0b", [maps]) is None


def trigger(*conditions: str) -> str:
    return make.trigger("Start", conditions)


def dead(start: str, **parts: str) -> str:
    return good(make.simple(make.event("e", make.speed(1), start=start)), **parts)


def cond(test: str, edge: str = "none", delay: float = 0) -> str:
    return make.condition(test, edge=edge, delay=delay)


FIXED = make.declaration("v", "5")
CHANGED = """<GlobalAction><ParameterAction parameterRef="v"><SetAction value="7"/>
  </ParameterAction></GlobalAction>"""


@pytest.mark.parametrize(
    "conditions",
    [
        [cond(make.time_is(0, "lessThan"))],
        [cond(make.time_is(-1, "equalTo"))],
        [cond(make.time_is(9, "lessThan"), "rising")],
        [cond(make.time_is(9), "falling")],
        [cond(make.time_is(5)), cond(make.time_is(4, "lessThan"))],
        [cond(make.time_is(5), "rising"), cond(make.time_is(9), "rising")],
        [cond(make.element_is("event", "nobody", "endTransition"))],
        [cond(make.element_is("act", "e", "endTransition"))],
        [cond(make.element_is("act", "act", "skipTransition"))],
        [cond(make.by_value('<ParameterCondition parameterRef="v" rule="equalTo" value="6"/>'))],
        [cond(make.by_value('<ParameterCondition parameterRef="v" rule="equalTo" value="5"/>'),
              "rising")],
        [cond(make.by_value('<ParameterCondition parameterRef="w" rule="equalTo" value="5"/>'))],
        [cond(make.by_value('<VariableCondition variableRef="w" rule="equalTo" value="5"/>'))],
        [cond(make.by_value("<PhaseOfTheMoonCondition/>"))],
        [cond(make.by_entity("<MoodCondition/>"))],
        [cond(make.by_entity("<CollisionCondition/>"))],
        [cond(make.by_entity(
            '<RelativeDistanceCondition entityRef="Ego" rule="lessThan" value="-1"'
            ' freespace="false" relativeDistanceType="euclidianDistance"/>'))],
        [],
    ],
)  # fmt: skip
def test_triggers_that_never_fire(tmp_path: Path, conditions: list[str]) -> None:
    findings = found(tmp_path, dead(trigger(*conditions), parameters=FIXED))
    last = [finding for finding in findings if finding.element == "StartTrigger"]
    assert codes(last) == ["never-true"]
    line = (tmp_path / "scenario.xosc").read_text().splitlines()[last[0].line - 1]
    assert "<StartTrigger" in line


@pytest.mark.parametrize(
    "conditions",
    [
        [cond(make.time_is(0, "lessOrEqual"))],
        [cond(make.time_is(5)), cond(make.time_is(5, "lessOrEqual"))],
        [cond(make.time_is(5), "rising"), cond(make.time_is(3), "rising", delay=2)],
        [cond(make.time_is(9, "lessThan"), "falling")],
        [cond(make.element_is("event", "maneuver::e", "skipTransition"))],
        [cond(make.by_value('<ParameterCondition parameterRef="v" rule="equalTo" value="7"/>'))],
    ],
)
def test_triggers_of_which_that_cannot_be_said(tmp_path: Path, conditions: list[str]) -> None:
    change = make.event("change", CHANGED, start=make.at(1))
    event = make.event("e", make.speed(1), start=trigger(*conditions))
    text = good(make.simple(event, change), parameters=FIXED)
    assert found(tmp_path, text) == []


def test_one_live_group_is_enough(tmp_path: Path) -> None:
    never = [cond(make.time_is(-1, "equalTo"))]
    start = make.trigger("Start", never, [cond(make.time_is(1))])
    findings = found(tmp_path, dead(start))
    assert [finding.element for finding in findings] == ["Condition"]


def test_an_end_that_is_missing_is_noted(tmp_path: Path) -> None:
    assert codes(found(tmp_path, good(stop="<StopTrigger/>"))) == ["no-stop"]


def test_all_errors_are_told_at_once_and_first(tmp_path: Path) -> None:
    init = make.private("Nobody", make.speed(1)) + make.private("Ego", make.speed(1))
    text = good(init=init.replace('value="1"', 'value="NaN"', 1), stop="<StopTrigger/>")
    findings = found(tmp_path, text.replace("</Entities>", "<Odd/></Entities>"))
    assert [finding.severity for finding in findings][:1] == [Severity.ERROR]
    assert "bad-value" in codes(findings)
    assert "unknown-element" in codes(findings)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed"),
        ("<OpenDRIVE/>", "no-scenario"),
        ("<OpenSCENARIO/>", "no-scenario"),
        ("<!DOCTYPE x><OpenSCENARIO/>", "document-type"),
        (make.scenario(entities=" "), "no-entities"),
    ],
)
def test_what_is_no_scenario_is_said_and_not_raised(tmp_path: Path, text: str, code: str) -> None:
    checked = examine(make.write(tmp_path, text))
    assert not checked.playable
    assert checked.findings[0].code == code


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert codes(check(tmp_path / "none.xosc")) == ["unreadable"]


def test_a_catalog_is_checked_entry_by_entry(tmp_path: Path) -> None:
    entries = [
        '<Controller name="c"><Properties/></Controller>',
        '<Controller name="c"><Properties/></Controller>',
        '<Route name="r" closed="false"/>',
        "<Boat/>",
    ]
    checked = examine(make.write(tmp_path, make.catalog("mixed", *entries)))
    assert checked.kind == "catalog"
    assert sorted(codes(checked.findings)) == ["bad-curve", "duplicate-name", "unknown-element"]


def distribution(scenario: str, name: str) -> str:
    return f"""<OpenSCENARIO><ParameterValueDistribution><ScenarioFile filepath="{scenario}"/>
      <Deterministic><DeterministicSingleParameterDistribution parameterName="{name}">
      <DistributionSet><Element value="1"/></DistributionSet>
      </DeterministicSingleParameterDistribution></Deterministic>
      </ParameterValueDistribution></OpenSCENARIO>"""


@pytest.mark.parametrize(
    ("scenario", "name", "code"),
    [
        ("scenario.xosc", "v", None),
        ("scenario.xosc", "w", "unknown-parameter"),
        ("gone.xosc", "v", "missing-scenario"),
    ],
)
def test_a_distribution_is_checked_with_its_scenario(
    tmp_path: Path, scenario: str, name: str, code: str | None
) -> None:
    make.write(tmp_path, good(parameters=FIXED))
    path = make.write(tmp_path, distribution(scenario, name), "distribution.xosc")
    checked = examine(path)
    assert checked.kind == "distribution"
    assert codes(checked.findings) == ([code] if code else [])


def test_uses_are_counted_and_told_apart(tmp_path: Path) -> None:
    (tmp_path / "map.xodr").write_text("<OpenDRIVE/>")
    strange = "<PrivateAction><HoverAction/></PrivateAction>"
    event = make.event("e", make.speed(1), strange, CHANGED, start=make.at(1))
    text = good(make.simple(event), parameters=FIXED)
    uses = {use.element: (use.count, use.by) for use in examine(make.write(tmp_path, text)).uses}
    assert uses == {
        "TeleportAction": (1, By.WORLD),
        "WorldPosition": (1, By.WORLD),
        "SpeedAction": (1, By.WORLD),
        "ParameterAction": (1, By.STORYBOARD),
        "SimulationTimeCondition": (3, By.STORYBOARD),
        "HoverAction": (1, By.NOBODY),
    }


def test_what_a_vehicle_leaves_out_is_told_and_no_hindrance(tmp_path: Path) -> None:
    """Players in use go without, and files are written against them."""
    car = """<ScenarioObject name="Ego"><Vehicle name="v" vehicleCategory="car"><BoundingBox>
      <Center x="1" z="0.9"/><Dimensions width="2" length="4" height="1.5"/></BoundingBox>
      <Performance maxSpeed="69" maxDeceleration="30"/></Vehicle></ScenarioObject>"""
    findings = found(tmp_path, good(entities=car))

    assert [(finding.element, finding.message) for finding in findings] == [
        ("Center", "y is missing: 0 counts"),
        ("Performance", "maxAcceleration is missing: inf counts"),
    ]
    assert {finding.severity for finding in findings} == {Severity.WARNING}


def test_pedals_that_nobody_here_has_are_named(tmp_path: Path) -> None:
    over = """<PrivateAction><ControllerAction><OverrideControllerValueAction>
      <Throttle active="true" value="0.5"/></OverrideControllerValueAction></ControllerAction>
      </PrivateAction>"""
    checked = examine(make.write(tmp_path, good(make.simple(make.event("e", over)))))

    kept = [use.element for use in checked.uses if use.by is By.KEPT]
    assert kept == ["OverrideControllerValueAction"]


def test_the_table_of_the_documentation_is_complete() -> None:
    page = (Path(__file__).parents[3] / "docs" / "explanation" / "scenarios.md").read_text()
    for _, element, by in table():
        assert f"`{element}`" in page, element
        row = next(line for line in page.splitlines() if f"`{element}`" in line and "|" in line)
        assert by.value in row, element


@needed
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_files_by_third_parties_can_be_played(path: Path) -> None:
    checked = examine(path, maps=[FOLDER / "towns"])
    assert checked.playable, [str(f) for f in checked.findings if f.severity is Severity.ERROR]
    assert all(use.by is not By.NOBODY for use in checked.uses)


@needed
def test_a_stop_trigger_on_what_only_another_tool_knows_never_fires() -> None:
    findings = check(FOLDER / "oasis" / "openscenario.xosc")
    assert [f.line for f in findings if f.element == "StopTrigger"] == [214]


def test_a_controller_that_an_action_assigns_is_known(tmp_path: Path) -> None:
    """Only those that entities start with were."""
    given = '<ObjectController name="seat"><Controller name="inner"><Properties/></Controller>'
    assigned = (
        "<PrivateAction><ControllerAction><AssignControllerAction>"
        f"{given}</ObjectController></AssignControllerAction></ControllerAction></PrivateAction>"
    )

    def switched(name: str) -> str:
        inner = f'<ActivateControllerAction objectControllerRef="{name}" lateral="false"/>'
        return f"<PrivateAction><ControllerAction>{inner}</ControllerAction></PrivateAction>"

    actions = (assigned, switched("seat"), switched("inner"), switched("nobody"))
    findings = found(tmp_path, good(init=make.private("Ego", make.teleport(0.0), *actions)))

    assert [(each.code, "nobody" in each.message) for each in findings] == [
        ("unknown-controller", True)
    ]


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.3", []), ("1.4", ["unknown-version"]), ("5.3", ["unknown-version"])],
)
def test_a_version_that_is_not_known_is_told(
    tmp_path: Path, version: str, expected: list[str]
) -> None:
    major, minor = version.split(".")
    text = good().replace('revMajor="1" revMinor="2"', f'revMajor="{major}" revMinor="{minor}"')

    findings = found(tmp_path, text)

    assert codes(findings) == expected
    assert all(version in each.message for each in findings)


@pytest.mark.parametrize(
    ("rule", "value", "rises"),
    [
        ("equalTo", 0, False),
        ("greaterOrEqual", 0, False),
        ("greaterThan", -1, False),
        ("greaterThan", 0, True),
        ("notEqualTo", 0, True),
        ("notEqualTo", -1, False),
        ("equalTo", 1, True),
        ("greaterOrEqual", 1, True),
    ],
)
def test_what_is_true_at_the_start_does_not_rise(
    tmp_path: Path, rule: str, value: float, rises: bool
) -> None:
    """CARLA's files ask for time to become 0."""
    text = dead(trigger(cond(make.time_is(value, rule), edge="rising")))

    assert ("never-true" not in codes(found(tmp_path, text))) is rises


def test_what_is_missing_is_told_with_the_file(tmp_path: Path) -> None:
    path = make.write(tmp_path, good().replace("<RoadNetwork>", "").replace("</RoadNetwork>", ""))

    (finding,) = [each for each in check(path) if each.code == "no-map"]

    assert finding.file == str(path)
