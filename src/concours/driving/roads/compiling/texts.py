"""Strings in one array of bytes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class Texts:
    """Numbers for strings, the same number for the same string; 0 is ""."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        """The number of a string."""
        return self._numbers.setdefault(text, len(self._numbers))

    def arrays(self) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
        """(bytes in UTF-8 one after the other, (n + 1,) where each begins)."""
        encoded = [text.encode("utf-8", "replace") for text in self._numbers]
        ends = np.cumsum([0] + [len(one) for one in encoded], dtype=np.int64)
        return np.frombuffer(b"".join(encoded), dtype=np.uint8), ends
