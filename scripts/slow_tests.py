"""Write tests/slow.txt from what pytest told with --durations: what everyday runs leave out.

    scripts/slow_tests.py LOG... > tests/slow.txt

A test function is slow where one of its cases took longer than CASE seconds, setting up included,
or all of them together longer than TOGETHER. One that is not in the file yet runs every day.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

CASE = 1.0
TOGETHER = 4.0
LINE = re.compile(r"^\s*(\d+\.\d+)s (?:call|setup|teardown)\s+(tests/\S+?::[^\s@]+)")


def slow_in(text: str) -> set[str]:
    """Names of the slow test functions in a log, as pytest names them, without parameters."""
    cases: dict[str, float] = defaultdict(float)
    for line in text.splitlines():
        if found := LINE.match(line):
            cases[found[2]] += float(found[1])
    together: dict[str, float] = defaultdict(float)
    for case, seconds in cases.items():
        together[case.partition("[")[0]] += seconds
    slow = {case.partition("[")[0] for case, seconds in cases.items() if seconds > CASE}
    return slow | {name for name, seconds in together.items() if seconds > TOGETHER}


if __name__ == "__main__":
    names = {name for path in sys.argv[1:] for name in slow_in(Path(path).read_text())}
    print("\n".join(sorted(names)))
