# SPDX-License-Identifier: Apache-2.0
"""SignalWindow, SignalFftAutoScale, SignalEnergy: what TFLM's signal library does before and after a Fourier transform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Op, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.conditions import not_empty


def vectors(op: Op) -> str | None:
    """input and outputs have one dimension"""
    wrong = next((value for value in (op.inputs[0], op.y) if len(value.shape) != 1), None)
    return None if wrong is None else f"%{wrong.name} of shape {list(wrong.shape)}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Window(Operator):
    """y[i] = saturate((x[i] * weights[i % size]) >> shift), with as many weights (`size`) as a frame has elements.

    Source: TFLM signal/src/window.cc.
    """

    x: Value
    weights: Value
    shift: int

    signatures: ClassVar[tuple[Signature, ...]] = (signature("int16", DType.INT16, x=DType.INT16, weights=DType.INT16),)

    @property
    def macs(self) -> int:
        return self.x.type.elements

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, DType.INT16),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        weights = read(self.weights).astype(np.int64)
        frames = read(self.x).reshape(-1, max(weights.size, 1))
        y = np.clip(frames * weights >> self.shift, *DType.INT16.limits)
        return (y.astype(np.int16).reshape(self.x.shape),)


@dataclass(frozen=True, eq=False, kw_only=True)
class FftAutoScale(Operator):
    """y = x * 2**scale_bits, where scale_bits, the second output, is as large as the largest |x| allows; 0 if all x are 0.

    -32768 restarts the search for the largest: it has no magnitude in int16. y wraps around if a larger one stood before it.
    Source: TFLM signal/src/fft_auto_scale.cc, max_abs.cc.
    """

    x: Value

    signatures: ClassVar[tuple[Signature, ...]] = (Signature("int16", {"x": DType.INT16}, (DType.INT16, DType.INT32)),)

    def infer(self) -> tuple[TensorType, ...]:
        return TensorType(self.x.shape, DType.INT16), TensorType((), DType.INT32)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        bits = max(0, 15 - _largest(x).bit_length())
        return (x.astype(np.int32) << bits).astype(np.int16), np.asarray(bits, np.int32)


def _largest(x: Array) -> int:
    """The largest magnitude as TFLM finds it; what means "no room" (0 elements, all 0, a negative one) as 2**15."""
    largest = 0
    for item in x.ravel().tolist():
        largest = item if item > largest else -item if -item > largest else largest
        largest = -(2**15) if largest == 2**15 else largest
    return largest if largest > 0 else 2**15


@dataclass(frozen=True, eq=False, kw_only=True)
class Energy(Operator):
    """y[i] = re(x[i])**2 + im(x[i])**2 for start <= i < end; elsewhere 0, which TFLM leaves as it is.

    x holds real and imaginary parts in turn. Source: TFLM signal/src/energy.cc.
    """

    x: Value
    start: int
    end: int

    signatures: ClassVar[tuple[Signature, ...]] = (signature("int16", DType.UINT32, x=DType.INT16),)

    @property
    def points(self) -> int:
        return self.x.type.elements // 2

    @property
    def macs(self) -> int:
        return 2 * max(self.end - self.start, 0)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.points,), DType.UINT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        parts = read(self.x)[: 2 * self.points].astype(np.int64).reshape(-1, 2)
        y = np.zeros(self.points, np.uint32)
        inside = slice(self.start, max(self.end, 0))
        y[inside] = (parts**2).sum(1)[inside]
        return (y,)


def whole_frames(op: Window) -> str | None:
    """weights have one dimension, and the input has a multiple of their elements"""
    x, weights = op.x, op.weights
    if len(weights.shape) == 1 and x.shape and weights.type.elements and x.type.elements % weights.type.elements == 0:
        return None
    return f"input {list(x.shape)}, weights {list(weights.shape)}"


def legal_shift(op: Window) -> str | None:
    """shift is 0 to 31"""
    return None if 0 <= op.shift <= 31 else f"shift {op.shift}"


def legal_indices(op: Energy) -> str | None:
    """start_index is at least 0, end_index at most half the input's elements"""
    return (
        None if op.start >= 0 and op.end <= op.points else f"start_index {op.start}, end_index {op.end} of {op.points} points"
    )


Window.conditions = (not_empty, whole_frames, legal_shift)
FftAutoScale.conditions = (not_empty, vectors)
Energy.conditions = (not_empty, vectors, legal_indices)
