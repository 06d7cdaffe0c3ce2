"""A cluster that is named and not there is told in a sentence, never in a traceback."""

from __future__ import annotations

import pytest

from concours.evaluation import LocalExecutor, executor_from_settings
from concours.evaluation.executors import choosing


def test_without_a_cluster_cases_run_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(choosing.ADDRESS, " ")

    assert choosing.cluster_fault() == ""
    with executor_from_settings(1) as executor:
        assert isinstance(executor, LocalExecutor)


@pytest.mark.parametrize(
    "address", ["127.0.0.1:1", "127.0.0.1:99999", "no-such-host.invalid:6379", "ray://[::1]:1"]
)
def test_an_address_where_nobody_listens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray")
    monkeypatch.setenv(choosing.ADDRESS, address)

    assert choosing.cluster_fault().startswith(f"no cluster answers at {address}: ")
    with pytest.raises(ConnectionError, match="no cluster answers"):
        executor_from_settings(1)


def test_what_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray")
    monkeypatch.setenv(choosing.ADDRESS, "nonsense")

    with pytest.raises(ConnectionError, match="no cluster can be joined at nonsense: Invalid"):
        executor_from_settings(1)
