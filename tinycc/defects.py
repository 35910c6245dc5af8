# SPDX-License-Identifier: Apache-2.0
"""Known defects of the reference runtimes: what is wrong with their results, whether tinycc has them too, how to change that.

A runtime's arithmetic is what `--match` asks for, defects included, where users would see them on the device otherwise. Where a
result is undefined, or the runtime dies, there is nothing to reproduce: tinycc then computes what the operator means.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinycc.ir import DType, Graph, Op
from tinycc.numerics.rules import LITERT, TFLM, Numerics
from tinycc.ops.base import is_quantized
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.detection.postprocess import DetectionPostprocess
from tinycc.ops.elementwise.activations import Relu
from tinycc.ops.elementwise.arithmetic import Add
from tinycc.ops.elementwise.comparison import Comparison, Order
from tinycc.ops.movement.blocks import SpaceToBatch
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.sequence import DynamicUpdateSlice
from tinycc.ops.normalization.softmax import Softmax
from tinycc.ops.reduction.sums import ReduceSum

LITERT_KERNELS = ("litert-ref", "litert-optimised", "litert-xnnpack")


@dataclass(frozen=True)
class Defect:
    """`sets`: the sets of kernels that have it (see `Source.kernel_sets`), of the operators `kinds`; `effect` is what they do,
    `right` what would be right. `concerns`: whether an op is one for which it matters; of a defect that tinycc reproduces, only
    while it does.

    `match`: the runtimes with whose arithmetic tinycc computes the same, unless `--fix name` is given; `field` of Numerics then
    is `mended`.
    """

    name: str
    kinds: tuple[str, ...]
    sets: tuple[str, ...]
    effect: str
    right: str
    concerns: Callable[[Op], bool]
    match: tuple[Numerics, ...] = ()
    field: str = ""
    mended: bool = True

    def found_in(self, graph: Graph) -> list[Op]:
        """The ops that it concerns."""
        return [op for op in graph.all_ops if self.concerns(op)]


def _has_zero_point(op: Op) -> bool:
    return is_quantized(op.y) and any(op.y.quantization.zero_points)


def _pads_with_code_0(op: Op) -> bool:
    return isinstance(op, SpaceToBatch) and _has_zero_point(op) and op.zero == 0 and any((*op.before, *op.after))


def _int16_pads_with_code_0(op: Op) -> bool:
    if not isinstance(op, Pad) or op.origin.kind != "PAD" or op.y.dtype is not DType.INT16:
        return False
    return _has_zero_point(op) and op.value == 0 and any((*op.before, *op.after))


def _keeps_codes(op: Op) -> bool:
    return isinstance(op, Relu) and not op.rescaled and is_quantized(op.x) and op.x.type.quantization != op.y.type.quantization


def _drops_activation(op: Op) -> bool:
    return isinstance(op, Add) and op.unclamped


def _int32_bias(op: Op) -> bool:
    return isinstance(op, TransposeConv) and op.x.dtype is DType.INT16 and op.bias is not None and op.bias.dtype is DType.INT32


def _undeclared_bias(op: Op) -> bool:
    return isinstance(op, TransposeConv) and op.undeclared_bias


def _symmetric_inputs(op: Op) -> bool:
    return isinstance(op, FullyConnected) and op.hybrid and not op.asymmetric_inputs and not op.blockwise_weights


def _greater_int16(op: Op) -> bool:
    return isinstance(op, Order) and op.relation == "GREATER" and op.x1.dtype is DType.INT16


def _unscaled_int16(op: Op) -> bool:
    if not isinstance(op, Order) or op.x1.dtype is not DType.INT16 or op.scaled_int16:
        return False
    return op.x1.type.quantization != op.x2.type.quantization and is_quantized(op.x1) and is_quantized(op.x2)


def _large_scale(op: Op) -> bool:
    return isinstance(op, Comparison) and op.quantized and max(op.x1.scale, op.x2.scale) >= 1


def _sums_codes(op: Op) -> bool:
    return isinstance(op, ReduceSum) and is_quantized(op.y)


def _in_blocks(op: Op) -> bool:
    return any(value.type.quantization is not None and value.type.quantization.block is not None for value in op.inputs)


def _fine_scales(op: Op) -> bool:
    """Whether scales of blocks have more than the 8 significant bits of bfloat16."""
    quantizations = (value.type.quantization for value in op.inputs)
    scales = [scale for q in quantizations if q is not None and q.block is not None for scale in q.scales]
    return bool((np.asarray(scales, np.float32).view(np.uint32) & 0xFFFF).any())


def _several_scales(op: Op) -> bool:
    """BATCH_MATMUL by constant weights is a FULLY_CONNECTED here."""
    if op.origin.kind != "BATCH_MATMUL" or not isinstance(op, (FullyConnected, BatchMatMul)):
        return False
    return is_quantized(op.weights) and op.weights.quantization.per_channel


def _zeros(op: Op) -> bool:
    return (
        _several_scales(op) and isinstance(op, FullyConnected) and op.weights.data is not None and not np.any(op.weights.data)
    )


def _dequantized_channels(op: Op) -> bool:
    """Whether it reads floats that were codes of several scales."""
    read = ((value, value.type.quantization) for value in op.inputs if value.constant and value.dtype is DType.FLOAT32)
    return any(quantization is not None and len(set(quantization.scales)) > 1 for _, quantization in read)


DEFECTS: tuple[Defect, ...] = (
    Defect(
        "space-to-batch-zero",
        ("SPACE_TO_BATCH_ND",),
        ("tflm",),
        "pads with code 0, which is not the real 0 where there is a zero point: the border of a dilated convolution is wrong",
        "pads with the zero point, as LiteRT does and as the model was trained",
        _pads_with_code_0,
        (TFLM,),
        "batched_zero",
    ),
    Defect(
        "pad-int16-zero",
        ("PAD",),
        ("tflm",),
        "pads int16 with code 0 whatever the zero point",
        "pads with the zero point, as LiteRT does",
        _int16_pads_with_code_0,
        (TFLM,),
        "padded_zero",
    ),
    Defect(
        "relu6-codes",
        ("RELU6",),
        ("tflm",),
        "takes the codes over as they are, though the output has another scale or zero point",
        "brings them to the output's scale and zero point, as LiteRT does",
        _keeps_codes,
        (TFLM,),
        "rescaled_relu6",
    ),
    Defect(
        "add-int32-activation",
        ("ADD",),
        ("tflm",),
        "leaves out the fused activation of int32",
        "clamps, as LiteRT does",
        _drops_activation,
        (TFLM,),
        "clamped_int32_add",
    ),
    Defect(
        "order-int16-scales",
        ("GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL"),
        LITERT_KERNELS,
        "compares the codes of int16, though the operands have different scales",
        "compares what the codes stand for, as EQUAL and NOT_EQUAL do",
        _unscaled_int16,
        (TFLM, LITERT),
        "scaled_order",
    ),
    Defect(
        "batch-matmul-scales-litert",
        ("BATCH_MATMUL",),
        LITERT_KERNELS,
        "makes zeros of weights that have several scales",
        "multiplies by each column's scale, as FULLY_CONNECTED does",
        _zeros,
        (LITERT,),
        "blind_batch_matmul",
        mended=False,
    ),
    Defect(
        "batch-matmul-scales-tflm",
        ("BATCH_MATMUL",),
        ("tflm",),
        "takes the first of several weight scales for all columns",
        "multiplies by each column's scale, as FULLY_CONNECTED does",
        _several_scales,
    ),
    Defect(
        "transpose-conv-int32-bias",
        ("TRANSPOSE_CONV",),
        ("tflm",),
        "reads the 32-bit biases of a 16x8 operator as 64-bit ones, and beyond their end",
        "adds the biases, as LiteRT does",
        _int32_bias,
    ),
    Defect(
        "transpose-conv-undeclared-bias",
        ("TRANSPOSE_CONV",),
        LITERT_KERNELS,
        "reads 32-bit biases of 16x8 as 64-bit ones, and beyond their end, unless `quantized_bias_type` names their type",
        "adds the biases",
        _undeclared_bias,
    ),
    Defect(
        "dequantize-channels",
        ("DEQUANTIZE",),
        ("tflm",),
        "takes the first of several scales of constants for all channels: of models whose weights alone are quantized",
        "takes each channel's, as LiteRT does",
        _dequantized_channels,
    ),
    Defect(
        "list-write",
        ("CONCATENATION",),
        ("tflm",),
        "takes the stand-in sizes of the file for those of slices that a loop computes: recurrent layers with return_sequences",
        "replaces the list's element, as LiteRT does",
        lambda op: isinstance(op, DynamicUpdateSlice) and op.origin.kind == "CONCATENATION",
    ),
    Defect(
        "greater-int16",
        ("GREATER",),
        ("tflm",),
        "rescales int16 by parameters that it never sets",
        "compares as LiteRT does",
        _greater_int16,
    ),
    Defect(
        "compare-large-scale",
        ("EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL"),
        ("tflm", *LITERT_KERNELS),
        "shifts by a negative number of bits where a scale is 1 or more, which C++ leaves undefined",
        "shifts to the left",
        _large_scale,
    ),
    Defect(
        "detection-classes",
        ("CUSTOM:TFLite_Detection_PostProcess",),
        ("tflm",),
        "writes beyond the outputs if a detection has several classes",
        "fills the outputs in order of the scores, as LiteRT does",
        lambda op: isinstance(op, DetectionPostprocess) and op.ranked,
    ),
    Defect(
        "softmax-flat",
        ("SOFTMAX",),
        ("tflm",),
        "aborts where the sum of the exponentials reaches 512: rows of 512 and more nearly equal values",
        "gives 0, to which the result rounds",
        lambda op: isinstance(op, Softmax) and op.x.dtype is DType.INT8 and op.x.shape[-1:] >= (512,),
    ),
    Defect(
        "sum-wraps",
        ("SUM",),
        ("litert-ref",),
        "wraps around where the sum of int8 or int16 leaves the type",
        "saturates, as TFLM and LiteRT's optimised kernels do",
        _sums_codes,
    ),
    Defect(
        "hybrid-symmetric-inputs",
        ("FULLY_CONNECTED",),
        ("litert-xnnpack",),
        "quantizes float32 inputs with a zero point, whether `asymmetric_quantize_inputs` asks for it or not",
        "does as the option says",
        _symmetric_inputs,
    ),
    Defect(
        "blockwise",
        ("FULLY_CONNECTED",),
        ("litert-ref", "litert-optimised"),
        "gives 0 or leaves the activation out for int4 weights that are quantized in blocks",
        "dequantizes block by block, as XNNPACK does",
        _in_blocks,
    ),
    Defect(
        "blockwise-bfloat16",
        ("FULLY_CONNECTED",),
        ("litert-xnnpack",),
        "rounds the float16 scales of blocks to bfloat16",
        "takes the scales as they are",
        _fine_scales,
    ),
)
"""In the order of the documentation: first those that tinycc reproduces."""

FIXES: tuple[str, ...] = tuple(defect.name for defect in DEFECTS if defect.match)
"""What `--fix` takes."""


def mended(numerics: Numerics, fixes: Collection[str]) -> Numerics:
    """The arithmetic without the defects `fixes`."""
    changes: dict[str, Any] = {defect.field: defect.mended for defect in DEFECTS if defect.name in fixes and defect.field}
    return replace(numerics, **changes)


def reproduced(graph: Graph, match: Numerics) -> tuple[str, ...]:
    """A note on each defect that the C of a graph with the arithmetic of `match` has in common with the runtime."""
    notes = []
    for defect in DEFECTS:
        ops = defect.found_in(graph) if match in defect.match else []
        if ops:
            others = "" if LITERT in defect.match else " or --match litert"
            does = f"known defect {defect.name}: {_runtimes(defect)} {defect.effect}. The C does the same"
            notes.append(f"{places(ops)}: {does}; with --fix {defect.name}{others} it {defect.right}")
    return tuple(notes)


def places(ops: Iterable[Op]) -> str:
    """The first op, and how many more."""
    first, *rest = (str(op.origin) for op in ops)
    return first + (f" and {len(rest)} more" if rest else "")


def _runtimes(defect: Defect) -> str:
    return "TFLM" if defect.sets == ("tflm",) else "LiteRT" if "tflm" not in defect.sets else "TFLM and LiteRT"
