# SPDX-License-Identifier: Apache-2.0
"""Bundled convolutions that read packed requantization constants where they are: 6 bytes for a channel in place of 12."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tinycc.kernels.base import Context, Cost, Fact, Origin, Variant
from tinycc.kernels.calls import Arg, Call, Tensor
from tinycc.kernels.cmsis_nn import convolution, depthwise
from tinycc.kernels.cmsis_nn.base import nhwc
from tinycc.kernels.costs import cost_of
from tinycc.kernels.fitted import estimate
from tinycc.kernels.stored.requant import is_normal, requant
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D

Conv = Conv2D | DepthwiseConv2D
READ, EXPANDED = 2, 20
"""Instructions for reading the constants of an output, and for writing those of a channel to the stack."""


def bundled(op: Conv, context: Context) -> str | None:
    """the bundled functions are linked"""
    return f"{context.provider.name}" if context.units else None


def packable(op: Conv, context: Context) -> str | None:
    """multipliers have 31 bits, and the bias is a constant"""
    if op.bias is not None and op.bias.data is None:
        return "a computed bias"
    if len(op.requantization) not in (1, op.channels):
        return f"{len(op.requantization)} multipliers"
    return None if is_normal(op.requantization) else "another multiplier"


def _args(op: Conv, params: Arg, *, window: bool) -> tuple[Arg, ...]:
    bias = None if op.bias is None or op.bias.data is None else op.bias.data.ravel()
    return (
        *(Tensor(op.x), Tensor(op.weights), Tensor(op.y), requant(op.requantization, bias), params, nhwc(op.x)),
        *((nhwc(op.weights),) if window else ()),
        nhwc(op.y),
    )


def _packed(
    plain: Variant[Any], symbol: str, extra: Callable[[Conv], int], base: Callable[[Conv], Variant[Any]] | None = None
) -> Variant[Any]:
    """The variant beside `plain`. extra: instructions more than those of `base`, if that is another one."""
    position = 1  # of cmsis_nn_conv_params in CMSIS-NN's argument lists
    window = symbol != "tk_convolve_1x1_packed_s8"

    def bind(op: Conv, context: Context) -> tuple[Call, ...]:
        (call,) = plain.bind(op, context)
        return (Call(symbol, _args(op, call.args[position], window=window)),)

    def cost(op: Conv, context: Context) -> Cost:
        like = base(op) if base else plain
        known, more = estimate(like, op, context), cost_of(extra(op), context.target)
        return Cost(known.cycles + more.cycles, known.instructions + more.instructions)

    facts: tuple[Fact[Any], ...] = (*plain.facts, bundled, packable)
    made = replace(plain, name=symbol, bind=bind, cost=cost, facts=facts)
    return replace(made, origin=Origin.TINYCC, thrifty=True)


def _outputs(op: Conv) -> int:
    return READ * op.y.type.elements


def _channels(op: Conv) -> int:
    return EXPANDED * op.channels


def _pointwise(op: Conv) -> Variant[Any]:
    """It goes through all pixels at once where nothing lies between them."""
    return _PLAIN["arm_convolve_1x1_s8_fast" if op.window.stride == (1, 1) else "arm_convolve_1x1_s8"]


_PLAIN: dict[str, Variant[Any]] = {
    variant.name: variant for variants in (convolution.VARIANTS, depthwise.VARIANTS) for variant in variants
}

VARIANTS = (
    _packed(_PLAIN["arm_convolve_1x1_s8"], "tk_convolve_1x1_packed_s8", _channels, _pointwise),
    _packed(_PLAIN["arm_convolve_s8"], "tk_convolve_packed_s8", _outputs),
    _packed(_PLAIN["arm_depthwise_conv_3x3_s8"], "tk_depthwise_3x3_packed_s8", _outputs),
    _packed(_PLAIN["arm_depthwise_conv_s8"], "tk_depthwise_packed_s8", _outputs),
)
