# SPDX-License-Identifier: Apache-2.0
"""What is proved of operators before a kernel is taken, at both sides of every edge."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from spelled import spelled

from tinycc.compiler import load
from tinycc.kernels.base import Context, Fact
from tinycc.kernels.cmsis_nn import convolution, depthwise
from tinycc.kernels.dsp import conv16, depthwise16, pooling16, products16
from tinycc.kernels.fpu import convolution as fpu
from tinycc.kernels.portable import accumulate
from tinycc.ops.base import Operator
from tinycc.passes import run_passes
from tinycc.provider import parse_provider
from tinycc.target import TARGETS

BARE = Context(TARGETS["cortex-m4"])
HELIUM = Context(TARGETS["cortex-m55"], parse_provider("cmsis-nn"))


@cache
def operator(text: str) -> Operator:
    (op,) = (op for op in run_passes(load(spelled(text)).graph).ops if not op.view)
    assert isinstance(op, Operator)
    return op


ONE_BY_N: tuple[tuple[str, bool], ...] = (
    ("CONV_2D int8 1x1x9x4 8 k1x3 s1x1 SAME", True),
    ("CONV_2D int8 1x1x9x4 8 k1x4 s1x1 SAME", True),
    ("CONV_2D int8 1x1x9x4 8 k1x9 s1x1 VALID", True),
    ("CONV_2D int8 1x1x9x4 8 k1x10 s1x1 SAME", False),
    ("CONV_2D int8 1x1x9x4 8 k1x3 s1x2 SAME", False),
    ("CONV_2D int8 1x1x9x4 8 k1x3 s1x1 d1x2 SAME", False),
    ("CONV_2D int8 1x1x9x5 8 k1x3 s1x1 SAME", False),
    ("CONV_2D int8 1x1x9x8 8 k1x3 s1x1 g2 SAME", False),
    ("CONV_2D int8 1x2x9x4 8 k1x3 s1x1 SAME", False),
    ("CONV_2D int8 1x1x9x4 8 k3x3 s1x1 SAME", False),
    ("CONV_2D int8 1x3x9x4 8 k3x3 s1x1 VALID", False),
    ("CONV_2D int8 1x2x9x4 8 k1x3 s2x1 SAME", False),
)
ROWS: tuple[tuple[Fact[Any], Context, str, bool], ...] = (
    *((convolution.one_row_of_fours, BARE, text, holds) for text, holds in ONE_BY_N),
    (convolution.one_by_one, BARE, "CONV_2D int8 1x4x4x4 8 k1x1 s1x1 SAME", True),
    (convolution.one_by_one, BARE, "CONV_2D int8 1x4x4x4 8 k1x2 s1x1 SAME", False),
    (convolution.one_by_one, BARE, "CONV_2D int8 1x4x4x4 8 k1x1 s1x1 g2 SAME", False),
    (convolution.every_pixel, BARE, "CONV_2D int8 1x4x4x4 8 k1x1 s1x1 SAME", True),
    (convolution.every_pixel, BARE, "CONV_2D int8 1x4x4x4 8 k1x1 s1x2 SAME", False),
    (convolution.sizes_of_16_bits, BARE, "CONV_2D int8 1x1x65535x1 1 k1x1 s1x1 SAME", True),
    (convolution.sizes_of_16_bits, BARE, "CONV_2D int8 1x255x257x1 1 k255x257 s1x1 VALID", True),
    (convolution.sizes_of_16_bits, BARE, "CONV_2D int8 1x4x4x4 8 k1x1 s1x1 g2 SAME", False),
    (convolution.sizes_of_16_bits, BARE, "CONV_2D int8 1x256x256x1 1 k256x256 s1x1 VALID", False),
    (depthwise.regular, BARE, "DEPTHWISE_CONV_2D int8 1x9x9x4 4 k3x3 s1x1 SAME", True),
    (depthwise.regular, BARE, "DEPTHWISE_CONV_2D int8 1x9x9x4 4 k3x3 s1x1 d2x1 SAME", False),
    (depthwise.regular, BARE, "DEPTHWISE_CONV_2D int8 1x9x9x4 8 k3x3 s1x1 SAME", False),
    (depthwise.one_image, BARE, "DEPTHWISE_CONV_2D int8 1x9x9x4 4 k3x3 s1x1 SAME", True),
    (depthwise.one_image, BARE, "DEPTHWISE_CONV_2D int8 2x9x9x4 4 k3x3 s1x1 SAME", False),
    (depthwise.three_by_three, BARE, "DEPTHWISE_CONV_2D int8 1x9x9x4 4 k3x3 s1x1 SAME", True),
    (depthwise.three_by_three, BARE, "DEPTHWISE_CONV_2D int8 1x9x9x4 4 k3x3 s1x1 d2x2 SAME", False),
    (depthwise.three_by_three, BARE, "DEPTHWISE_CONV_2D int8 1x9x9x4 4 k3x5 s1x1 SAME", False),
    (depthwise.few_taps, BARE, "DEPTHWISE_CONV_2D int16 1x7x73x4 4 k7x73 s1x1 VALID", True),
    (depthwise.few_taps, BARE, "DEPTHWISE_CONV_2D int16 1x8x64x4 4 k8x64 s1x1 VALID", False),
    (depthwise.fours_with_helium, BARE, "DEPTHWISE_CONV_2D int16 1x5x5x5 5 k3x3 s1x1 VALID", True),
    (depthwise.fours_with_helium, HELIUM, "DEPTHWISE_CONV_2D int16 1x5x5x4 4 k3x3 s1x1 VALID", True),
    (depthwise.fours_with_helium, HELIUM, "DEPTHWISE_CONV_2D int16 1x5x5x5 5 k3x3 s1x1 VALID", False),
    (fpu.few_rows, BARE, "CONV_2D float32 1x40x3x4 8 k32x1 s1x1 VALID", True),
    (fpu.few_rows, BARE, "CONV_2D float32 1x40x3x4 8 k33x1 s1x1 VALID", False),
    (fpu.few_taps, BARE, "DEPTHWISE_CONV_2D float32 1x40x9x4 4 k32x2 s1x1 VALID", True),
    (fpu.few_taps, BARE, "DEPTHWISE_CONV_2D float32 1x40x9x4 4 k33x1 s1x1 VALID", False),
    (fpu.few_taps, BARE, "DEPTHWISE_CONV_2D float32 1x40x9x4 4 k13x5 s1x1 VALID", False),
    (fpu.pixels, BARE, "CONV_2D float32 1x5x5x4 8 k1x1 s1x1 VALID", True),
    (fpu.pixels, BARE, "CONV_2D float32 1x5x5x4 8 k1x1 s1x2 VALID", False),
    (fpu.pixels, BARE, "CONV_2D float32 1x5x5x4 8 k1x2 s1x1 VALID", False),
    (accumulate.whole_image, BARE, "AVERAGE_POOL_2D int8 1x4x5x2 2 k4x5 s1x1 VALID", True),
    (accumulate.whole_image, BARE, "AVERAGE_POOL_2D int8 1x4x5x2 2 k4x4 s1x1 VALID", False),
    (accumulate.whole_image, BARE, "AVERAGE_POOL_2D int8 1x4x5x2 2 k4x5 s1x1 SAME", False),
    (accumulate.window_is_image, BARE, "CONV_2D int8 1x4x5x2 3 k4x5 s1x1 VALID", True),
    (accumulate.window_is_image, BARE, "CONV_2D int8 1x4x5x2 3 k4x4 s1x1 VALID", False),
    (accumulate.window_is_image, BARE, "CONV_2D int8 1x4x5x2 4 k4x5 s1x1 g2 VALID", False),
    (accumulate.window_is_image, BARE, "CONV_2D int8 2x4x5x2 3 k4x5 s1x1 VALID", False),
    (accumulate.window_is_image, BARE, "DEPTHWISE_CONV_2D int8 1x4x5x2 2 k4x5 s1x1 VALID", True),
    (accumulate.short_rows, BARE, "DEPTHWISE_CONV_2D int8 1x1x16384x1 1 k1x1 s1x1 VALID", True),
    (accumulate.short_rows, BARE, "DEPTHWISE_CONV_2D int8 1x1x16385x1 1 k1x1 s1x1 VALID", False),
    (accumulate.one_image, BARE, "CONV_2D int8 1x2x16384x1 1 k2x16384 s1x1 VALID", True),
    (accumulate.one_image, BARE, "CONV_2D int8 1x2x16385x1 1 k2x16385 s1x1 VALID", False),
    (accumulate.one_image, BARE, "CONV_2D int8 2x4x5x2 3 k4x5 s1x1 VALID", False),
    (accumulate.one_image, BARE, "FULLY_CONNECTED int8 1x9 3", True),
    (accumulate.one_image, BARE, "FULLY_CONNECTED int8 2x9 3", False),
    (conv16.two_channels, BARE, "CONV_2D int16 1x4x4x4 2 k1x1 s1x1 SAME", True),
    (conv16.two_channels, BARE, "CONV_2D int16 1x4x4x4 1 k1x1 s1x1 SAME", False),
    (conv16.ungrouped, BARE, "CONV_2D int16 1x4x4x4 8 k1x1 s1x1 g2 SAME", False),
    (conv16.few_channels, BARE, "DEPTHWISE_CONV_2D int16 1x9x9x3 3 k3x3 s1x1 SAME", True),
    (conv16.few_channels, BARE, "DEPTHWISE_CONV_2D int16 1x9x9x4 4 k3x3 s1x1 SAME", False),
    (conv16.gathered, BARE, "CONV_2D int16 1x4x4x4 8 k1x1 s1x1 SAME", False),
    (conv16.gathered, BARE, "CONV_2D int16 1x4x4x4 8 k1x1 s2x1 SAME", True),
    (conv16.gathered, BARE, "CONV_2D int16 1x4x4x6 8 k1x1 s1x1 SAME", True),
    (conv16.two_pixels, BARE, "FULLY_CONNECTED int16 1x33 10", False),
    (conv16.two_pixels, BARE, "FULLY_CONNECTED int16 2x33 10", True),
    (products16.one_multiplication, BARE, "CONV_2D int16 1x4x4x60 4 k4x4 s1x1 SAME", True),
    (products16.one_multiplication, BARE, "CONV_2D int16 1x4x4x130 4 k4x4 s1x1 SAME", False),
    (depthwise16.few_taps, BARE, "DEPTHWISE_CONV_2D int16 1x9x9x4 4 k8x8 s1x1 SAME", True),
    (depthwise16.few_taps, BARE, "DEPTHWISE_CONV_2D int16 1x9x9x4 4 k5x13 s1x1 SAME", False),
    (pooling16.few_inputs, BARE, "AVERAGE_POOL_2D int16 1x17x15x3 3 k17x15 s1x1 VALID", True),
    (pooling16.few_inputs, BARE, "AVERAGE_POOL_2D int16 1x16x16x3 3 k16x16 s1x1 VALID", False),
)


@pytest.mark.parametrize(("fact", "context", "text", "holds"), ROWS, ids=lambda item: getattr(item, "__name__", None))
def test_facts(fact: Fact[Any], context: Context, text: str, holds: bool) -> None:
    assert (fact(operator(text), context) is None) == holds
