# SPDX-License-Identifier: Apache-2.0
"""Windows, dense layers and reductions, what opcases.py leaves out: values checked by hand, choice of kernels, refusals.

Long: one family.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from harness import agree
from model_builder import ModelBuilder
from opcases import Case, all_cases

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.frontends.tflite.load import load_tflite
from tinycc.frontends.tflite.oracle import litert_ref, tflm
from tinycc.interpret import interpret
from tinycc.ir import Array
from tinycc.kernels.base import Context
from tinycc.lowering.lower import lower
from tinycc.numerics import gemmlowp
from tinycc.numerics.rules import RUNTIMES
from tinycc.ops.normalization.softmax import Softmax
from tinycc.oracles import OracleUnavailable
from tinycc.passes import run_passes
from tinycc.preferences import Goal, Policy
from tinycc.program.types import Call, Constant, Ref, Struct
from tinycc.provider import Kind, Provider
from tinycc.target import TARGETS

Q = {"scale": 0.5, "zero_point": 0}
FLOAT: dict[str, Any] = {}
PROBABILITY = {"scale": 1 / 256, "zero_point": -128}
WINDOW = {"stride_h": 1, "stride_w": 1, "padding": "VALID"}
LIMIT = 2**31 - 1


def model(
    kind: str, inputs: Sequence[tuple[tuple[int, ...], dict[str, Any]] | int | Array], shape: Any, q: Any, **options: Any
) -> bytes:
    """A model of one operator. An input is (shape, quantization), int8 if quantized and else float32, a constant, or -1."""
    net = ModelBuilder()

    def operand(item: Any) -> int:
        if isinstance(item, int):
            return item
        if isinstance(item, np.ndarray):
            return net.const(item, **({"scale": 0.5} if item.dtype == np.int8 else {}))
        return net.input(item[0], "int8" if item[1] else "float32", **item[1])

    operands = [operand(item) for item in inputs]
    y = net.tensor(shape, "int8" if q else "float32", **q)
    net.op(kind, operands, [y], **options)
    return net.build(outputs=[y])


def pool(kind: str, x: Any, y: Any, size: tuple[int, int], q: Any = Q, y_q: Any = None, **options: Any) -> bytes:
    filters = {"filter_height": size[0], "filter_width": size[1]}
    return model(kind, [(x, q)], y, y_q or q, **{**WINDOW, **filters, **options})


def dense(x: Any, weights: Any, y: Any, *, bias: Any = -1, q: Any = Q, **options: Any) -> bytes:
    return model("FULLY_CONNECTED", [(x, q), weights, bias], y, {"scale": 2.0, "zero_point": 0} if q else q, **options)


def run(data: bytes, *inputs: Any, match: str = "tflm") -> Array:
    graph = load_tflite(data, match=RUNTIMES[match])
    arrays = [
        np.asarray(item, value.dtype.numpy).reshape(value.shape) for item, value in zip(inputs, graph.inputs, strict=True)
    ]
    return interpret(graph, arrays)[0]


# Values


def test_fixed_point_functions() -> None:
    """What gemmlowp's own fixedpoint.h, compiled, gives for the same raw values: Q4.27 in, Q0.31 out."""
    raw = np.asarray([1, -1, 2**26, -(2**26), -100663289, 123456789, LIMIT])
    exp = [2147483140, 2147483140, 1302515042, 1302515042, 1014399788, 855963115, 242]
    logistic = [1073741948, 1073741699, 1336721090, 810762557, 688958653, 1535464548, 2147483406]
    tanh = [260, -260, 992388804, -992388804, -1363971732, 1558674772, 2147483647]
    assert gemmlowp.exp_on_negative_values(-np.abs(raw), 4).tolist() == exp
    assert gemmlowp.logistic(raw, 4).tolist() == logistic
    assert gemmlowp.tanh(raw, 4).tolist() == tanh
    assert gemmlowp.logistic(np.zeros(1, int), 4) == 2**30
    assert gemmlowp.tanh(np.zeros(1, int), 4) == 0
    assert gemmlowp.exp_on_negative_values(np.zeros(1, int), 4) == LIMIT


