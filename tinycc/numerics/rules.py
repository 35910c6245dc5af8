# SPDX-License-Identifier: Apache-2.0
"""Whose arithmetic: what the runtimes do differently, as one value that operators hold.

A model's graph means the arithmetic of one runtime. Where the runtimes differ, a field below says how; an operator asks it,
never the runtime's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np


class Precision(Enum):
    """In which type numbers are computed before they become integers."""

    SINGLE = np.float32
    DOUBLE = np.float64

    def ratio(self, *factors: float, over: float) -> float:
        """The product of `factors`, from left to right, divided by `over`."""
        with np.errstate(all="ignore"):  # Conditions refuse what is not finite.
            product = self.value(factors[0])
            for factor in factors[1:]:
                product = product * self.value(factor)
            return float(product / self.value(over))


class Requantization(Enum):
    """How an accumulator becomes a code of the output."""

    FIXED = "times a 32-bit multiplier, rounded twice (fixedpoint.requantize; 64-bit accumulators: requantize64)"
    REAL = "times the real scale, in double, rounded once, ties away from zero"
    SINGLE = "in float32, ties to even"


@dataclass(frozen=True)
class Numerics:
    """The arithmetic of a runtime.

    `dense`: requantization of FULLY_CONNECTED; `convolution`: of convolutions; `arithmetic`: of ADD, SUB, MUL, MEAN, pools and
    softmax of codes.
    `ratios`: quotients of scales of element-wise operators, SVDF. (ADD, SUB and QUANTIZE: double in all of them; TFLM's sources
    before October 2026 have single precision in some operators.) `channel_scales`: input scale times a scale of the weights.
    `float_functions`: LOGISTIC and TANH of int8, RSQRT of int16 from tables of float32 results instead of fixed point; SOFTMAX
    of int16 from a table made in double instead of float32.
    `rescaled_relu6`: RELU6 requantizes its operand like RELU; else it takes over the codes. `clamped_int32_add`: ADD of int32
    obeys its activation. `batched_zero`: SPACE_TO_BATCH_ND fills with the zero point, `padded_zero`: so does PAD of int16; else
    with code 0. `scaled_order`: GREATER, LESS and the like compare what int16 codes stand for, not the codes.
    `narrow_transpose_conv`: TRANSPOSE_CONV of int16 without bias obeys the option that asks for 32-bit accumulators.
    `fixed_point_lstm`: int8 LSTM gates by gemmlowp's functions on 16 bits, not from a table. `blind_batch_matmul`:
    BATCH_MATMUL takes several scales of weights for one that is 0. `largest_nan`: CAST makes the largest integer of NaN;
    else 0. `unsigned`: int8 values are uint8 in the file; some sums round, and some shifts come, otherwise then.
    """

    name: str
    dense: Requantization
    ratios: Precision
    channel_scales: Precision
    float_functions: bool
    rescaled_relu6: bool
    clamped_int32_add: bool
    batched_zero: bool
    padded_zero: bool
    narrow_transpose_conv: bool
    fixed_point_lstm: bool
    blind_batch_matmul: bool
    largest_nan: bool
    convolution: Requantization = Requantization.FIXED
    arithmetic: Requantization = Requantization.FIXED
    scaled_order: bool = False
    unsigned: bool = False

    def __str__(self) -> str:
        return self.name


TFLM = Numerics(
    "tflm",
    dense=Requantization.FIXED,
    ratios=Precision.DOUBLE,
    channel_scales=Precision.DOUBLE,
    float_functions=False,
    rescaled_relu6=False,
    clamped_int32_add=False,
    batched_zero=False,
    padded_zero=False,
    narrow_transpose_conv=False,
    fixed_point_lstm=False,
    blind_batch_matmul=False,
    largest_nan=False,
)
LITERT = Numerics(
    "litert",
    dense=Requantization.REAL,
    ratios=Precision.SINGLE,
    channel_scales=Precision.DOUBLE,
    float_functions=True,
    rescaled_relu6=True,
    clamped_int32_add=True,
    batched_zero=True,
    padded_zero=True,
    narrow_transpose_conv=True,
    fixed_point_lstm=True,
    blind_batch_matmul=True,
    largest_nan=True,
)
LITERT_U8 = replace(LITERT, name="litert-u8", channel_scales=Precision.SINGLE, unsigned=True)
"""Of operators whose tensors are uint8 in the file: TFLM has next to no kernels for that."""
ORT = replace(
    LITERT,
    name="ort",
    dense=Requantization.SINGLE,
    convolution=Requantization.SINGLE,
    arithmetic=Requantization.SINGLE,
)
"""Of ONNX models, where floats are quantized."""
ORT_QLINEAR = replace(ORT, name="ort-qlinear")
"""Of the QLinear operators, which say themselves how sums become codes."""
ORT_QLINEAR_U8 = replace(ORT_QLINEAR, name="ort-qlinear-u8", unsigned=True)
"""The same of uint8."""

INTEGER = replace(TFLM, name="integer")
"""Of ONNX models, where floats are quantized, as if they were TFLite's: the fixed point of TFLM."""

RUNTIMES: Mapping[str, Numerics] = {numerics.name: numerics for numerics in (TFLM, LITERT, ORT, INTEGER)}
"""What a user can ask for (`--match`)."""
