# SPDX-License-Identifier: Apache-2.0
"""Element-wise operators and data movement, what opcases.py leaves out: checked values, lowering, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from model_builder import ModelBuilder

from tinycc.compiler import compile
from tinycc.errors import CompileError
from tinycc.frontends.tflite.load import load_tflite
from tinycc.frontends.tflite.oracle import litert_ref, tflm
from tinycc.interpret import interpret
from tinycc.ir import Array
from tinycc.kernels.base import Context
from tinycc.kernels.choice import choose
from tinycc.lowering.lower import lower
from tinycc.numerics.rules import RUNTIMES
from tinycc.oracles import OracleUnavailable
from tinycc.passes import run_passes
from tinycc.program.types import Call, Field, Ints, Struct
from tinycc.target import GENERIC

ORACLES = {"tflm": tflm, "litert": litert_ref}
CODES = np.arange(-128, 128, dtype=np.int8)
Q = {"scale": 0.1, "zero_point": 0}
FLOAT: dict[str, Any] = {}


def model(
    kind: str,
    inputs: Sequence[tuple[tuple[int, ...], dict[str, Any]] | Array],
    shape: tuple[int, ...],
    q: dict[str, Any],
    signature: tuple[int, ...] | None = None,
    **options: Any,
) -> bytes:
    """A model of one operator. An input is (shape, quantization), int8 if quantized and else float32, or a constant."""
    net = ModelBuilder()

    def dtype(quantization: dict[str, Any]) -> str:
        return "int8" if quantization else "float32"

    operands = [
        net.const(item) if isinstance(item, np.ndarray) else net.input(item[0], dtype(item[1]), **item[1]) for item in inputs
    ]
    y = net.tensor(shape, dtype(q), signature=signature, **q)
    net.op(kind, operands, [y], **options)
    return net.build(outputs=[y])


def unary(kind: str, x: dict[str, Any], y: dict[str, Any], **options: Any) -> bytes:
    return model(kind, [((256,), x)], (256,), y, **options)


def run(data: bytes, *inputs: Array, match: str = "tflm") -> Array:
    return interpret(load_tflite(data, match=RUNTIMES[match]), inputs)[0]


# Values


@pytest.mark.parametrize(
    ("kind", "x", "y", "expected"),
    [
        ("LOGISTIC", (1 / 16, 0), (1 / 256, -128), [-128, -128, -126, -120, -97, -31, 59, 109, 123, 127, 127]),
        ("TANH", (1 / 32, 0), (1 / 128, 0), [-128, -128, -126, -120, -97, -31, 59, 109, 123, 127, 127]),
        ("HARD_SWISH", (1 / 16, 3), (1 / 20, -100), [-100, -100, -100, -100, -106, -105, -90, -59, -24, 6, 36]),
        ("RELU6", (0.1, -20), (0.1, -20), [-20, -20, -20, -20, -20, -8, 16, 40, 40, 40, 40]),
        ("RELU", (0.1, -20), (0.2, -30), [-30, -30, -30, -30, -30, -24, -12, 0, 12, 24, 36]),
        ("RELU_N1_TO_1", (0.1, -20), (0.1, -20), [-30, -30, -30, -30, -30, -10, -10, -10, -10, -10, -10]),
    ],
)
def test_tables(kind: str, x: tuple[float, int], y: tuple[float, int], expected: list[int]) -> None:
    """Every 24th code, checked by hand against f(scale * (code - zero_point)) and read off TFLM (RELU_N1_TO_1: LiteRT)."""
    data = unary(kind, {"scale": x[0], "zero_point": x[1]}, {"scale": y[0], "zero_point": y[1]})
    assert run(data, CODES)[::24].tolist() == expected


def test_a_table_of_litert_rounds_as_its_floats_do() -> None:
    """256 / (1 + exp(-1/128)) is 128.4999967; in float32, rounded after the exponential, the sum and the quotient, it is less
    than if the quotient alone were rounded, which is 128.5. Read off LiteRT."""
    data = unary("LOGISTIC", {"scale": 1 / 128, "zero_point": -128}, {"scale": 1 / 256, "zero_point": -128})
    assert run(data, np.array([-128, -127, -126], np.int8), match="litert").tolist() == [0, 0, 1]


@pytest.mark.parametrize("kind", ["LOGISTIC", "TANH"])
def test_sigmoids_are_accurate(kind: str) -> None:
    y = {"scale": 1 / 256, "zero_point": -128} if kind == "LOGISTIC" else {"scale": 1 / 128, "zero_point": 0}
    for scale in (0.001, 0.05, 0.5):
        real = scale * CODES.astype(float)
        ideal = (1 / (1 + np.exp(-real)) if kind == "LOGISTIC" else np.tanh(real)) / y["scale"] + y["zero_point"]
        found = run(unary(kind, {"scale": scale, "zero_point": 0}, y), CODES)
        assert np.abs(found - np.clip(ideal, -128, 127)).max() < 0.51


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30, 0.05, -0.05, 0.15])
def test_quantize_takes_any_float(value: float) -> None:
    expected = {np.inf: 127, -np.inf: -128, 1e30: 127, 0.05: 8, -0.05: 6, 0.15: 9}.get(value, 7)  # 0.15 lies above 1.5 steps
    data = model("QUANTIZE", [((1,), FLOAT)], (1,), {"scale": 0.1, "zero_point": 7})
    assert run(data, np.asarray([value], np.float32)).tolist() == [expected]


def test_dequantize_folds_constants() -> None:
    """float16 weights and per-channel int8 weights, as converters store them for float models."""
    half = np.asarray([[0.5, -2.0]], np.float16)
    net = ModelBuilder()
    x = net.input((1, 2))
    wide, codes, summed, y = (net.tensor((1, 2)) for _ in range(4))
    net.op("DEQUANTIZE", [net.const(half)], [wide])
    net.op("DEQUANTIZE", [net.const(np.asarray([[3, 4]], np.int8), scale=[0.5, 0.25], zero_point=[1, 0], axis=1)], [codes])
    net.op("ADD", [x, wide], [summed])
    net.op("MUL", [summed, codes], [y])
    data = net.build(outputs=[y])
    assert [type(op).__name__ for op in load_tflite(data).ops] == ["Add", "Mul"]
    assert run(data, np.asarray([[1, 1]], np.float32)).tolist() == [[1.5, -1.0]]


@pytest.mark.parametrize(
    ("kind", "operands", "options", "x", "y"),
    [
        ("RESHAPE", [np.asarray([2, -1], np.int32)], {"new_shape": [9]}, (4, 3), (2, 6)),
        ("RESHAPE", [np.asarray([[3, 4]], np.int64)], {}, (4, 3), (3, 4)),
        ("RESHAPE", [], {"new_shape": [-1]}, (4, 3), (12,)),
        ("RESHAPE", [], {}, (4, 3), (6, 2)),
        ("RESHAPE", [], {"new_shape": [0]}, (1, 1), ()),
        ("SQUEEZE", [], {}, (1, 3, 1), (3,)),
        ("SQUEEZE", [], {"squeeze_dims": [-1]}, (1, 3, 1), (1, 3)),
        ("EXPAND_DIMS", [np.asarray(-1, np.int32)], {}, (2, 3), (2, 3, 1)),
        ("EXPAND_DIMS", [np.asarray([0], np.int32)], {}, (2, 3), (1, 2, 3)),
    ],
)
def test_views(kind: str, operands: list[Array], options: dict[str, Any], x: Any, y: Any) -> None:
    data = model(kind, [(x, FLOAT), *operands], y, FLOAT, **options)
    values = np.arange(np.prod(x), dtype=np.float32).reshape(x)
    assert np.array_equal(run(data, values), values.reshape(y))
    assert not lower(run_passes(load_tflite(data)), Context(GENERIC)).steps or y == x


# Where the runtimes differ


@pytest.mark.parametrize("match", ["tflm", "litert"])
@pytest.mark.parametrize(
    ("kind", "scales", "options"),
    [
        ("RELU", (0.003629883984103799, 0.004839845467358828), {}),
        ("LEAKY_RELU", (3.653592348098755, 0.8119093775749207), {"alpha": 0.25}),
        ("LEAKY_RELU", (0.051121488213539124, 0.01744144968688488), {"alpha": 0.3}),
        ("HARD_SWISH", (0.07425718009471893, 0.006449615582823753), {}),
        ("RELU6", (0.1, 0.05), {}),
        ("TANH", (0.02, 0.01), {}),
        ("MUL", (0.4698360562324524, 0.5355623364448547, 56.837982177734375), {}),
    ],
)
def test_match(kind: str, scales: tuple[float, ...], options: dict[str, Any], match: str) -> None:
    """Scales whose ratio is a near tie: TFLM divides in double, LiteRT in float32; RELU6 and TANH look at other scales."""
    *read, made = ({"scale": scale, "zero_point": 0} for scale in scales)
    shapes = [(256,)] if len(read) == 1 else [(256, 1), (1, 256)]
    inputs = [CODES.reshape(shape) for shape in shapes]
    data = model(kind, list(zip(shapes, read, strict=True)), (256,) * len(read), made, **options)
    found = {name: run(data, *inputs, match=name) for name in ORACLES}
    assert not np.array_equal(found["tflm"], found["litert"])
    try:
        expected = ORACLES[match](data).run(inputs)[0]
    except OracleUnavailable as error:
        pytest.skip(str(error))
    assert np.array_equal(found[match], expected)


@pytest.mark.parametrize("x_exponent", [-30, -12, 0, 20])
@pytest.mark.parametrize("ratio_exponent", [-20.5, -9.5, -3.5, 6.9])
def test_hard_swish_far_off(x_exponent: int, ratio_exponent: float) -> None:
    """Shifts beyond 16 bits and saturation, where the reference arithmetic is far from the real function."""
    x = 2.0**x_exponent
    data = unary("HARD_SWISH", {"scale": x, "zero_point": 9}, {"scale": x / 2.0**ratio_exponent, "zero_point": -3})
    try:
        expected = tflm(data).run([CODES])[0]
    except OracleUnavailable as error:
        pytest.skip(str(error))
    assert np.array_equal(run(data, CODES), expected)


# Lowering


def label(item: object) -> str:
    """A parameter in the name of a test; models are left out."""
    return "" if isinstance(item, bytes) else item if isinstance(item, str) else "+".join(item)  # type: ignore[arg-type]


def calls(data: bytes) -> tuple[Call, ...]:
    (step,) = lower(run_passes(load_tflite(data)), Context(GENERIC)).steps
    return step.calls


def field(call: Call, ctype: str, name: str) -> Field:
    (content,) = (dict(arg.fields)[name] for arg in call.args if isinstance(arg, Struct) and arg.ctype == ctype)
    return content


@pytest.mark.parametrize(
    ("a", "b", "dims", "stride1", "stride2"),
    [
        ((2, 3, 4), (2, 3, 4), (24,), (1,), (1,)),
        ((1, 2, 3, 4), (3, 4), (2, 12), (12, 1), (0, 1)),
        ((2, 3, 4), (1, 1, 1), (24,), (1,), (0,)),
        ((), (5,), (5,), (0,), (1,)),
        ((2, 1, 4), (1, 3, 4), (2, 3, 4), (4, 0, 1), (0, 4, 1)),
        ((1, 5, 5, 8), (1, 1, 1, 8), (25, 8), (8, 1), (0, 1)),
        ((1,), (1, 1), (1,), (1,), (1,)),
        ((2, 1, 3, 1, 5, 1, 2, 7), (7,), (60, 7), (7, 1), (0, 1)),
    ],
)
def test_broadcast_loops(a: Any, b: Any, dims: Any, stride1: Any, stride2: Any) -> None:
    shape = np.broadcast_shapes(a, b)
    (call,) = calls(model("SUB", [(a, FLOAT), (b, FLOAT)], shape, FLOAT))
    assert call.symbol == "tk_sub_f32"
    walk = [field(call, "tk_broadcast", name) for name in ("rank", "dims", "stride1", "stride2")]
    assert walk == [len(dims), Ints(dims), Ints(stride1), Ints(stride2)]


@pytest.mark.parametrize(
    ("data", "symbols"),
    [
        (model("ADD", [((1, 6), Q), ((6,), Q)], (1, 6), Q), ["arm_elementwise_add_s8"]),
        (model("ADD", [((2, 6), Q), ((6,), Q)], (2, 6), Q), ["tk_add_s8"]),
        (model("SUB", [((6,), Q), ((6,), Q)], (6,), Q), ["tk_sub_s8"]),
        (model("MUL", [((6,), Q), ((6,), Q)], (6,), Q), ["arm_elementwise_mul_s8"]),
        (model("MUL", [((6,), Q), ((1,), Q)], (6,), Q), ["tk_mul_s8"]),
        (model("TANH", [((6,), Q)], (6,), Q), ["tk_lut"]),
        (model("QUANTIZE", [((6,), Q)], (6,), {"scale": 0.2, "zero_point": 3}), ["tk_lut"]),
        (model("RELU6", [((6,), FLOAT)], (6,), FLOAT), ["tk_clamp_f32"]),
        (model("PAD", [((2, 3), Q), np.asarray([[1, 0], [0, 2]])], (3, 5), Q), ["arm_pad_s8"]),
        (model("PAD", [((1,) * 5, Q), np.ones((5, 2), np.int32)], (3,) * 5, Q), ["tk_pad"]),
        (model("CONCATENATION", [((2, 3), Q), ((2, 1), Q)], (2, 4), Q, axis=-1), ["arm_concatenation_s8_x"] * 2),
        (model("CONCATENATION", [((40000,), Q), ((40000,), Q)], (80000,), Q, axis=0), ["tk_copy_rows"] * 2),
        (model("CONCATENATION", [((2, 3), FLOAT), ((2, 1), FLOAT)], (2, 4), FLOAT, axis=1), ["tk_copy_rows"] * 2),
        (model("TRANSPOSE", [((2, 3), Q), np.asarray([1, 0])], (3, 2), Q), ["arm_transpose_s8"]),
    ],
    ids=label,
)
def test_kernels(data: bytes, symbols: list[str]) -> None:
    assert [call.symbol for call in calls(data)] == symbols


def test_merged_movement() -> None:
    (call,) = calls(model("TRANSPOSE", [((2, 3, 4, 5), FLOAT), np.asarray([0, 3, 1, 2])], (2, 5, 3, 4), FLOAT))
    assert field(call, "tk_copy_shape", "dims") == Ints((2, 5, 12))
    assert field(call, "tk_copy_shape", "x_stride") == Ints((60, 1, 5))
    assert field(call, "tk_copy_shape", "y_stride") == Ints((60, 12, 1))
    paddings = np.asarray([[0, 0], [1, 2], [0, 0], [0, 0]])
    (call,) = calls(model("PAD", [((1, 4, 3, 5), FLOAT), paddings], (1, 7, 3, 5), FLOAT))
    assert field(call, "tk_pad_shape", "dims") == Ints((1, 60))
    assert field(call, "tk_pad_shape", "before") == Ints((0, 15))
    assert field(call, "tk_pad_shape", "after") == Ints((0, 30))


@pytest.mark.parametrize("kind", ["ADD", "SUB", "MUL", "RELU", "TANH", "LOGISTIC", "HARD_SWISH"])
def test_in_place(kind: str) -> None:
    """An element-wise result takes over the memory of an operand that dies: one buffer for the whole chain."""
    net = ModelBuilder()
    x = net.input((64,))
    middle, y = net.tensor((64,)), net.tensor((64,))
    operands = [net.const(np.ones(1, np.float32))] if kind in ("ADD", "SUB", "MUL") else []
    net.op("LEAKY_RELU", [x], [middle], alpha=0.5)
    net.op(kind, [middle, *operands], [y])
    compilation = compile(net.build(outputs=[y]), name="m")
    assert compilation.layout.bytes == 64 * 4
    assert all(choice.taken.in_place for choice in choose(compilation.graph, Context(GENERIC)).values())


# Refusals


def spread(scale: float) -> dict[str, Any]:
    return {"scale": scale, "zero_point": 0}


PER_CHANNEL = {"scale": [0.1] * 256, "zero_point": 0, "axis": 0}
PAIR = [((4,), Q), ((4,), Q)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (unary("LOGISTIC", Q, Q), "zero point -128"),
        (unary("LOGISTIC", spread(2**-30), {"scale": 1 / 256, "zero_point": -128}), "2**-28 to 2**34"),
        (unary("TANH", PER_CHANNEL, Q), "quantized per channel"),
        (unary("HARD_SWISH", Q, spread(0.1 / 128)), "128 times"),
        (unary("RELU", Q, spread(1e-11)), "2**30"),
        (unary("LEAKY_RELU", Q, Q, alpha=float("nan")), "alpha nan"),
        (unary("QUANTIZE", Q, spread(1e-11)), "2**30"),
        (model("ADD", PAIR, (4,), spread(1e-7)), "2**-19"),
        (model("SUB", PAIR, (4,), spread(1e-7)), "2**-19"),
        (model("MUL", PAIR, (4,), spread(1e-12)), "2**30"),
        (model("ADD", PAIR, (4,), Q, fused_activation="TANH"), "fused activation TANH"),
        (model("ADD", [((4,), Q), ((4,), FLOAT)], (4,), Q), "types x1=int8, x2=float32"),
        (model("ADD", [((4,), FLOAT), ((3,), FLOAT)], (4,), FLOAT), "shapes [4] and [3]"),
        (model("ADD", [((4,), FLOAT)], (4,), FLOAT), "no operand 1"),
        (model("MUL", [((2, 1) * 4, FLOAT), ((1, 2) * 4, FLOAT)], (2,) * 8, FLOAT), "six separate runs"),
        (model("PAD", [((2,), FLOAT), np.asarray([[-1, 1]])], (2,), FLOAT), "non-negative"),
        (model("PAD", [((2, 2), FLOAT), np.asarray([[1, 1]])], (4, 2), FLOAT), "two non-negative integers"),
        (model("PAD", [((2,), FLOAT), ((1, 2), FLOAT)], (4,), FLOAT), "computed at run time"),
        (model("PAD", [((1,) * 7, FLOAT), np.ones((7, 2), np.int32)], (3,) * 7, FLOAT), "six separate runs"),
        (model("PADV2", [((2,), FLOAT), np.asarray([[1, 1]]), np.zeros(2, np.float32)], (4,), FLOAT), "one element"),
        (model("PADV2", [((2,), Q), np.asarray([[1, 1]]), np.zeros(1, np.int8)], (4,), Q), "the output's scale"),
        (model("TRANSPOSE", [((2, 3), FLOAT), np.asarray([0, 0])], (2, 2), FLOAT), "once"),
        (model("TRANSPOSE", [((2, 3), FLOAT), np.asarray([1, 0], np.float32)], (3, 2), FLOAT), "once"),
        (model("CONCATENATION", PAIR, (8,), Q, axis=1), "axis 1 of [4]"),
        (model("CONCATENATION", PAIR, (8,), Q, axis=0, fused_activation="RELU"), "fused activation RELU"),
        (model("CONCATENATION", PAIR, (8,), spread(0.2), axis=0), "the output's scale and zero point"),
        (model("CONCATENATION", [((2, 3), FLOAT), ((3, 2), FLOAT)], (5, 3), FLOAT, axis=0), "equal shapes"),
        (model("CONCATENATION", [((), FLOAT), ((), FLOAT)], (2,), FLOAT, axis=0), "no scalars"),
        (model("RESHAPE", [((4,), FLOAT), np.asarray([5])], (5,), FLOAT), "4 elements"),
        (model("RESHAPE", [((4,), FLOAT), np.asarray([-1, -1])], (2, 2), FLOAT), "one -1"),
        (model("RESHAPE", [((4,), FLOAT), np.asarray([-1, 0])], (4, 0), FLOAT, signature=(-1, 0)), "one -1"),
        (model("RESHAPE", [((4,), FLOAT), np.asarray([2, 2])], (4,), FLOAT), "contradict"),
        (model("SQUEEZE", [((2, 1), FLOAT)], (1,), FLOAT, squeeze_dims=[0]), "axis 0 squeezed"),
        (model("SQUEEZE", [((), FLOAT)], (), FLOAT, squeeze_dims=[0]), "axis 0 squeezed"),
        (model("EXPAND_DIMS", [((2,), FLOAT), np.asarray([3])], (2, 1), FLOAT), "-2 to 1"),
        (model("DEQUANTIZE", [((256,), PER_CHANNEL)], (256,), FLOAT), "quantized per channel"),
    ],
    ids=label,
)
def test_refused(data: bytes, words: str) -> None:
    for match in ORACLES:
        with pytest.raises(CompileError) as error:
            load_tflite(data, match=RUNTIMES[match])
        assert words in str(error.value)
