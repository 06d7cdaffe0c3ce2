"""Tries to speak with anybody outside."""

from __future__ import annotations

import platform
import socket

import pytest

from tests.boxes import needs_box

from .trying import inside, outside

pytestmark = needs_box
ALONE = {"loopback": True}


def _ask(port: int, host: str = "127.0.0.1") -> str:
    return f"""
    def ask():
        with socket.create_connection(({host!r}, {port}), timeout=5) as server:
            return server.recv(100).decode()
    attempt(ask)
    """


def test_a_server_on_this_machine(tcp_server: int, secret: str) -> None:
    assert outside(_ask(tcp_server)) == f"GOT {secret}"
    assert inside(_ask(tcp_server)) == "ENOSYS"
    assert inside(_ask(tcp_server), order=ALONE) == "ECONNREFUSED"


@pytest.mark.parametrize("host", ["169.254.169.254", "192.0.2.1", "10.0.0.1", "255.255.255.255"])
def test_addresses_beyond_this_machine(host: str) -> None:
    code = f"""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    attempt(lambda: udp.connect(({host!r}, 80)))
    """

    assert inside(code, order=ALONE) in {"ENETUNREACH", "EACCES"}


def test_the_control_of_addresses(tcp_server: int) -> None:
    code = f"""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    attempt(lambda: udp.connect(("127.0.0.1", {tcp_server})))
    """

    assert outside(code) == "GOT None"
    assert inside(code, order=ALONE) == "GOT None"


def test_there_is_no_other_interface() -> None:
    code = "print([line.split(':')[0].strip() for line in open('/proc/net/dev')][2:])"

    assert inside(code, order=ALONE) == "['lo']"
    assert "lo" in outside(code)


def test_names_are_not_looked_up() -> None:
    code = """
    try:
        print("GOT", socket.getaddrinfo("example.org", 80))
    except OSError as error:
        print("nobody answers")
    """

    assert inside(code) == inside(code, order=ALONE) == "nobody answers"


def test_an_abstract_socket(abstract_socket: str, secret: str) -> None:
    code = f"""
    def ask():
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(chr(0) + {abstract_socket!r})
            return server.recv(100).decode()
    attempt(ask)
    """

    assert outside(code) == f"GOT {secret}"
    assert inside(code) == "ECONNREFUSED"


FAMILIES = {
    "netlink": (16, 3, 0),
    "packet": (17, 3, 0),
    "raw": (2, 3, 1),
    "vsock": (40, 1, 0),
    "crypto": (38, 5, 0),
    "bluetooth": (31, 3, 0),
    "key management": (15, 3, 2),
    "express data path": (44, 3, 0),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_families_of_sockets(name: str) -> None:
    family, kind, protocol = FAMILIES[name]
    code = f"attempt(lambda: socket.socket({family}, {kind}, {protocol}).close())"

    assert inside(code) == "ENOSYS"
    if name != "raw":
        assert inside(code, order=ALONE) == "ENOSYS"


def test_the_control_of_families() -> None:
    code = "attempt(lambda: socket.socket(16, 3, 0).close())"

    assert outside(code) == "GOT None"


def test_a_family_hidden_in_the_upper_half_of_a_word() -> None:
    number = {"x86_64": 41, "aarch64": 198}[platform.machine()]
    code = f"attempt(lambda: call({number}, (1 << 32) | {socket.AF_INET.value}, 1, 0))"

    assert outside(code).startswith("GOT")
    assert inside(code) == "ENOSYS"
