"""Thousands of signed-in people reading, submitting and reviewing at once, over loopback.

Requests come at a given rate whether the server keeps up or not (--rate), or each of --at-once
clients asks as soon as it is answered (--rate 0), which shows the most that there is. Reports
requests a second, percentiles, errors, and processor seconds a request of the server, the database
and the client: these can be read on a busy machine too.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import random
import time
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from benchmarks import platform_site as places
from benchmarks.platform_client import Answer, Connection, form, signed_in, upload
from rich.console import Console
from rich.table import Table
from tests.factories.installations import Installation

TOLD = "people.json"
SEASON = "/seasons/load/"
MIX = (
    ("home", 10),
    ("season", 10),
    ("track", 12),
    ("entries", 10),
    ("an entry", 10),
    ("own entry", 12),
    ("own reviews", 12),
    ("a duty", 10),
    ("search", 2),
    ("record", 2),
    ("submit", 4),
    ("review", 6),
)
"""What people do, in parts of a hundred: nine of ten requests read, one writes."""


def archive(chance: random.Random, size: int = 2_000) -> bytes:
    """A small archive of which there is no second."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        made.writestr("main.py", chance.randbytes(size).hex())
    return kept.getvalue()


class Crowd:
    """Who there is and what they do next."""

    def __init__(self, told: dict[str, Any], seed: int) -> None:
        self._chance = random.Random(seed)
        self._submitters, self._reviewers = told["submitters"], told["reviewers"]
        self._uploads: Counter[str] = Counter()

    def next(self) -> tuple[str, str, str, dict[str, str], str, bytes]:
        """(what, method, path, cookies, content type, body) of a request."""
        what = self._chance.choices([name for name, _ in MIX], [share for _, share in MIX])[0]
        submitter = what in {"submit", "own entry"} or self._chance.random() < 0.5
        if what in {"own reviews", "a duty", "review"}:
            submitter = False
        who = self._chance.choice(self._submitters if submitter else self._reviewers)
        cookies = signed_in(who["session"])
        if what == "submit" and self._uploads[who["entry"]] < 25:
            self._uploads[who["entry"]] += 1
            kind, body = upload(archive(self._chance))
            return what, "POST", f"/entries/{who['entry']}/upload/", cookies, kind, body
        if what == "review":
            kind, body = form(
                **{
                    "score-idea": str(self._chance.randrange(6)),
                    "score-code": str(self._chance.randrange(11)),
                    "comment": "Good where it is good, and short.",
                }
            )
            path = f"/reviews/{self._chance.choice(who['duties'])}/"
            return what, "POST", path, cookies, kind, body
        return what, "GET", self._page(what, who, submitter), cookies, "", b""

    def _page(self, what: str, who: dict[str, Any], submitter: bool) -> str:
        track = f"{SEASON}tracks/{'open' if submitter else 'judged'}/"
        other = self._chance.choice(self._submitters)
        return {
            "home": "/",
            "season": SEASON,
            "track": track,
            "entries": f"{SEASON}tracks/open/entries/",
            "an entry": f"/entries/{other['entry']}/",
            "own entry": f"/entries/{who['entry']}/",
            "submit": f"/entries/{who['entry']}/",
            "own reviews": "/reviews/",
            "a duty": f"/reviews/{self._chance.choice(who.get('duties') or [''])}/",
            "search": f"/search/?q=Team+{self._chance.randrange(1000)}",
            "record": "/record/",
        }[what]


async def drive(
    port: int, crowd: Crowd, *, seconds: float, rate: float, at_once: int
) -> tuple[dict[str, list[Answer]], float]:
    """Answers by what was asked, and the seconds it took; each counts from its due moment."""
    answers: defaultdict[str, list[Answer]] = defaultdict(list)
    started = time.perf_counter()
    due = iter(range(10**9))

    async def one_client() -> None:
        connection = Connection("127.0.0.1", port)
        while True:
            moment = time.perf_counter()
            if rate:
                moment = started + next(due) / rate
                await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            if moment - started > seconds:
                connection.close()
                return
            what, method, path, cookies, kind, body = crowd.next()
            answer = await connection.ask(method, path, cookies=cookies, kind=kind, body=body)
            answer.seconds = time.perf_counter() - moment
            answer.body = answer.body[:0]
            answers[what].append(answer)

    await asyncio.gather(*(one_client() for _ in range(at_once)))
    return answers, time.perf_counter() - started


