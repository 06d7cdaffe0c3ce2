"""Run as a program on a database of its own: a track with one slow submission that waits.

python -m tests.platform.evaluations.furnishing FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

SLOWLY_ADDS = b"""
import os, pathlib, time
print("asleep", flush=True)
time.sleep(8)
numbers = pathlib.Path(os.environ["CONCOURS_INPUT"], "numbers").read_text().split()
pathlib.Path(os.environ["CONCOURS_OUTPUT"], "sum").write_text(str(sum(map(int, numbers))))
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings_worker")
    import django

    django.setup()
    from concours.platform.core import clock
    from tests.factories import competitions as make
    from tests.factories import evaluations as runs

    folder = Path(sys.argv[1])
    with clock.frozen_at(make.day(2023, 2, 1)):
        track = runs.track()
        runs.evaluator(of=track, folder=folder)
        entry = make.entry(in_track=track)
        runs.submission(of=entry, folder=folder, program=SLOWLY_ADDS)


if __name__ == "__main__":
    main()
