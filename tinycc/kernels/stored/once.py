# SPDX-License-Identifier: Apache-2.0
"""Bundled convolutions that round once, as ONNX does: packed constants are read where they are, and there is no scratch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Table, Tensor, struct
from tinycc.kernels.cmsis_nn import convolution, depthwise
from tinycc.kernels.cmsis_nn.base import nhwc
from tinycc.kernels.costs import cost_of
from tinycc.kernels.facts import rounds_to_even, rounds_twice
from tinycc.kernels.fitted import estimate
from tinycc.kernels.folding import once_for_all
from tinycc.kernels.stored.nominal import inputs_offset, own_constants, requant_of
from tinycc.kernels.stored.packed import Conv, bundled
from tinycc.kernels.stored.requant import is_short
from tinycc.kernels.stored.scalar import Packed, folded_columns, folded_form, packed
from tinycc.program.types import Content

OUTPUT = 20
"""Instructions of an output more than with the arrays of CMSIS-NN, which round twice: none where its constants are a word and
half a word. Counted on Cortex-M0, M3 and RV32: of pointwise convolutions within 4 %."""


@once_for_all
def constants(op: Conv) -> Packed | None:
    """Those of tk_output_folded_s8, by sums of offset codes times weights; any number of channels may have others."""
    own = own_constants(op)
    if own is None:
        return None
    least = max(int(own.right.min()), 1)
    found = packed(op, folded_form(least, twice=False), least, folded_columns, few=0)
    if found is None or not len(found.others):
        return found
    channel, multiplier, low, high = found.others.astype(np.int64).T
    addend = (high.astype(np.uint64) << np.uint64(32) | low.astype(np.uint64)).view(np.int64)
    addend -= inputs_offset(op)[channel] * multiplier
    others = np.stack((channel, multiplier, addend, addend >> 32), 1) & 0xFFFFFFFF
    return found._replace(others=others.astype(np.uint32))


def unpacks_once(op: Conv, context: Context) -> str | None:
    """multiplier, shift and bias of a channel, or words of its own, give its codes, proved"""
    return "a channel for which they do not" if constants(op) is None else None


def _once(symbol: str, name: str, variants: Sequence[Variant[Any]]) -> Variant[Any]:
    """The variant beside CMSIS-NN's of that name."""
    (plain,) = (variant for variant in variants if variant.name == name)

    def bind(op: Conv, context: Context) -> tuple[Call, ...]:
        (call,) = plain.bind(op, context)
        found = constants(op)
        assert found is not None
        others = np.append(np.uint32(len(found.others)), found.others)
        codes = struct(
            "tk_packed_codes",
            requant=requant_of(found.constants),
            shift=found.shift,
            output_offset=op.y.zero_point,
            twice=0,
            channels=op.channels,
            others=Table("others", others, Content.REQUANT) if len(found.others) else None,
        )
        params = call.args[1]  # cmsis_nn_conv_params in CMSIS-NN's argument lists
        shapes = nhwc(op.x), nhwc(op.weights), nhwc(op.y)
        return (Call(symbol, (Tensor(op.x), Tensor(op.weights), Tensor(op.y), codes, params, *shapes)),)

    def cost(op: Conv, context: Context) -> Cost:
        found = constants(op)
        assert found is not None
        outputs = 0 if is_short(requant_of(found.constants)) else op.y.type.elements
        known, more = estimate(plain, op, context), cost_of(OUTPUT * outputs, context.target)
        return Cost(known.cycles + more.cycles, known.instructions + more.instructions)

    facts: tuple[Fact[Any], ...] = tuple(fact for fact in plain.facts if fact is not rounds_twice)
    facts = (rounds_to_even, *facts, bundled, unpacks_once)
    return Variant(symbol, plain.op, plain.signatures, bind, cost, facts, plain.features, thrifty=True)


VARIANTS = (
    _once("tk_convolve_folded_s8", "arm_convolve_s8", convolution.VARIANTS),
    _once("tk_depthwise_3x3_folded_s8", "arm_depthwise_conv_3x3_s8", depthwise.VARIANTS),
    _once("tk_depthwise_folded_s8", "arm_depthwise_conv_s8", depthwise.VARIANTS),
)
