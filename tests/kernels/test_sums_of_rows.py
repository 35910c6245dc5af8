# SPDX-License-Identifier: Apache-2.0
"""Which means, pools and layers can add an image up row by row, what a row is, and which kernels end the sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from model_builder import ModelBuilder
from spelled import spelled

from tinycc.compiler import load
from tinycc.ir import Op, Quantization
from tinycc.kernels.base import Context
from tinycc.kernels.calls import Call, Struct, Tensor
from tinycc.kernels.costs import rate
from tinycc.kernels.portable import accumulate as rows
from tinycc.kernels.portable.accumulate import rounds_twice
from tinycc.numerics.rules import ORT
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.window import Padding, Pair
from tinycc.target import GENERIC

BARE = Context(GENERIC)
IMAGE = (1, 4, 5, 3)


def over(kind: str, axes: tuple[int, ...], shape: tuple[int, ...] = IMAGE, dtype: str = "int8") -> Any:
    """A MEAN or a SUM."""
    m = ModelBuilder()
    quantized = {} if dtype == "float32" else {"scale": 0.05, "zero_point": 3}
    y = m.tensor([n for axis, n in enumerate(shape) if axis not in axes], dtype, **quantized)
    m.op(kind, [m.input(shape, dtype, **quantized), m.const(np.array(axes, np.int32))], [y], keep_dims=False)
    return load(m.build([y])).graph.ops[0]


def layer(text: str) -> Any:
    return load(spelled(text)).graph.ops[0]


def computed(op: Any, operand: str) -> Any:
    return replace(op, **{operand: replace(getattr(op, operand), data=None)})


def windowed(op: Any, **changes: Any) -> Any:
    return replace(op, window=op.window._replace(**changes))


POOL = layer("AVERAGE_POOL_2D int8 1x4x5x3 3 k4x5 s1x1 VALID")
ODD = layer("AVERAGE_POOL_2D int8 1x3x5x3 3 k3x5 s1x1 VALID")
DENSE = layer("FULLY_CONNECTED int8 1x33 10")
DEPTHWISE = layer("DEPTHWISE_CONV_2D int8 1x4x5x3 3 k4x5 s1x1 VALID")
FACTS: tuple[tuple[Callable[[Any, Context], str | None], Any, bool], ...] = (
    (rows.whole_columns, over("MEAN", (1,)), True),
    (rows.whole_columns, over("MEAN", (1, 2)), True),
    (rows.whole_columns, over("MEAN", (2,)), False),
    (rows.whole_columns, over("MEAN", (1,), (1, 4, 5)), True),
    (rows.whole_columns, over("MEAN", (1,), (4, 5)), False),
    (rows.as_tflite, over("MEAN", (1,)), True),
    (rows.as_tflite, replace(over("MEAN", (1,)), numerics=ORT), False),
    (rows.as_tflite, replace(over("MEAN", (1,), dtype="float32"), numerics=ORT), True),
    (rows.as_tflite, over("SUM", (1,)), True),
    (rows.as_tflite, POOL, True),
    (rows.as_tflite, replace(POOL, numerics=ORT), False),
    (rows.as_tflite, replace(ODD, numerics=ORT), True),
    (rows.whole_image, POOL, True),
    (rows.whole_image, layer("AVERAGE_POOL_2D int8 1x4x5x3 3 k3x4 s2x2 VALID"), False),
    (rows.whole_image, windowed(POOL, dilation=Pair(1, 2)), False),
    (rows.whole_image, windowed(POOL, padding=Padding(0, 1, 0, 0)), False),
    (rows.constant_weights, DENSE, True),
    (rows.constant_weights, replace(DENSE, bias=None), True),
    (rows.constant_weights, computed(DENSE, "weights"), False),
    (rows.constant_weights, computed(DENSE, "bias"), False),
    (rows.window_is_image, DEPTHWISE, True),
    (rows.window_is_image, layer("DEPTHWISE_CONV_2D int8 1x4x5x3 3 k3x4 s2x2 VALID"), False),
    (rows.window_is_image, windowed(DEPTHWISE, dilation=Pair(1, 2)), False),
    (rows.window_is_image, windowed(DEPTHWISE, padding=Padding(0, 1, 0, 0)), False),
)


@pytest.mark.parametrize(("fact", "op", "holds"), FACTS, ids=lambda item: getattr(item, "__name__", None))
def test_facts(fact: Callable[[Any, Context], str | None], op: Any, holds: bool) -> None:
    assert (fact(op, BARE) is None) == holds


@pytest.mark.parametrize(
    ("op", "pixels", "row", "end"),
    [
        (over("MEAN", (1,)), (1, 15), "tk_add_row_s8", "tk_mean_of_sums_s8"),
        (over("MEAN", (1, 2)), (5, 3), "tk_add_row_s8", "tk_mean_of_sums_s8"),
        (over("MEAN", (1, 2), dtype="float32"), (5, 3), "tk_add_row_f32", "tk_average_of_sums_f32"),
        (POOL, (5, 3), "tk_add_row_s8", "tk_average_of_sums_s8"),
        (layer("AVERAGE_POOL_2D float32 1x4x5x3 3 k4x5 s1x1 VALID"), (5, 3), "tk_add_row_f32", "tk_average_of_sums_f32"),
    ],
)
def test_what_a_row_is(op: Op, pixels: tuple[int, int], row: str, end: str) -> None:
    (x,) = op.inputs[:1]
    added = rows.add_row(op, SimpleNamespace(x=x, sums=op.y, fresh=True))  # type: ignore[arg-type]
    finish: Any = rows.finish_average if op.origin.kind == "AVERAGE_POOL_2D" else rows.finish_mean
    assert (added.symbol, tuple(added.args[2:4])) == (row, pixels)
    assert finish(op, op.y).symbol == end
    dtype, count = rows.image_sums(op)  # type: ignore[arg-type]
    assert (dtype.value, count) == ("float32" if row.endswith("f32") else "int32", pixels[1])


def arguments(call: Call) -> dict[str, object]:
    """The fields of a call's struct."""
    return next((dict(item.fields) for item in call.args if isinstance(item, Struct)), {})


