# SPDX-License-Identifier: Apache-2.0
"""Layers by their sizes in words, for the edges of conditions: `CONV_2D float32 1x40x9x4 8 k33x1 s1x1 VALID`, where 8 are the
output channels (of a pool its input's). `d2x1` behind them is a dilation, `g2` are groups, `bare` leaves the bias out."""

from __future__ import annotations

import numpy as np
from model_builder import ModelBuilder

POOLS = ("AVERAGE_POOL_2D", "MAX_POOL_2D")


def spelled(text: str) -> bytes:
    op, dtype, image, count, *more = text.split()
    shape, channels = tuple(map(int, image.split("x"))), int(count)
    m = ModelBuilder()
    quantized = {} if dtype == "float32" else {"scale": 0.05, "zero_point": 3 if dtype == "int8" else 0}
    x = m.input(shape, dtype, **quantized)
    if op == "FULLY_CONNECTED":
        y = m.tensor((shape[0], channels), dtype, **quantized)
        m.op(op, [x, *_weights(m, dtype, (channels, shape[1]), channels, 0, "bare" not in more)], [y])
        return m.build([y])
    sizes = {word[0]: tuple(map(int, word[1:].split("x"))) for word in more if word[1:2].isdigit()}
    kernel, stride, dilation, (groups,) = sizes["k"], sizes["s"], sizes.get("d", (1, 1)), sizes.get("g", (1,))
    same = "SAME" in more
    reach = [(k - 1) * step + 1 for k, step in zip(kernel, dilation, strict=True)]
    out = [-(-n // s) if same else (n - r) // s + 1 for n, r, s in zip(shape[1:3], reach, stride, strict=True)]
    y = m.tensor((shape[0], *out, channels), dtype, **quantized)
    options: dict[str, int | str] = {"padding": "SAME" if same else "VALID", "stride_h": stride[0], "stride_w": stride[1]}
    spread = {"dilation_h_factor": dilation[0], "dilation_w_factor": dilation[1]}
    if op in POOLS:
        m.op(op, [x], [y], filter_height=kernel[0], filter_width=kernel[1], **options)
    elif op == "DEPTHWISE_CONV_2D":
        operands = _weights(m, dtype, (1, *kernel, channels), channels, 3, "bare" not in more)
        m.op(op, [x, *operands], [y], depth_multiplier=channels // shape[3], **options, **spread)
    else:
        operands = _weights(m, dtype, (channels, *kernel, shape[3] // groups), channels, 0, "bare" not in more)
        m.op(op, [x, *operands], [y], **options, **spread)
    return m.build([y])


def _weights(m: ModelBuilder, dtype: str, shape: tuple[int, ...], channels: int, axis: int, biased: bool) -> list[int]:
    """The operands for weights and bias."""
    rng = np.random.default_rng(channels)
    if dtype == "float32":
        w = m.const(rng.standard_normal(shape).astype(np.float32))
        return [w, m.const(rng.standard_normal(channels).astype(np.float32)) if biased else -1]
    scales = [0.002 * (1 + number / channels) for number in range(channels)]
    w = m.const(rng.integers(-90, 90, shape).astype(np.int8), scale=scales, axis=axis)
    wide = np.int32 if dtype == "int8" else np.int64
    bias = m.const(rng.integers(-900, 900, channels).astype(wide), scale=[0.05 * scale for scale in scales])
    return [w, bias if biased else -1]
