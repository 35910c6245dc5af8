# SPDX-License-Identifier: Apache-2.0
"""What functions that CMSIS-NN has had for longer compute from which version on.

Found by running every case of the operators' tables with Arm's library at the tags v4.1.0 to v7.0.0, built for the host.
"""

from __future__ import annotations

from tinycc.kernels.base import Context
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.pooling import Pool2D


def one_group(op: Conv2D, context: Context) -> str | None:
    """there is one group, or CMSIS-NN is of version 6 or newer"""
    return f"{op.groups} groups, {context.provider.name}" if op.groups > 1 and not context.provider.has(6) else None


def one_image(op: Pool2D, context: Context) -> str | None:
    """there is one image, or CMSIS-NN is of version 6 or newer"""
    return f"{op.x.shape[0]} images, {context.provider.name}" if op.x.shape[0] > 1 and not context.provider.has(6) else None


def no_offset(op: WeightedSum, context: Context) -> str | None:
    """the weights' zero point is 0, or CMSIS-NN is of version 6 or newer"""
    zero_points = op.weights.quantization.zero_points
    return f"{zero_points[0]}, {context.provider.name}" if any(zero_points) and not context.provider.has(6) else None


def bias_of_64_bits(op: WeightedSum, context: Context) -> str | None:
    """sums have 64 bits (the bias is no int32), or CMSIS-NN is of version 6 or newer"""
    return None if op.wide_accumulators or context.provider.has(6) else context.provider.name


def upscales(op: object, context: Context) -> str | None:
    """CMSIS-NN is of version 7, whose convolution takes steps between the input's pixels"""
    return None if context.provider.has(7) else context.provider.name
