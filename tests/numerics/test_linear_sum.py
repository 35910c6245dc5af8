# SPDX-License-Identifier: Apache-2.0
"""Requantized sums as one linear form: the same value for every pair of codes."""

from __future__ import annotations

import numpy as np

from tinycc.numerics.fixedpoint import quantize_multiplier, requantize
from tinycc.numerics.linear_sum import LARGEST, linear_sum

CODES = np.arange(-128, 128, dtype=np.int64)


def table(scales: tuple[float, float, float], zero_points: tuple[int, int, int], sign: int) -> np.ndarray:
    """ADD or SUB of all pairs as TFLM has it: reference/integer_ops/add.h."""
    top = 2 * max(scales[:2])
    first, second, last = map(quantize_multiplier, (scales[0] / top, scales[1] / top, top / (2**20 * scales[2])))
    a = requantize((CODES - zero_points[0]) << 20, first.multiplier, first.shift)[:, None]
    b = requantize((CODES - zero_points[1]) << 20, second.multiplier, second.shift)[None, :]
    return np.clip(requantize(a + sign * b, last.multiplier, last.shift) + zero_points[2], -128, 127)


def test_sums_of_usual_scales_are_linear() -> None:
    rng = np.random.default_rng(1)
    for index in range(40):
        x1 = 10 ** rng.uniform(-2.5, -1)
        x2 = x1 * 10 ** rng.uniform(-1, 1)
        y = max(x1, x2) * 10 ** rng.uniform(-0.3, 0.5)
        sign = -1 if index % 3 == 0 else 1
        zero_points = tuple(rng.integers(-128, 128, 3).tolist())
        codes = table((x1, x2, y), zero_points, sign)
        form = linear_sum(codes, x1 / y, sign * x2 / y, 21)
        assert form is not None
        assert (form(CODES[:, None], CODES[None, :]) == codes).all()
        assert 128 * (abs(form.multiplier_a) + abs(form.multiplier_b)) + abs(form.offset) <= 2 * LARGEST


def test_what_is_not_linear_is_told() -> None:
    codes = table((0.1, 0.1, 0.1), (0, 0, 0), 1)
    codes[3, 200] += 1
    assert linear_sum(codes, 1.0, 1.0, 21) is None
    assert linear_sum(table((0.9, 0.8, 1e-4), (0, 0, 0), 1), 9000.0, 8000.0, 21) is None
