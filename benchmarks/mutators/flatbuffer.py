# SPDX-License-Identifier: Apache-2.0
"""Changes of .tflite files: numbers in place, fields that go or point elsewhere, lists that get longer and shorter."""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import tflite

from benchmarks.mutators.numbers import WORDS

MANY = 1000
"""Entries of one list that are looked at."""


@dataclass(frozen=True)
class Spot:
    """A number in a file: where, how `struct` packs it, and numbers of the same meaning elsewhere in the file."""

    offset: int
    code: str
    likely: tuple[int, ...] = ()


@dataclass(frozen=True)
class List:
    """A vector: where the field that points to it lies, where its entries begin, how many and how wide they are."""

    field: int
    start: int
    length: int
    code: str
    likely: tuple[int, ...] = ()
    points: bool = False
    """Whether the entries are offsets of tables."""


@dataclass
class Map:
    """What of a file means something. `fields`: (entry of the table of fields, place of the field)."""

    spots: list[Spot] = field(default_factory=list)
    lists: list[List] = field(default_factory=list)
    fields: list[tuple[int, int]] = field(default_factory=list)

    def table(self, table: Any, slots: dict[int, str], likely: tuple[int, ...] = ()) -> None:
        """The numbers among a table's fields, and all of its fields."""
        tab = table._tab
        for slot, code in slots.items():
            if place := tab.Offset(slot):
                self.spots.append(Spot(tab.Pos + place, code, likely))
        self.fields += _fields(tab)

    def vector(self, table: Any, slot: int, code: str, likely: tuple[int, ...] = (), *, points: bool = False) -> None:
        """The entries of a vector, and its length."""
        tab = table._tab
        place = tab.Offset(slot)
        if not place:
            return
        start, size, length = tab.Vector(place), struct.calcsize(code), tab.VectorLen(place)
        self.lists.append(List(tab.Pos + place, start, length, code, likely, points))
        if not points:
            self.spots += [Spot(start + size * index, code, likely) for index in range(min(length, MANY))]
        self.spots.append(Spot(start - 4, "I", (0, 1, 2, length + 1)))

    def options(self, tab: Any) -> None:
        """The fields of an options table, whose types the file does not say: as bytes and as words."""
        found = _fields(tab)
        self.fields += found
        self.spots += [Spot(place, code, (0, 1, 2, 3, 4, -1)) for _, place in found for code in ("b", "i", "f")]


def _fields(tab: Any) -> list[tuple[int, int]]:
    """(place of the entry in the table of fields, place of the field) of the fields that are there."""
    (back,) = struct.unpack_from("<i", tab.Bytes, tab.Pos)
    base = tab.Pos - back
    (size,) = struct.unpack_from("<H", tab.Bytes, base)
    entries = ((base + slot, struct.unpack_from("<H", tab.Bytes, base + slot)[0]) for slot in range(4, size, 2))
    return [(entry, tab.Pos + place) for entry, place in entries if place]


def _first(count: int) -> range:
    """A damaged file may say anything."""
    return range(min(count, MANY))


def survey(data: bytes | bytearray) -> Map:
    """What the tables of a file point to and hold. Raises whatever a damaged file raises."""
    model = tflite.Model.GetRootAs(data, 0)
    found = Map()
    codes = [model.OperatorCodes(i) for i in _first(model.OperatorCodesLength())]
    for code in codes:
        found.table(code, {4: "b", 8: "i", 10: "i"}, tuple(range(212)))
    found.vector(model, 8, "I", points=True)
    for number in _first(model.SubgraphsLength()):
        _subgraph(found, model.Subgraphs(number), tuple(range(len(codes))))
    found.vector(model, 12, "I", points=True)
    for number in _first(model.BuffersLength()):
        found.vector(model.Buffers(number), 4, "B")
    return found


