# SPDX-License-Identifier: Apache-2.0
"""DFT, STFT and MelWeightMatrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.matrices import dense
from tinycc.frontends.onnx.tensors import TYPES, type_name
from tinycc.ir import Array, Value
from tinycc.ops.elementwise.arithmetic import Mul
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.gather import Gather
from tinycc.ops.movement.slices import Slice
from tinycc.ops.signal.fourier import Rfft, legal_length

MAX_LENGTH = 2**16
SHORT = 16
"""Transforms of this length and less are products with a matrix."""


@dataclass(frozen=True)
class Transform:
    """A discrete Fourier transform of `length` points; `onesided`: of real numbers, of whose spectrum half is enough."""

    length: int
    inverse: bool
    onesided: bool

    def of(self, x: Array) -> Array:
        """x [..., points, 1 or 2] transformed, in double."""
        signal = x[..., 0] if x.shape[-1] == 1 else x[..., 0] + 1j * x[..., 1]
        if self.inverse and self.onesided:
            return np.asarray(np.fft.irfft(signal, self.length)[..., None])
        found = (np.fft.ifft if self.inverse else np.fft.fft)(signal, self.length)
        found = found[..., : self.length // 2 + 1] if self.onesided else found
        return np.stack([found.real, found.imag], -1)


def transformed(build: Builder, x: Value, how: Transform) -> Value:
    """x [..., points, 1 or 2] along the last dimension but one."""
    *outer, points, parts = x.shape
    fast = _fast(build, x, how) if parts == 1 and not how.inverse and how.length > SHORT else None
    if fast is not None:
        return fast
    build.afford(points * parts, 2 * how.length)
    basis = np.eye(points * parts).reshape(points * parts, points, parts)
    results = how.of(basis)
    matrix = results.reshape(points * parts, -1).T.astype(np.float32)
    y = dense(build, build.reshape(x, (*outer, points * parts)), build.constant(matrix))
    return build.reshape(y, (*outer, *results.shape[1:]))


def _fast(build: Builder, x: Value, how: Transform) -> Value | None:
    """The transform of real numbers by stages; None where the length has no stages."""
    *outer, points, _ = x.shape
    whole = (slice(None),) * len(outer)
    frames = build.reshape(x, (*outer, points))
    if points > how.length:
        frames = build.op(Slice, x=frames, index=(*whole, slice(0, how.length)))
    trial = Rfft(x=frames, fft_length=how.length, outputs=(), origin=build.origin)
    if legal_length(trial) is not None:
        return None
    half = how.length // 2
    y = build.reshape(build.op(Rfft, x=frames, fft_length=how.length), (*outer, half + 1, 2))
    if how.onesided:
        return y
    mirrored = build.op(Slice, x=y, index=(*whole, slice(half - 1, 0, -1)))
    conjugate = build.binary(Mul, mirrored, build.constant(np.array([1, -1], np.float32)))
    return build.op(Concatenation, xs=(y, conjugate), axis=len(outer))


@row("DFT")
def dft(node: Node, build: Builder) -> Value:
    x, rank = node.x, len(node.x.shape)
    given = node.version >= 20 and node.optional(2) is not None
    number = node.integer(2) if given else -2 if node.version >= 20 else node.attr_int("axis", 1)
    axis = node.axis(number, rank)
    inverse, onesided = bool(node.attr_int("inverse", 0)), bool(node.attr_int("onesided", 0))
    default = 2 * (x.shape[axis] - 1) if inverse and onesided else x.shape[axis]
    length = node.integer(1) if node.optional(1) is not None else default
    if axis == rank - 1 or x.shape[-1] not in (1, 2) or not 0 < length <= MAX_LENGTH or 0 in x.shape:
        raise node.error(
            f"{length} points along axis {axis} of {list(x.shape)}", f"at most {MAX_LENGTH} real or complex numbers"
        )
    order = (*range(axis), *range(axis + 1, rank - 1), axis, rank - 1)
    y = transformed(build, build.transpose(x, order), Transform(length, inverse, onesided))
    return build.transpose(y, tuple(int(i) for i in np.argsort(order)))


@row("STFT")
def stft(node: Node, build: Builder) -> Value:
    x, step, window = node.ranked(node.x, 2, 3), node.integer(1), node.optional(2)
    x = build.reshape(x, (*x.shape, 1)) if len(x.shape) == 2 else x
    length = node.integer(3) if node.optional(3) is not None else (window.shape[0] if window is not None else 0)
    total = x.shape[1]
    if step < 1 or not 0 < length <= min(total, MAX_LENGTH) or (window is not None and window.shape != (length,)):
        raise node.error(f"frames of {length}, every {step} of {total}", "frames within the signal, and a window as long")
    starts = np.arange(0, total - length + 1, step)
    build.afford(len(starts), length)
    places = (starts[:, None] + np.arange(length)).astype(np.int64)
    frames = build.op(Gather, x=x, indices=build.constant(places), axis=1, batch=0)
    if window is not None:
        frames = build.binary(Mul, frames, build.reshape(window, (length, 1)))
    return transformed(build, frames, Transform(length, False, bool(node.attr_int("onesided", 1))))


@row("MelWeightMatrix")
def mel_weight_matrix(node: Node, build: Builder) -> Value:
    """Triangles between points at even distances on the mel scale, over the bins of a spectrum."""
    bins, length, rate = (node.integer(position) for position in range(3))
    low, high = node.scalar(3, 0), node.scalar(4, 0)
    number = node.attr_int("output_datatype", 1)
    if not (0 < bins <= 4096 and 0 < length <= MAX_LENGTH and rate > 0 and 0 <= low < high <= rate / 2):
        raise node.error(f"{bins} bands from {low:g} to {high:g} of {rate} Hz", "bands within half of the sample rate")
    if number not in TYPES:
        raise node.error(f"elements of {type_name(number)}", "a type that tensors have at run time")
    mel = 2595 * np.log10(1 + np.array([low, high]) / 700)
    points = 700 * (10 ** ((mel[0] + np.arange(bins + 2) * (mel[1] - mel[0]) / (bins + 2)) / 2595) - 1)
    edges = ((length + 1) * points // rate).astype(np.int64)
    matrix, at = np.zeros((length // 2 + 1, bins)), np.arange(length // 2 + 1)
    for band, (left, top, right) in enumerate(zip(edges, edges[1:], edges[2:], strict=False)):
        rising, falling = (at >= left) & (at <= top), (at >= top) & (at < right)
        matrix[rising, band] = 1 if left == top else (at[rising] - left) / (top - left)
        if right > top:
            matrix[falling, band] = (right - at[falling]) / (right - top)
    return build.constant(matrix, TYPES[number])
