"""Tests of one group stay with one worker, which xdist tells by the end of their names alone."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("grouping")
def test_groups_are_kept(request: pytest.FixtureRequest) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ or not request.config.option.loadgroup:
        pytest.skip("the tests run in one process, or without groups")
    assert request.node.nodeid.endswith("@grouping")
