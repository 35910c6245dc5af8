# SPDX-License-Identifier: Apache-2.0
"""SignalRfft, SignalIrfft: the Fourier transforms of TFLM's signal library."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from typing_extensions import Self

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Struct, Table, Tensor, struct
from tinycc.numerics.fft import Fft, Stage, reading_order, stages
from tinycc.ops.base import Kernel, Operator, Signature, signature
from tinycc.ops.broadcast import SUFFIXES
from tinycc.ops.shapes import not_empty
from tinycc.target import Target

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

    @classmethod
    def from_tflite(cls, node: Node) -> Self:
        x = node.input(0)
        if not x.shape:
            raise node.error(f"input {x.type}", "at least one dimension")
        expected = TYPE_OPTION.get(x.dtype)
        if expected is not None and node.options.get("T", expected) != expected:
            raise node.error(f"option T {node.options['T']} for {x.dtype.value}", f"{expected}", "The file is damaged.")
        return cls(x=x, fft_length=int(node.option("fft_length")), outputs=node.outputs, origin=node.origin)

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

    def table(self, role: str, factors: Array) -> Table:
        """Twiddle factors [2, ...] as C has them: real and imaginary part in turn. The inverse is done as a forward transform
        of points whose parts are swapped, by conjugate factors (which may round otherwise than the forward transform's)."""
        parts = np.stack([factors[0], -factors[1] if self.inverse else factors[1]])
        return Table(role, np.ascontiguousarray(parts.reshape(2, -1).T))

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
    tflite: ClassVar[tuple[str, ...]] = ("CUSTOM:SignalRfft",)

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
    tflite: ClassVar[tuple[str, ...]] = ("CUSTOM:SignalIrfft",)

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


def shape_struct(op: RealTransform, m: int = 1) -> Struct:
    stride = op.y.shape[-1]
    return struct("tk_fft_shape", frames=op.frames, stride=stride, n=op.points, m=m, inverse=int(op.inverse))


def positions(op: RealTransform) -> Table:
    """Where the stages want each point."""
    return Table("positions", np.argsort(reading_order(op.points)).astype(np.int16))


def power_twiddles(op: RealTransform, powers: list[Stage]) -> Table:
    """The factors of stages of radix 2 and 4 in the order in which they are used, without those that are 1."""
    table = op.fft.twiddles()
    used = [
        q * k * (op.points // (radix * m)) for radix, m in powers for k in range(1, m) for q in range(1, radix)
    ]  # fmt: skip
    return op.table("stage_twiddles", table[:, used or [0]])


def transform_calls(op: RealTransform) -> tuple[Call, ...]:
    """The complex FFT on y, in place: stages of odd radix one by one, then all others."""
    suffix, y, calls = SUFFIXES[op.x.dtype], Tensor(op.y), []
    powers = [stage for stage in stages(op.points) if stage.radix in (2, 4)]
    for radix, m in stages(op.points):
        if radix in (3, 5):
            args = (y, op.table("twiddles", op.fft.twiddles()), shape_struct(op, m), radix)
            calls.append(Call(f"tk_fft_odd_{suffix}", args))
    if powers:
        calls.append(Call(f"tk_fft_{suffix}", (y, power_twiddles(op, powers), shape_struct(op, powers[0].m))))
    return tuple(calls)


def lower_rfft(op: Rfft, target: Target) -> tuple[Call, ...]:
    suffix, y, shape = SUFFIXES[op.x.dtype], Tensor(op.y), shape_struct(op)
    load = Call(f"tk_rfft_load_{suffix}", (Tensor(op.x), y, positions(op), op.x.shape[-1], shape))
    split = Call(f"tk_rfft_split_{suffix}", (y, op.table("half_twiddles", op.fft.half_twiddles()), shape))
    return (load, *transform_calls(op), split)


def lower_irfft(op: Irfft, target: Target) -> tuple[Call, ...]:
    suffix = SUFFIXES[op.x.dtype]
    twiddles = op.table("half_twiddles", op.fft.half_twiddles())
    args = (Tensor(op.x), Tensor(op.y), positions(op), twiddles, op.x.shape[-1], shape_struct(op))
    swap = Call(f"tk_irfft_swap_{suffix}", (Tensor(op.y), shape_struct(op)))
    return (Call(f"tk_irfft_load_{suffix}", args), *transform_calls(op), swap)


def _kernels(lower: Callable[[Any, Target], tuple[Call, ...]]) -> tuple[Kernel, ...]:
    """The kernels of each type; they are named after the complex FFT, which does most of the work."""

    def of(dtype: DType) -> Kernel:
        return Kernel(f"tk_fft_{SUFFIXES[dtype]}", lower, lambda op, target: op.x.dtype is dtype)

    return tuple(map(of, TYPE_OPTION))


Rfft.conditions = (not_empty, legal_length, frames_fit)
Rfft.kernels = _kernels(lower_rfft)
Irfft.conditions = (not_empty, legal_length, spectra_fit)
Irfft.kernels = _kernels(lower_irfft)
