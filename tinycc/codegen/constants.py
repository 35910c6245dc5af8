# SPDX-License-Identifier: Apache-2.0
"""Constants of a program as C: what the private header declares and NAME_weights.c defines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from tinycc.codegen.ctext import SHORT, literals, paragraph, shortened, standard_headers, string_pieces, wrapped
from tinycc.ir import DType
from tinycc.program.types import Constant, Program, Step, regions


@dataclass(frozen=True)
class CConstant:
    """A constant array: `pointer` is an expression of type `const ctype *`. `is_text`: its bytes are written as string
    literals, in a union of the type that `type` defines, which others share."""

    symbol: str
    bytes: int
    pointer: str
    comment: str
    declaration: str
    definition: str
    type: str = ""

    @property
    def is_text(self) -> bool:
        return bool(self.type)


def render(constant: Constant, prefix: str, comment: str, name: str = "") -> CConstant:
    """`prefix` is the model's name: the symbol is seen by the linker. `name`: instead of the constant's own."""
    symbol, comment = f"{prefix}_{name or constant.name}", paragraph(comment)
    if constant.dtype.bytes == 1 and constant.dtype is not DType.BOOL and constant.bytes > SHORT:
        return _text(constant, prefix, symbol, comment)
    stored = {DType.FLOAT16: np.uint16, DType.COMPLEX64: np.float32}.get(constant.dtype)
    data = constant.data if stored is None else constant.data.view(stored)
    body = wrapped(literals(data)) if data.size else "    0"
    declaration = f"const {constant.dtype.ctype} {symbol}[{max(data.size, 1)}]"
    return CConstant(symbol, constant.bytes, symbol, comment, f"{declaration};", f"{declaration} = {{\n{body}\n}};")


def _text(constant: Constant, prefix: str, symbol: str, comment: str) -> CConstant:
    """Many bytes as string literals: a compiler reads them twenty times faster than numbers. The union aligns them."""
    pieces = string_pieces(constant.raw)
    fields = wrapped((f"p{i}[{size}]" for i, (size, _) in enumerate(pieces)), "        ").strip().removesuffix(",")
    kind = constant.dtype.ctype.removesuffix("_t")
    union = f"union {prefix}_{kind}_{constant.bytes}"
    type = f"""{union} {{
    struct {{
        char {fields};
    }} pieces;
    {constant.dtype.ctype} bytes[{constant.bytes}];
    int32_t align;
}};"""
    texts = ",\n".join(text for _, text in pieces)
    definition = f"const {union} {symbol} = {{{{\n{texts}\n}}}};"
    return CConstant(symbol, constant.bytes, f"{symbol}.bytes", comment, f"const {union} {symbol};", definition, type)


def types(constants: Iterable[CConstant]) -> list[str]:
    """The definitions of the types that they need, once each."""
    return list(dict.fromkeys(constant.type for constant in constants if constant.is_text))


def headers(constants: Iterable[CConstant]) -> list[str]:
    """The standard headers that their definitions need."""
    return standard_headers(constant.definition for constant in constants if not constant.is_text)


def tensor_names(program: Program) -> dict[str, str]:
    """Tensors as people read them, those that are constants apart from the others."""
    made = [result.name for step in regions(program.body) if isinstance(step, Step) for result in step.results]
    names = shortened(constant.tensor for constant in program.constants)
    return names | shortened([*(buffer.tensor for buffer in program.buffers), *made])


def comments(program: Program, names: Mapping[str, str]) -> list[str]:
    """For each constant its layer, what it is there, its type and its CRC-32. `names`: tensors as people read them."""
    steps = {step.number: step for step in program.all_steps}
    texts = []
    for constant in program.constants:
        tensor = f' "{names[constant.tensor]}"' if constant.tensor else ""
        place = f"Step {constant.step}, {shown(steps[constant.step], names)}: " if constant.step else ""
        texts.append(f"{place}{constant.role}{tensor}, {constant.type}, CRC-32 0x{constant.crc:08x}")
    return texts


def shown(step: Step, names: Mapping[str, str]) -> str:
    """The operator that a step was, for people."""
    origin, name = step.origin, step.results[0].name
    place = f"{origin.place} {origin.kind}" if origin.index >= 0 else origin.kind
    return f'{place} "{names[name]}"'


def c_constants(program: Program, prefix: str, names: Mapping[str, str]) -> dict[Constant, CConstant]:
    """Every constant of a program as C, by the `names` that people read."""
    texts = comments(program, names)
    return {c: render(c, prefix, text) for c, text in zip(program.constants, texts, strict=True)}
