# SPDX-License-Identifier: Apache-2.0
"""Fourier transforms in plain C. Variants are named after the complex FFT, which does most of the work."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Call, Struct, Table, Tensor, struct
from tinycc.kernels.portable.base import SUFFIXES, usual
from tinycc.numerics.fft import Stage, reading_order, stages
from tinycc.ops.signal.fourier import Irfft, RealTransform, Rfft


def shape_struct(op: RealTransform, m: int = 1) -> Struct:
    stride = op.y.shape[-1]
    return struct("tk_fft_shape", frames=op.frames, stride=stride, n=op.points, m=m, inverse=int(op.inverse))


def factor_table(op: RealTransform, role: str, factors: Array) -> Table:
    """Twiddle factors [2, ...] as C has them: real and imaginary part in turn. The inverse is done as a forward transform of
    points whose parts are swapped, by conjugate factors (which may round otherwise than the forward transform's)."""
    parts = np.stack([factors[0], -factors[1] if op.inverse else factors[1]])
    return Table(role, np.ascontiguousarray(parts.reshape(2, -1).T))


def positions(op: RealTransform) -> Table:
    """Where the stages want each point."""
    return Table("positions", np.argsort(reading_order(op.points)).astype(np.int16))


def power_twiddles(op: RealTransform, powers: list[Stage]) -> Table:
    """The factors of stages of radix 2 and 4 in the order in which they are used, without those that are 1."""
    table = op.fft.twiddles()
    used = [
        q * k * (op.points // (radix * m)) for radix, m in powers for k in range(1, m) for q in range(1, radix)
    ]  # fmt: skip
    return factor_table(op, "stage_twiddles", table[:, used or [0]])


def transform_calls(op: RealTransform) -> tuple[Call, ...]:
    """The complex FFT on y, in place: stages of odd radix one by one, then all others."""
    suffix, y, calls = SUFFIXES[op.x.dtype.value], Tensor(op.y), []
    powers = [stage for stage in stages(op.points) if stage.radix in (2, 4)]
    for radix, m in stages(op.points):
        if radix in (3, 5):
            args = (y, factor_table(op, "twiddles", op.fft.twiddles()), shape_struct(op, m), radix)
            calls.append(Call(f"tk_fft_odd_{suffix}", args))
    if powers:
        calls.append(Call(f"tk_fft_{suffix}", (y, power_twiddles(op, powers), shape_struct(op, powers[0].m))))
    return tuple(calls)


def bind_rfft(op: Rfft, context: Context) -> tuple[Call, ...]:
    suffix, y, shape = SUFFIXES[op.x.dtype.value], Tensor(op.y), shape_struct(op)
    load = Call(f"tk_rfft_load_{suffix}", (Tensor(op.x), y, positions(op), op.x.shape[-1], shape))
    split = Call(f"tk_rfft_split_{suffix}", (y, factor_table(op, "half_twiddles", op.fft.half_twiddles()), shape))
    return (load, *transform_calls(op), split)


def bind_irfft(op: Irfft, context: Context) -> tuple[Call, ...]:
    suffix = SUFFIXES[op.x.dtype.value]
    twiddles = factor_table(op, "half_twiddles", op.fft.half_twiddles())
    args = (Tensor(op.x), Tensor(op.y), positions(op), twiddles, op.x.shape[-1], shape_struct(op))
    swap = Call(f"tk_irfft_swap_{suffix}", (Tensor(op.y), shape_struct(op)))
    return (Call(f"tk_irfft_load_{suffix}", args), *transform_calls(op), swap)


VARIANTS: tuple[Variant[Any], ...] = tuple(
    variant
    for type in ("int16", "int32", "float32")
    for variant in (
        Variant(f"tk_fft_{SUFFIXES[type]}", Rfft, (type,), bind_rfft, usual((type,))),
        Variant(f"tk_fft_{SUFFIXES[type]}", Irfft, (type,), bind_irfft, usual((type,))),
    )
)