@pytest.mark.parametrize(
    ("kind", "padding", "expected"),
    [
        ("AVERAGE_POOL_2D", "VALID", [-2, 1, 2]),  # -1.5, 0.5, 1.5: ties go away from zero
        ("AVERAGE_POOL_2D", "SAME", [-2, 1, 2, 2]),  # the last window covers one element, and divides by one
        ("MAX_POOL_2D", "VALID", [0, 1, 2]),
        ("MAX_POOL_2D", "SAME", [0, 1, 2, 2]),
    ],
)
def test_pools(kind: str, padding: str, expected: list[int]) -> None:
    data = pool(kind, (1, 1, 4, 1), (1, 1, len(expected), 1), (1, 2), padding=padding)
    assert run(data, [-3, 0, 1, 2]).ravel().tolist() == expected


def test_mean_rounds_otherwise_than_average_pool() -> None:
    """0.5 and -0.5: the mean's first rounding takes ties upwards, the pool's away from zero. One cannot stand for the other."""
    mean = model("MEAN", [((1, 2, 2, 1), Q), np.asarray([2], np.int32)], (1, 2, 1, 1), Q, keep_dims=True)
    average = pool("AVERAGE_POOL_2D", (1, 2, 2, 1), (1, 2, 1, 1), (1, 2))
    codes = [0, 1, 0, -1]
    assert run(mean, codes).ravel().tolist() == [1, 0]
    assert run(average, codes).ravel().tolist() == [1, -1]


def test_mean_scaling() -> None:
    """1/3 folded into the multiplier: (2**30, 1) for a ratio of 1, times 2**1 / 3, cut off."""
    graph = load_tflite(model("MEAN", [((3, 5), Q), np.asarray([0], np.int32)], (5,), Q))
    assert graph.ops[0].scaling == (0, 2**31 // 3, 0)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([0, 0], [0, 0]),  # 1/2
        ([16, 0], [59, -59]),  # one apart: 0.7311 * 256 = 187.2, 0.2689 * 256 = 68.8
        ([127, -128], [127, -128]),  # 1 is one code too much for int8
        ([5], [127]),
    ],
)
def test_softmax(codes: list[int], expected: list[int]) -> None:
    shape = (1, len(codes))
    data = model("SOFTMAX", [(shape, {"scale": 1 / 16, "zero_point": 9})], shape, PROBABILITY, beta=1.0)
    assert run(data, codes).ravel().tolist() == expected


@pytest.mark.parametrize(("match", "expected"), [("tflm", [7790, 24977]), ("litert", [7790, 24978])])
def test_softmax_of_int16(match: str, expected: list[int]) -> None:
    """LiteRT makes its table of reciprocals in double: two entries differ from TFLM's. Read off both."""
    net = ModelBuilder()
    x, y = net.input((1, 2), "int16", scale=0.00025242159608751535), net.tensor((1, 2), "int16", scale=2**-15)
    net.op("SOFTMAX", [x], [y], beta=1.0)
    assert run(net.build([y]), np.array([[-7924, -3308]], np.int16), match=match).ravel().tolist() == expected


@pytest.mark.parametrize(
    ("scale", "expected"),
    [(1 / 16, (2**30, 23, -248)), (1.0, (2**30, 27, -15)), (16.0, (2**30, 30, 0)), (1e30, (LIMIT, 30, 0))],
)
def test_softmax_scaling(scale: float, expected: tuple[int, int, int]) -> None:
    """scale * 2**26 as multiplier and shift; differences of 31 / scale and more count."""
    graph = load_tflite(model("SOFTMAX", [((1, 4), {"scale": scale, "zero_point": 0})], (1, 4), PROBABILITY, beta=1.0))
    (op,) = graph.ops
    assert isinstance(op, Softmax)
    assert op.scaling == expected
    assert run(model("SOFTMAX", [((1, 2), {"scale": scale})], (1, 2), PROBABILITY, beta=1.0), [3, 3]).tolist() == [[0, 0]]


