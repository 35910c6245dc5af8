# SPDX-License-Identifier: Apache-2.0
"""Layers by their sizes in words, for the edges of conditions: `CONV_2D float32 1x40x9x4 8 k33x1 s1x1 VALID`, where 8 are the
output channels (of a pool its input's). `d2x1` behind them is a dilation, `g2` are groups, `p1x0x2x0` zeros around the image
(top, bottom, left, right), `bare` leaves the bias out, `least` has a weight of -128. Weights that take fewer bytes: `z60` of a
hundred are zeros, `v4` different ones, `n9` at most 9 from zero. The size of a transposed convolution is that of its input:
`TRANSPOSE_CONV int8 1x4x4x4 8 k3x3 s2x2 SAME`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from model_builder import ModelBuilder

POOLS = ("AVERAGE_POOL_2D", "MAX_POOL_2D")


def spelled(text: str) -> bytes:
    op, dtype, image, count, *more = text.split()
    shape, channels = tuple(map(int, image.split("x"))), int(count)
    m = ModelBuilder()
    quantized = {} if dtype == "float32" else {"scale": 0.05, "zero_point": 3 if dtype == "int8" else 0}
    x = m.input(shape, dtype, **quantized)
    sizes = {word[0]: tuple(map(int, word[1:].split("x"))) for word in more if word[1:2].isdigit()}
    few = {word: sizes[word][0] for word in ("z", "v", "n") if word in sizes}
    kind = _Weights(m, dtype, channels, "bare" not in more, "least" in more, few)
    if op == "FULLY_CONNECTED":
        y = m.tensor((shape[0], channels), dtype, **quantized)
        m.op(op, [x, *kind.of((channels, shape[1]), 0)], [y])
        return m.build([y])
    kernel, stride, dilation, (groups,) = sizes["k"], sizes["s"], sizes.get("d", (1, 1)), sizes.get("g", (1,))
    same = "SAME" in more
    if "p" in sizes:
        around = np.array([(0, 0), sizes["p"][:2], sizes["p"][2:], (0, 0)], np.int32)
        shape = tuple(int(n + sum(pair)) for n, pair in zip(shape, around, strict=True))
        wider = m.tensor(shape, dtype, **quantized)
        m.op("PAD", [x, m.const(around)], [wider])
        x = wider
    reach = [(k - 1) * step + 1 for k, step in zip(kernel, dilation, strict=True)]
    out = [-(-n // s) if same else (n - r) // s + 1 for n, r, s in zip(shape[1:3], reach, stride, strict=True)]
    y = m.tensor((shape[0], *out, channels), dtype, **quantized)
    options: dict[str, int | str] = {"padding": "SAME" if same else "VALID", "stride_h": stride[0], "stride_w": stride[1]}
    spread = {"dilation_h_factor": dilation[0], "dilation_w_factor": dilation[1]}
    if op in POOLS:
        m.op(op, [x], [y], filter_height=kernel[0], filter_width=kernel[1], **options)
    elif op == "TRANSPOSE_CONV":
        size = [n * k if same else (n - 1) * k + max(r, k) for n, k, r in zip(shape[1:3], stride, kernel, strict=True)]
        y = m.tensor((shape[0], *size, channels), dtype, **quantized)
        weights, *bias = kind.of((channels, *kernel, shape[3]), 0)
        m.op(op, [m.const(np.array([shape[0], *size, channels], np.int32)), weights, x, *bias], [y], **options)
    elif op == "DEPTHWISE_CONV_2D":
        multiplier = channels // shape[3]
        m.op(op, [x, *kind.of((1, *kernel, channels), 3)], [y], depth_multiplier=multiplier, **options, **spread)
    else:
        m.op(op, [x, *kind.of((channels, *kernel, shape[3] // groups), 0)], [y], **options, **spread)
    return m.build([y])


@dataclass(frozen=True)
class _Weights:
    m: ModelBuilder
    dtype: str
    channels: int
    biased: bool
    least: bool
    few: Mapping[str, int]

    def of(self, shape: tuple[int, ...], axis: int) -> list[int]:
        """The operands for weights and bias."""
        m, channels, rng = self.m, self.channels, np.random.default_rng(self.channels)
        if self.dtype == "float32":
            w = m.const(rng.standard_normal(shape).astype(np.float32))
            return [w, m.const(rng.standard_normal(channels).astype(np.float32)) if self.biased else -1]
        scales = [0.002 * (1 + number / channels) for number in range(channels)]
        codes = self._codes(rng, shape)
        if self.least:
            codes.flat[0] = -128
        w = m.const(codes, scale=scales, axis=axis)
        wide = np.int32 if self.dtype == "int8" else np.int64
        bias = m.const(rng.integers(-900, 900, channels).astype(wide), scale=[0.05 * scale for scale in scales])
        return [w, bias if self.biased else -1]

    def _codes(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        most = self.few.get("n", 90)
        codes = rng.integers(-most, most, shape)
        if "v" in self.few:
            codes = rng.choice(rng.permutation(np.arange(-most, most))[: self.few["v"]], shape)
        if "z" in self.few:
            codes[rng.random(shape) * 100 < self.few["z"]] = 0
        return codes.astype(np.int8)
