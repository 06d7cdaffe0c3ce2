"""Every operation of the API with what its document allows and what it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from typing import Any, cast

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from ninja.responses import NinjaJSONEncoder
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
)

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.api.api import api
from concours.platform.core import clock
from concours.platform.wsgi import application
from tests.permissions.routes import values_of
from tests.permissions.world import NOW, World

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module", autouse=True)
def _connection_stays(world: World) -> Iterator[None]:
    """As Django's test client does, and undoes: the world's transaction is on this connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def keys(world: World) -> list[str]:
    """Of one who may do all, and of one who may do little."""
    made = []
    with clock.frozen_at(NOW):
        for role in ("operator", "winner"):
            actor = world.people[role]
            assert actor is not None
            made.append(create_token(actor=actor, name="fuzz", scopes=list(Scope), days=1)[1])
    return made


schema = schemathesis.openapi.from_dict(
    json.loads(json.dumps(api.get_openapi_schema(), cls=NinjaJSONEncoder))
)
schema.app = application
OPERATIONS = [found.ok() for found in cast("Any", schema).get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda one: one.value)
def test_no_call_breaks_the_server_or_its_document(
    operation: Any, mode: GenerationMode, keys: list[str], world: World
) -> None:
    """As it was made up, and once more on objects that are there. Nothing of it lasts."""
    real = values_of(operation.path, world)

    @settings(max_examples=3, suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        made_up = dict(case.path_parameters or {})
        for place, key in product((made_up, real), keys):
            case.path_parameters = place
            with clock.frozen_at(NOW), transaction.atomic():
                headers = {"authorization": f"Bearer {key}"}
                case.call_and_validate(headers=headers, checks=CHECKS)
                transaction.set_rollback(True)

    with suppress(Unsatisfiable):  # Nothing can be wrong with what takes nothing.
        call()
