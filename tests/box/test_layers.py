"""What a machine has to shut programs in is found by trying."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from concours.box import BoxMissing, Order, engine, examine, layers, run, seccomp, strongest
from concours.box.order import BoxFault
from tests.boxes import needs_box


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    """Nothing is remembered of the machine, before and after."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    layers._prove_bubblewrap.cache_clear()
    engine.working.cache_clear()
    seccomp.filters.cache_clear()


@needs_box
def test_without_bubblewrap_programs_are_refused_until_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("PATH", "/nonexistent")
        with pytest.raises(BoxMissing, match="bwrap is not installed"):
            run(Order(argv=["true"]))
        states = {layer.name: layer.state for layer in examine()}

    assert (states["bubblewrap"], states["containers"]) == ("fault", "warning")
    assert strongest() == "bubblewrap"


@needs_box
def test_without_a_filter_of_calls_programs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise BoxFault("libseccomp is not installed")

    monkeypatch.setattr(seccomp, "library", missing)

    with pytest.raises(BoxMissing, match="libseccomp"):
        run(Order(argv=["true"]))
    found = {layer.name: layer for layer in examine()}

    assert found["system calls"].state == "fault"
    assert "libseccomp2" in found["system calls"].mend


@needs_box
def test_what_works_needs_no_mend() -> None:
    found = examine()

    names = [layer.name for layer in found]
    assert names == ["bubblewrap", "system calls", "control groups", "containers"]
    assert all((layer.mend == "") == (layer.state == "ok") for layer in found)
