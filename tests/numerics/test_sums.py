# SPDX-License-Identifier: Apache-2.0
"""What keeps every sum and product of integers in its type: a table of all operators that compute with them.

An operator is in SUMS, with what bounds it, or in a list of those that add nothing up that could grow with a tensor's size. A
new operator fails here until it is in one of them.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import numpy as np
import pytest
from conftest import ROOT
from model_builder import ModelBuilder

import tinycc.ops
from tinycc.compiler import load
from tinycc.errors import CompileError
from tinycc.ir import DType
from tinycc.ops import pooling
from tinycc.ops.base import Operator
from tinycc.ops.normalization import l2_normalization, log_softmax, softmax
from tinycc.ops.reduction import mean

INT32 = 2**31 - 1
LAYERS = ("bounded_products", "products: exact bounds of all partial sums, by weights; biases are added modulo 2**32 or 2**64")
ROWS = ("bounded_sums", "255 * sum |w| of a row < 2**31; biases are added modulo 2**32")
SUMS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("Conv2D", "DepthwiseConv2D", "TransposeConv", "FullyConnected", "BatchMatMul"), LAYERS),
    **dict.fromkeys(("Svdf", "Rnn", "BidirectionalRnn", "Lstm", "BidirectionalLstm"), ROWS),
    "IntegerConv2D": ("small_sums", "255**2 * (2**15 - 1)"),
    "AveragePool2D": ("countable", "int8: (128 + 128) * (2**22 - 1) + 2**21; int16: 32768 * (2**16 - 1) + 2**15 - 1"),
    "BlockwiseCodes": ("short_rows", "255 * 255 * 2**13 products, each times less than 2**31; the start is less than 2**60"),
    "Mean": ("countable", "int8: 255 * (2**23 - 1); int16: 65535 * (2**15 - 1), without a zero point 32768 * (2**16 - 1)"),
    "ReduceSum": ("countable", "as Mean"),
    "Softmax": ("short_rows", "int8: 2**19 * 4095 of exponentials in Q12; int16: 32767 * 65535"),
    "LogSoftmax": ("short_rows", "2**19 * 4095 of exponentials in Q12"),
    "L2Normalization": ("short_rows", "255**2 * 32768 squares"),
    "AddN": ("few_operands", "each operand is rescaled on its own"),
    "CumSum": ("wraps", "tk_cumsum_s8 tk_cumsum_s32 tk_cumsum_s64"),
    "ReduceProd": ("wraps", "tk_prod_body tk_reduce_s32 tk_reduce_s64"),
    "ReduceWindow": ("wraps", "tk_reduce_window"),
    **dict.fromkeys(("Segments", "UpdateRows"), ("wraps", "tk_update_rows")),
    "Pow": ("wraps", "tk_pow_s32 tk_pow_s64"),
    "Energy": ("wraps", "tk_energy_s16"),
    "FilterBank": ("wraps", "tk_filter_bank"),
}
"""Operator -> the condition that refuses what could leave the type, and the sum at that limit; or "wraps", and the kernels."""
ONE_AT_A_TIME = """
    Abs Add ArgExtreme ArgMax ArgMin Bitwise BitwiseAnd BitwiseOr BitwiseXor BlockwiseDense Bucketize Cast Curved Dequantize
    DetectionPostprocess Div Elu Equality Exp FftAutoScale FilterBankLog FilterBankSpectralSubtraction FilterBankSquareRoot
    FloorDiv FloorMod Gelu HardSwish Irfft LeakyRelu LeftShift Log Logistic Lookup MaxPool2D Maximum Minimum Mul Neg Order
    OverlapAdd Pcan Prelu Quantize QuantizeToEven QuantizedEmbedding RealTransform ReduceMax ReduceMin Relu Requantize
    RequantizeToEven ResizeBilinear Rfft RightShift Rsqrt Sign Sqrt SquaredDifference Sub Tanh TopK Window
"""
"""A fixed number of elements for each result. Transforms halve at every stage; BlockwiseDense adds its blocks up as floats."""
MOVED = """
    BatchToSpace BitCast BroadcastArgs BroadcastTo CircularBuffer Concatenation Copy Delay DepthToSpace Dilate DynamicSlice
    DynamicUpdateSlice Framer Gather GatherNd MatrixDiag MatrixSetDiag MirrorPad OneHot Pack Pad Range Rank Reshape
    ResizeNearest ReverseSequence SameBits ScatterNd Select ShapeOf Shift Slice SpaceToBatch SpaceToDepth SparseToDense Split
    Stacker Tile Transpose Unpack Where ZerosLike
