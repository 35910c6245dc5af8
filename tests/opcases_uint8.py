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
import opcases_matrix
import opcases_movement
import tflite
from opcases import Case

OFFSET = 128
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
    signed = (case for case in cases if case.dtype == "int8")
    if op not in WEIGHTED:
        yield from (as_uint8(case) for case in itertools.islice(signed, FEW))
        return
    for number, case in enumerate(signed):
        yield as_uint8(case, "_asymmetric", (-128, 127, 5, -40)[number % 4])
        if number % 4 == 0:
            yield as_uint8(case, "_symmetric")


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    tables = {**opcases.all_cases(), **opcases_movement.all_cases(), **opcases_matrix.litert_cases()}
    return {op: list(cases_of(op, cases)) for op, cases in tables.items()}
