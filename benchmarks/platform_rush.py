"""The last minute before a deadline: 500 archives of 5 MB within 60 seconds, over loopback.

Every acknowledged archive must be in the database and on the disk with its digest; of those whose
senders went away in the middle nothing may stay.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import io
import random
import time
import zipfile
from collections import Counter
from typing import Any

from benchmarks import platform_site as places
from benchmarks.platform_client import Answer, Connection, signed_in, upload
from rich.console import Console
from rich.table import Table


def archive(number: int, size: int) -> bytes:
    """An archive of about `size` bytes that does not shrink; another one for each number."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as made:
        made.writestr("weights.bin", random.Random(number).randbytes(size))
    return kept.getvalue()


class Rush:
    """Sends each person's archive at a moment drawn from the minute."""

    def __init__(self, port: int, people: list[dict[str, Any]], options: argparse.Namespace):
        self._port, self._people, self._options = port, people, options
        self.answers: list[Answer] = []
        self.acknowledged: dict[str, str] = {}
        self.broken = 0

    async def run(self) -> float:
        """Seconds from the first archive sent to the last answer."""
        chance = random.Random(1)
        started = time.perf_counter()
        moments = sorted(chance.uniform(0, self._options.within) for _ in self._people)
        quitters = set(chance.sample(range(len(self._people)), self._options.quitters))
        await asyncio.gather(
            *(
                self._send(number, who, moment, quits=number in quitters)
                for number, (who, moment) in enumerate(zip(self._people, moments, strict=True))
            )
        )
        return time.perf_counter() - started

    async def _send(self, number: int, who: dict[str, Any], moment: float, *, quits: bool) -> None:
        await asyncio.sleep(moment)
        data = archive(number, self._options.size)
        kind, body = upload(data)
        path = f"/entries/{who['entry']}/upload/"
        if quits:
            await self._break_off(path, who, kind, body)
            return
        connection = Connection("127.0.0.1", self._port)
        answer = await connection.ask(
            "POST", path, cookies=signed_in(who["session"]), kind=kind, body=body
        )
        connection.close()
        self.answers.append(answer)
        if answer.status == 302:
            self.acknowledged[who["entry"]] = hashlib.sha256(data).hexdigest()

    async def _break_off(self, path: str, who: dict[str, Any], kind: str, body: bytes) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        cookies = "; ".join(f"{k}={v}" for k, v in signed_in(who["session"]).items())
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body[: len(body) // 2]
        )
        await writer.drain()
        writer.transport.abort()
        self.broken += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--quitters", type=int, default=25, help="more, who go away half-way")
    parser.add_argument("--size", type=int, default=5_000_000)
    parser.add_argument("--within", type=float, default=60)
    parser.add_argument("--shape", default="2x8", help="processes x threads of the server")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    options = parser.parse_args()
    site = places.make(options.database)
    told = site.inside(
        places.INSIDE, "prepare", submitters=options.people + options.quitters, reviewers=0
    )
    processes, threads = map(int, options.shape.split("x"))
    port = places.free_port()
    with places.served(site, port=port, processes=processes, threads=threads) as server:
        pids = [server.pid, *places.children(server.pid)]
        before = places.processor_s(pids)
        rush = Rush(port, told["submitters"], options)
        seconds = asyncio.run(rush.run())
        spent = places.processor_s(pids) - before
    stored = site.inside(places.INSIDE, "digests")
    found = site.inside(places.INSIDE, "examine")
    lost = [
        entry
        for entry, digest in rush.acknowledged.items()
        if digest not in {stored.get(f"{entry}/2")}
    ]
    others = Counter(answer.status for answer in rush.answers if answer.status != 302)
    taken = sorted(answer.seconds for answer in rush.answers)
    table = Table(title=f"{options.people} submissions of {options.size / 1e6:.0f} MB")
    for name, value in (
        ("database, processes x threads", f"{options.database}, {options.shape}"),
        ("sent within s", f"{options.within:.0f}"),
        ("last answer after s", f"{seconds:.0f}"),
        ("acknowledged", str(len(rush.acknowledged))),
        ("other answers (0: broken)", str(dict(others)) if others else "none"),
        ("acknowledged and lost", str(len(lost))),
        ("stored, not acknowledged", str(len(stored) - len(rush.acknowledged))),
        ("senders gone half-way", str(rush.broken)),
        ("files that nothing names", str(site.inside(places.INSIDE, "strays"))),
        ("faults in record and tables", str(len(found["faults"]))),
        ("answer p50 s", f"{taken[len(taken) // 2]:.2f}"),
        ("answer p95 s", f"{taken[int(len(taken) * 0.95)]:.2f}"),
        ("processor ms a submission", f"{spent / len(taken) * 1000:.0f}"),
    ):
        table.add_row(name, value)
    table.columns[0].header, table.columns[1].header = "what", "found"
    Console().print(table)


if __name__ == "__main__":
    main()
