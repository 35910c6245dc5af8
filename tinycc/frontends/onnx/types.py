# SPDX-License-Identifier: Apache-2.0
"""Problems of operators in the words of ONNX: which types it has for them, and what to do at an exporter and not at a
converter to TFLite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import onnx

from tinycc.errors import Problem
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.tensors import TYPES, type_name

NAMES = {dtype: f"tensor({type_name(number)})" for number, dtype in TYPES.items()}

_AS_NUMBERS = "Compute in float32, or put QuantizeLinear and DequantizeLinear around it: then it computes with codes."
_HINTS: tuple[tuple[str, str], ...] = (
    (r"Convert with full int8 quantization or as float32\.", _AS_NUMBERS),
    (r"Convert with a representative dataset so that .*", "These integers are numbers, not codes. " + _AS_NUMBERS),
    (r"Convert with a representative dataset whose values .*", "Calibrate with data like those in use."),
    (r"Convert with per-tensor quantization\.", "Quantize this operand with one scale, not one per channel."),
    (r".*\b[Cc]onver(t|ter|ters)\b.*", ""),
)
"""What a hint of an operator says -> the same for a model of ONNX; the first that matches."""


def in_words_of_onnx(problem: Problem, node: Node, domain: str) -> Problem:
    """The problem of an op that stands for `node`: the operands' types, if ONNX has the operator for others alone."""
    hint = next((hint for pattern, hint in _HINTS if re.fullmatch(pattern, problem.hint)), problem.hint)
    wrong = next(_strange_types(node, domain), None) if hint.endswith(_AS_NUMBERS) else None
    return (
        replace(problem, hint=hint) if wrong is None else replace(problem, found=wrong[0], expected=wrong[1], hint=_AS_NUMBERS)
    )


def _strange_types(node: Node, domain: str) -> Iterator[tuple[str, str]]:
    """(found, expected) of operands whose types ONNX does not have for the operator."""
    try:
        schema = onnx.defs.get_schema(node.kind, node.version, domain)
    except onnx.defs.SchemaError:
        return
    allowed = {item.type_param_str: item.allowed_type_strs for item in schema.type_constraints}
    bound: dict[str, tuple[str, str]] = {}
    for position, value in enumerate(node.inputs):
        formal = schema.inputs[min(position, len(schema.inputs) - 1)]
        name = NAMES.get(value.dtype) if value is not None else None
        if name is None:
            continue
        if name not in allowed.get(formal.type_str, (name,)):
            yield f"{formal.name}: {name}", " or ".join(sorted(allowed[formal.type_str]))
        elif formal.is_homogeneous and bound.setdefault(formal.type_str, (formal.name, name))[1] != name:
            other, type = bound[formal.type_str]
            yield f"{other}: {type}, {formal.name}: {name}", "the same type for both"
