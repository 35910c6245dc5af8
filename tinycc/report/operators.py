# SPDX-License-Identifier: Apache-2.0
"""What is supported, read from the operators' own declarations: a table for the terminal, a page for the documentation."""

from __future__ import annotations

from rich.table import Table

from tinycc.ops.base import Operator, operators, paragraphs


def _front_end_operators() -> list[tuple[str, type[Operator]]]:
    return sorted((kind, cls) for cls in operators() for kind in cls.tflite)


def _types(cls: type[Operator]) -> list[str]:
    return list(dict.fromkeys(signature.name for signature in cls.signatures))


def _kernels(cls: type[Operator]) -> list[str]:
    return list(dict.fromkeys(kernel.symbol for kernel in cls.kernels)) or ["none: no code needed"]


def operators_table() -> Table:
    """Operator, types, kernels in order of preference."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("operator", "types", "kernels"):
        table.add_column(heading, overflow="fold")
    for kind, cls in _front_end_operators():
        table.add_row(kind, ", ".join(_types(cls)), ", ".join(_kernels(cls)))
    return table


def operators_markdown() -> str:
    """The supported-operators page."""
    lines = [
        "# Supported operators",
        "",
        "Made by `tinycc ops --markdown` from the operators' declarations in `tinycc/ops`. An operator with other types or",
        "outside its conditions is refused with a message that names it; nothing is approximated silently.",
        "",
        "Quantized uint8, per tensor, is taken wherever int8 is: it becomes int8 when the model is read, and its arithmetic is",
        "LiteRT's. Only inputs and outputs of the model stay uint8.",
        "",
        "int4 is a type of constants: weights, which stay packed in flash, and what is folded when the model is read.",
        "Some operators are gone when the model is read: VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE and CALL_ONCE become",
        "state, STABLEHLO_COMPOSITE becomes its decomposition.",
    ]
    for kind, cls in _front_end_operators():
        lines += ["", f"## {kind}", "", f"- types: {', '.join(_types(cls))}"]
        lines += [f"- requires: {paragraphs(condition)[0]}" for condition in cls.conditions]
        lines += [f"- kernels: {', '.join(f'`{kernel}`' if '_' in kernel else kernel for kernel in _kernels(cls))}"]
        if cls.litert_rule:
            lines += [f"- where LiteRT differs: {cls.litert_rule}"]
    return "\n".join(lines) + "\n"
