# SPDX-License-Identifier: Apache-2.0
"""Layers with int4 weights by the kernels for int8: where speed is all that is asked for, and in layers of few weights, they
become bytes in flash; else those of convolutions stay four bits each, indices of a palette, and become bytes some channels at a
time.

What a kernel for a core's extension wants of its weights, it reads of their codes, which are the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tinycc.ir import DType, Graph
from tinycc.kernels.base import Context, Fact, Variant
from tinycc.kernels.dsp import conv, dense, depthwise, depthwise_pixels, winograd
from tinycc.kernels.mve import conv as mve_conv
from tinycc.kernels.mve import dense as mve_dense
from tinycc.kernels.mve import depthwise as mve_depthwise
from tinycc.kernels.mve import lines as mve_lines
from tinycc.kernels.portable import paired
from tinycc.kernels.stored import helium
from tinycc.kernels.stored.coded import FAST, Form, coded_size
from tinycc.kernels.stored.coding import CODINGS, Coding
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.preferences import Goal

MODULES = (conv, dense, depthwise, depthwise_pixels, winograd, mve_conv, mve_dense, mve_depthwise, mve_lines, paired)
PACKED, BYTES = "int8x4", "int8"
"""Names of signatures: int8 activations with weights of four bits, of eight."""
TENTH = 10
"""The part of a model's constants that weights of few layers may add as bytes; of packed weights that a palette may add."""
LITTLE = 256
"""Bytes that they may add to any model: less than the code of a kernel that reads packed weights."""


def widest(graph: Graph, goal: Goal) -> int:
    """Weights of the largest layers that may have bytes for them: any for speed; else together these add a tenth to the
    constants, or LITTLE."""
    constants = {value for op in graph.all_ops for value in op.inputs if value.constant}
    room = max(sum(value.type.bytes for value in constants) // TENTH, LITTLE)
    counts = sorted(value.type.elements for value in constants if value.dtype is DType.INT4)
    added = np.cumsum([count // 2 for count in counts])
    fitting = [count for count, more in zip(counts, added, strict=True) if more <= room or goal is Goal.SPEED]
    return max((count for count in fitting if counts.count(count) == fitting.count(count)), default=0)


def little_more(op: WeightedSum, context: Context) -> str | None:
    """weights may take twice the flash: --optimize speed, or few of the model's"""
    count = op.weights.type.elements
    return None if count <= context.widen else f"{count} weights"


def widened(variant: Variant[Any]) -> Variant[Any]:
    return replace(variant, signatures=(PACKED,), facts=(little_more, *variant.facts))


def near_packed(form: Form, coding: Coding) -> Fact[Any]:
    def fact(op: Conv2D | FullyConnected, context: Context) -> str | None:
        packed, size = op.weights.type.bytes, coded_size(op, form.units, coding)
        little = size is not None and (size <= packed + packed // TENTH or little_more(op, context) is None)
        return None if little else f"{size:,} bytes for {packed:,}"

    fact.__doc__ = "with a palette, and filled up, weights take a tenth more than packed at most, or are few of the model's"
    return fact


def decoded(form: Form, coding: Coding) -> Variant[Any]:
    variant = form.variant(coding)
    return replace(variant, signatures=(PACKED,), facts=(*variant.facts, near_packed(form, coding)), thrifty=False)


(PALETTE,) = (coding for coding in CODINGS if coding.name == "palette4")
VARIANTS = tuple(widened(variant) for module in MODULES for variant in module.VARIANTS if BYTES in variant.signatures) + tuple(
    decoded(form, PALETTE) for form in (*FAST, *helium.FORMS)
)
