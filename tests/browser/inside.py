"""What tests let an installation do before people come, by its own domain functions.

Run as a script in a process of its own: function name, then its arguments as JSON; prints what
the function returns as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from concours.cli.platform import awake


def give_password(*, email: str, password: str) -> dict[str, str]:
    """Let the owner of an account of the simulated crowd sign in."""
    from concours.platform.accounts.domain import set_password

    person = _person(email)
    set_password(user=person, password=password)
    return {"code": person.code}


def propose(*, season: str, email: str, **texts: str) -> dict[str, str]:
    """Answer the season's call for tracks."""
    from concours.platform.competitions import domain
    from concours.platform.competitions.models import Season

    found = Season.objects.get(slug=season)
    proposal = domain.propose_track(
        actor=_person(email),
        season=found,
        batch=found.batches.order_by("number").last(),
        **texts,
    )
    return {"code": proposal.code}


def people(*, names: list[str], host: str, scopes: list[str]) -> list[dict[str, str]]:
    """Accounts that verified an address at `host`, with a key to the API each."""
    from concours.platform.accounts.domain import create_token
    from concours.platform.accounts.domain.people import create_person
    from concours.platform.core.actors import System

    made = []
    for name in names:
        email = f"{name.split()[0].lower()}@{host}"
        person = create_person(actor=System("opening"), email=email, name=name)
        _token, key = create_token(actor=person, name="client", scopes=scopes, days=366)
        made.append({"email": email, "name": name, "key": key})
    return made


def _person(email: str) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(email=email)


if __name__ == "__main__":
    with awake(via="cli"):
        answer = globals()[sys.argv[1]](**json.loads(sys.argv[2]))
    sys.stdout.write(json.dumps(answer))
