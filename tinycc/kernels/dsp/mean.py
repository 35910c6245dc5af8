# SPDX-License-Identifier: Apache-2.0
"""MEAN and SUM of int8 over the pixels of images: four channels at a time."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Scratch, Tensor, struct
from tinycc.kernels.costs import Each, Loops, loops_cost
from tinycc.kernels.dsp.pooling import MAX_COUNT
from tinycc.kernels.facts import rounds_twice
from tinycc.kernels.portable.reduction import mean_params
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.reduction.sums import ReduceSum
from tinycc.target import Feature

Op = Mean | ReduceSum
ROUNDS = {
    "call": Each(60, 90),
    "image": Each(20, 30),
    "channel of an image": Each(25, 31),
    "block": Each(45, 65),
    "four of a block": Each(19, 27),
    "four of a pixel": Each(4.1, 5.3),
}


def image_of(op: Op) -> tuple[int, int, int] | None:
    """(images, pixels, channels) of [images, pixels, channels]; None where other dimensions go."""
    loops = [(loop.size, loop.strides[0]) for loop in op.loops]
    if len(loops) not in (2, 3) or loops[-2][1] != 0 or loops[-1][1] != 1:
        return None
    channels = loops[-1][0]
    if len(loops) == 3 and loops[0][1] != channels:
        return None
    return (loops[0][0] if len(loops) == 3 else 1, loops[-2][0], channels)


def pixels(op: Op, context: Context) -> str | None:
    """the axes are pixels of images, whose channels are a multiple of 4"""
    image = image_of(op)
    if image is None:
        return f"axes {', '.join(map(str, op.axes))} of {op.x.type}"
    return None if image[2] % 4 == 0 else f"{image[2]} channels"


def bind(op: Op, context: Context) -> tuple[Call, ...]:
    image = image_of(op)
    assert image is not None
    images, count, channels = image
    shape = struct("tk_mean_image", images=images, pixels=count, channels=channels)
    return (Call("tk_mean_dsp_s8", (Tensor(op.x), Tensor(op.y), Scratch("sums", 6 * channels), shape, mean_params(op))),)


def cost(op: Op, context: Context) -> Cost:
    image = image_of(op)
    assert image is not None
    images, count, channels = image
    blocks = images * -(-count // MAX_COUNT)
    loops: Loops = {
        "call": 1,
        "image": images,
        "channel of an image": images * channels,
        "block": blocks,
        "four of a block": blocks * channels // 4,
        "four of a pixel": images * count * channels // 4,
    }
    return loops_cost(loops, ROUNDS, context.target)


def variant(cls: type[Any], *facts: Fact[Any]) -> Variant[Any]:
    return Variant(
        name="tk_mean_dsp_s8",
        op=cls,
        signatures=("int8",),
        bind=bind,
        cost=cost,
        facts=(*facts, pixels),
        features=frozenset({Feature.DSP}),
    )


VARIANTS = (variant(Mean, rounds_twice), variant(ReduceSum))
