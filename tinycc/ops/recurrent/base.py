# SPDX-License-Identifier: Apache-2.0
"""What operators with recurrent state share in numpy."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array

ACTIVATIONS = ("NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT")
"""Fused activations by their numbers in the file, which are those of tk_activation_f32.h."""


def activate(x: Array, activation: str) -> Array:
    """A fused activation of float32 elements; one that has bounds makes the lower one of NaN, as the runtimes do."""
    if activation == "TANH":
        return np.tanh(x.astype(np.float64)).astype(np.float32)
    if activation == "SIGN_BIT":
        return np.signbit(x).astype(np.float32)
    low, high = {"RELU": (0, np.inf), "RELU_N1_TO_1": (-1, 1), "RELU6": (0, 6)}.get(activation, (-np.inf, np.inf))
    result: Array = np.clip(x, np.float32(low), np.float32(high))
    return result if low == -np.inf else np.where(np.isnan(x), np.float32(low), result)


def wrapped(x: Array) -> Array:
    """int64 elements modulo 2**32, as int32 sums come out: int64 holding int32 values."""
    return x.astype(np.int32).astype(np.int64)
