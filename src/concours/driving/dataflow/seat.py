"""Takes the engine's place in a dataflow: run by dora as the node `concours`.

It hands what dora told it (its environment) to the process that the socket leads to, which is the
node from then on, and stays until that process lets go. So no message makes a detour through it.
"""

from __future__ import annotations

import json
import os
import socket
import sys


def main() -> None:
    """Hand over, then wait for the end."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
        stream.connect(sys.argv[1])
        told = {name: value for name, value in os.environ.items() if name.startswith("DORA_")}
        stream.sendall(json.dumps(told).encode() + b"\n")
        while stream.recv(1):
            pass


if __name__ == "__main__":
    main()