def _subgraph(found: Map, graph: Any, codes: tuple[int, ...]) -> None:
    indices = (-1, *_first(graph.TensorsLength()))
    found.vector(graph, 4, "I", points=True)
    found.vector(graph, 6, "i", indices)
    found.vector(graph, 8, "i", indices)
    found.vector(graph, 10, "I", points=True)
    for position in _first(graph.TensorsLength()):
        tensor = graph.Tensors(position)
        found.vector(tensor, 4, "i", (0, 1, 2, 3, 4, 7, -1))
        found.vector(tensor, 18, "i", (-1, 0, 1))
        found.table(tensor, {6: "b", 8: "I", 14: "?"}, tuple(range(21)))
        quantization = tensor.Quantization()
        if quantization is not None:
            found.vector(quantization, 8, "f")
            found.vector(quantization, 10, "q", (-128, 0, 127, 128))
            found.table(quantization, {12: "B", 16: "i"}, (0, 1, 2, 3))
    for position in _first(graph.OperatorsLength()):
        operator = graph.Operators(position)
        found.vector(operator, 6, "i", indices)
        found.vector(operator, 8, "i", indices)
        found.vector(operator, 14, "B")
        found.table(operator, {4: "I", 10: "B"}, codes)
        options = operator.BuiltinOptions() or operator.BuiltinOptions2()
        if options is not None:
            found.options(options)


def change(data: bytearray, rng: random.Random) -> bytearray:
    """The file with one change."""
    known = survey(data)
    way = rng.random()
    if way < 0.1 and known.fields:
        _drop_or_redirect(data, known, rng)
    elif way < 0.25 and known.lists:
        _resize(data, rng.choice(known.lists), rng)
    elif known.spots:
        _number(data, rng.choice(known.spots), known.spots, rng)
    return data


def _number(data: bytearray, spot: Spot, known: Sequence[Spot], rng: random.Random) -> None:
    """Another number in the place of one."""
    size = struct.calcsize(spot.code)
    if not 0 <= spot.offset <= len(data) - size:
        return
    way = rng.random()
    if spot.likely and way < 0.5 and spot.code != "f":
        raw = struct.pack("<q", rng.choice(spot.likely))[:size]
    elif way < 0.65:
        other = rng.choice(known)
        raw = bytes(data[other.offset : other.offset + size]).ljust(size, b"\0")
    elif way < 0.75:
        number = int.from_bytes(data[spot.offset : spot.offset + size], "little") + rng.choice((-1, 1, -2, 2, 64))
        raw = (number % 256**size).to_bytes(size, "little")
    else:
        raw = (rng.choice(WORDS) if rng.random() < 0.9 else rng.getrandbits(32)).to_bytes(8, "little")[:size]
    data[spot.offset : spot.offset + size] = raw


def _drop_or_redirect(data: bytearray, known: Map, rng: random.Random) -> None:
    """A field that is not there any more, or one that points to what another one points to."""
    entry, place = rng.choice(known.fields)
    if rng.random() < 0.5:
        struct.pack_into("<H", data, entry, 0)
        return
    _, other = rng.choice(known.fields)
    (offset,) = struct.unpack_from("<I", data, other)
    if other + offset > place:
        struct.pack_into("<I", data, place, other + offset - place)


def _resize(data: bytearray, item: List, rng: random.Random) -> None:
    """A list of another length, at the end of the file: entries that go, come twice, change places, or are new."""
    size = struct.calcsize(item.code)
    entries = [bytes(data[item.start + size * i : item.start + size * (i + 1)]) for i in range(min(item.length, MANY))]
    if item.points:
        offsets = (struct.unpack("<I", entry)[0] for entry in entries)
        entries = [struct.pack("<I", item.start + 4 * i + offset) for i, offset in enumerate(offsets)]
    way = rng.random()
    at = rng.randrange(len(entries) + 1)
    if way < 0.35 and entries:
        del entries[min(at, len(entries) - 1)]
    elif way < 0.6 and entries:
        entries.insert(at, rng.choice(entries))
    elif way < 0.75 and len(entries) > 1:
        first, second = rng.sample(range(len(entries)), 2)
        entries[first], entries[second] = entries[second], entries[first]
    elif not item.points:
        entries.insert(at, struct.pack("<q", rng.choice(item.likely or (0, 1, 2, -1)))[:size])
    _append(data, item, entries)


def _append(data: bytearray, item: List, entries: Sequence[bytes]) -> None:
    data += bytes(-len(data) % 16 + 12)
    start = len(data) + 4
    struct.pack_into("<I", data, item.field, len(data) - item.field)
    data += struct.pack("<I", len(entries))
    for position, entry in enumerate(entries):
        if item.points:  # Offsets lead forward, modulo 2 ** 32; readers that add plainly refuse what lies before.
            (target,) = struct.unpack("<I", entry)
            entry = struct.pack("<I", (target - (start + 4 * position)) % 2**32)
        data += entry
