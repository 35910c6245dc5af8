# SPDX-License-Identifier: Apache-2.0
"""SignalRfft, SignalIrfft: the Fourier transforms of TFLM's signal library."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics.fft import Fft, stages
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.conditions import not_empty

MAX_LENGTH = 2**16
"""Of a transform: positions of the points, half as many, are int16 in C."""
TYPE_OPTION = {DType.FLOAT32: 0, DType.INT32: 2, DType.INT16: 7}
"""Element type -> option T, TensorFlow's number for it."""


@dataclass(frozen=True, eq=False, kw_only=True)
class RealTransform(Operator):
    """What both transforms share: frames along the last dimension of x, whose other dimensions are those of y.

    They are done as complex ones of half the length.
    """

    x: Value
    fft_length: int

    inverse: ClassVar[bool]
    signatures: ClassVar[tuple[Signature, ...]] = tuple(signature(dtype.value, dtype, x=dtype) for dtype in TYPE_OPTION)

    @property
    def frames(self) -> int:
        return math.prod(self.x.shape[:-1])

    @property
    def points(self) -> int:
        """Of the complex transform."""
        return self.fft_length // 2

    @property
    def fft(self) -> Fft:
        return Fft(self.x.dtype, self.points, inverse=self.inverse)

    @property
    def macs(self) -> int:
        products = sum(self.points // stage.radix * (stage.radix - 1) for stage in stages(self.points)) + self.points // 2
        return 4 * self.frames * products


@dataclass(frozen=True, eq=False, kw_only=True)
class Rfft(RealTransform):
    """y[k] = sum over i below fft_length of x[i] * exp(-2 pi i k / fft_length), for k from 0 to fft_length / 2; zeros follow x.

    A frame of y holds real and imaginary parts in turn. Integers: y is divided by fft_length on the way, stage by stage, is
    rounded, and wraps around. Source: TFLM signal/src/rfft_*.cc, kiss_fft.
    """

    inverse: ClassVar[bool] = False

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((*self.x.shape[:-1], self.fft_length + 2), self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x).reshape(self.frames, self.x.shape[-1])
        padded = np.pad(x, ((0, 0), (0, self.fft_length - x.shape[1])))
        return (np.moveaxis(self.fft.real_spectrum(padded), 0, -1).reshape(self.infer()[0].shape),)


@dataclass(frozen=True, eq=False, kw_only=True)
class Irfft(RealTransform):
    """The real y of fft_length elements whose transform is x, divided by fft_length: the inverse of SignalRfft on floats.

    A frame of x holds real and imaginary parts in turn, from frequency 0 to fft_length / 2; what follows is not read. Integers:
    divided on the way, stage by stage, rounded, and they wrap around. Source: TFLM signal/src/irfft_*.cc, kiss_fft.
    """

    inverse: ClassVar[bool] = True

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((*self.x.shape[:-1], self.fft_length), self.x.dtype),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        spectrum = read(self.x).reshape(self.frames, self.x.shape[-1] // 2, 2)[:, : self.points + 1]
        y = self.fft.real_signal(np.moveaxis(spectrum, -1, 0))
        if not self.x.dtype.is_integer:
            y = y / np.float32(self.fft_length)
        return (y.reshape(self.infer()[0].shape),)


def legal_length(op: RealTransform) -> str | None:
    """fft_length is 2 * 2**a * 3**b * 5**c, from 4 to 65,536

    TFLM's FFT has no stages for other factors: choose a power of two.
    """
    length = op.fft_length
    fits = 4 <= length <= MAX_LENGTH and length % 2 == 0 and stages(length // 2)[0].radix <= 5
    return None if fits else f"fft_length {length}"


def frames_fit(op: Rfft) -> str | None:
    """frames have at most fft_length elements"""
    size = op.x.shape[-1]
    return f"frames of {size} elements for fft_length {op.fft_length}" if size > op.fft_length else None


def spectra_fit(op: Irfft) -> str | None:
    """frames have an even number of elements, at least fft_length + 2"""
    size = op.x.shape[-1]
    return f"frames of {size} elements for fft_length {op.fft_length}" if size % 2 or size < op.fft_length + 2 else None


Rfft.conditions = (not_empty, legal_length, frames_fit)
Irfft.conditions = (not_empty, legal_length, spectra_fit)