"""
WRAPPING = re.compile(r"uint32_t|uint64_t|tk_wrapping|tk_requantize_s64")


def below(cls: type[Operator]) -> Iterator[type[Operator]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from below(sub)


def computing() -> dict[str, type[Operator]]:
    """The operators that have integers among their types."""
    for module in pkgutil.walk_packages(tinycc.ops.__path__, "tinycc.ops."):
        importlib.import_module(module.name)
    integers = re.compile(r"u?int\d|hybrid")
    return {
        cls.__name__: cls
        for cls in below(Operator)
        if cls.__module__.startswith("tinycc.") and any(integers.search(s.name) for s in getattr(cls, "signatures", ()))
    }


def test_every_operator_is_in_the_table() -> None:
    assert set(computing()) == {*SUMS, *ONE_AT_A_TIME.split(), *MOVED.split()}


@pytest.mark.parametrize("name", sorted(name for name, (what, _) in SUMS.items() if what != "wraps"))
def test_the_condition_is_there(name: str) -> None:
    assert SUMS[name][0] in {condition.__name__ for condition in computing()[name].conditions}


@pytest.mark.parametrize("name", sorted(name for name, (what, _) in SUMS.items() if what == "wraps"))
def test_what_wraps_does_so_in_unsigned_numbers(name: str) -> None:
    kernels = list((ROOT / "runtime" / "kernels").rglob("*.[ch]"))
    for stem in SUMS[name][1].split():
        texts = [path.read_text() for path in kernels if path.stem.startswith(stem)]
        assert texts, stem
        assert any(WRAPPING.search(text) for text in texts), stem


def test_the_limits_are_within_the_type() -> None:
    """The sums at the limits that the conditions have; the last one of int16 is the last that there could be."""
    assert (128 + 128) * (pooling.MAX_COUNT[DType.INT8] - 1) + pooling.MAX_COUNT[DType.INT8] // 2 <= INT32
    most = pooling.MAX_COUNT[DType.INT16]
    assert 32768 * (most - 1) + (most - 1) // 2 <= INT32 < 32768 * most
    assert INT32 >= 255 * (mean.MAX_COUNT - 1)
    assert 2**19 * softmax.MAX_COLUMNS[DType.INT8] <= INT32
    assert 32767 * softmax.MAX_COLUMNS[DType.INT16] <= INT32
    assert INT32 >= 2**19 * (2**log_softmax.SUM_BITS - 1)
    assert INT32 >= 255**2 * l2_normalization.MAX_COLUMNS


def mean_of(count: int, zero_point: int) -> bytes:
    m = ModelBuilder()
    scale = {"scale": 0.1, "zero_point": zero_point}
    x, y = m.input((1, count), "int16", **scale), m.tensor((1,), "int16", **scale)
    m.op("MEAN", [x, m.const(np.array([1], np.int32))], [y], keep_dims=False)
    return m.build([y])


@pytest.mark.parametrize(("zero_point", "most", "farthest"), [(0, 2**16 - 1, 32768), (5, 2**15 - 1, 65535)])
def test_means_of_too_many_codes_of_16_bits_are_refused(zero_point: int, most: int, farthest: int) -> None:
    assert most * farthest <= INT32
    load(mean_of(most, zero_point))
    with pytest.raises(CompileError, match=f"{most + 1} elements each"):
        load(mean_of(most + 1, zero_point))


def pool(dtype: str, size: int) -> bytes:
    m = ModelBuilder()
    x, y = m.input((1, size, size, 1), dtype, scale=0.1), m.tensor((1, 1, 1, 1), dtype, scale=0.1)
    options = {"padding": "VALID", "filter_height": size, "filter_width": size, "fused_activation_function": "NONE"}
    m.op("AVERAGE_POOL_2D", [x], [y], stride_h=1, stride_w=1, **options)
    return m.build([y])


def recurrent(kind: str, inputs: int) -> bytes:
    """One unit with the largest weights."""
    m = ModelBuilder()
    dtype = "int8" if kind in ("SVDF", "LSTM") else "float32"
    q: dict[str, float] = {"scale": 0.01} if dtype == "int8" else {}
    shape = (1, inputs) if kind != "LSTM" else (1, 1, inputs)
    x, y = m.input(shape, dtype, **q), m.tensor((*shape[:-1], 1), dtype, **q)
    wide, narrow = (m.const(np.full((1, size), -127, np.int8), scale=0.01) for size in (inputs, 1))
    state = m.tensor((1, 1), dtype, variable=True, **q)
    if kind.startswith("SVDF"):
        m.op("SVDF", [x, wide, narrow, -1, state], [y], rank=1, fused_activation_function="RELU")
    elif kind == "RNN":
        m.op("RNN", [x, wide, narrow, m.const(np.zeros(1, np.float32)), state], [y], fused_activation_function="TANH")
    else:
        cell = m.tensor((1, 1), "int16", scale=2.0**-11, variable=True)
        bias = m.const(np.zeros(1, np.int32), scale=1e-4)
        operands = [x, *[wide] * 4, *[narrow] * 4, *[-1] * 3, *[bias] * 4, -1, -1, state, cell, *[-1] * 4]
        m.op("UNIDIRECTIONAL_SEQUENCE_LSTM", operands, [y], fused_activation_function="TANH", cell_clip=0.0, proj_clip=0.0)
    return m.build([y])


@pytest.mark.parametrize("kind", ["SVDF", "SVDF hybrid", "RNN", "LSTM"])
def test_recurrent_layers_with_too_many_inputs_are_refused(kind: str) -> None:
    most = INT32 // 255 // 127
    load(recurrent(kind, most))
    with pytest.raises(CompileError, match=r"cannot leave 32 bits together, for any input of 8 bits"):
        load(recurrent(kind, most + 1))


@pytest.mark.parametrize(("dtype", "size"), [("int8", 2**11), ("int16", 2**8)])
def test_pools_of_too_many_elements_are_refused(dtype: str, size: int) -> None:
    load(pool(dtype, size - 1))
    with pytest.raises(CompileError, match=r"a mean is of less than"):
        load(pool(dtype, size))
