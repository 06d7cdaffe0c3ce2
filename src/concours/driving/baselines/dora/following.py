"""The agent `follow` in the hands of its nodes: each does one part of its step."""

import frames  # noqa: F401  lets the baselines be imported
from follow import Follow
from locating import Locator
from way import Way


def follower(briefing):
    """A Follow that knows its way and has taken no step."""
    return briefed(Follow(), briefing)


def briefed(agent, briefing):
    """The agent, told its way and set up."""
    agent.lat_ref, agent.lon_ref = briefing["lat_ref"], briefing["lon_ref"]
    plan = [({"lat": p["latitude"], "lon": p["longitude"], "z": p["z"]}, p["command"])
            for p in briefing["plan"]]  # fmt: skip
    agent.set_global_plan(plan, [])
    agent.setup(briefing["config"])
    return agent


def placed(agent, place):
    """Put an agent where another node has found it to be; place: as `locating` sends it."""
    if agent.locator is None:
        agent.locator = Locator(agent.lat_ref, agent.lon_ref)
        fixes = [(point["lat"], point["lon"]) for point, _ in agent.told]
        agent.way = Way([agent.locator.place(*fix) for fix in fixes],
                        [command for _, command in agent.told])  # fmt: skip
    here = agent.locator
    here.x, here.y, here.heading, here.speed, agent.metres, agent.aside = place.to_pylist()
    return agent
