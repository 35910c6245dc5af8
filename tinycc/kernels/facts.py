# SPDX-License-Identifier: Apache-2.0
"""Facts that variants of several operators rely on."""

from __future__ import annotations

from typing import Protocol

from tinycc.ir import Value
from tinycc.kernels.base import Context
from tinycc.numerics.rules import Numerics, Requantization
from tinycc.ops.convolution.base import WeightedSum


def symmetric_weights(op: WeightedSum, context: Context) -> str | None:
    """the weights' zero point is 0"""
    return f"zero point {op.weights.zero_point}" if op.asymmetric_weights else None


class Rounded(Protocol):
    """An operator whose numerics say how its results become codes."""

    @property
    def y(self) -> Value: ...

    @property
    def numerics(self) -> Numerics: ...

    @property
    def rounding(self) -> Requantization: ...


def rounds_twice(op: Rounded, context: Context) -> str | None:
    """results are requantized as TFLite has it"""
    return None if op.y.dtype.bytes > 2 or op.rounding is Requantization.FIXED else f"{op.numerics}"


def rounds_to_even(op: Rounded, context: Context) -> str | None:
    """results are requantized as ONNX has it, halves to even"""
    return f"{op.numerics}" if op.rounding is Requantization.FIXED else None


def real_scale(op: WeightedSum, context: Context) -> str | None:
    """the arithmetic asked for multiplies accumulators by the real scale in double"""
    return None if op.rounding is Requantization.REAL else f"{op.numerics}"


def asymmetric_weights(op: WeightedSum, context: Context) -> str | None:
    """the weights have a zero point, as those have that were quantized to uint8"""
    return None if op.asymmetric_weights else "zero point 0"


def older_library(op: object, context: Context) -> str | None:
    """CMSIS-NN is older than version 7, which lacks functions"""
    return None if context.provider.older else context.provider.name


def helium_is_not_certain(op: object, context: Context) -> str | None:
    """Arm's code for Helium is not certain to be linked"""
    return f"{context.target.name}" if context.may_use_mve and not context.target.any_core else None


def helium_is_out_of_question(op: object, context: Context) -> str | None:
    """Arm's code for Helium is not linked"""
    return f"{context.target.name}" if context.may_use_mve else None
