# SPDX-License-Identifier: Apache-2.0
"""Changes of ONNX files: any field of any message inside the graph, by the types that the format gives them."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from typing import Any

import onnx
from google.protobuf.descriptor import FieldDescriptor as Field

from benchmarks.mutators.numbers import FLOATS, INTEGERS, WORDS

Message = Any
DEEPER = 0.75
"""Chance to go into a message that a field holds, instead of changing the field."""
SIGNED = (Field.CPPTYPE_INT32, Field.CPPTYPE_INT64)


def change(data: bytearray, rng: random.Random) -> bytearray:
    """The file with one change."""
    model = onnx.ModelProto()
    model.ParseFromString(bytes(data))
    names = _names(model.graph)
    _change_message(model if rng.random() < 0.05 else model.graph, names, rng)
    return bytearray(model.SerializeToString())


def _names(graph: Message) -> list[str]:
    """The names of tensors, of operators and of attributes that the graph has."""
    found = [name for node in graph.node for name in (*node.input, *node.output, node.op_type)]
    found += [attribute.name for node in graph.node for attribute in node.attribute]
    return [*dict.fromkeys([*found, *(item.name for item in graph.initializer), *(item.name for item in graph.input), ""])]


def _change_message(message: Message, names: list[str], rng: random.Random) -> None:
    present = [(item, value) for item, value in message.ListFields() if item.name != "doc_string"]
    if not present or rng.random() < 0.04:
        _set_new(message, names, rng)
        return
    item, value = rng.choice(present)
    if item.is_repeated:
        _change_list(value, item, names, rng)
    elif item.message_type is not None and rng.random() < DEEPER:
        _change_message(value, names, rng)
    elif rng.random() < 0.1 or item.message_type is not None:
        message.ClearField(item.name)
    else:
        _assign(message, item, _changed(item, value, names, rng))


def _assign(message: Message, item: Any, value: Any) -> None:
    """Set a field; what its type does not hold is not set."""
    try:
        setattr(message, item.name, value)
    except (ValueError, TypeError, OverflowError):
        return


def _set_new(message: Message, names: list[str], rng: random.Random) -> None:
    """A field that was not there."""
    item = rng.choice(message.DESCRIPTOR.fields)
    if item.message_type is not None:
        getattr(message, item.name).add() if item.is_repeated else getattr(message, item.name).SetInParent()
    elif item.is_repeated:
        getattr(message, item.name).append(_fresh(item, names, rng))
    else:
        _assign(message, item, _fresh(item, names, rng))


def _change_list(entries: Any, item: Any, names: list[str], rng: random.Random) -> None:
    at = rng.randrange(len(entries))
    if item.message_type is not None and rng.random() < DEEPER:
        _change_message(entries[at], names, rng)
        return
    way = rng.random()
    if way < 0.3:
        del entries[at]
    elif way < 0.5:
        copies = list(entries)
        entries.append(rng.choice(copies))
    elif way < 0.65 and len(entries) > 1:
        contents = list(entries)
        if item.message_type is not None:
            contents = [type(entry).FromString(entry.SerializeToString()) for entry in contents]
        rng.shuffle(contents)
        del entries[:]
        entries.extend(contents)
    elif item.message_type is None:
        entries[at] = _changed(item, entries[at], names, rng)


def _fresh(item: Any, names: list[str], rng: random.Random) -> Any:
    empty = {Field.CPPTYPE_STRING: b"" if item.type == Field.TYPE_BYTES else "", Field.CPPTYPE_FLOAT: 0.0}
    return _changed(item, empty.get(item.cpp_type, 0), names, rng)


def _changed(item: Any, value: Any, names: list[str], rng: random.Random) -> Any:
    """Another value of the same type."""
    if item.type == Field.TYPE_BYTES:
        return _bytes(value, rng)
    changes: dict[int, Callable[[], Any]] = {
        Field.CPPTYPE_STRING: lambda: rng.choice(names) if rng.random() < 0.85 else value + rng.choice(("a", "/", "\0", "é")),
        Field.CPPTYPE_FLOAT: lambda: rng.choice((*FLOATS, value * 2, -value)),
        Field.CPPTYPE_DOUBLE: lambda: rng.choice((*FLOATS, value * 2, -value)),
        Field.CPPTYPE_ENUM: lambda: rng.choice([entry.number for entry in item.enum_type.values]),
        Field.CPPTYPE_BOOL: lambda: not value,
    }
    return changes.get(item.cpp_type, lambda: _integer(item, int(value), rng))()


def _integer(item: Any, value: int, rng: random.Random) -> int:
    bits = 32 if item.cpp_type in (Field.CPPTYPE_INT32, Field.CPPTYPE_UINT32) else 64
    found = rng.choice((*range(-2, 26), value - 1, value + 1, -value, value * 2, *INTEGERS, 2**62, 2**63 - 1, -(2**63)))
    found %= 2**bits
    return found - 2**bits if item.cpp_type in SIGNED and found >= 2 ** (bits - 1) else found


def _bytes(value: bytes, rng: random.Random) -> bytes:
    """Content of a tensor, or a text: a word of it is another, or it is longer or shorter."""
    data = bytearray(value)
    way = rng.random()
    if way < 0.7 and len(data) >= 4:
        struct.pack_into("<I", data, rng.randrange(len(data) // 4) * 4, rng.choice(WORDS))
    elif way < 0.85 and data:
        del data[rng.randrange(len(data)) :]
    else:
        data += bytes(rng.randrange(1, 9))
    return bytes(data)
