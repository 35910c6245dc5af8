# SPDX-License-Identifier: Apache-2.0
"""Functions of one element between codes: `Quantize(Mul(%d, Logistic(%d)))`, %d = Dequantize(codes) -> a table of the results
of all codes, or, where one of the types has 16 bits, a curve by pieces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tinycc.frontends.onnx.wanted import real_codes
from tinycc.ir import Array, DType, Op, Value
from tinycc.numerics.curve import Curve, curve
from tinycc.ops.conversion.quantize import QuantizeToEven
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.pointwise import Pointwise

MOST_STEPS = 64
BYTES = np.arange(256, dtype=np.uint8).view(np.int8)
"""All codes of 8 bits, in the order of a table of a Lookup."""


class Function(NamedTuple):
    """The float value that the codes of are all that is read, and the ops between it and a result, in order."""

    source: Value
    steps: tuple[Op, ...]


def function_of(
    value: Value, producers: Mapping[Value, Op], positions: Mapping[Op, int], coded: Mapping[Value, Value]
) -> Function | None:
    """What makes each element of `value` of the same element of one that is in codes; None if anything else goes into it."""
    sources: set[Value] = set()
    steps: set[Op] = set()
    pending = [value]
    while pending:
        item = pending.pop()
        if item in coded:
            sources.add(item)
            continue
        maker = producers.get(item)
        variables = None if maker is None else _variables(maker)
        if maker is None or variables is None or len(sources) > 1 or len(steps) == MOST_STEPS:
            return None
        if maker not in steps:
            steps.add(maker)
            pending += variables
    if len(sources) != 1:
        return None
    return Function(sources.pop(), tuple(sorted(steps, key=lambda op: positions[op])))


def _variables(op: Op) -> set[Value] | None:
    """The operands whose elements alone decide the same element of the only result; None if others do."""
    variables = {value for value in op.inputs if not value.constant}
    single = all(value.type.elements == 1 for value in op.inputs if value.constant)
    if not isinstance(op, (Pointwise, Broadcast)) or not variables or not single or len(op.outputs) != 1:
        return None
    alike = all(value.shape == op.outputs[0].shape and value.dtype is DType.FLOAT32 for value in variables)
    return variables if alike else None


def table_of(function: Function, codes: Value, op: QuantizeToEven) -> Array:
    """The codes that `op` makes of all 256."""
    known = _evaluated(function, codes, BYTES)
    return op.eval(lambda value: known[value])[0]


def curve_of(function: Function, codes: Value, op: QuantizeToEven) -> Curve | None:
    """The curve of the codes that `op` makes of all that there are; None if that is a long one."""
    low, high = codes.dtype.limits
    known = _evaluated(function, codes, np.arange(low, high + 1).astype(codes.dtype.numpy))
    real = np.nan_to_num(known[op.x].astype(np.float64) / op.y.scale, nan=0.0) + op.y.zero_point
    return curve(real, op.eval(lambda value: known[value])[0], *op.y.dtype.limits)


def _evaluated(function: Function, codes: Value, every: Array) -> dict[Value, Array]:
    known: dict[Value, Array] = {function.source: real_codes(every, codes.quantization)}

    def read(item: Value) -> Array:
        return known[item] if item.data is None else item.data.reshape(-1)

    with np.errstate(all="ignore"):
        for step in function.steps:
            known[step.outputs[0]] = step.eval(read)[0].reshape(every.shape)
    return known
