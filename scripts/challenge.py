"""Write the maps and training scenarios of the driving challenge into the season.

python scripts/challenge.py [folder]
"""

from __future__ import annotations

import sys
from pathlib import Path

from concours.driving.challenge import write_files

FOLDER = Path(__file__).parents[1] / "seasons" / "open-atom-2022" / "driving"


def main() -> None:
    """Write the files, and say which."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for path in write_files(folder):
        print(path)


if __name__ == "__main__":
    main()
