"""Frames: what goes in comes out, and nothing else gets through."""

from __future__ import annotations

import json
import math
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from concours.driving.agents import Control, DirectControl, wire
from concours.driving.agents.captured import Captured
from concours.driving.agents.channel import Channel, Ended, deadline
from concours.driving.agents.shared import SharedBlock, attach

NUMBERS = st.floats(allow_nan=False)
SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
KINDS = st.sampled_from([np.uint8, np.int64, np.float32, np.float64])
ARRAYS = KINDS.flatmap(lambda kind: arrays.arrays(kind, SHAPES))
LEAVES = NUMBERS | st.integers(-(2**60), 2**60) | st.booleans() | st.text(max_size=20) | ARRAYS
ROWS = st.dictionaries(st.text(max_size=5), LEAVES, max_size=3)
VALUES = LEAVES | ROWS | st.lists(ROWS | LEAVES, max_size=3)
UNIT = st.floats(0.0, 1.0)


def same(a: object, b: object) -> bool:
    """Equal, arrays by their type, shape and bytes."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
    return type(a) is type(b) and a == b


@given(st.dictionaries(st.text(max_size=8), st.tuples(st.integers(0, 10**6), VALUES), max_size=4))
def test_readings_come_out_as_they_went_in(readings: dict[str, tuple[int, object]]) -> None:
    head, *blocks = wire.step_frame(7, 0.35, readings)
    kind, size, arrays_size = wire.HEAD.unpack_from(head)
    body = bytearray().join(blocks)

    frame, timestamp, found = wire.read_step(bytes(head[wire.HEAD.size :]), body)

    assert (kind, size) == (wire.STEP, len(head) - wire.HEAD.size)
    assert arrays_size == len(body)
    assert (frame, timestamp) == (7, 0.35)
    assert found.keys() == readings.keys()
    assert all(found[key][0] == readings[key][0] for key in found)
    assert all(same(found[key][1], readings[key][1]) for key in found)


def test_agents_may_write_into_what_they_are_given() -> None:
    head, *blocks = wire.step_frame(0, 0.0, {"image": (0, np.zeros((2, 3), np.uint8))})
    _, _, found = wire.read_step(bytes(head[wire.HEAD.size :]), bytearray().join(blocks))

    found["image"][1][0] = 9

    assert found["image"][1].sum() == 27


@pytest.mark.parametrize("value", [object(), {1, 2}, [None], np.array([object()]), None])
def test_what_is_no_reading_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        wire.step_frame(0, 0.0, {"odd": (0, value)})


@given(UNIT, st.floats(-1, 1), UNIT, st.booleans(), st.booleans(), st.booleans())
def test_controls_come_out_as_they_went_in(
    throttle: float, steer: float, brake: float, hand: bool, back: bool, clamped: bool
) -> None:
    control = Control(
        throttle=throttle, steer=steer, brake=brake, hand_brake=hand, reverse=back, clamped=clamped
    )

    frame = wire.control_frame(5, control)

    assert wire.read_answer(frame[wire.HEAD.size :]) == (5, control)


def test_direct_controls_come_out_as_they_went_in() -> None:
    control = DirectControl(acceleration=-3.5, steering_angle=0.2)

    assert wire.read_answer(wire.control_frame(5, control)[wire.HEAD.size :]) == (5, control)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_control_or_garbled(record: bytes) -> None:
    try:
        _, control = wire.read_answer(record)
    except wire.Garbled:
        return
    assert all(math.isfinite(value) for value in asdict(control).values())


@pytest.mark.parametrize(
    "text", [b"NaN", b"[Infinity]", b"1e999", b"[" * 100_000, b"\xff", b"9" * 10_000, b""]
)
def test_odd_json_is_garbled(text: bytes) -> None:
    with pytest.raises(wire.Garbled):
        wire.read_text(text)


@given(st.lists(st.binary(max_size=200), max_size=30), st.integers(0, 40))
def test_a_log_keeps_its_head_and_its_tail(parts: list[bytes], limit: int) -> None:
    whole = b"".join(b"%d" % (n % 10) for n in b"".join(parts))
    captured = Captured(limit)

    for start in range(0, len(whole), 7):
        captured.add(whole[start : start + 7])

    text = captured.text().encode()
    assert text.startswith(whole[:limit])
    assert text.endswith(whole[len(whole) - limit :] if len(whole) > limit else whole)
    assert (text == whole) == (len(whole) <= 2 * limit)


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket, int]]:
    """A channel, and the agent's ends of its stream and its status."""
    ours, theirs = socket.socketpair()
    log, log_end = os.pipe()
    status, status_end = os.pipe()
    channel = Channel(ours, log, status, Captured(100))
    yield channel, theirs, status_end
    channel.close()
    theirs.close()
    os.close(log_end)
    os.close(status_end)


