# SPDX-License-Identifier: Apache-2.0
"""Counts what a protobuf would unpack to before it is unpacked: a few bytes can stand for a message of a hundred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinycc.errors import fail

MAX_FIELDS = 2**20
"""Fields of all messages: a large network has some ten thousand, an unpacked list of integers one each."""
MAX_DEPTH = 60
"""Messages inside each other; protobuf itself gives up at 100."""
MAX_PACKED = 2**24
"""Bytes of numbers that are written in as few bytes as they need, and take up to eight times as many in memory."""

DAMAGED = "The file is truncated or damaged: export or download it again."

Message = Mapping[int, "Message | None"]
"""Number of a field -> the message in it, or None for packed numbers. Fields that are not named hold no messages."""

# Field number -> message inside. Source: onnx.proto.
_TENSOR: dict[int, Message | None] = {4: None, 5: None, 7: None, 11: None, 13: {}, 16: {}}
_SPARSE: dict[int, Message | None] = {1: _TENSOR, 2: _TENSOR}
_TYPE: dict[int, Message | None] = {}
_TYPE.update({1: {2: {1: {}}}, 4: {1: _TYPE}, 5: {2: _TYPE}, 8: {2: {1: {}}}, 9: {1: _TYPE}})
_VALUE: dict[int, Message | None] = {2: _TYPE, 4: {}}
_GRAPH: dict[int, Message | None] = {}
_ATTRIBUTE: dict[int, Message | None] = {
    **{5: _TENSOR, 6: _GRAPH, 10: _TENSOR, 11: _GRAPH},
    **{14: _TYPE, 15: _TYPE, 22: _SPARSE, 23: _SPARSE},
}
_NODE: dict[int, Message | None] = {5: _ATTRIBUTE, 9: {}, 10: {2: {3: {2: {}}}}}
_GRAPH.update({1: _NODE, 5: _TENSOR, 11: _VALUE, 12: _VALUE, 13: _VALUE, 14: {2: {}}, 15: _SPARSE, 16: {}})
_FUNCTION: dict[int, Message | None] = {7: _NODE, 9: {}, 11: _ATTRIBUTE, 12: _VALUE, 14: {}}
_TRAINING: dict[int, Message | None] = {1: _GRAPH, 2: _GRAPH, 3: {}, 4: {}}
MODEL: dict[int, Message | None] = {7: _GRAPH, 8: {}, 14: {}, 20: _TRAINING, 25: _FUNCTION, 26: {}}


@dataclass
class _Spent:
    fields: int = 0
    packed: int = 0


def check_wire(data: bytes) -> None:
    """Raise a CompileError if `data` cannot be an ONNX model, or would unpack to something out of all proportion."""
    spent = _Spent()
    pending: list[tuple[int, int, Message, int]] = [(0, len(data), MODEL, 0)]
    while pending:
        start, end, message, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise fail("file", f"more than {MAX_DEPTH} messages inside each other", "a model", DAMAGED)
        pending += [(a, b, inner, depth + 1) for a, b, inner in _inside(data, start, end, message, spent)]


def _inside(data: bytes, start: int, end: int, message: Message, spent: _Spent) -> list[tuple[int, int, Message]]:
    """The messages inside the one in data[start:end]."""
    found: list[tuple[int, int, Message]] = []
    position = start
    while position < end:
        spent.fields += 1
        tag, position = _varint(data, position, end)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            _, position = _varint(data, position, end)
        elif kind in (1, 5):
            position += 8 if kind == 1 else 4
        elif kind == 2:
            size, position = _varint(data, position, end)
            inner = message.get(number)
            if inner is not None:
                found.append((position, position + size, inner))
            elif number in message:
                spent.packed += size
            position += size
        else:
            raise fail("file", f"a field of wire type {kind}", "a protobuf", DAMAGED)
        if position > end:
            raise fail("file", "a field beyond the end", "a protobuf", DAMAGED)
        if spent.fields > MAX_FIELDS:
            raise fail("file", f"more than {MAX_FIELDS:,} fields", "a model with fewer", DAMAGED)
        if spent.packed > MAX_PACKED:
            raise fail("file", f"more than {MAX_PACKED:,} bytes of packed integers", "weights as raw data")
    return found


def _varint(data: bytes, position: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while position < end and shift < 70:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value, position
    raise fail("file", "a number without end", "a protobuf", DAMAGED)
