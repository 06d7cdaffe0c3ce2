"""What belongs to one frame, gathered: messages of a frame come in any order."""

import json
import sys
from array import array
from pathlib import Path

import pyarrow as pa
from dora import Node

sys.path.append(str(Path(__file__).resolve().parents[1]))


class Frames:
    """Goes through the frames of a node; each as (frame, timestamp, {input: value}).

    A frame is whole when every input has come. Of the sensors only those are waited for that the
    tick says were read. `briefing` is there from the first frame on.
    """

    def __init__(self, *inputs):
        self.node = Node()
        self.briefing = None
        self._inputs = set(inputs)
        self._parts = {}

    def __iter__(self):
        for event in self.node:
            if event["type"] == "STOP":
                return
            if event["type"] == "INPUT":
                self._take(event)
            for frame in sorted(self._parts):
                if self.briefing is not None and self._is_whole(frame):
                    timestamp, values, _ = self._parts.pop(frame)
                    yield frame, timestamp, values

    def answer(self, output, frame, timestamp, *numbers):
        """Send numbers as the answer to a frame."""
        # pa.array() would do, but it imports pandas, which takes a while.
        buffers = [None, pa.py_buffer(array("d", numbers))]
        values = pa.Array.from_buffers(pa.float64(), len(numbers), buffers)
        self.node.send_output(output, values, {"frame": frame, "timestamp": timestamp})

    def _take(self, event):
        name, told = event["id"], event["metadata"]
        if name == "briefing":
            self.briefing = json.loads(event["value"][0].as_py())
            return
        part = self._parts.setdefault(told["frame"], [told["timestamp"], {}, None])
        part[1][name] = event["value"]
        if name == "tick":
            part[2] = set(told["readings"]) | {"tick"}

    def _is_whole(self, frame):
        _, values, sent = self._parts[frame]
        if "tick" in self._inputs and sent is None:
            return False
        wanted = self._inputs if sent is None else self._inputs & sent
        return wanted <= set(values)
