# SPDX-License-Identifier: Apache-2.0
"""The constants of a model as one block, which the firmware hands in: where each lies, the file, and what it is a fit for.

    bytes 0..3     "TCWB"
    bytes 4..5     version of this format, 1
    bytes 6..7     bytes of this header, 64
    bytes 8..11    bytes of all of it
    bytes 12..15   CRC-32 (zlib's) of all that follows
    bytes 16..31   layout: which code it is for
    bytes 32..63   SHA-256 of the model file
    from 64 on     the constants, each at a multiple of 8; then the numbers that the code would have had

All little-endian. The layout is a hash of the whole C of the model, kernels included, without comments: code with the same
layout is the same code, so that a block made for one fits the other, whatever weights are in it.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from tinycc.codegen.constants import CConstant, comments
from tinycc.codegen.ctext import float_literal, int_literal, paragraph
from tinycc.program.types import Constant, Program
from tinycc.runtime import header_of, library

MAGIC, VERSION = b"TCWB", 1
HEADER = struct.Struct("<4sHHII16s32s")
FORMAT = HEADER.pack(MAGIC, VERSION, HEADER.size, 0, 0, b"", b"")[:8]
"""What every block begins with."""
ALIGN = 8
"""Of the block, and of each constant in it."""
LAYOUT = 16
"""Bytes of the layout."""
_LEARNT = re.compile(
    r"^(?!ch_mult).*(offset|zero_?point|mult|shift|min|max|scale|activation|narrow|clip|guard|addend|below|right|beta|unit|padding|factor|power)"
)
"""In the names of numbers that kernels are given: what may change when a model learns anew. One that is missed is a number in
code, and new weights that need another one are refused."""
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|/\*.*?\*/', re.DOTALL)


@dataclass
class Numbers:
    """Those that a model's code reads from its block, in the order of their use."""

    integers: list[int] = field(default_factory=list)
    floats: list[float] = field(default_factory=list)

    def text(self, declared: Declared, value: float) -> str | None:
        """How the code reads the number for a parameter or a member; None: it is written in the code."""
        if isinstance(value, bool) or not _LEARNT.search(declared.name.lower()):
            return None
        if isinstance(value, float):
            self.floats.append(value)
            return f"REALS[{len(self.floats) - 1}]" if declared.ctype == "float" else None
        if declared.ctype not in _INTEGERS or not -(2**31) <= value < 2**31:
            return None
        self.integers.append(value)
        cast = "" if declared.ctype == "int32_t" else f"({declared.ctype})"
        return f"{cast}NUMBERS[{len(self.integers) - 1}]"


@dataclass(frozen=True)
class Declared:
    """A parameter or a member: its type, without `const`, and its name."""

    ctype: str
    name: str


_INTEGERS = ("int8_t", "uint8_t", "int16_t", "uint16_t", "int32_t", "uint32_t", "int")
UNKNOWN = Declared("", "")
STATE_BYTE = Declared("int", "zero_point")
"""memset's."""


@cache
def declared_parameters(symbol: str) -> tuple[Declared, ...]:
    """A kernel's; none where its header declares it in another way."""
    text = strip_comments(library()[header_of(symbol)].text)
    found = re.search(rf"\b{symbol}\(([^;{{]*)\);", text)
    return tuple(map(_declared, found[1].split(","))) if found else ()


@cache
def _members() -> Mapping[str, Mapping[str, Declared]]:
    """By the names of structs and of their members. An array's is the type of its elements."""
    found = {}
    for file in library().values():
        for match in re.finditer(r"typedef struct(?: \w+)? \{([^{}]*)\} (\w+);", statements(file.text)):
            members = [_declared(re.sub(r"\[.*?\]", "", part)) for part in match[1].split(";") if part.strip()]
            found[match[2]] = {member.name: member for member in members}
    return found


def declared_member(ctype: str, name: str) -> Declared:
    return _members().get(ctype, {}).get(name, UNKNOWN)


def _declared(text: str) -> Declared:
    words = text.replace("*", " * ").split()
    return Declared(" ".join(word for word in words[:-1] if word != "const"), words[-1]) if words else UNKNOWN


@dataclass(frozen=True)
class Block:
    """A block: its bytes without the header, and (name of the offset, offset, comment) of each constant."""

    payload: bytes
    offsets: tuple[tuple[str, int, str], ...]
    numbers: int
    reals: int
    """Where these begin."""

    @property
    def bytes(self) -> int:
        return HEADER.size + len(self.payload)


def offset_name(constant: Constant) -> str:
    return f"W_{constant.name.upper()}"


def in_block(program: Program, names: Mapping[str, str]) -> dict[Constant, CConstant]:
    """Every constant of a program as the code finds it in the block."""
    found = {}
    for constant, text in zip(program.constants, comments(program, names), strict=True):
        through = "" if constant.dtype.bytes == 1 else "(const void *)"
        pointer = f"(const {constant.dtype.ctype} *){through}(weights + {offset_name(constant)})"
        about = re.sub(r", CRC-32 0x\w+$", "", text)
        found[constant] = CConstant(offset_name(constant), constant.bytes, pointer, paragraph(about), "", "")
    return found


def block(constants: Mapping[Constant, CConstant], numbers: Numbers) -> Block:
    """The constants one behind the other."""
    payload = bytearray()
    offsets = []
    for constant, made in constants.items():
        payload += bytes(-len(payload) % ALIGN)
        offsets.append((made.symbol, HEADER.size + len(payload), made.comment))
        payload += constant.raw
    payload += bytes(-len(payload) % ALIGN)
    first = HEADER.size + len(payload)
    payload += np.asarray(numbers.integers, "<i4").tobytes()
    second = HEADER.size + len(payload)
    payload += np.asarray(numbers.floats, "<f4").tobytes()
    payload += bytes(-len(payload) % ALIGN)
    return Block(bytes(payload), tuple(offsets), first, second)


def file(block: Block, layout: bytes, sha256: bytes) -> bytes:
    """The block with its header."""
    checked = layout + sha256 + block.payload
    head = HEADER.pack(MAGIC, VERSION, HEADER.size, block.bytes, zlib.crc32(checked), layout, sha256)
    return head + block.payload


def strip_comments(text: str) -> str:
    return _TOKEN.sub(lambda found: " " if found[0].startswith("/*") else found[0], text)


def statements(text: str) -> str:
    """C without comments, and with single spaces."""
    return " ".join(strip_comments(text).split())


def layout_of(files: Iterable[tuple[str, str]]) -> bytes:
    """The hash of these files, path and text, without comments."""
    digest = hashlib.sha256()
    for path, text in sorted(files):
        digest.update(f"{path}\0{statements(text)}\0".encode())
    return digest.digest()[:LAYOUT]


def number_text(value: float) -> str:
    """A number as C; words of more than 31 bits, which hold several numbers, in hexadecimal."""
    if isinstance(value, int) and 2**31 <= value < 2**32:
        return f"{value:#010x}u"
    return float_literal(value) if isinstance(value, float) else int_literal(int(value))


def byte_list(data: Sequence[int]) -> str:
    return ", ".join(f"0x{byte:02x}" for byte in data)
