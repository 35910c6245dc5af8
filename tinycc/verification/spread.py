# SPDX-License-Identifier: Apache-2.0
"""By how far the runtimes of ONNX lie apart on the same inputs.

They add floats up in different orders. Where codes are made of such sums, or a difference of nearly equal numbers is divided,
the last bit becomes a step: several results are right, and none is more so. What lies no further from one runtime than another
one does is not wrong; nor, where there are no codes, what lies no further than its own results do for inputs that differ in
their last bits (a normalization of numbers that are all the same divides what rounding has left).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinycc.compiler import Model
from tinycc.execution.comparison import FLOAT_TOLERANCE, Comparison, tolerance
from tinycc.execution.inputs import InputSet
from tinycc.interpret import interpret
from tinycc.ir import Array, DType, Graph, Value
from tinycc.numerics.rules import ORT
from tinycc.ops.conversion.dynamic import DynamicQuantize
from tinycc.ops.conversion.quantize import Dequantize, QuantizeToEven
from tinycc.ops.movement.base import Movement
from tinycc.oracles import Oracle, OracleMissing, OracleUnavailable
from tinycc.verification.halves import has_halves, with_halves

ROUNDINGS = ("ort", "reference", "reference-doubles")
"""What computes a model's floats, each with sums of its own."""
OF_CODES, OF_FLOATS = 2e-2, 1e-3
"""The largest spread, relative to the range of an output, of models with codes and without: beyond, a runtime is wrong."""
LAST_BITS = 2.0**-22
"""What inputs are changed by, relative to them."""
OF_WIDE_CODES = 2.0**-13
"""What is allowed anyway behind codes of 16 bits, eight steps of 65,536 or one of the output's: float32 sums have 24 bits, so
that one code in some hundred goes the other way."""


def allowed_spread(model: Model, oracle: Oracle, sets: Sequence[InputSet]) -> tuple[list[float], str]:
    """Of each output, by how far right results lie from those of `oracle` at most; and why, in words."""
    none = [0.0] * len(model.graph.outputs)
    if model.match != ORT or model.graph.states:
        return none, ""
    expected = [oracle.run(item.arrays) for item in sets]
    ranges = np.max([[_size(array) for array in outputs] for outputs in expected], axis=0, initial=0)
    codes = {op.outputs[0].dtype for op in model.graph.all_ops if isinstance(op, (QuantizeToEven, DynamicQuantize))}
    steps = [_step(model.graph, value) for value in model.graph.outputs]
    found = np.maximum(ranges * OF_WIDE_CODES, steps) if DType.INT16 in codes else ranges * 0.0
    why = ["codes of 16 bits lie closer together than sums of float32 are exact"] if DType.INT16 in codes else []
    if not codes:
        apart = _limited(_apart(expected, [oracle.run(_last_bits_changed(item.arrays)) for item in sets]), ranges * OF_FLOATS)
        found = np.maximum(found, apart)
        why += ["the last bits of the inputs change them as much"] if apart.any() else []
    for name in ROUNDINGS:
        if name == oracle.name:
            continue
        try:
            other = model.oracle(name)
            apart = _apart(expected, [other.run(item.arrays) for item in sets])
        except (OracleMissing, OracleUnavailable):
            continue
        apart = _limited(apart, ranges * (OF_CODES if codes else OF_FLOATS))
        found = np.maximum(found, apart)
        why += [f"{name} lies as far from {oracle.name}: its floats are rounded otherwise"] if apart.any() else []
    apart = _limited(_of_halves(model.graph, expected, sets, found), ranges * OF_CODES)
    found = np.maximum(found, apart)
    why += ["means in the middle between two codes are the even one; all else has the runtime's values"] if apart.any() else []
    return found.tolist(), "; ".join(why)


def _of_halves(graph: Graph, expected: Sequence[Sequence[Array]], sets: Sequence[InputSet], known: Array) -> Array:
    """How far results lie apart whose means in the middle between two codes are the even one; 0 if, with the runtime's halves,
    they lie further from its own than is `known`."""
    if has_halves(graph):
        inputs = [item.arrays for item in sets]
        for modern in (True, False):
            if (_apart(expected, with_halves(graph, inputs, modern=modern)) <= known).all():
                return _apart(expected, [interpret(graph, given) for given in inputs])
    return known * 0.0


def _step(graph: Graph, value: Value) -> float:
    """Of floats that codes of 16 bits stand for: how far these lie apart; else 0."""
    producers = graph.producers
    while isinstance(op := producers.get(value), Movement):
        value = op.inputs[0]
    return op.x.scale if isinstance(op, Dequantize) and op.x.dtype is DType.INT16 else 0.0


def _limited(apart: Array, most: Array) -> Array:
    """Distances, but for those that no rounding explains."""
    limited: Array = np.where(apart <= most, apart, 0.0)
    return limited


def _last_bits_changed(arrays: Sequence[Array]) -> list[Array]:
    """Floats changed by their last two bits, up and down in turn."""
    factor = np.float32(LAST_BITS)
    return [a * np.resize([1 + factor, 1 - factor], a.shape).astype(np.float32) if a.dtype == np.float32 else a for a in arrays]


def _apart(one: Sequence[Sequence[Array]], other: Sequence[Sequence[Array]]) -> Array:
    """The largest distance of each output."""
    distances = [[_distance(a, b) for a, b in zip(*pair, strict=True)] for pair in zip(one, other, strict=True)]
    worst: Array = np.max(distances, axis=0, initial=0)
    return worst


def _distance(a: Array, b: Array) -> float:
    measured = Comparison("", "")
    measured.add(b, a, "")
    return measured.worst if a.shape == b.shape and a.dtype == b.dtype else float("inf")


def _size(reference: Array) -> float:
    if reference.dtype.kind == "f":
        return tolerance(reference) / FLOAT_TOLERANCE
    wide = reference.astype(np.float64)
    return float(np.ptp(wide)) if wide.size else 0.0