@pytest.mark.parametrize(("columns", "kernel"), [(511, "arm_softmax_s8"), (512, "tk_softmax_s8"), (4095, "tk_softmax_s8")])
def test_long_softmax(columns: int, kernel: str, runtime_archive: Path) -> None:
    """Rows whose exponentials may add up to 512, for which Arm's function has no definition: flat, nearly flat, random."""
    shape = (4, columns)
    data = model("SOFTMAX", [(shape, {"scale": 1 / 16, "zero_point": 9})], shape, PROBABILITY, beta=1.0)
    assert symbols(data, "generic") == [kernel]
    rng = np.random.default_rng(columns)
    codes = np.stack([np.full(columns, 5), rng.integers(0, 2, columns), *rng.integers(-128, 128, (2, columns))]).astype(np.int8)
    loaded = load(data)
    with HostModel(compile(loaded, name="model"), archive=runtime_archive) as host:
        (found,) = host.run([codes]).outputs
    assert (found[0] == (-127 if columns < 512 else -128)).all()
    np.testing.assert_array_equal(found, interpret(loaded.graph, [codes])[0])
    codes[:2] = codes[2:]  # TFLM aborts where the sum reaches 512
    try:
        oracle = tflm(data)
    except OracleUnavailable as error:
        pytest.skip(f"tflm: {error}")
    np.testing.assert_array_equal(found[2:], oracle.run([codes])[0][2:])


@pytest.mark.parametrize(("match", "expected"), [("tflm", 1), ("litert", 0)])
def test_fully_connected_rounds_twice_or_once(match: str, expected: int) -> None:
    """3 / 8: 0.375 is rounded to 0.5 and then to 1, or to 0 at once."""
    assert run(dense((1, 1), np.asarray([[1]], np.int8), (1, 1)), [[3]], match=match).tolist() == [[expected]]


def test_fully_connected_weights_zero_point() -> None:
    """(3 - 0) * (5 - 1) / 8 = 1.5, away from zero."""
    data = model("FULLY_CONNECTED", [((1, 1), Q), ((1, 1), {"scale": 0.5, "zero_point": 1})], (1, 1), {"scale": 2.0})
    assert run(data, [[3]], [[5]]).tolist() == [[2]]


def test_depthwise_multiplier() -> None:
    """Input channel c feeds outputs 2c and 2c + 1."""
    weights = np.asarray([1, 2, 3, 4], np.float32).reshape(1, 1, 1, 4)
    data = model("DEPTHWISE_CONV_2D", [((1, 1, 1, 2), FLOAT), weights], (1, 1, 1, 4), FLOAT, depth_multiplier=2, **WINDOW)
    assert run(data, [10, 100]).ravel().tolist() == [10, 20, 300, 400]


INT8_DENSE = [case for case in all_cases()["FULLY_CONNECTED"] if case.dtype == "int8"]


@pytest.mark.parametrize("case", INT8_DENSE, ids=[case.id for case in INT8_DENSE])
def test_fully_connected_equals_litert(case: Case, runtime_archive: Path) -> None:
    try:
        oracle = litert_ref(case.model)
    except OracleUnavailable as error:
        pytest.skip(str(error))
    compilation = agree(case.model, oracle, runtime_archive, match="litert")
    (step,) = compilation.program.steps
    assert step.kernel in ("tk_fully_connected_litert_s8", "tk_dense_folded_s8")