def test_a_frame_in_pieces_is_put_together(ends: tuple[Channel, socket.socket, int]) -> None:
    channel, theirs, _ = ends
    frame = b"".join(wire.text_frame(b"SENS", ["a", 1]))
    theirs.sendall(frame[:9])

    early = channel.receive(deadline(0.01))
    theirs.sendall(frame[9:] + frame)

    assert early is None
    assert channel.receive(deadline(5.0)) == (b"SENS", b'["a", 1]')
    assert channel.receive(deadline(5.0)) == (b"SENS", b'["a", 1]')


def test_a_frame_too_large_is_garbled_before_it_is_read(
    ends: tuple[Channel, socket.socket, int],
) -> None:
    channel, theirs, _ = ends
    theirs.sendall(wire.HEAD.pack(b"SENS", wire.MAX_ANSWER + 1, 0))

    with pytest.raises(wire.Garbled):
        channel.receive(deadline(5.0))


def test_what_nobody_reads_is_sent_on_later(ends: tuple[Channel, socket.socket, int]) -> None:
    channel, theirs, _ = ends
    large = np.arange(10**6, dtype=np.int64)
    parts = wire.step_frame(1, 0.0, {"all": (1, large)})
    expected = b"".join(parts)
    channel.queue(parts)

    missed = channel.receive(deadline(0.05))
    large[:] = 0  # the engine fills its buffers anew
    got = b""
    theirs.settimeout(0.2)
    while len(got) < len(expected):
        channel.receive(deadline(0.001))
        got += theirs.recv(2**20)

    assert missed is None
    assert got == expected


def test_the_end_is_told_after_the_last_frame(ends: tuple[Channel, socket.socket, int]) -> None:
    channel, theirs, status = ends
    theirs.sendall(b"".join(wire.text_frame(b"FAIL", ["raised", "why"])))
    os.write(status, json.dumps({"exit": 3}).encode())

    assert channel.receive(deadline(5.0)) == (b"FAIL", b'["raised", "why"]')
    with pytest.raises(Ended) as ended:
        channel.receive(deadline(5.0))
    assert ended.value.told == {"exit": 3}


@pytest.mark.parametrize("count", [10, 10_000, 10_000_000])
def test_large_readings_lie_in_shared_memory(count: int) -> None:
    block = SharedBlock()
    if block.handle < 0:
        pytest.skip("this system has no memory to share")
    parts = wire.step_frame(3, 0.15, {"a": (3, np.arange(count)), "b": (3, "text")})
    body = b"".join(parts[1:])

    placed = block.place(parts)

    memory = attach(block.handle)
    assert memory is not None
    if count == 10_000:
        assert placed == [wire.SHARED + bytes(parts[0])[4:]]
        assert memory[: len(body)] == body
    else:
        assert placed == parts
    memory.close()
    with pytest.raises(OSError, match="not permitted"):
        os.ftruncate(block.handle, 10)
    block.close()


def test_the_end_of_the_log_may_be_met_twice() -> None:
    ours, theirs = socket.socketpair()
    log, log_end = os.pipe()
    status, status_end = os.pipe()
    channel = Channel(ours, log, status, Captured(100))
    os.close(log_end)

    early = channel.receive(deadline(0.01))
    os.write(status_end, b"{}")

    assert early is None
    assert channel.last_words(5.0) == {}
    channel.close()
    theirs.close()
    os.close(status_end)