@pytest.mark.parametrize("dtype", ["int8", "int16", "float32"])
@pytest.mark.parametrize("text", ["FULLY_CONNECTED {} 1x33 10", "DEPTHWISE_CONV_2D {} 1x4x5x3 3 k4x5 s1x1 VALID"])
def test_sums_of_layers(text: str, dtype: str) -> None:
    """Of int8 they begin with the bias; the others get it at the end."""
    op = layer(text.format(dtype))
    suffix = {"int8": "s8", "int16": "s16", "float32": "f32"}[dtype]
    dense = isinstance(op, FullyConnected)
    row = SimpleNamespace(x=op.x, sums=op.y, times=lambda step: step)
    added: Call = rows.add_dense(op, row) if dense else rows.add_depthwise(op, row)  # type: ignore[arg-type]
    finished = rows.finish_channels(op, op.y)
    assert (added.symbol, finished.symbol) == (
        f"tk_{'dense' if dense else 'depthwise'}_row_{suffix}",
        f"tk_dense_of_sums_{suffix}",
    )
    assert (Tensor(op.bias) in added.args) == (dtype == "int8")
    assert (Tensor(op.bias) in finished.args) == (dtype != "int8")
    assert arguments(finished).get("output_offset") == (3 if dtype == "int8" else None)
    assert arguments(finished).get("narrow") == (0 if dtype == "int16" else None)
    assert arguments(finished).get("step") == (None if dtype == "float32" else int(len(op.requantization) > 1))


def test_one_multiplier_for_all_results() -> None:
    op = replace(
        DENSE, weights=replace(DENSE.weights, type=replace(DENSE.weights.type, quantization=Quantization((0.1,), (0,))))
    )
    assert len(op.requantization) == 1
    assert arguments(rows.finish_channels(op, op.y))["step"] == 0


def test_costs_and_facts_by_type() -> None:
    """Floats have nothing to round, and cost what is usual for them."""
    types = {"s8": "int8", "s16": "int16", "f32": "float32"}
    made = {suffix: rows.dense(FullyConnected, suffix) for suffix in types}
    assert {suffix: rounds_twice in item.facts for suffix, item in made.items()} == {"s8": True, "s16": True, "f32": False}
    ops = {suffix: layer(f"FULLY_CONNECTED {dtype} 1x33 10") for suffix, dtype in types.items()}
    cycles = {suffix: item.cost(ops[suffix], BARE).instructions for suffix, item in made.items()}
    expected = {suffix: rate(mac=mac, output=30)(ops[suffix], BARE).instructions for suffix, mac in (("s8", 3.2), ("s16", 5))}
    assert {suffix: cycles[suffix] for suffix in expected} == expected
    assert cycles["f32"] not in expected.values()
