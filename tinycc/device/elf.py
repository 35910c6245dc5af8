# SPDX-License-Identifier: Apache-2.0
"""As much of ELF32 (little-endian) as sizes and marks need: sections, symbols, loadable segments.

Source: "System V Application Binary Interface", edition 4.1, chapter 4 and 5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_SYMBOL_TABLE, _NO_BITS, _LOAD = 2, 8, 1


@dataclass(frozen=True)
class Section:
    """`address` and `size` in bytes; `content` is empty for sections that take no room in the file."""

    name: str
    kind: int
    address: int
    size: int
    link: int
    content: bytes


@dataclass(frozen=True)
class Symbol:
    name: str
    address: int
    size: int
    section: int


class Elf:
    """A linked program."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        assert self._data[:6] == b"\x7fELF\x01\x01", f"{path} is no little-endian ELF32 file"

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        (offset,) = struct.unpack_from("<I", self._data, 32)
        size, count, names = struct.unpack_from("<HHH", self._data, 46)
        headers = [struct.unpack_from("<10I", self._data, offset + i * size) for i in range(count)]
        strings = headers[names][4]
        return tuple(
            Section(
                name=self._string(strings + name),
                kind=kind,
                address=address,
                size=length,
                link=link,
                content=b"" if kind == _NO_BITS else self._data[place : place + length],
            )
            for name, kind, _, address, place, length, link, _, _, _ in headers
        )

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Bytes by section name."""
        return {section.name: section.size for section in self.sections}

    @cached_property
    def symbols(self) -> dict[str, Symbol]:
        """By name; of local symbols that share one, the last."""
        return {symbol.name: symbol for symbol in self._symbols()}

    def content(self, name: str) -> bytes:
        """A section's bytes; none if there is no such section."""
        return next((section.content for section in self.sections if section.name == name), b"")

    @property
    def segments(self) -> list[tuple[int, bytes]]:
        """(load address, bytes) of everything that is loaded."""
        (offset,) = struct.unpack_from("<I", self._data, 28)
        size, count = struct.unpack_from("<HH", self._data, 42)
        headers = [struct.unpack_from("<8I", self._data, offset + i * size) for i in range(count)]
        return [(h[3], self._data[h[1] : h[1] + h[4]]) for h in headers if h[0] == _LOAD and h[4]]

    def _symbols(self) -> Iterator[Symbol]:
        for table in (section for section in self.sections if section.kind == _SYMBOL_TABLE):
            strings = self.sections[table.link].content
            for name, value, size, _, _, section in struct.iter_unpack("<IIIBBH", table.content):
                text = strings[name : strings.index(0, name)].decode("ascii", "replace")
                yield Symbol(text, value, size, section)

    def _string(self, offset: int) -> str:
        return self._data[offset : self._data.index(0, offset)].decode("ascii", "replace")
