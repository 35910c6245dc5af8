# SPDX-License-Identifier: Apache-2.0
"""Single-operator models for TRANSPOSE_CONV and BATCH_MATMUL; see opcases.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import tflite
from opcases import Q_HIGH, Q_LOW, Q_MID, Q_SECOND, Q_SUM, Case, Net, Q, Shape

DTYPES = ("int8", "int16x8", "float32")


@dataclass(frozen=True)
class Deconvolution:
    """A row of TRANSPOSE_CONV. `size`: rows and columns of the output, None for what a converter writes. `bias`: its type in
    16x8. `stated`: how the output's shape is given."""

    name: str
    shape: Shape = (1, 4, 5, 3)
    out_c: int = 4
    kernel: tuple[int, int] = (3, 3)
    stride: tuple[int, int] = (2, 2)
    padding: str = "SAME"
    size: tuple[int, int] | None = None
    act: str = "NONE"
    bias: str | None = "int64"
    per_channel: bool = True
    stated: str = "const"
    x: Q = Q_MID
    y: Q = Q_SUM
    only: str = ""
    oracle: str = "tflm"

    @property
    def out_shape(self) -> Shape:
        size = self.size or tuple(
            length * stride + (max(taps - stride, 0) if self.padding == "VALID" else 0)
            for length, stride, taps in zip(self.shape[1:3], self.stride, self.kernel, strict=True)
        )
        return (self.shape[0], *size, self.out_c)


_DECONVOLUTIONS = (
    Deconvolution("same"),
    Deconvolution("valid", padding="VALID"),
    Deconvolution("same_odd", size=(7, 9)),
    Deconvolution("valid_larger", padding="VALID", size=(10, 12)),
    Deconvolution("stride1", stride=(1, 1)),
    Deconvolution("stride1_valid", stride=(1, 1), padding="VALID", kernel=(2, 3)),
    Deconvolution("stride_1_2", stride=(1, 2), kernel=(4, 3)),
    Deconvolution("stride3", stride=(3, 3), kernel=(5, 4)),
    Deconvolution("stride_over_kernel", stride=(3, 4), kernel=(2, 3)),
    Deconvolution("stride_over_kernel_valid", stride=(3, 2), kernel=(1, 1), padding="VALID"),
    Deconvolution("kernel_over_image", shape=(1, 2, 3, 2), kernel=(7, 9), stride=(2, 1)),
    Deconvolution("padding_off_stride", shape=(1, 5, 4, 3), kernel=(9, 9), stride=(3, 3)),
    Deconvolution("cropped", size=(5, 6)),
    Deconvolution("cropped_valid", size=(5, 6), padding="VALID"),
    Deconvolution("extended", size=(15, 16)),
    Deconvolution("one_pixel", shape=(1, 1, 1, 9), out_c=1, padding="VALID"),
    Deconvolution("1x1", shape=(2, 3, 4, 7), kernel=(1, 1), stride=(1, 1), out_c=5),
    Deconvolution("row", shape=(1, 1, 9, 4), kernel=(3, 4), stride=(1, 2), padding="VALID"),
    Deconvolution("batch", shape=(3, 3, 2, 5)),
    Deconvolution("batch_valid", shape=(2, 3, 4, 5), stride=(3, 2), kernel=(4, 5), padding="VALID"),
    Deconvolution("deep", shape=(1, 3, 4, 19), out_c=6),
    Deconvolution("deep_valid", shape=(2, 3, 4, 20), out_c=3, padding="VALID", kernel=(4, 2)),
    Deconvolution("deep_stride_2_1", shape=(1, 4, 3, 17), out_c=2, stride=(2, 1), kernel=(2, 4)),
    Deconvolution("deep_stride3", shape=(1, 4, 3, 17), out_c=2, stride=(3, 3), kernel=(2, 4)),
    Deconvolution("deep_cropped", shape=(1, 4, 3, 17), out_c=5, size=(5, 9)),
    Deconvolution("no_bias", bias=None),
    Deconvolution("bias_int16", bias="int16", only="int16x8"),
    Deconvolution("bias_int32", bias="int32", only="int16x8", oracle="litert"),
    Deconvolution("per_tensor", per_channel=False),
    Deconvolution("size_input", stated="input"),
    Deconvolution("act_relu", act="RELU"),
    Deconvolution("act_relu6", act="RELU6"),
    Deconvolution("zero_points_low_high", x=Q_LOW, y=Q_HIGH),
    Deconvolution("zero_points_high_low", x=Q_HIGH, y=Q_LOW),
    Deconvolution("saturating", y=Q(0.004, 10)),
    Deconvolution("vanishing", x=Q(1e-6, 5), y=Q(2.0, -1)),
)


def transpose_conv(dtype: str) -> Iterator[Case]:
    for row in _DECONVOLUTIONS:
        if row.only not in ("", dtype):
            continue
        net = Net("TRANSPOSE_CONV", dtype, row.name)
        size = np.array(row.out_shape, np.int32)
        given = net.input((4,), "int32") if row.stated == "input" else net.const(size)
        x = net.x(row.shape, row.x)
        w, scales = net.weights((row.out_c, *row.kernel, row.shape[3]), row.out_c, 0, row.per_channel)
        operands = [given, w, x]
        if row.bias is not None:
            b = net.bias(row.out_c, row.x, scales)
            if net.wide and row.bias != "int64":
                limit = 1_000_000 if row.bias == "int32" else 32_767
                values = net.rng.integers(-limit, limit, row.out_c).astype(row.bias)
                b = net.const(values, scale=[row.x.scale / 256 * scale for scale in scales])
            operands.append(b)
        options = {"stride_h": row.stride[0], "stride_w": row.stride[1], "padding": row.padding, "fused_activation": row.act}
        if row.bias == "int32":
            options["quantized_bias_type"] = int(tflite.TensorType.INT32)
        case = net.done("TRANSPOSE_CONV", operands, net.y(row.out_shape, row.y), **options)
        yield replace(case, oracle=row.oracle)


