# SPDX-License-Identifier: Apache-2.0
"""Constants as C text: numbers, arrays, string literals, identifiers."""

from __future__ import annotations

import itertools
import math
import re
import textwrap
from collections.abc import Iterable, Iterator

import numpy as np

from tinycc.ir import Array

LINE = 116
INDENT = "    "
PIECE = 4000
"""Bytes per string literal: C99 promises 4,095 characters and no more."""
SHORT = 256
"""Byte arrays up to this length are written as numbers, for the reader; longer ones as strings, for the compiler's speed."""


FLT_MAX = float(np.finfo(np.float32).max)


def float_literal(value: float) -> str:
    """A float literal that reads back as the same float32."""
    single = float(np.float32(value))
    if math.isnan(single):
        return "NAN"
    if abs(single) >= FLT_MAX:
        return ("-" if single < 0 else "") + ("INFINITY" if math.isinf(single) else "FLT_MAX")
    text = f"{single:.9g}"
    return f"{text}f" if "." in text or "e" in text else f"{text}.0f"


def int_literal(value: int) -> str:
    """An integer literal of at least its own width."""
    if value == -(2**31):
        return "INT32_MIN"
    if value == -(2**63):
        return "INT64_MIN"
    if value >= 2**63:
        return f"{value}ULL"
    return f"{value}LL" if not -(2**31) < value < 2**31 else str(value)


_HEADERS = {
    "FLT_MAX": "float.h",
    "INFINITY": "math.h",
    "NAN": "math.h",
    "bool": "stdbool.h",
    "memcpy": "string.h",
    "memset": "string.h",
}


def _has(text: str, word: str) -> bool:
    """Whether `word` is one of its words. Constants may be megabytes."""
    return word in text and re.search(rf"\b{word}\b", text) is not None


def standard_headers(texts: Iterable[str]) -> list[str]:
    """The headers that constants in `texts` need."""
    return sorted({header for text in texts for word, header in _HEADERS.items() if _has(text, word)})


def _float_literals(values: Array) -> Iterator[str]:
    """As `float_literal` writes them. Those of most constants need none of its cases."""
    if not (np.abs(values) < FLT_MAX).all():
        yield from map(float_literal, values.tolist())
        return
    for value in values.tolist():
        text = f"{value:.9g}"
        yield f"{text}f" if "." in text or "e" in text else f"{text}.0f"


def literals(data: Array) -> Iterator[str]:
    if data.dtype.kind == "f":
        yield from _float_literals(np.asarray(data.ravel(), np.float32))
    elif data.dtype.kind == "b":
        yield from ("true" if item else "false" for item in data.ravel().tolist())
    else:
        yield from map(int_literal, data.ravel().tolist())


def wrapped(items: Iterable[str], indent: str = INDENT, limit: int = LINE) -> str:
    """Comma-separated items, the last with its comma, in lines of at most `limit` characters."""
    lines, line = [], indent
    for item in items:
        if len(line) + len(item) + 1 > limit and line.strip():
            lines.append(line.rstrip())
            line = indent
        line += f"{item}, "
    lines.append(line.rstrip())
    return "\n".join(lines)


def definition(start: str, fields: list[str], limit: int) -> list[str]:
    """A struct in a line, or in several."""
    body = ", ".join(fields)
    if len(start) + len(body) + 2 < limit:
        return [f"{start}{{{body}}};"]
    return [f"{start}{{", *_members(fields, INDENT, limit), "};"]


def _members(fields: Iterable[str], indent: str, limit: int) -> Iterator[str]:
    """Initializers, several in a line; a struct that is too long for one line has lines of its own."""
    short: list[str] = []
    for field in fields:
        if len(indent) + len(field) < limit or not field.endswith("}"):
            short.append(field)
            continue
        yield from wrapped(short, indent, limit).split("\n") if short else ()
        short = []
        name, _, inner = field.removesuffix("}").partition("{")
        yield f"{indent}{name}{{"
        yield from _members(_apart(inner), indent + INDENT, limit)
        yield f"{indent}}},"
    yield from wrapped(short, indent, limit).split("\n") if short else ()


def _apart(text: str) -> Iterator[str]:
    """The items of a list in C."""
    depth = start = 0
    for at, character in enumerate(text):
        depth += (character in "{(") - (character in "})")
        if depth == 0 and text.startswith(", ", at):
            yield text[start:at]
            start = at + 2
    yield text[start:]


def _escapes() -> list[str]:
    """Byte -> its text inside a string literal. Octal escapes have three digits so that a following digit is not taken in;
    `?` is escaped against trigraphs."""
    table = [f"\\{byte:03o}" for byte in range(256)]
    table[32:127] = [chr(byte) for byte in range(32, 127)]
    table[ord('"')], table[ord("\\")], table[ord("?")] = '\\"', "\\\\", "\\?"
    return table


_ESCAPES = _escapes()


def text_literal(text: str) -> str:
    """A string literal of the text in UTF-8, escaped where it is no plain ASCII (and `?`, of trigraphs)."""
    plain = {code: chr(code) for code in range(32, 127) if chr(code) not in '"\\\\?'}
    return '"' + "".join(plain.get(code, f"\\{code:03o}") for code in text.encode()) + '"'


def string_pieces(data: bytes) -> list[tuple[int, str]]:
    """(bytes, C text) of each piece: one literal after the other, in lines."""
    return [(len(piece), _literal_lines(piece)) for piece in (data[i : i + PIECE] for i in range(0, len(data), PIECE))]


def _literal_lines(piece: bytes) -> str:
    """A piece as adjacent string literals. Chunks of 32 bytes keep lines near LINE without measuring each character."""
    text = "".join
    return "\n".join(f'    "{text([_ESCAPES[byte] for byte in piece[i : i + 32]])}"' for i in range(0, len(piece), 32))


def comment(text: str) -> str:
    """Text that stays inside a comment and draws no warning there: ASCII, one line, no comment marks, no trigraphs."""
    plain = text.encode("ascii", "backslashreplace").decode()
    plain = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in plain)
    return re.sub(r"\*(?=/)|/(?=\*)|\?(?=\?)", r"\g<0> ", plain)


def paragraph(text: str, width: int = LINE) -> str:
    """A comment of as many lines as it takes."""
    lines = textwrap.wrap(comment(text), width - 6, break_long_words=False, break_on_hyphens=False)
    return "/* " + "\n * ".join(lines) + " */"


def shortened(names: Iterable[str], limit: int = 56) -> dict[str, str]:
    """Each name without the folders that all names with folders start with, and without its middle if it is very long."""
    full = list(names)
    folders = zip(*(name.split("/")[:-1] for name in full if "/" in name), strict=False)
    shared = itertools.takewhile(lambda parts: len(set(parts)) == 1, folders)
    prefix = "".join(f"{parts[0]}/" for parts in shared)
    short = {name: name.removeprefix(prefix) for name in full}
    half = (limit - 3) // 2
    return {name: text if len(text) <= limit else f"{text[:half]}...{text[-half:]}" for name, text in short.items()}