def is_well(what: str, answer: Answer) -> bool:
    return answer.status == 200 or (what in {"submit", "review"} and answer.status == 302)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def measure(site: Any, told: dict[str, Any], options: argparse.Namespace) -> None:
    table = Table(title=f"{options.people} signed-in people, {options.database}")
    for heading in (
        "processes x threads",
        "asked/s",
        "requests/s",
        "p50 ms",
        "p95 ms",
        "errors",
        "ms of processor a request: server",
        "database",
        "client",
    ):
        table.add_column(heading, justify="right")
    for shape in options.shapes:
        processes, threads = map(int, shape.split("x"))
        port = places.free_port()
        with places.served(site, port=port, processes=processes, threads=threads) as server:
            crowd = Crowd(told, seed=1)
            asyncio.run(drive(port, crowd, seconds=5, rate=0, at_once=8))  # warm
            pids = [server.pid, *places.children(server.pid)]
            before = places.processor_s(pids), places.processor_s(places.postgres_pids())
            own = time.process_time()
            answers, seconds = asyncio.run(
                drive(
                    port,
                    crowd,
                    seconds=options.seconds,
                    rate=options.rate,
                    at_once=options.at_once,
                )
            )
            own = time.process_time() - own
            after = places.processor_s(pids), places.processor_s(places.postgres_pids())
        every = [one.seconds for found in answers.values() for one in found]
        wrong = Counter(
            f"{what} {one.status}"
            for what, found in answers.items()
            for one in found
            if not is_well(what, one)
        )
        count = len(every)
        table.add_row(
            shape,
            f"{options.rate:.0f}" if options.rate else f"{options.at_once} at once",
            f"{count / seconds:.0f}",
            f"{percentile(every, 0.5) * 1000:.0f}",
            f"{percentile(every, 0.95) * 1000:.0f}",
            str(sum(wrong.values())),
            f"{(after[0] - before[0]) / count * 1000:.1f}",
            f"{(after[1] - before[1]) / count * 1000:.1f}",
            f"{own / count * 1000:.1f}",
        )
        if wrong:
            Console().print(dict(wrong))
        if options.by_page:
            pages = Table(title=shape)
            for heading in ("what", "requests", "p50 ms", "p95 ms"):
                pages.add_column(heading, justify="right")
            for what, found in sorted(answers.items()):
                taken = [one.seconds for one in found]
                pages.add_row(
                    what,
                    str(len(taken)),
                    f"{percentile(taken, 0.5) * 1000:.0f}",
                    f"{percentile(taken, 0.95) * 1000:.0f}",
                )
            Console().print(pages)
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=0, help="requests a second; 0: the most")
    parser.add_argument("--at-once", type=int, default=16, help="clients, or connections")
    parser.add_argument("--shapes", nargs="*", default=["2x4"], help="processes x threads")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--by-page", action="store_true")
    parser.add_argument("--site", type=Path, help="an installation that an earlier call made")
    options = parser.parse_args()
    site, told = made_before(options) if options.site else make(options)
    measure(site, told, options)


def make(options: argparse.Namespace) -> tuple[Any, dict[str, Any]]:
    """A new installation with that many people."""
    half = options.people // 2
    site = places.make(options.database)
    told = site.inside(places.INSIDE, "prepare", submitters=half, reviewers=options.people - half)
    (site.data.parent / TOLD).write_text(json.dumps(told))
    Console().print(f"installation: {site.data.parent}")
    return site, told


def made_before(options: argparse.Namespace) -> tuple[Any, dict[str, Any]]:
    """One that an earlier call made."""
    folder: Path = options.site
    site = Installation(folder / "data", folder / "concours.toml")
    return site, json.loads((folder / TOLD).read_text())


if __name__ == "__main__":
    main()
