# SPDX-License-Identifier: Apache-2.0
"""BATCH_MATMUL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Op, Reader, TensorType, Value
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Table, Tensor, context, struct
from tinycc.numerics.fixedpoint import Multiplier, product_multipliers
from tinycc.ops.asymmetric import centred
from tinycc.ops.base import Activation, Clamped, Kernel, Operator, Signature, clamp_range, signature
from tinycc.ops.conv import is_float, is_int8, is_int16
from tinycc.ops.fully_connected import FullyConnected, tensor_quantization
from tinycc.ops.quantized import (
    activation,
    activations_quantized,
    bounded_scales,
    centred_int16,
    dims,
    int_list,
    range_f32,
    rescaled,
)
from tinycc.ops.shapes import MAX_LOOPS, Loop, Shape, broadcast, merge, not_empty, row_major
from tinycc.target import Target


@dataclass(frozen=True, eq=False, kw_only=True)
class BatchMatMul(Clamped, Operator):
    """y[b,i,j] = clamp(requantize(sum_k (x[b,i,k] - x_zero_point) * (weights[b,k,j] - weights_zero_point))).

    x: [...,M,K], or [...,K,M] with `adj_x`; weights: [...,K,N], or [...,N,K] with `adj_y`; y: [...,M,N]. The dimensions in
    front are stretched to each other: sizes of 1 are repeated, missing ones stand in front.
    int8: double rounding; int16: 64-bit accumulators rounded once, by a 15-bit multiplier. Source: TFLM batch_matmul.cc,
    reference/batch_matmul.h.
    Constant weights that are the same for all x are those of a FULLY_CONNECTED, and become one. int16 with int8 weights only
    so: TFLM refuses it, and LiteRT makes zeros of weights with several scales, as `--match litert` then does.
    """

    x: Value
    weights: Value
    adj_x: bool
    adj_y: bool

    tflite: ClassVar[tuple[str, ...]] = ("BATCH_MATMUL",)
    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("int8", DType.INT8, x=DType.INT8, weights=DType.INT8),
        signature("int16", DType.INT16, x=DType.INT16, weights=DType.INT16),
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32),
    )

    @classmethod
    def from_tflite(cls, node: Node) -> Op:
        x, weights, y = node.input(0), node.input(1), node.outputs[0]
        if min(len(x.shape), len(weights.shape)) < 2:
            raise node.error(f"operands {x.type} and {weights.type}", "matrices: at least two dimensions")
        op = cls(
            x=x,
            weights=weights,
            adj_x=bool(node.options.get("adj_x", False)),
            adj_y=bool(node.options.get("adj_y", False)),
            range=clamp_range(Activation.NONE, y.type),
            outputs=node.outputs,
            origin=node.origin,
        )
        return as_fully_connected(op, node.match) if is_fully_connected(op) else op

    @property
    def x_matrix(self) -> Shape:
        """(M, K)."""
        *_, m, k = self.x.shape
        return (k, m) if self.adj_x else (m, k)

    @property
    def weights_matrix(self) -> Shape:
        """(K, N)."""
        *_, k, n = self.weights.shape
        return (n, k) if self.adj_y else (k, n)

    @property
    def macs(self) -> int:
        return self.y.type.elements * self.x_matrix[1]

    def infer(self) -> tuple[TensorType, ...]:
        batches = broadcast(self.x.shape[:-2], self.weights.shape[:-2])
        assert batches is not None
        return (TensorType((*batches, self.x_matrix[0], self.weights_matrix[1]), self.x.dtype),)

    @property
    def requantization(self) -> list[Multiplier]:
        """One multiplier (integers)."""
        return product_multipliers(self.x.scale, self.weights.quantization.scales, self.y.scale)

    @property
    def batches(self) -> tuple[Loop, ...]:
        """The walk over the matrices of y; elements that a step moves in x and in weights."""
        shape = self.infer()[0].shape[:-2]
        return merge(shape, _batch_strides(self.x.shape, shape), _batch_strides(self.weights.shape, shape))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x, weights = centred(self.x, read(self.x)), centred(self.weights, read(self.weights))
        total = (np.swapaxes(x, -1, -2) if self.adj_x else x) @ (np.swapaxes(weights, -1, -2) if self.adj_y else weights)
        if self.x.dtype.is_integer:
            total = rescaled(self, total)
        return (np.clip(total, self.range.min, self.range.max).astype(self.y.dtype.numpy),)


def _batch_strides(shape: Shape, batches: Shape) -> list[int]:
    """Strides that walk the matrices of a tensor over `batches`: 0 where they are repeated."""
    padded = (1,) * (len(batches) + 2 - len(shape)) + shape
    return [0 if size == 1 else stride for size, stride in zip(padded[:-2], row_major(padded)[:-2], strict=True)]


def is_fully_connected(op: BatchMatMul) -> bool:
    """Whether every row of x meets the same constant weights, of a type that FULLY_CONNECTED has."""
    shape = op.weights.shape
    types = (op.x.dtype, op.weights.dtype)
    return (
        op.weights.data is not None
        and not op.adj_x
        and len(shape) <= len(op.x.shape)
        and all(size == 1 for size in shape[:-2])
        and types in ((DType.INT8, DType.INT8), (DType.INT16, DType.INT8), (DType.FLOAT32, DType.FLOAT32))
    )


def as_fully_connected(op: BatchMatMul, match: str) -> FullyConnected:
    """LiteRT takes several scales for one that is 0: nothing is left of the weights then."""
    assert op.weights.data is not None
    matrix = op.weights.data.reshape(op.weights.shape[-2:])
    quantization = op.weights.type.quantization
    if match == "litert" and quantization is not None and quantization.per_channel:
        matrix = np.zeros_like(matrix)
    data = np.ascontiguousarray(matrix if op.adj_y else matrix.T)
    return FullyConnected(
        x=op.x,
        weights=Value(f"{op.y.name}_weights", _weights_type(op, data.shape), data),
        bias=None,
        keep_dims=True,
        asymmetric_inputs=False,
        match="tflm",
        range=op.range,
        outputs=op.outputs,
        origin=op.origin,
    )


def _weights_type(op: BatchMatMul, shape: Shape) -> TensorType:
    """The type of weights [N,K]; scales along N are scales along the first axis now."""
    q, columns = op.weights.type.quantization, len(op.weights.shape) - (2 if op.adj_y else 1)
    if q is not None and q.axis == columns:
        q = replace(q, axis=0)
    return replace(op.weights.type, shape=shape, quantization=q)


def fitting_matrices(op: BatchMatMul) -> str | None:
    """x has as many columns as the weights have rows, and the dimensions before those are equal or stretch to each other

    Is a transpose or a reshape missing before it?
    """
    if op.x_matrix[1] != op.weights_matrix[0] or broadcast(op.x.shape[:-2], op.weights.shape[:-2]) is None:
        return f"shapes {list(op.x.shape)} and {list(op.weights.shape)}"
    return None


def few_batches(op: BatchMatMul) -> str | None:
    """the operands are stretched along at most six separate runs of dimensions"""
    if fitting_matrices(op) is None and len(op.batches) > MAX_LOOPS:
        return f"shapes {list(op.x.shape)} and {list(op.weights.shape)}"
    return None


def one_scale(op: BatchMatMul) -> str | None:
    """weights that are not constant, or not the same for all x, have a single scale and zero point

    Convert with per-tensor quantization.
    """
    q = op.weights.type.quantization
    return f"{len(q.scales)} weight scales" if q is not None and q.per_channel else None


def matmul_shape(op: BatchMatMul) -> Struct:
    (rows, depth), (_, columns) = op.x_matrix, op.weights_matrix
    loops = op.batches
    batches = struct(
        "tk_broadcast",
        rank=len(loops),
        dims=int_list(tuple(loop.size for loop in loops)),
        stride1=int_list(tuple(loop.strides[0] for loop in loops)),
        stride2=int_list(tuple(loop.strides[1] for loop in loops)),
    )
    return struct(
        "tk_matmul_shape",
        batches=batches,
        rows=rows,
        columns=columns,
        depth=depth,
        x_row=1 if op.adj_x else depth,
        x_step=rows if op.adj_x else 1,
        w_column=depth if op.adj_y else 1,
        w_step=1 if op.adj_y else columns,
    )


def arm_computes(op: BatchMatMul) -> bool:
    """Whether the matrices lie along at most two loops, as `arm_batch_matmul_*` take them."""
    return len(op.batches) <= 2


def matrices(batches: list[int], rows: int, columns: int) -> Struct:
    """The `cmsis_nn_dims` of one or two loops over matrices."""
    outer, inner = [1, *batches][-2:]
    return dims(outer, inner, rows, columns)


def transposed(role: str, value: Value) -> tuple[Tensor | Table | Scratch, tuple[Call, ...]]:
    """Where the matrices of `value` lie transposed, and the calls that put them there."""
    *_, rows, columns = value.shape
    if value.data is not None:
        return Table(role, np.ascontiguousarray(np.swapaxes(value.data, -1, -2))), ()
    count, size = value.type.elements // (rows * columns), value.dtype.bytes
    copy = struct(
        "tk_copy_shape",
        rank=3,
        dims=int_list((count, columns, rows)),
        x_stride=int_list((rows * columns, 1, columns)),
        y_stride=int_list((rows * columns, rows, 1)),
    )
    scratch = Scratch(role, value.type.elements * size)
    return scratch, (Call("tk_copy_strided", (Tensor(value), scratch, copy, size)),)


def lower_arm(op: BatchMatMul, target: Target) -> tuple[Call, ...]:
    """The product of rows of x and rows of the transposed weights; what does not lie so is transposed first."""
    (rows, depth), (_, columns) = op.x_matrix, op.weights_matrix
    sizes = [loop.size for loop in op.batches]
    x_sizes, weights_sizes = ([loop.size if loop.strides[i] else 1 for loop in op.batches] for i in (0, 1))
    x, x_calls = transposed("x", op.x) if op.adj_x else (Tensor(op.x), ())
    weights, weights_calls = (Tensor(op.weights), ()) if op.adj_y else transposed("weights", op.weights)
    params = struct(
        "cmsis_nn_fc_params",
        input_offset=-op.x.zero_point,
        filter_offset=-op.weights.zero_point,
        output_offset=op.y.zero_point,
        activation=activation(op),
    )
    sums = target.scratch(plain=0, dsp=0, mve=4 * columns) if is_int8(op) else 0
    args: tuple[Arg, ...] = (
        *(context("sums", sums), struct("cmsis_nn_bmm_params", adj_x=0, adj_y=0, fc_params=params)),
        tensor_quantization(op.requantization[0]),
        *(matrices(x_sizes, rows, depth), x),
        *(matrices(weights_sizes, columns, depth), weights),
        *(matrices(sizes, rows, columns), Tensor(op.y)),
    )
    symbol = "arm_batch_matmul_s8" if is_int8(op) else "arm_batch_matmul_s16"
    return (*x_calls, *weights_calls, Call(symbol, args, checked=True))


def lower_s8(op: BatchMatMul, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_batch_matmul_s8_params",
        x_offset=-op.x.zero_point,
        w_offset=-op.weights.zero_point,
        multiplier=op.requantization[0].multiplier,
        shift=op.requantization[0].shift,
        output_offset=op.y.zero_point,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Call("tk_batch_matmul_s8", (Tensor(op.x), Tensor(op.weights), Tensor(op.y), matmul_shape(op), params)),)


def lower_s16(op: BatchMatMul, target: Target) -> tuple[Call, ...]:
    params = struct(
        "tk_batch_matmul_s16_params",
        multiplier=op.requantization[0].multiplier,
        shift=op.requantization[0].shift,
        min=int(op.range.min),
        max=int(op.range.max),
    )
    return (Call("tk_batch_matmul_s16", (Tensor(op.x), Tensor(op.weights), Tensor(op.y), matmul_shape(op), params)),)


def lower_f32(op: BatchMatMul, target: Target) -> tuple[Call, ...]:
    args = (Tensor(op.x), Tensor(op.weights), Tensor(op.y), matmul_shape(op), range_f32(op.range))
    return (Call("tk_batch_matmul_f32", args),)


BatchMatMul.conditions = (
    fitting_matrices,
    few_batches,
    not_empty,
    one_scale,
    activations_quantized,
    centred_int16,
    bounded_scales,
)
BatchMatMul.kernels = (
    Kernel("arm_batch_matmul_s8", lower_arm, lambda op, target: is_int8(op) and arm_computes(op)),
    Kernel("arm_batch_matmul_s16", lower_arm, lambda op, target: is_int16(op) and arm_computes(op)),
    Kernel("tk_batch_matmul_s8", lower_s8, lambda op, target: is_int8(op)),
    Kernel("tk_batch_matmul_s16", lower_s16, lambda op, target: is_int16(op)),
    Kernel("tk_batch_matmul_f32", lower_f32, lambda op, target: is_float(op)),
)
