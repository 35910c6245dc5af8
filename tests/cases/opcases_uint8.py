# SPDX-License-Identifier: Apache-2.0
"""Single-operator models in uint8, made of those in int8: every code and zero point is 128 more; see opcases.py.

Settled by LiteRT. Weights have one scale; those of convolutions and FULLY_CONNECTED come with several zero points.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import opcases
import opcases_math
import opcases_matrix
import opcases_movement
import tflite
from model_builder import ModelBuilder
from opcases import Case

OFFSET = 128
ARITHMETIC = (
    *("DIV", "EQUAL", "GELU", "GREATER", "GREATER_EQUAL", "L2_NORMALIZATION", "LESS", "LESS_EQUAL", "LOG_SOFTMAX", "MAXIMUM"),
    *("MINIMUM", "NOT_EQUAL", "RELU_0_TO_1", "SELECT", "SELECT_V2"),
)
"""What LiteRT has for uint8 of opcases_math.py."""
LACKING = ("CUMSUM", "SHAPE", "ZEROS_LIKE", ("CONV_2D", "no_bias"), ("CONV_2D", "omitted_bias"))
"""What LiteRT does not take: operators, and cases of one."""
FLOAT = "_to_float"
"""Cases whose weights must have zero point 0."""
WEIGHTED = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV")
FEW = 12
"""Cases of an operator without weights."""


def as_uint8(case: Case, suffix: str = "", weights_zero_point: int = 0) -> Case:
    """`case` with uint8 in place of int8. `weights_zero_point` is the weights' as int8: their codes then mean other numbers."""
    data = bytearray(case.model)
    model = tflite.Model.GetRootAs(data, 0)
    graph = model.Subgraphs(0)
    weights = graph.Operators(0).Inputs(1) if case.op in WEIGHTED else None
    buffers = set()
    for index in range(graph.TensorsLength()):
        tensor = graph.Tensors(index)
        table, q = tensor._tab, tensor.Quantization()
        if q is not None:
            _cut(q, 4 + 2 * 2)
            _cut(q, 4 + 2 * 3)
        if tensor.Type() == tflite.TensorType.INT8:
            data[table.Pos + table.Offset(4 + 2 * 1)] = tflite.TensorType.UINT8
            buffers.add(tensor.Buffer())
            if q is not None:
                q.ZeroPointAsNumpy()[:] += OFFSET + (weights_zero_point if index == weights else 0)
    for number in sorted(buffers - {0}):
        model.Buffers(number).DataAsNumpy()[:] ^= OFFSET
    return replace(case, dtype="uint8", name=case.name + suffix, model=bytes(data), oracle="litert")


def _cut(q: Any, field: int) -> None:
    """Leave one entry of a vector in a quantization table: uint8 is quantized per tensor."""
    if offset := q._tab.Offset(field):
        start = q._tab.Vector(offset)
        q._tab.Bytes[start - 4 : start] = np.uint32(1).tobytes()


def cases_of(op: str, cases: list[Case]) -> Iterator[Case]:
    signed = (
        case for case in cases if case.dtype == "int8" and (op, case.name) not in LACKING and not case.name.endswith(FLOAT)
    )
    if op not in WEIGHTED:
        yield from (as_uint8(case) for case in itertools.islice(signed, FEW))
        return
    for number, case in enumerate(signed):
        yield as_uint8(case, "_asymmetric", (-128, 127, 5, -40)[number % 4])
        if number % 4 == 0:
            yield as_uint8(case, "_symmetric")


def concatenations_of_several_scales() -> Iterator[Case]:
    """Operands that are not in the output's units, beside one that is: uint8 alone may have them."""
    scales = (0.05, 0.05, 0.0123, 0.4, 0.0517, 12.0)
    zero_points = (128, 0, 255, 77, 129, 3)
    for axis, (scale, zero_point) in itertools.product((0, 1, 2), ((0.05, 128), (0.031, 0), (0.7, 255))):
        m = ModelBuilder()
        shape = [2, 3, 5]
        operands = []
        for number, own in enumerate(zip(scales, zero_points, strict=True)):
            shape[axis] = number + 1
            operands.append(m.input(shape, "uint8", scale=own[0], zero_point=own[1]))
        shape[axis] = 7
        constant = np.arange(int(np.prod(shape))).astype(np.uint8).reshape(shape)
        operands.append(m.const(constant, scale=0.1, zero_point=9))
        shape[axis] = sum(range(1, 8))
        y = m.tensor(shape, "uint8", scale=scale, zero_point=zero_point)
        m.op("CONCATENATION", operands, [y], axis=axis)
        yield Case("CONCATENATION", "uint8", f"several_scales_axis{axis}_to{zero_point}", m.build([y]), "litert")


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    arithmetic = {op: cases for op, cases in opcases_math.all_cases().items() if op in ARITHMETIC}
    tables = {**opcases.all_cases(), **arithmetic, **opcases_movement.all_cases(), **opcases_matrix.litert_cases()}
    made = {op: list(cases_of(op, cases)) for op, cases in tables.items() if op not in LACKING}
    made["CONCATENATION"] += concatenations_of_several_scales()
    return made