@dataclass(frozen=True)
class Product:
    """A row of BATCH_MATMUL. `const`: which operand is a constant, if any (of int8 in 16x8, if the row is for that only)."""

    name: str
    a: Shape = (2, 3, 5)
    b: Shape = (2, 5, 4)
    adj_x: bool = False
    adj_y: bool = False
    const: int | None = None
    qa: Q = Q_MID
    qb: Q = Q_SECOND
    y: Q = Q_SUM
    only: str = ""
    oracle: str = "tflm"

    @property
    def out_shape(self) -> Shape:
        batches = np.broadcast_shapes(self.a[:-2], self.b[:-2])
        return (*batches, self.a[-1 if self.adj_x else -2], self.b[-2 if self.adj_y else -1])


_PRODUCTS = (
    Product("plain"),
    Product("adj_x", a=(2, 5, 3), adj_x=True),
    Product("adj_y", b=(2, 4, 5), adj_y=True),
    Product("adj_both", a=(2, 5, 3), b=(2, 4, 5), adj_x=True, adj_y=True),
    Product("rank2", a=(3, 5), b=(5, 4)),
    Product("rank2_adj_y", a=(3, 7), b=(9, 7), adj_y=True),
    Product("rank4", a=(2, 3, 4, 5), b=(2, 3, 5, 6)),
    Product("rank5", a=(2, 1, 3, 2, 5), b=(2, 1, 3, 5, 3)),
    Product("row", a=(1, 1, 9), b=(1, 9, 1)),
    Product("outer", a=(1, 6, 1), b=(1, 1, 7)),
    Product("repeat_first", a=(1, 3, 5), b=(3, 5, 4)),
    Product("repeat_second", a=(3, 3, 5), b=(1, 5, 4)),
    Product("repeat_both", a=(2, 1, 3, 5), b=(1, 3, 5, 4)),
    Product("repeat_both_adj", a=(1, 2, 5, 3), b=(3, 1, 4, 5), adj_x=True, adj_y=True),
    Product("repeat_alternately", a=(2, 1, 2, 3, 5), b=(1, 2, 1, 5, 4)),
    Product("repeat_alternately_adj", a=(1, 2, 1, 3, 5), b=(2, 1, 2, 4, 5), adj_y=True),
    Product("lower_rank_second", a=(2, 3, 4, 5), b=(5, 4)),
    Product("lower_rank_first", a=(4, 5), b=(2, 3, 5, 4)),
    Product("const_second", a=(1, 3, 5), b=(1, 5, 4), const=1),
    Product("const_second_adj", a=(3, 5), b=(4, 5), const=1, adj_y=True),
    Product("const_second_adj_x", a=(1, 5, 3), b=(1, 5, 4), const=1, adj_x=True),
    Product("const_second_batches", const=1),
    Product("const_second_lower_rank", a=(2, 2, 3, 5), b=(5, 4), const=1),
    Product("const_second_higher_rank", a=(3, 5), b=(1, 5, 4), const=1),
    Product("const_first", const=0),
    Product("const_first_adj_x", a=(2, 5, 3), adj_x=True, const=0),
    Product("weights_int8", a=(3, 5), b=(5, 4), const=1, only="int16x8", oracle="litert"),
    Product("zero_points_low_high", qa=Q_LOW, qb=Q_HIGH, y=Q_HIGH),
    Product("zero_points_high_low", qa=Q_HIGH, qb=Q_LOW, y=Q_LOW),
    Product("saturating", y=Q(0.02, 10)),
    Product("vanishing", qa=Q(1e-5, 5), y=Q(2.0, -1)),
)


def batch_matmul(dtype: str) -> Iterator[Case]:
    for row in _PRODUCTS:
        if row.only not in ("", dtype):
            continue
        net = Net("BATCH_MATMUL", dtype, row.name)
        a = net.random(row.a, row.qa) if row.const == 0 else net.x(row.a, row.qa)
        if row.only:
            b, _ = net.weights(row.b, 1, 0, per_channel=False)
        else:
            b = net.random(row.b, row.qb) if row.const == 1 else net.x(row.b, row.qb)
        case = net.done("BATCH_MATMUL", [a, b], net.y(row.out_shape, row.y), adj_x=row.adj_x, adj_y=row.adj_y)
        yield replace(case, oracle=row.oracle)


_OPERATORS = {"TRANSPOSE_CONV": transpose_conv, "BATCH_MATMUL": batch_matmul}


def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {op: [case for dtype in DTYPES for case in cases(dtype)] for op, cases in _OPERATORS.items()}


def litert_cases() -> dict[str, list[Case]]:
    """Those for older models, settled by LiteRT: it lacks BATCH_MATMUL, and wants the output to be as large as it makes it."""
    fixed = ("cropped", "cropped_valid", "deep_cropped", "extended", "size_input")
    return {"TRANSPOSE_CONV": [case for case in all_cases()["TRANSPOSE_CONV"] if case.name not in fixed]}
