"""Reading the files of a folder of data: bounded in size, and never outside the folder."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from concours.tables.faults import Fault

MAX_BYTES = 1024 * 1024
MAX_FILES = 500


class DataFolder:
    """A folder of data, as of a season. Each read is noted, so that `digest` names what was read.

    Faults are added to `faults`; what could not be read comes back as None.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Fault] = []
        self._read: dict[str, str] = {}

    @property
    def digest(self) -> str:
        """SHA-256 of the sorted "<sha256>  <path>" lines of the files that were read."""
        lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(self._read.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    def fault(self, file: str, place: str, problem: str, mend: str = "") -> None:
        self.faults.append(Fault(file, place, problem, mend))

    def tables_in(self, folder: str) -> list[str]:
        """The names of the TOML files directly in `folder`, sorted; none where it is absent."""
        path = self.root / folder
        if not path.is_dir():
            return []
        names = sorted(f"{folder}/{item.name}" for item in path.glob("*.toml"))
        if len(names) > MAX_FILES:
            self.fault(folder, "", f"holds {len(names)} files", f"{MAX_FILES} are allowed")
        return names[:MAX_FILES]

    def table(self, name: str) -> dict[str, Any] | None:
        """The TOML file `name`."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            reason = "is nested too deeply" if isinstance(error, RecursionError) else str(error)
            self.fault(name, "", f"is not TOML: {reason}", "correct the line that it names")
            return None

    def text(self, name: str, *, named_by: tuple[str, str] | None = None) -> str | None:
        """The text file `name`; `named_by` is the (file, key) that refers to it, for the fault."""
        file, place = named_by or (name, "")
        path = self._inside(name, file, place)
        if path is None:
            return None
        try:
            with path.open("rb") as handle:
                content = handle.read(MAX_BYTES + 1)
        except OSError as error:
            self.fault(file, place, f"{name} cannot be read: {error.strerror}")
            return None
        if len(content) > MAX_BYTES:
            self.fault(file, place, f"{name} is larger than {MAX_BYTES} bytes", "shorten it")
            return None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.fault(
                file, place, f"{name} is not UTF-8 at byte {error.start}", "save it as UTF-8"
            )
            return None
        self._read[name] = hashlib.sha256(content).hexdigest()
        return text.replace("\r\n", "\n")

    def _inside(self, name: str, file: str, place: str) -> Path | None:
        """The real path of `name`, once it is known to be a plain file within the folder."""
        if "\0" in name:
            self.fault(file, place, "holds a zero byte", "name a file of this folder")
            return None
        try:
            path = (self.root / name).resolve(strict=True)
            root = self.root.resolve(strict=True)
        except FileNotFoundError:
            self.fault(file, place, f"there is no file {name}", "write it, or correct the name")
            return None
        except (OSError, RuntimeError):
            self.fault(file, place, f"{name} is a link that leads nowhere", "use a plain file")
            return None
        if not path.is_relative_to(root):
            self.fault(file, place, f"{name} leads outside the folder", "keep it inside")
            return None
        if not path.is_file():
            self.fault(file, place, f"{name} is not a plain file", "name a file")
            return None
        return path
