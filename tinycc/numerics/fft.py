# SPDX-License-Identifier: Apache-2.0
"""The FFT of TFLM's signal library (kiss_fft) in numpy: mixed radix, in int16, int32 or float32, bit for bit.

A transform of n points is a list of stages, innermost first: a stage of radix p makes blocks of p * m points out of p blocks of
m. Integers are fractions of 2**15 (2**31). A stage divides by p first, so that nothing overflows on the way; what leaves it
may, and wraps. Products are rounded to the nearest, halves upwards.

Complex numbers are arrays whose first axis holds the real and the imaginary part; integers are held in int64.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np

from tinycc.ir import Array, DType


class Stage(NamedTuple):
    """Blocks of `radix` * `m` points out of `radix` blocks of `m` points."""

    radix: int
    m: int


@cache
def stages(n: int) -> tuple[Stage, ...]:
    """The stages of n points, innermost first: fours are outermost, then a two, then odd primes upwards (for one point, 1)."""
    radices: list[int] = []
    rest, radix = n, 4
    while rest > 1 or not radices:
        while rest % radix:
            radix = {4: 2, 2: 3}.get(radix, radix + 2)
            radix = rest if radix > math.isqrt(n) else radix
        rest //= radix
        radices.append(radix)
    return tuple(Stage(radix, math.prod(radices[i + 1 :])) for i, radix in enumerate(radices))[::-1]


def reading_order(n: int) -> Array:
    """The points in the order in which the innermost stage reads them."""
    order: Array = np.arange(n).reshape([stage.radix for stage in stages(n)]).T.ravel()
    return order


class Fft:
    """The arithmetic of an element type, over `n` complex points; `inverse` turns the other way. No scaling but the stages'."""

    def __init__(self, dtype: DType, n: int, *, inverse: bool) -> None:
        self.dtype, self.n, self.inverse = dtype, n, inverse
        self.bits = 8 * dtype.bytes - 1 if dtype.is_integer else 0
        self.one = 2**self.bits - 1 if self.bits else 1

    def _table(self, phases: Iterable[float]) -> Array:
        """exp(i * phase), or its conjugate for the inverse, of each phase, as elements: [2, phases]."""
        turned = [-phase if self.inverse else phase for phase in phases]
        parts = [[math.cos(phase) for phase in turned], [math.sin(phase) for phase in turned]]
        if self.bits:
            parts = [[math.floor(0.5 + self.one * value) for value in part] for part in parts]
        return np.asarray(parts, self.dtype.numpy)

    def twiddles(self) -> Array:
        """exp(-2 pi i k / n) for each k below n."""
        return self._table(-2 * math.pi * k / self.n for k in range(self.n))

    def half_twiddles(self) -> Array:
        """-i exp(-pi i k / n) for k from 1 to n / 2: what joins the halves of a real transform of 2 n points."""
        return self._table(-math.pi * (k / self.n + 0.5) for k in range(1, self.n // 2 + 1))

    def wide(self, x: Array) -> Array:
        return x.astype(np.int64) if self.bits else x

    def wrap(self, x: Array) -> Array:
        """What an element holds of x."""
        return self.wide(x.astype(self.dtype.numpy))

    def _round(self, product: Array) -> Array:
        return self.wrap((product + (1 << (self.bits - 1))) >> self.bits) if self.bits else product

    def divide(self, x: Array, by: int) -> Array:
        """Integers divided, by a factor that falls short of 1 / `by`; floats as they are."""
        return self._round(x * (self.one // by)) if self.bits else x

    def half(self, x: Array) -> Array:
        return self.wide(x.astype(np.int32) >> 1) if self.bits else x * np.float32(0.5)

    def multiply(self, a: Array, b: Array) -> Array:
        b = self.wide(b)
        return self._round(np.stack([a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]))

    def scale(self, a: Array, factor: Array) -> Array:
        """A complex number times a real one."""
        return self._round(a * self.wide(factor))

    def transform(self, z: Array) -> Array:
        """The transform of z [2, frames, n], elements in int64 or float32."""
        table = self.twiddles()
        z = z[..., reading_order(self.n)]
        for radix, m in stages(self.n):
            blocks = z.reshape(*z.shape[:2], self.n // (radix * m), radix, m)
            parts = [self.divide(blocks[..., q, :], radix) for q in range(radix)]
            z = self.wrap(np.stack(self._butterfly(parts, table, m), axis=-2)).reshape(z.shape)
        return z

    def real_spectrum(self, x: Array) -> Array:
        """The transform of x [frames, 2 n], real elements: [2, frames, n + 1]. Not for the inverse."""
        n, k = self.n, self._pairs
        z = self.transform(self.wide(np.stack([x[:, 0::2], x[:, 1::2]])))
        total, turned = self._join(z)
        first = self.divide(z[..., 0], 2)
        y = np.zeros((*z.shape[:2], n + 1), self.dtype.numpy)
        y[0, :, 0], y[0, :, n] = first[0] + first[1], first[0] - first[1]
        y[..., k] = self.half(total + turned)
        y[..., n - k] = self.half(_conjugate(total - turned))
        return y

    def real_signal(self, spectrum: Array) -> Array:
        """The inverse transform of a spectrum [2, frames, n + 1]: [frames, 2 n], real elements; floats are 2 n times it."""
        n, k, spectrum = self.n, self._pairs, self.wide(spectrum)
        total, turned = self._join(spectrum)
        first, last = spectrum[0, :, 0], spectrum[0, :, n]
        z = np.zeros((*spectrum.shape[:2], n), spectrum.dtype)
        z[..., 0] = self.divide(self.wrap(np.stack([first + last, first - last])), 2)
        z[..., k] = self.wrap(total + turned)
        z[..., n - k] = self.wrap(_conjugate(total - turned))
        y = self.transform(z)
        return np.stack([y[0], y[1]], axis=-1).reshape(y.shape[1], 2 * n).astype(self.dtype.numpy)

    @property
    def _pairs(self) -> Array:
        """Points k that have a mirror image n - k; where both are the same, the image counts."""
        return np.arange(1, self.n // 2 + 1)

    def _join(self, z: Array) -> tuple[Array, Array]:
        """For point k from 1 to n / 2 and point n - k, mirrored: their sum, and their difference turned."""
        k = self._pairs
        near, far = self.divide(z[..., k], 2), self.divide(self.wrap(_conjugate(z[..., self.n - k])), 2)
        return near + far, self.multiply(near - far, self.half_twiddles()[:, None, :])

    def _butterfly(self, x: list[Array], table: Array, m: int) -> list[Array]:
        radix = len(x)
        step = self.n // (radix * m)
        turned = [self.multiply(x[q], table[:, None, None, q * step * np.arange(m)]) for q in range(1, radix)]
        if radix == 2:
            return [x[0] + turned[0], x[0] - turned[0]]
        if radix == 4:
            return self._radix4(x[0], *turned)
        root, square = table[:, step * m], table[:, 2 * step * m]
        return self._radix3(x[0], turned[0], turned[1], root) if radix == 3 else self._radix5(x[0], turned, root, square)

    def _radix4(self, x: Array, a: Array, b: Array, c: Array) -> list[Array]:
        even, odd = x + b, x - b
        total, turned = a + c, _times_i(a - c)
        ahead, behind = (odd - turned, odd + turned)
        middle = (behind, ahead) if self.inverse else (ahead, behind)
        return [even + total, middle[0], even - total, middle[1]]

    def _radix3(self, x: Array, a: Array, b: Array, root: Array) -> list[Array]:
        total, difference = a + b, self.scale(a - b, root[1])
        centre, turned = x - self.half(total), _times_i(difference)
        return [x + total, centre + turned, centre - turned]

    def _radix5(self, x: Array, t: list[Array], root: Array, square: Array) -> list[Array]:
        outer, inner = t[0] + t[3], t[1] + t[2]
        outer_gap, inner_gap = t[0] - t[3], t[1] - t[2]
        near = x + self.scale(outer, root[0]) + self.scale(inner, square[0])
        far = x + self.scale(outer, square[0]) + self.scale(inner, root[0])
        near_turn = -_times_i(self.scale(outer_gap, root[1]) + self.scale(inner_gap, square[1]))
        far_turn = _times_i(self.scale(outer_gap, square[1]) - self.scale(inner_gap, root[1]))
        return [x + (outer + inner), near - near_turn, far + far_turn, far - far_turn, near + near_turn]


def _times_i(z: Array) -> Array:
    return np.stack([-z[1], z[0]])


def _conjugate(z: Array) -> Array:
    return np.stack([z[0], -z[1]])
