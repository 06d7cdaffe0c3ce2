"""A server killed at random moments while people sign in, enter, submit and review over HTTP.

Each kill is SIGKILL, in turn for one serving process, which the master replaces, and for the master
with all of them, after which the server is started anew. After each the people pause, and record
and tables are compared: no change may be there by half, and nothing acknowledged may be gone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
from collections import Counter
from typing import Any

from benchmarks import platform_site as places
from benchmarks.platform_client import TOKEN, Answer, Connection, form, signed_in, upload
from benchmarks.platform_load import archive
from rich.console import Console
from rich.table import Table
from tests.factories.installations import Installation

PASSWORD = "a-password-for-the-benchmark"
TRACK = "/seasons/load/tracks/open/"


class Season:
    """People who take part, and what the server has acknowledged to them."""

    def __init__(self, port: int, told: dict[str, Any], seed: int) -> None:
        self._port, self._told = port, told
        self._chance = random.Random(seed)
        self._accounts = iter(told["accounts"])
        self._going = asyncio.Event()
        self._going.set()
        self._busy = 0
        self.digests: set[str] = set()
        self.done: Counter[str] = Counter()
        self.over = False

    async def pause(self) -> None:
        """Nobody begins anything more; returns when all have their answers."""
        self._going.clear()
        while self._busy:
            await asyncio.sleep(0.01)

    def resume(self) -> None:
        self._going.set()

    async def _ask(self, connection: Connection, *given: Any, **more: Any) -> Answer:
        await self._going.wait()
        self._busy += 1
        try:
            answer = await asyncio.wait_for(connection.ask(*given, **more), 60)
        except TimeoutError:
            connection.close()
            answer = Answer(0, 60.0)
        finally:
            self._busy -= 1
        self.done["broken" if answer.status == 0 else "answered"] += 1
        if answer.status == 0:
            await asyncio.sleep(0.1)
        elif answer.status >= 500:
            self.done[f"status {answer.status}"] += 1
        return answer

    async def entrant(self) -> None:
        """Signs in, enters, submits a few times; then the next one."""
        connection = Connection("127.0.0.1", self._port)
        for address in self._accounts:
            cookies = {"csrftoken": TOKEN}
            # As a proxy would say it: sign-ins from one address are limited.
            connection.address = "10.{}.{}.{}".format(*self._chance.randbytes(3))
            while "sessionid" not in cookies and not self.over:
                kind, body = form(login=address, password=PASSWORD)
                answer = await self._ask(
                    connection, "POST", "/account/login/", cookies=cookies, kind=kind, body=body
                )
                cookies |= {k: v for k, v in answer.cookies.items() if k == "sessionid"}
            entry = await self._enter(connection, address, cookies)
            for _ in range(4):
                if self.over or not entry:
                    break
                data = archive(self._chance, 20_000)
                kind, body = upload(data)
                path = f"{entry}upload/"
                answer = await self._ask(
                    connection, "POST", path, cookies=cookies, kind=kind, body=body
                )
                if answer.status == 302:
                    self.digests.add(hashlib.sha256(data).hexdigest())
                    self.done["submitted"] += 1
            if self.over:
                break
        connection.close()

    async def _enter(self, connection: Connection, address: str, cookies: dict[str, str]) -> str:
        name = address.partition("@")[0]
        for _ in range(20):
            kind, body = form(
                team="alone",
                team_name=name,
                title=f"Work of {name}",
                abstract="",
                rules="on",
                rules_number="1",
            )
            answer = await self._ask(
                connection, "POST", f"{TRACK}enter/", cookies=cookies, kind=kind, body=body
            )
            if answer.status == 302 and answer.headers["location"].startswith("/entries/"):
                self.done["entered"] += 1
                return answer.headers["location"].split("?")[0]
            if self.over or answer.status == 200:
                break  # said no: an earlier try was done, and its answer lost
        return ""

    async def reviewer(self, who: dict[str, Any]) -> None:
        """Writes and rewrites the reviews that are owed."""
        connection = Connection("127.0.0.1", self._port)
        while not self.over:
            kind, body = form(
                **{
                    "score-idea": str(self._chance.randrange(6)),
                    "score-code": str(self._chance.randrange(11)),
                    "comment": "Good.",
                }
            )
            path = f"/reviews/{self._chance.choice(who['duties'])}/"
            answer = await self._ask(
                connection,
                "POST",
                path,
                cookies=signed_in(who["session"]),
                kind=kind,
                body=body,
            )
            self.done["reviewed"] += answer.status == 302
            await asyncio.sleep(0.05)
        connection.close()


class Killing:
    """The server, what kills it, and what examines the rest."""

    def __init__(self, site: Installation, port: int, shape: str) -> None:
        self._site, self._port = site, port
        self._processes, self._threads = map(int, shape.split("x"))
        self.faults: list[str] = []
        self.kills: Counter[str] = Counter()
        self.server = self._start()
        self._inspector = site.start(
            "-m",
            places.INSIDE,
            "inspector",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def _start(self) -> subprocess.Popen[str]:
        server = places.start(
            self._site, port=self._port, processes=self._processes, threads=self._threads
        )
        places.wait_for(self._port, server)
        return server

    def inspect(self, what: str) -> Any:
        assert self._inspector.stdin is not None
        assert self._inspector.stdout is not None
        self._inspector.stdin.write(f"{what}\n")
        self._inspector.stdin.flush()
        return json.loads(self._inspector.stdout.readline())

    async def run(self, season: Season, kills: int, seed: int) -> None:
        chance = random.Random(seed)
        for number in range(kills):
            # Amid work, however slow the machine: after so many answers and a moment more.
            wanted = season.done["answered"] + chance.randrange(1, 12)
            while season.done["answered"] < wanted:
                await asyncio.sleep(0.002)
            await asyncio.sleep(chance.uniform(0.0, 0.2))
            one = number % 2 == 0
            workers = places.children(self.server.pid)
            if one and workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(workers), signal.SIGKILL)
                self.kills["process"] += 1
            else:
                os.killpg(self.server.pid, signal.SIGKILL)
                self.server.wait()
                self.kills["server"] += 1
            await season.pause()
            found = await asyncio.to_thread(self.inspect, "examine")
            self.faults += [f"kill {number + 1}: {fault}" for fault in found["faults"]]
            if self.server.poll() is not None:
                self.server = await asyncio.to_thread(self._start)
            season.resume()

    def end(self) -> None:
        assert self._inspector.stdin is not None
        self._inspector.stdin.close()
        self._inspector.wait(timeout=30)
        places.stop(self.server)


async def play(killing: Killing, season: Season, told: dict[str, Any], kills: int) -> None:
    people = [asyncio.create_task(season.entrant()) for _ in range(6)]
    people += [asyncio.create_task(season.reviewer(who)) for who in told["reviewers"][:4]]
    await killing.run(season, kills, seed=1)
    season.over = True
    await asyncio.gather(*people)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--shape", default="2x4", help="processes x threads of the server")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    options = parser.parse_args()
    site = places.make(options.database, extra="[log]\nlevel = 'error'")
    told = site.inside(places.INSIDE, "prepare_empty", accounts=options.kills * 20)
    port = places.free_port()
    killing = Killing(site, port, options.shape)
    season = Season(port, told, seed=2)
    try:
        asyncio.run(play(killing, season, told, options.kills))
        found = killing.inspect("examine")
        lost = season.digests - set(killing.inspect("digests").values())
    finally:
        killing.end()
    idle = [what for what in ("entered", "submitted", "reviewed") if not season.done[what]]
    assert not idle, f"nobody {idle}: a server that does nothing outlives every kill"
    site.inside(places.INSIDE, "publish")
    last = site.inside(places.INSIDE, "examine")
    table = Table("what", "found", title=f"{options.kills} kills, {options.database}")
    for name, value in (
        ("serving processes killed", killing.kills["process"]),
        ("whole servers killed", killing.kills["server"]),
        ("requests answered", season.done["answered"]),
        ("requests broken by a kill", season.done["broken"]),
        ("answers of 500 and more", sum(n for k, n in season.done.items() if "status" in k)),
        ("entered", season.done["entered"]),
        ("submitted", season.done["submitted"]),
        ("reviewed", season.done["reviewed"]),
        ("events in the record at last", last["events"]),
        ("half-done changes", len(killing.faults) + len(found["faults"]) + len(last["faults"])),
        ("acknowledged submissions gone", len(lost)),
        ("files that nothing names (swept a day later)", site.inside(places.INSIDE, "strays")),
    ):
        table.add_row(name, str(value))
    Console().print(table)
    for fault in [*killing.faults, *found["faults"], *last["faults"]][:20]:
        Console().print(fault)


if __name__ == "__main__":
    main()
