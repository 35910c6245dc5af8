# SPDX-License-Identifier: Apache-2.0
"""Whose arithmetic: where the runtimes differ."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array


def round_half_away(x: Array) -> Array:
    """std::round of float32 or float64 elements, as int64: to nearest, ties away from zero; saturated far outside int32."""
    wide = x.astype(np.float64)
    rounded = np.copysign(np.floor(np.abs(wide) + 0.5), wide)
    return np.clip(rounded, -(2.0**40), 2.0**40).astype(np.int64)


def scale_ratio(match: str, *factors: float, over: float) -> float:
    """The product of `factors` divided by `over`: in double for "tflm", in float32, from left to right, for "litert".

    ADD, SUB and QUANTIZE are in double in both runtimes. (TFLM's sources before October 2026 have float32 in some operators.)
    """
    real = np.float32 if match == "litert" else np.float64
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        product = real(factors[0])
        for factor in factors[1:]:
            product = product * real(factor)
        return float(product / real(over))
