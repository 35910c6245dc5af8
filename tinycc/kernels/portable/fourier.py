# SPDX-License-Identifier: Apache-2.0
"""Fourier transforms in plain C. Variants are named after the complex FFT, which does most of the work."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.portable.base import SUFFIXES, usual
from tinycc.numerics.fft import Fft, Stage, reading_order, stages
from tinycc.ops.signal.fourier import Irfft, RealTransform, Rfft
from tinycc.ops.signal.rfft2d import Rfft2D
from tinycc.program.types import Content


class Frames(NamedTuple):
    """Complex points to be transformed in place: `number` frames, which begin `stride` elements apart in `y`."""

    y: Tensor
    number: int
    stride: int
    fft: Fft

    @property
    def suffix(self) -> str:
        return SUFFIXES[self.fft.dtype.value]


def frames_of(op: RealTransform) -> Frames:
    return Frames(Tensor(op.y), op.frames, op.y.shape[-1], op.fft)


def shape_struct(frames: Frames, m: int = 1) -> Struct:
    inverse = int(frames.fft.inverse)
    return struct("tk_fft_shape", frames=frames.number, stride=frames.stride, n=frames.fft.n, m=m, inverse=inverse)


def factor_table(fft: Fft, role: str, factors: Array) -> Table:
    """Twiddle factors [2, ...] as C has them: real and imaginary part in turn. The inverse is done as a forward transform of
    points whose parts are swapped, by conjugate factors (which may round otherwise than the forward transform's)."""
    parts = np.stack([factors[0], -factors[1] if fft.inverse else factors[1]])
    return Table(role, np.ascontiguousarray(parts.reshape(2, -1).T), Content.TABLE)


def positions(fft: Fft) -> Table:
    """Where the stages want each point."""
    return Table("positions", np.argsort(reading_order(fft.n)).astype(np.int16), Content.TABLE)


def half_twiddles(fft: Fft) -> Table:
    """What joins the halves of a real transform."""
    return factor_table(fft, "half_twiddles", fft.half_twiddles())


def power_twiddles(fft: Fft, powers: list[Stage]) -> Table:
    """The factors of stages of radix 2 and 4 in the order in which they are used, without those that are 1."""
    table = fft.twiddles()
    used = [q * k * (fft.n // (radix * m)) for radix, m in powers for k in range(1, m) for q in range(1, radix)]
    return factor_table(fft, "stage_twiddles", table[:, used or [0]])


def transform_calls(frames: Frames) -> tuple[Call, ...]:
    """The complex FFT in place: stages of odd radix one by one, then all others."""
    fft, calls = frames.fft, []
    powers = [stage for stage in stages(fft.n) if stage.radix in (2, 4)]
    for radix, m in stages(fft.n):
        if radix in (3, 5):
            args = (frames.y, factor_table(fft, "twiddles", fft.twiddles()), shape_struct(frames, m), radix)
            calls.append(Call(f"tk_fft_odd_{frames.suffix}", args))
    if powers:
        shape = shape_struct(frames, powers[0].m)
        calls.append(Call(f"tk_fft_{frames.suffix}", (frames.y, power_twiddles(fft, powers), shape)))
    return tuple(calls)


def split_call(frames: Frames) -> Call:
    """The spectrum of real elements out of the FFT of their pairs."""
    return Call(f"tk_rfft_split_{frames.suffix}", (frames.y, half_twiddles(frames.fft), shape_struct(frames)))


def bind_rfft(op: Rfft, context: Context) -> tuple[Call, ...]:
    frames = frames_of(op)
    args = (Tensor(op.x), frames.y, positions(op.fft), op.x.shape[-1], shape_struct(frames))
    return (Call(f"tk_rfft_load_{frames.suffix}", args), *transform_calls(frames), split_call(frames))


def bind_irfft(op: Irfft, context: Context) -> tuple[Call, ...]:
    frames = frames_of(op)
    args = (Tensor(op.x), frames.y, positions(op.fft), half_twiddles(op.fft), op.x.shape[-1], shape_struct(frames))
    swap = Call(f"tk_irfft_swap_{frames.suffix}", (frames.y, shape_struct(frames)))
    return (Call(f"tk_irfft_load_{frames.suffix}", args), *transform_calls(frames), swap)


def precise_twiddles(role: str, length: int) -> Table:
    """exp(-2 pi i k / length) for k below half of it: of either part a float, and one that holds what is left of it."""
    angles = -2 * np.pi * np.arange(max(length // 2, 1)) / length
    parts = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    high = parts.astype(np.float32)
    return Table(role, np.stack([high, (parts - high).astype(np.float32)], axis=-1).reshape(-1, 4), Content.TABLE)


def bind_rfft2d(op: Rfft2D, context: Context) -> tuple[Call, ...]:
    height, width = op.length
    shape = struct(
        "tk_rfft2d_shape",
        images=op.images,
        x_rows=op.x.shape[-2],
        x_columns=op.x.shape[-1],
        rows=op.rows,
        columns=op.columns,
        height=height,
        width=width,
    )
    columns = precise_twiddles("column_twiddles", height) if height > 1 else None
    points = Scratch("points", 16 * height * (width // 2 + 1), align=8)
    args = (Tensor(op.x), Tensor(op.y), precise_twiddles("row_twiddles", width), columns, points, shape)
    return (Call("tk_rfft2d_f32", args),)


VARIANTS: tuple[Variant[Any], ...] = (
    *(
        variant
        for type in ("int16", "int32", "float32")
        for variant in (
            Variant(f"tk_fft_{SUFFIXES[type]}", Rfft, (type,), bind_rfft, usual((type,))),
            Variant(f"tk_fft_{SUFFIXES[type]}", Irfft, (type,), bind_irfft, usual((type,))),
        )
    ),
    Variant("tk_rfft2d_f32", Rfft2D, ("float32",), bind_rfft2d, usual(("float32",))),
)
