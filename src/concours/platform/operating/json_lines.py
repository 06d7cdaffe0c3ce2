"""Log lines as JSON that can be kept and shipped: no addresses, names, tokens or queries.

A message is written as it stands in the code, without what would be filled in; an exception as its
class and the places it came through, without its words, in which databases quote rows.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from concours.platform.operating.watching import request_id

OWN = "concours"


class JsonLines(logging.Formatter):
    """One object a line: at, level, logger, request, message, what the line tells, exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if number := request_id.get():
            line["request"] = number
        if message := _template(record):
            line["message"] = message
        line.update(getattr(record, "told", {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__qualname__
            line["places"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return json.dumps(line, ensure_ascii=False)


def _template(record: logging.LogRecord) -> str:
    """The message as written in code; others' messages may have been filled in before."""
    if not isinstance(record.msg, str):
        return ""
    if record.name.split(".")[0] == OWN or record.args:
        return record.msg
    return ""
