# SPDX-License-Identifier: Apache-2.0
"""Constant arrays of a program: named, deduplicated by content, rendered as C definitions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinycc.codegen.ctext import SHORT, Symbols, comment, literals, string_pieces, wrapped
from tinycc.ir import Array, DType, packed


@dataclass(frozen=True)
class Constant:
    """A constant array: `symbol` is defined by `definition`; `pointer` is an expression of type `const ctype *`. `is_text`: the
    bytes are written as string literals."""

    symbol: str
    ctype: str
    bytes: int
    pointer: str
    definition: str
    is_text: bool = False


class ConstantPool:
    """Hands out one Constant per distinct content, in order of first use."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self._known: dict[tuple[str, bytes], Constant] = {}

    @property
    def constants(self) -> tuple[Constant, ...]:
        return tuple(self._known.values())

    def add(self, name: str, data: Array, dtype: DType, note: str) -> Constant:
        """The constant holding `data`: named `name` unless equal content has a name already; `note` says where it is from."""
        shape = f"{dtype.value}[{','.join(map(str, data.shape))}]"
        data = packed(data) if dtype is DType.INT4 else data
        content = np.ascontiguousarray(data).tobytes()
        key = (dtype.ctype, content)
        if key not in self._known:
            self._known[key] = _render(self._symbols.claim(name), dtype, data, content, f"/* {comment(note)}: {shape} */\n")
        return self._known[key]


def _render(symbol: str, dtype: DType, data: Array, content: bytes, head: str) -> Constant:
    if dtype.bytes == 1 and dtype is not DType.BOOL and len(content) > SHORT:
        definition = head + _bytes(symbol, dtype, content)
        return Constant(symbol, dtype.ctype, len(content), f"{symbol}.bytes", definition, is_text=True)
    body = wrapped(literals(data.view(np.uint16) if dtype is DType.FLOAT16 else data))
    definition = f"{head}static const {dtype.ctype} {symbol}[{max(data.size, 1)}] = {{\n{body if data.size else '    0'}\n}};"
    return Constant(symbol, dtype.ctype, len(content), symbol, definition)


def _bytes(symbol: str, dtype: DType, content: bytes) -> str:
    """Many bytes as string literals: a compiler reads them twenty times faster than numbers. The union aligns them."""
    pieces = string_pieces(content)
    fields = wrapped((f"p{i}[{size}]" for i, (size, _) in enumerate(pieces)), "        ").strip().removesuffix(",")
    texts = ",\n".join(text for _, text in pieces)
    return f"""static const union {{
    struct {{
        char {fields};
    }} pieces;
    {dtype.ctype} bytes[{len(content)}];
    int32_t align;
}} {symbol} = {{{{
{texts}
}}}};"""
