"""The OpenAPI document and the page made from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from ninja import Schema

from concours.platform.api.api import api
from concours.platform.api.reference import groups

pytestmark = pytest.mark.django_db
METHODS = {"get", "post", "put", "patch", "delete"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    paths = api.get_openapi_schema()["paths"]
    return [
        (path, method, details)
        for path, methods in paths.items()
        for method, details in methods.items()
    ]


def test_the_document_is_served(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.")
    assert "/api/v1/record/head" in document["paths"]


def test_every_operation_says_what_it_does_and_who_may() -> None:
    for path, method, details in operations():
        assert method in METHODS
        assert details["summary"], (path, method)
        assert details["tags"], (path, method)
        schemes = {name for needed in details.get("security", []) for name in needed}
        assert all(name.startswith("key-") for name in schemes), (path, method)


def test_no_operation_goes_without_asking_who_calls() -> None:
    """`needs` or `public` on each: an operation without either would trust cookies blindly."""
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                assert operation.auth_callbacks, operation.path


def test_what_changes_something_needs_a_person() -> None:
    for path, method, details in operations():
        if method != "get":
            assert details.get("security"), (path, method)


def test_names_of_operations_are_their_own() -> None:
    names = [details["operationId"] for _path, _method, details in operations()]
    assert len(names) == len(set(names))


def test_names_of_schemas_are_their_own() -> None:
    """Of two classes of one name the document would hold one, and describe answers by it."""
    api.get_openapi_schema()
    names = Counter(
        found.__name__ for found in set(_below(Schema)) if found.__module__.startswith("concours.")
    )
    assert [name for name, count in names.items() if count > 1] == []


def _below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def test_the_page_lists_every_operation(client: Client) -> None:
    page = client.get(reverse("api-docs")).content.decode()
    for _path, _method, details in operations():
        assert f'id="{details["operationId"]}"' in page
    assert "<script>" not in page
    assert "cdn." not in page


def test_a_call_can_be_copied() -> None:
    found = dict(groups(api.get_openapi_schema(), origin="https://example.org"))
    (head,) = [one for one in found["Record"] if one.path == "/api/v1/record/head"]
    assert head.curl == "curl https://example.org/api/v1/record/head"
    assert head.scopes == ()
    assert '"digest": "string"' in head.answers[0].shape


DOCUMENT = {
    "components": {
        "schemas": {
            "Node": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "kind": {"enum": ["a", "b"]},
                    "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
                    "maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                },
            }
        }
    },
    "paths": {
        "/x/{code}": {
            "post": {
                "operationId": "x",
                "tags": ["X"],
                "security": [{"key-enter": []}],
                "parameters": [
                    {
                        "name": "code",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer", "minimum": 1, "maximum": 9},
                    }
                ],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Node"}}
                    }
                },
                "responses": {200: {"description": "OK"}},
            }
        }
    },
}


def test_a_shape_that_holds_itself_comes_to_an_end() -> None:
    ((tag, (operation,)),) = groups(DOCUMENT, origin="https://example.org")
    assert tag == "X"
    assert operation.scopes == ("enter",)
    assert operation.parameters[0].type == "integer 1..9"
    assert '"kind": "a | b"' in operation.body
    assert '"maybe": "integer"' in operation.body
    assert "$CONCOURS_KEY" in operation.curl
    assert operation.curl.startswith("curl -X POST -H ")


def test_the_description_is_written_once() -> None:
    assert api.get_openapi_schema() is api.get_openapi_schema()
