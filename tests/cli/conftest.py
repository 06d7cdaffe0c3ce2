"""Commands run inside this process share one console, which keeps the width it was made with."""

from __future__ import annotations

import os

os.environ["COLUMNS"] = "200"
