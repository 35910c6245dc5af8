# SPDX-License-Identifier: Apache-2.0
"""CONV_3D, CONV_3D_TRANSPOSE: windows that slide over depth, height and width."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Clamped, Operator, Signature, signature
from tinycc.ops.conditions import not_empty

Triple = tuple[int, int, int]
"""Depth, height, width."""


class Volume(NamedTuple):
    """Size, stride and dilation (in elements) of a sliding window, and the padding before the input along each axis."""

    size: Triple
    stride: Triple
    dilation: Triple
    before: Triple

    @property
    def taps(self) -> Iterator[Triple]:
        yield from itertools.product(*map(range, self.size))

    def __str__(self) -> str:
        size, stride, dilation = ("x".join(map(str, part)) for part in self[:3])
        return f"{size}/{stride}" + (f"@{dilation}" if set(self.dilation) != {1} else "") + f" pad {self.before}"


@dataclass(frozen=True, eq=False, kw_only=True)
class VolumeSum(Clamped, Operator):
    """What both share: x [N,D,H,W,C], y [N,D',H',W',O], bias [O] or absent."""

    x: Value
    weights: Value
    bias: Value | None
    window: Volume
    size: Triple

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("float32", DType.FLOAT32, x=DType.FLOAT32, weights=DType.FLOAT32, bias=DType.FLOAT32),
    )

    @property
    def channels(self) -> int:
        raise NotImplementedError(type(self).__name__)

    @property
    def depth(self) -> int:
        """Channels of x that the weights are for."""
        raise NotImplementedError(type(self).__name__)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.x.shape[0], *self.size, self.channels), DType.FLOAT32),)

    def finished(self, total: Array, read: Reader) -> tuple[Array, ...]:
        """Sums with bias and clamp."""
        total = total if self.bias is None else total + read(self.bias).ravel()
        return (np.clip(total, self.range.min, self.range.max).astype(np.float32),)

    def positions(self, outer: Triple, inner: Triple, tap: Triple) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
        """For a tap: which of the `outer` positions (those that step by the stride) meet which of the `inner` ones."""
        ends = [_meeting(*axis) for axis in zip(outer, inner, tap, *self.window[1:], strict=True)]
        return tuple(end[0] for end in ends), tuple(end[1] for end in ends)


def _meeting(outer: int, inner: int, tap: int, stride: int, dilation: int, before: int) -> tuple[slice, slice]:
    shift = tap * dilation - before
    first = max(-(shift // stride) if shift < 0 else 0, 0)
    last = min((inner - 1 - shift) // stride, outer - 1)
    count = max(last - first + 1, 0)
    start = first * stride + shift
    return slice(first, first + count), slice(start, start + count * stride, stride) if count else slice(0, 0)


@dataclass(frozen=True, eq=False, kw_only=True)
class Conv3D(VolumeSum):
    """y[n,i,j,k,o] = clamp(bias[o] + sum_{a,b,c,m} x[n, i*s+a*d-p, j*s+b*d-p, k*s+c*d-p, m] * weights[a,b,c,m,o]).

    weights: [kD,kH,kW,C,O]; what lies outside x counts as 0. Source: LiteRT reference/conv3d.h.
    """

    @property
    def channels(self) -> int:
        return self.weights.shape[4]

    @property
    def depth(self) -> int:
        return self.weights.shape[3]

    @property
    def macs(self) -> int:
        return self.y.type.elements * int(np.prod(self.weights.shape[:4]))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x, weights = read(self.x), read(self.weights)
        total = np.zeros(self.infer()[0].shape, np.float32)
        with np.errstate(all="ignore"):
            for tap in self.window.taps:
                at, from_x = self.positions(self.size, x.shape[1:4], tap)
                total[(slice(None), *at)] += x[(slice(None), *from_x)] @ weights[tap]
            return self.finished(total, read)


@dataclass(frozen=True, eq=False, kw_only=True)
class TransposeConv3D(VolumeSum):
    """y[n, i*s+a*d-p, j*s+b*d-p, k*s+c*d-p, o] += x[n,i,j,k,m] * weights[a,b,c,o,m] for all that lies inside y.

    Then the bias is added, and the sum clamped. weights: [kD,kH,kW,O,C]. Source: LiteRT reference/conv3d_transpose.h.
    """

    @property
    def channels(self) -> int:
        return self.weights.shape[3]

    @property
    def depth(self) -> int:
        return self.weights.shape[4]

    @property
    def macs(self) -> int:
        return self.x.type.elements * int(np.prod(self.weights.shape[:4]))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x, weights = read(self.x), read(self.weights)
        total = np.zeros(self.infer()[0].shape, np.float32)
        with np.errstate(all="ignore"):
            for tap in self.window.taps:
                from_x, at = self.positions(x.shape[1:4], self.size, tap)
                total[(slice(None), *at)] += x[(slice(None), *from_x)] @ weights[tap].T
            return self.finished(total, read)


def matching_channels(op: VolumeSum) -> str | None:
    """the input's channels are those of the weights, and the bias has one entry per output channel"""
    if op.x.shape[4] != op.depth or (op.bias is not None and op.bias.type.elements != op.channels):
        return f"input {op.x.type}, weights {op.weights.type}" + (f", bias {op.bias.type}" if op.bias else "")
    return None


Conv3D.conditions = TransposeConv3D.conditions = (matching_channels, not_empty)
