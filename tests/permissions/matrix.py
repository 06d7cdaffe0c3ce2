"""Every role at every address: what came back, and which bait was in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.core import clock
from tests.bait import stands_in
from tests.permissions.routes import Route
from tests.permissions.world import EVERYBODY, NOW, World

API = "/api/v1/"
REFUSED = {401, 403, 404, 405, 422}
"""With 422 the API says that a body does not fit, which it looks at before anything else."""
MOST = {"get": 6, "post": 2}
"""So many objects of a kind are tried at one address."""
PAGES_OF_SEARCH = ("/search/?q=Bait", "/projects/?q=Bait", "/api/v1/projects/?q=Bait")


@dataclass
class Matrix:
    """`cells` is {(method, pattern): roles that get past the refusals}; `seen` is {what a bait is
    in: roles that read it somewhere}; `where` the addresses at which; `broken` server errors."""

    cells: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)
    where: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def look(world: World, routes: list[Route]) -> Matrix:
    """Ask for everything in everybody's name. Nothing of it lasts."""
    matrix = Matrix(seen={what: set() for what in world.baits})
    with clock.frozen_at(NOW):
        callers = {role: Caller(world, role) for role in EVERYBODY}
        for route in routes:
            for method, most in MOST.items():
                paths = route.paths[:most]
                if callers["operator"].ask(method, paths[0])[0].status_code == 405:
                    continue
                reached = []
                for role, caller in callers.items():
                    answers = [(path, *caller.ask(method, path)) for path in paths]
                    if any(passed(answer) for _path, answer, _text in answers):
                        reached.append(role)
                    for path, answer, text in answers:
                        _note(matrix, world, role, f"{method} {path}", answer, text)
                if reached:
                    matrix.cells[method, route.pattern] = tuple(reached)
        for role, caller in callers.items():
            for path in PAGES_OF_SEARCH:
                _note(matrix, world, role, f"get {path}", *caller.ask("get", path))
    return matrix


def _note(matrix: Matrix, world: World, role: str, asked: str, answer: Any, text: str) -> None:
    if answer.status_code >= 500:
        matrix.broken.append(f"{role}: {asked}: {answer.status_code}")
    for what, word in world.baits.items():
        if stands_in(text, word):
            matrix.seen[what].add(role)
            matrix.where.setdefault((what, role), set()).add(asked)


def passed(answer: Any) -> bool:
    """Whether the answer is more than a refusal or the way to the door."""
    if answer.status_code in REFUSED:
        return False
    return not (answer.status_code == 302 and "/account/login/" in answer["Location"])


class Caller:
    """Somebody with a browser and an API key of all scopes."""

    def __init__(self, world: World, role: str) -> None:
        self.client, self.headers = Client(raise_request_exception=False), {}
        user = world.people[role]
        if user is not None:
            self.client.force_login(user)
            _token, key = create_token(actor=user, name="key", scopes=list(Scope), days=1)
            self.headers = {"authorization": f"Bearer {key}"}
        self.role = role

    def ask(self, method: str, path: str) -> tuple[Any, str]:
        """The answer and all text in it, its headers and what is packed in it included."""
        api = path.startswith(API)
        client = Client(raise_request_exception=False) if api else self.client
        more: dict[str, Any] = {"headers": self.headers} if api else {}
        if api and method == "post":
            more |= {"data": "{}", "content_type": "application/json"}
        with transaction.atomic():
            answer = getattr(client, method)(path, **more)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        heads = "\n".join(f"{name}: {value}" for name, value in answer.items())
        return answer, "\n".join([heads, *_texts(body)])


def _texts(body: bytes) -> Iterator[str]:
    yield body.decode("utf-8", "replace")
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode("utf-8", "replace")
