# SPDX-License-Identifier: Apache-2.0
"""Layers with int4 weights by the kernels for int8: where speed is all that is asked for, their weights become bytes in flash;
else those of convolutions stay four bits each, indices of a palette, and become bytes some channels at a time.

What a kernel for a core's extension wants of its weights, it reads of their codes, which are the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tinycc.kernels.base import Context, Variant
from tinycc.kernels.dsp import conv, dense, depthwise, depthwise_pixels, winograd
from tinycc.kernels.mve import conv as mve_conv
from tinycc.kernels.mve import dense as mve_dense
from tinycc.kernels.mve import depthwise as mve_depthwise
from tinycc.kernels.mve import lines as mve_lines
from tinycc.kernels.portable import paired
from tinycc.kernels.stored import coded
from tinycc.kernels.stored.coding import CODINGS
from tinycc.ops.convolution.base import WeightedSum

MODULES = (conv, dense, depthwise, depthwise_pixels, winograd, mve_conv, mve_dense, mve_depthwise, mve_lines, paired)
PACKED, BYTES = "int8x4", "int8"
"""Names of signatures: int8 activations with weights of four bits, of eight."""
PALETTE, LITTLE = 16, 10
"""Bytes of a palette, and how many of them the packed weights are at least: it adds a tenth at most."""


def for_speed(op: WeightedSum, context: Context) -> str | None:
    """weights may take twice the flash: --optimize speed"""
    return None if context.widen else f"--optimize {context.goal.value}"


def widened(variant: Variant[Any]) -> Variant[Any]:
    return replace(variant, signatures=(PACKED,), facts=(for_speed, *variant.facts))


def near_packed(op: WeightedSum, context: Context) -> str | None:
    """a palette is little beside the weights"""
    count = int(np.prod(op.weights.shape))
    return None if count // 2 >= LITTLE * PALETTE else f"{count} weights"


def decoded(variant: Variant[Any]) -> Variant[Any]:
    return replace(variant, signatures=(PACKED,), facts=(near_packed, *variant.facts), thrifty=False)


VARIANTS = tuple(widened(variant) for module in MODULES for variant in module.VARIANTS if BYTES in variant.signatures) + tuple(
    decoded(form.variant(coding)) for form in coded.FAST for coding in CODINGS if coding.name == "palette4"
)
