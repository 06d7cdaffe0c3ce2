"""Figures of a project's health, from the history of its main branch and its tags.

What each figure means, and what it leaves out, is in docs/explanation/incubation.md.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from concours.clones import (
    Commit,
    Limits,
    Objects,
    Tag,
    is_release,
    opened,
    read_commits,
    read_tags,
)

DAY = 86_400
MOST_MONTHS = 60
MOST_YEARS = 10
MOST_NAMED = 20
NAMED_FROM = 2
"""So many authors a domain has before it is named: that of one alone may name a person."""
_BOT = re.compile(r"\[bot\]$|(?:^|[-_. ])(?:ro)?bot$", re.IGNORECASE)
PERSONAL = frozenset(
    "126.com 139.com 163.com aliyun.com fastmail.com foxmail.com gmail.com gmx.de gmx.net "
    "googlemail.com hotmail.com icloud.com live.com mail.ru me.com msn.com outlook.com "
    "posteo.de proton.me protonmail.com qq.com sina.com sohu.com user.noreply.gitee.com "
    "users.noreply.github.com users.noreply.gitee.com vip.qq.com web.de yahoo.com yandex.ru "
    "yeah.net".split()
)
"""Domains of mail for anybody: they tell of no organisation."""


@dataclass(frozen=True, kw_only=True)
class History:
    """What the figures are made of: commits of the main branch, newest first, with authors as
    .mailmap names them, and tags, oldest first. `head` is the commit that was looked at."""

    head: str
    commits: Sequence[Commit]
    tags: Sequence[Tag]


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month (UTC). `newcomers` are authors whose first commit is of it."""

    month: str
    commits: int
    authors: int
    newcomers: int


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """A domain of authors' mail, in the last 365 days."""

    domain: str
    authors: int
    commits: int


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Of the authors whose first commit is 366 to 730 days old, those who `stayed`: they committed
    in the last 365 days too."""

    newcomers: int
    stayed: int


@dataclass(frozen=True, kw_only=True)
class Year:
    """A calendar year (UTC) and its releases."""

    year: int
    releases: int


@dataclass(frozen=True, kw_only=True)
class Health:
    """The figures at the moment `at`. Ages are in whole days, None where there is nothing.

    `commits` and `authors` are of all time and without merges and bots, which `merges` and `bots`
    count; `left_out` are commits without a usable date or dated after `at`. `absence_factor` is
    the smallest number of authors with half of the last 365 days' commits, 0 without any.
    `organisations` counts domains of the last 365 days that are no personal mail; of these
    `named` are those with two authors or more.
    """

    at: datetime
    commits: int
    authors: int
    merges: int
    bots: int
    left_out: int
    commits_365: int
    active_90: int
    active_365: int
    absence_factor: int
    organisations: int
    named: tuple[Organisation, ...]
    days_since_commit: int | None
    releases: int
    releases_365: int
    days_since_release: int | None
    retention: Retention
    months: tuple[Month, ...]
    years: tuple[Year, ...]


def read_history(clone: Path, *, limits: Limits | None = None) -> History:
    """Read the clone at `clone`, bare or not. O(commits). Raises CloneRefused with the mend."""
    limits = limits or Limits()
    with opened(clone, limits) as (references, git):
        commits = read_commits(git, references.head, limits, mailmap=True)
        committed = {one.id: one.committed_at for one in commits}
        with git.stream("cat-file", "--batch") as process:
            tags = read_tags(Objects(process), references.tags, committed)
    return History(head=references.head, commits=commits, tags=tags)


def health_of(history: History, *, at: datetime) -> Health:
    """The figures at `at` (aware): the same history and moment give the same. O(commits log)."""
    end = int(at.timestamp())
    single = [one for one in history.commits if len(one.parents) < 2]
    people = [one for one in single if not is_bot(one)]
    dated = [(when, one) for one in people if (when := one.committed_at) is not None]
    counted = [(when, _author(one), one.email) for when, one in dated if when <= end]
    year = [one for one in counted if one[0] > end - 365 * DAY]
    organisations = _organisations(year)
    released = [
        tag.made_at
        for tag in history.tags
        if is_release(tag.name) and tag.made_at is not None and tag.made_at <= end
    ]
    return Health(
        at=at,
        commits=len(counted),
        authors=len({who for _, who, _ in counted}),
        merges=len(history.commits) - len(single),
        bots=len(single) - len(people),
        left_out=len(people) - len(counted),
        commits_365=len(year),
        active_90=len({who for when, who, _ in year if when > end - 90 * DAY}),
        active_365=len({who for _, who, _ in year}),
        absence_factor=absence_factor(Counter(who for _, who, _ in year).values()),
        organisations=len(organisations),
        named=tuple(one for one in organisations if one.authors >= NAMED_FROM)[:MOST_NAMED],
        days_since_commit=_days_since((when for when, _, _ in counted), end),
        releases=len(released),
        releases_365=sum(when > end - 365 * DAY for when in released),
        days_since_release=_days_since(released, end),
        retention=_retention(counted, end),
        months=_months(counted, at),
        years=_years(released, at),
    )


def absence_factor(numbers: Iterable[int]) -> int:
    """The smallest number of people with half of all contributions; 0 where there are none.

    CHAOSS, "Contributor Absence Factor".
    """
    counts = sorted(numbers, reverse=True)
    factor = reached = 0
    while 2 * reached < sum(counts):
        reached += counts[factor]
        factor += 1
    return factor


def is_bot(commit: Commit) -> bool:
    """Whether the author is marked as a machine: name or mailbox ends in [bot], -bot, -robot."""
    mailbox = commit.email.partition("@")[0]
    return bool(_BOT.search(commit.author.strip()) or _BOT.search(mailbox))


def _author(commit: Commit) -> str:
    """Who made it: one mail address is one person, as .mailmap has joined them."""
    return commit.email or commit.author


def _organisations(year: Iterable[tuple[int, str, str]]) -> list[Organisation]:
    """By commits, then by name; without personal mail."""
    authors: defaultdict[str, set[str]] = defaultdict(set)
    commits: Counter[str] = Counter()
    for _when, who, email in year:
        domain = email.rpartition("@")[2]
        if "." in domain and domain not in PERSONAL:
            authors[domain].add(who)
            commits[domain] += 1
    return [
        Organisation(domain=domain, authors=len(authors[domain]), commits=number)
        for domain, number in sorted(commits.items(), key=lambda one: (-one[1], one[0]))
    ]


def _days_since(moments: Iterable[int], end: int) -> int | None:
    last = max(moments, default=None)
    return None if last is None else (end - last) // DAY


def _firsts(counted: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """{author: when they first committed}."""
    first: dict[str, int] = {}
    for when, who, _email in counted:
        first[who] = min(when, first.get(who, when))
    return first


def _retention(counted: Sequence[tuple[int, str, str]], end: int) -> Retention:
    newcomers = {
        who for who, when in _firsts(counted).items() if end - 730 * DAY < when <= end - 365 * DAY
    }
    active = {who for when, who, _ in counted if when > end - 365 * DAY}
    return Retention(newcomers=len(newcomers), stayed=len(newcomers & active))


def _months(counted: Sequence[tuple[int, str, str]], at: datetime) -> tuple[Month, ...]:
    """Every month from the first commit to `at`, the last MOST_MONTHS of them, in order."""
    if not counted:
        return ()
    commits: Counter[int] = Counter()
    authors: defaultdict[int, set[str]] = defaultdict(set)
    for when, who, _email in counted:
        month = _month_of(when)
        commits[month] += 1
        authors[month].add(who)
    newcomers = Counter(_month_of(when) for when in _firsts(counted).values())
    last = _month_of(int(at.timestamp()))
    first = max(min(commits), last - MOST_MONTHS + 1)
    return tuple(
        Month(
            month=f"{month // 12:04}-{month % 12 + 1:02}",
            commits=commits[month],
            authors=len(authors[month]),
            newcomers=newcomers[month],
        )
        for month in range(first, last + 1)
    )


def _years(released: Sequence[int], at: datetime) -> tuple[Year, ...]:
    """Every year from the first release to `at`, the last MOST_YEARS of them, in order."""
    if not released:
        return ()
    number = Counter(datetime.fromtimestamp(when, UTC).year for when in released)
    last = at.astimezone(UTC).year
    first = max(min(number), last - MOST_YEARS + 1)
    return tuple(Year(year=year, releases=number[year]) for year in range(first, last + 1))


def _month_of(when: int) -> int:
    """Months since the year 0."""
    moment = datetime.fromtimestamp(when, UTC)
    return moment.year * 12 + moment.month - 1