@pytest.mark.parametrize("kind", ["DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "MAX_POOL_2D", "MEAN", "SOFTMAX"])
def test_litert_agrees_with_tflm(kind: str) -> None:
    """Where one rule serves both runtimes."""
    for case in all_cases()[kind]:
        inputs = case.inputs(1)
        try:
            found, expected = (oracle(case.model).run(inputs)[0] for oracle in (litert_ref, tflm))
        except OracleUnavailable as error:
            pytest.skip(str(error))
        assert np.array_equal(found, expected) if case.dtype == "int8" else np.allclose(found, expected, 1e-5, 1e-5)


# Lowering


def calls(data: bytes, target: str) -> list[Call]:
    """Of CMSIS-NN's functions, where there are some."""
    context = Context(TARGETS[target], Provider(kind=Kind.EITHER), Goal.SPEED, Policy.CMSIS_NN)
    program = lower(run_passes(load_tflite(data)), context)
    return [call for step in program.steps for call in step.calls]


def symbols(data: bytes, target: str) -> list[str]:
    return [call.symbol for call in calls(data, target)]


def depthwise(
    size: tuple[int, int] = (3, 3), x: tuple[int, ...] = (1, 8, 8, 4), *, pads: Any = None, m: int = 1, dilation: int = 1
) -> bytes:
    """A depthwise convolution without bias, after a PAD of the rows and columns `pads` if given."""
    net = ModelBuilder()
    n, h, w, c = x
    value = net.input(x, "int8", **Q)
    if pads is not None:
        h, w = h + sum(pads[0]), w + sum(pads[1])
        padded = net.tensor((n, h, w, c), "int8", **Q)
        net.op("PAD", [value, net.const(np.asarray([[0, 0], *pads, [0, 0]], np.int32))], [padded])
        value = padded
    weights = net.const(np.ones((1, *size, c * m), np.int8), scale=0.5)
    shape = (n, h - (size[0] - 1) * dilation, w - (size[1] - 1) * dilation, c * m)
    y = net.tensor(shape, "int8", scale=4.0)
    factors = {"dilation_h_factor": dilation, "dilation_w_factor": dilation}
    net.op("DEPTHWISE_CONV_2D", [value, weights], [y], depth_multiplier=m, **WINDOW, **factors)
    return net.build(outputs=[y])


THREE, OPT, PLAIN = "arm_depthwise_conv_3x3_s8", "arm_depthwise_conv_s8_opt", "arm_depthwise_conv_s8"
ONE = ((1, 1), (1, 1))


@pytest.mark.parametrize(
    ("data", "generic", "helium"),
    [
        (depthwise(), [THREE], [OPT]),
        (depthwise(pads=ONE), [THREE], [OPT]),
        (depthwise(pads=((1, 1), (1, 2))), [OPT], [OPT]),  # the last 3x3 window's middle column would lie outside
        (depthwise(pads=((2, 0), (0, 0))), [OPT], [OPT]),
        (depthwise((5, 3)), [OPT], [OPT]),
        (depthwise((1, 1), pads=ONE), ["arm_pad_s8", OPT], ["arm_pad_s8", OPT]),  # windows on padding alone
        (depthwise(x=(2, 8, 8, 4)), [PLAIN], [PLAIN]),
        (depthwise(m=2), [PLAIN], [PLAIN]),
        (depthwise(dilation=2), [PLAIN], [PLAIN]),
    ],
    ids=["3x3", "padded", "right", "top", "5x3", "outside", "batch", "multiplier", "dilation"],
)
def test_depthwise_kernels(data: bytes, generic: list[str], helium: list[str]) -> None:
    assert symbols(data, "generic") == symbols(data, "cortex-m4") == generic
    assert symbols(data, "cortex-m55") == helium


@pytest.mark.parametrize(
    ("target", "size"), [("cortex-m0", 0), ("cortex-m4", 2 * 4 * 15), ("cortex-m55", 4 * 124 * 15), ("generic", 4 * 124 * 15)]
)
def test_depthwise_scratch(target: str, size: int) -> None:
    """What arm_depthwise_conv_s8_opt_get_buffer_size says for each instruction set."""
    (call,) = calls(depthwise((5, 3)), target)
    assert call.scratch_bytes == size


@pytest.mark.parametrize(
    ("x", "k", "options", "scratch"),
    [
        ((2, 1, 9, 4), (1, 5), {"padding": "SAME"}, 4 * (5 + 2)),
        ((1, 1, 9, 8), (1, 4), {"padding": "SAME"}, 8 * (4 + 1)),
        ((1, 1, 4, 12), (1, 4), {}, 12 * 4),
        ((1, 1, 3, 4), (1, 4), {"padding": "SAME"}, 0),  # narrower than the kernel
        ((1, 1, 9, 4), (1, 3), {"stride_w": 2}, 0),
        ((1, 1, 9, 6), (1, 3), {}, 0),
        ((1, 2, 9, 4), (1, 3), {}, 0),
        ((1, 1, 9, 4), (2, 3), {"padding": "SAME"}, 0),
        ((1, 1, 9, 4), (1, 3), {"dilation_w_factor": 2}, 0),
    ],
    ids=["same", "odd", "valid", "narrow", "stride", "channels", "rows", "kernel", "dilation"],
)
def test_one_row(x: Any, k: Any, options: Any, scratch: int, runtime_archive: Path) -> None:
    """CMSIS-NN's convolution of one row, on Helium alone, with what arm_convolve_1_x_n_s8_get_buffer_size asks for."""
    options = {**WINDOW, "dilation_h_factor": 1, "dilation_w_factor": 1, **options}
    stride, reach = options["stride_w"], (k[1] - 1) * options["dilation_w_factor"]
    width = -(-x[2] // stride) if options["padding"] == "SAME" else (x[2] - reach - 1) // stride + 1
    net = ModelBuilder()
    rng = np.random.default_rng(1)
    weights = net.const(rng.integers(-127, 127, (5, *k, x[3]), dtype=np.int8, endpoint=True), scale=[0.5] * 5)
    y = net.tensor((x[0], x[1], width, 5), "int8", scale=40.0, zero_point=4)
    net.op("CONV_2D", [net.input(x, "int8", scale=0.5, zero_point=-7), weights], [y], **options)
    data = net.build(outputs=[y])
    assert symbols(data, "cortex-m4") == symbols(data, "generic") == ["arm_convolve_s8"]
    (call,) = calls(data, "cortex-m55")
    assert call.symbol == ("arm_convolve_1_x_n_s8" if scratch else "arm_convolve_s8")
    assert not scratch or call.scratch_bytes == scratch
    loaded = load(data)
    codes = rng.integers(-128, 128, x).astype(np.int8)
    with HostModel(compile(loaded, target="cortex-m55", name="model"), archive=runtime_archive) as host:
        np.testing.assert_array_equal(host.run([codes]).outputs[0], interpret(loaded.graph, [codes])[0])


@pytest.mark.parametrize(
    ("size", "stride", "columns"),
    [((3, 3), (2, 2), 9), ((2, 2), (3, 3), 12), ((2, 2), (5, 3), 14), ((2, 2), (3, 5), 20)],
)
def test_transposed_convolution_scratch(size: tuple[int, int], stride: tuple[int, int], columns: int) -> None:
    """What arm_transpose_conv_s8 uses and its size function asks for, which differ where stride_h exceeds stride_w."""
    net = ModelBuilder()
    weights = net.const(np.ones((6, *size, 3), np.int8), scale=0.5)
    shape = (1, 4 * stride[0], 4 * stride[1], 6)
    x, y = net.input((1, 4, 4, 3), "int8", **Q), net.tensor(shape, "int8", scale=40.0, zero_point=0)
    options = {"stride_h": stride[0], "stride_w": stride[1], "padding": "SAME"}
    net.op("TRANSPOSE_CONV", [net.const(np.array(shape, np.int32)), weights, x], [y], **options)
    (call,) = calls(net.build(outputs=[y]), "cortex-m4")
    assert call.symbol == "arm_transpose_conv_s8"
    assert call.scratch_bytes == 4 * 6 * max(size[0], stride[0]) * columns


FAST16, PLAIN16 = "arm_depthwise_conv_fast_s16", "arm_depthwise_conv_s16"


@pytest.mark.parametrize(
    ("x", "size", "options", "dsp", "helium"),
    [
        ((2, 8, 8, 8), (3, 3), {}, FAST16, FAST16),
        ((1, 8, 8, 6), (3, 3), {}, FAST16, PLAIN16),  # Helium loads four channels at a time, with or without an end
        ((1, 8, 8, 4), (3, 3), {"dilation_h_factor": 2, "dilation_w_factor": 2}, PLAIN16, PLAIN16),
        ((1, 8, 8, 4), (3, 3), {"depth_multiplier": 2}, PLAIN16, PLAIN16),
        ((1, 73, 9, 4), (73, 7), {}, FAST16, FAST16),  # 511 products
        ((1, 64, 9, 4), (64, 8), {}, PLAIN16, PLAIN16),
    ],
    ids=["batch", "channels", "dilation", "multiplier", "511", "512"],
)
def test_depthwise_kernels_16x8(x: Any, size: Any, options: Any, dsp: str, helium: str, runtime_archive: Path) -> None:
    m = options.get("depth_multiplier", 1)
    dilation = options.get("dilation_h_factor", 1)
    net = ModelBuilder()
    rng = np.random.default_rng(1)
    values = rng.integers(-127, 127, (1, *size, x[3] * m), dtype=np.int8, endpoint=True)
    operands = [net.input(x, "int16", scale=1e-3, zero_point=0), net.const(values, scale=[0.01] * x[3] * m, axis=3)]
    shape = (x[0], *(i - (k - 1) * dilation for i, k in zip(x[1:3], size, strict=True)), x[3] * m)
    y = net.tensor(shape, "int16", scale=0.02, zero_point=0)
    net.op("DEPTHWISE_CONV_2D", operands, [y], **{"depth_multiplier": 1, **WINDOW, **options})
    data = net.build(outputs=[y])
    assert symbols(data, "cortex-m0") == symbols(data, "generic") == [PLAIN16]
    assert symbols(data, "cortex-m4") == [dsp]
    assert symbols(data, "cortex-m55") == [helium]
    taps = size[0] * size[1] * x[3]  # scratch: arm_depthwise_conv_fast_s16_get_buffer_size
    assert calls(data, "cortex-m4")[0].scratch_bytes == (2 * taps if dsp == FAST16 else 0)
    assert calls(data, "cortex-m55")[0].scratch_bytes == (8 * taps + 8 if helium == FAST16 else 0)
    loaded = load(data)
    codes = rng.integers(-(2**15), 2**15, x).astype(np.int16)
    with HostModel(compile(loaded, target="cortex-m4", name="model"), archive=runtime_archive) as host:
        np.testing.assert_array_equal(host.run([codes]).outputs[0], interpret(loaded.graph, [codes])[0])


@pytest.mark.parametrize(
    ("channels", "target", "zeros"), [(124, "cortex-m55", 0), (125, "cortex-m55", 1), (125, "cortex-m4", 0)]
)
def test_depthwise_without_bias_on_helium(channels: int, target: str, zeros: int) -> None:
    (call,) = calls(depthwise((5, 3), (1, 8, 8, channels)), target)
    assert [leaf.role for leaf in call.leaves if isinstance(leaf, Constant)].count("zero_bias") == zeros


def buffer(call: Call) -> object:
    """What the context of a call points to."""
    return next(dict(arg.fields)["buf"] for arg in call.args if isinstance(arg, Struct) and arg.ctype == "cmsis_nn_context")


WEIGHTS = np.asarray([[1, 2, 3], [-4, 5, -6]], np.int8)
ZERO_AT_7 = {"scale": 0.5, "zero_point": 7}


def test_kernel_sums_are_constants_where_they_can_be() -> None:
    """bias - zero_point * sum of the weights, which Helium's code wants: in flash, computed before each run, or not at all."""
    constant = dense((1, 3), WEIGHTS, (1, 2), bias=np.asarray([100, 200], np.int32), q=ZERO_AT_7)
    (call,) = calls(constant, "cortex-m55")
    table = buffer(call)
    assert isinstance(table, Constant)
    assert table.data.tolist() == [100 - 7 * 6, 200 - 7 * -5]
    assert buffer(calls(constant, "cortex-m4")[0]) is None

    computed = dense((1, 3), ((2, 3), Q), (1, 2), q=ZERO_AT_7)
    fill, call = calls(computed, "generic")
    assert fill.symbol == "arm_vector_sum_s8"
    sums = fill.args[0]
    assert isinstance(sums, Ref)
    assert (sums.buffer.name, sums.buffer.bytes, *fill.args[1:3]) == ("y1_kernel_sums", 8, 3, 2)
    assert buffer(call) == sums
    assert symbols(computed, "cortex-m0") == ["arm_fully_connected_s8"]


# Refusals


def label(item: object) -> str:
    """A parameter in the name of a test; models are left out."""
    return item if isinstance(item, str) else ""


IMAGE = (1, 4, 4, 2)
KERNEL = np.ones((1, 2, 2, 2), np.int8)


def separable(weights: Array, x: Any = IMAGE, y: Any = (1, 3, 3, 2), y_q: Any = Q, bias: Any = -1, **options: Any) -> bytes:
    return model("DEPTHWISE_CONV_2D", [(x, Q), weights, bias], y, y_q, **{**WINDOW, **options})


def softmax(shape: Any, q: Any = Q, y: Any = None, beta: float = 1.0) -> bytes:
    return model("SOFTMAX", [(shape, q)], shape, y or (PROBABILITY if q else q), beta=beta)


def mean(shape: Any, axes: Any, y: Any, q: Any = Q, y_q: Any = None) -> bytes:
    return model("MEAN", [(shape, q), axes], y, y_q or q)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (separable(KERNEL[..., :1]), "weights [1, 2, 2, 1] for 2 input channels"),
        (separable(KERNEL.repeat(2, 0)), "[1,kH,kW,C*m]"),
        (separable(KERNEL[0]), "input [N,H,W,C] and weights"),
        (separable(KERNEL, bias=np.zeros(3, np.int32)), "bias int32[3] for 2 output channels"),
        (separable(KERNEL, stride_h=0), "all at least 1"),
        (separable(KERNEL, dilation_w_factor=-LIMIT), "all at least 1"),
        (separable(KERNEL, dilation_w_factor=LIMIT), "at most 32767"),
        (separable(np.ones((1, 5, 5, 2), np.int8)), "a window that fits"),
        (separable(np.ones((1, 0, 2, 2), np.int8)), "all at least 1"),
        (separable(KERNEL, x=(1, 4, 0, 2)), "a window that fits"),
        (separable(KERNEL, fused_activation="TANH"), "fused activation TANH"),
        (separable(KERNEL, y_q={"scale": 1e-11}), "2**30"),
        (separable(KERNEL, x=(1, 2, 40000, 2), y=(1, 1, 39999, 2)), "2**15"),
        (separable(KERNEL.astype(np.float32)), "types x=int8, weights=float32"),
        (pool("MAX_POOL_2D", (4, 4, 2), (1, 1, 1, 1), (2, 2)), "input [N,H,W,C]"),
        (pool("MAX_POOL_2D", IMAGE, (1, 1, 1, 2), (0, 2)), "all at least 1"),
        (pool("MAX_POOL_2D", IMAGE, (1, 1, 1, 2), (LIMIT, 2)), "at most 32767"),
        (pool("AVERAGE_POOL_2D", IMAGE, (1, 4, 4, 2), (1, 1), y_q={"scale": 0.6}), "the same zero point"),
        (pool("AVERAGE_POOL_2D", IMAGE, (1, 4, 4, 2), (1, 1), y_q={"scale": 0.5, "zero_point": 1}), "the same zero point"),
        (dense((1, 4), WEIGHTS, (1, 2)), "Is a flatten missing before it?"),
        (dense((3, 2), WEIGHTS, (3, 2), keep_num_dims=True), "keep_num_dims"),
        (dense((1, 3), WEIGHTS[0], (1, 2)), "weights [O,I]"),
        (dense((1, 3), WEIGHTS[:, :0], (1, 2)), "weights depth 0"),
        (dense((1, 3), WEIGHTS, (1, 2), bias=np.zeros(1, np.int32)), "bias int32[1] for 2 output channels"),
        (dense((1, 3), WEIGHTS, (1, 2), weights_format="SHUFFLED4x16INT8"), "weights format SHUFFLED4x16INT8"),
        (dense((1, 3), WEIGHTS, (1, 3)), "contradict"),
        (dense((1, 3), WEIGHTS.astype(np.float32), (1, 2)), "types x=int8, weights=float32"),
        (dense((1, 3), ((2, 3), {"scale": [0.5] * 3, "axis": 1}), (1, 2)), "3 weight scales along axis 1"),
        (dense((1, 3), ((2, 3), {"scale": [0.5] * 2, "zero_point": 1}), (1, 2)), "per-channel weights with zero points [1]"),
        (dense((1, 3), WEIGHTS, (1, 2), q={"scale": 1e30, "zero_point": 0}), "2**30"),
        (softmax((), FLOAT), "at least one dimension"),
        (softmax((1, 4096)), "less than 4096"),
        (softmax((1, 4), y={"scale": 1 / 255, "zero_point": -128}), "scale 1/256"),
        (softmax((1, 4), beta=float("nan")), "beta nan"),
        (softmax((1, 4), FLOAT, beta=float("inf")), "beta inf"),
        (softmax((1, 4), beta=-1.0), "2**-26"),
        (softmax((1, 4), {"scale": 1e-9, "zero_point": 0}), "2**-26"),
        (mean((2, 3), np.asarray([2], np.int32), (2,)), "-2 to 1"),
        (mean((), np.asarray([0], np.int32), ()), "axis 0 of 0 dimensions"),
        (mean((2, 3), np.asarray([0.0], np.float32), (3,)), "integers"),
        (mean((2, 3), ((1,), FLOAT), (3,)), "computed at run time"),
        (mean((2, 3), np.asarray([1], np.int32), (2,), y_q={"scale": 1e-11}), "2**30"),
        (mean((1, 2**23), np.asarray([1], np.int32), (1,)), "2**23"),
        (mean((2,) * 8, np.asarray([0, 2, 4, 6], np.int32), (2,) * 4, FLOAT), "six times"),
    ],
    ids=label,
)
def test_refused(data: bytes, words: str) -> None:
    for match in ("tflm", "litert"):
        with pytest.raises(CompileError) as error:
            load_tflite(data, match=RUNTIMES[match])
        assert words in str(error.value)
