# SPDX-License-Identifier: Apache-2.0
"""Blocks that become channels or batches; elements that appear more than once."""

from __future__ import annotations

import math

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.frontends.tflite.rows.operands import integers
from tinycc.ir import Value
from tinycc.ops.movement.blocks import BatchToSpace, DepthToSpace, SpaceToBatch, SpaceToDepth
from tinycc.ops.movement.repeat import BroadcastTo, MirrorPad, Tile
from tinycc.ops.strides import Shape, broadcast

MAX_POSITIONS = 4096
"""Elements of a block: each is a copy of its own."""


def _cut(node: Node) -> tuple[Value, Shape, Shape, Shape]:
    """(operand, blocks, margins before, margins after)."""
    x, blocks, table = node.input(0), integers(node, 1), integers(node, 2)
    fits = len(table) == 2 * len(blocks) and len(x.shape) > len(blocks)
    if not fits or min(blocks, default=0) < 1 or min(table, default=0) < 0:
        raise node.error(
            f"blocks {list(blocks)}, margins {list(table)} of {list(x.shape)}", "positive blocks, two margins each"
        )
    if math.prod(blocks) > MAX_POSITIONS:
        raise node.error(f"blocks {list(blocks)}", f"at most {MAX_POSITIONS} elements")
    return x, blocks, table[::2], table[1::2]


EDGES = {"REFLECT": 1, "SYMMETRIC": 0}
"""How many of the outermost elements each mode leaves out of the mirror image."""


def space_to_depth(node: Node) -> SpaceToDepth:
    x, block = node.input(0), int(node.option("block_size"))
    if len(x.shape) != 4 or block < 1 or x.shape[1] % block or x.shape[2] % block:
        raise node.error(f"blocks of {block} in {list(x.shape)}", "four dimensions, height and width multiples of the block")
    return SpaceToDepth(x=x, block=block, outputs=node.outputs, origin=node.origin)


def depth_to_space(node: Node) -> DepthToSpace:
    x, block = node.input(0), int(node.option("block_size"))
    if len(x.shape) != 4 or block < 1 or x.shape[3] % block**2:
        raise node.error(f"blocks of {block} in {list(x.shape)}", "four dimensions, channels a multiple of the squared block")
    return DepthToSpace(x=x, block=block, outputs=node.outputs, origin=node.origin)


def space_to_batch(node: Node) -> SpaceToBatch:
    x, blocks, before, after = _cut(node)
    padded = [sum(sizes) for sizes in zip(before, x.shape[1:], after, strict=False)]
    if any(size % block for size, block in zip(padded, blocks, strict=True)):
        raise node.error(f"padded sizes {padded} in blocks {list(blocks)}", "whole blocks")
    quantization = node.outputs[0].type.quantization
    zero = quantization.zero_points[0] if quantization is not None and node.numerics.batched_zero else 0
    return SpaceToBatch(x=x, blocks=blocks, before=before, after=after, zero=zero, outputs=node.outputs, origin=node.origin)


def batch_to_space(node: Node) -> BatchToSpace:
    x, blocks, before, after = _cut(node)
    sizes = zip(x.shape[1:], blocks, before, after, strict=False)
    if x.shape[0] % math.prod(blocks) or any(size * block < first + last for size, block, first, last in sizes):
        raise node.error(f"blocks {list(blocks)}, crops {before}, {after} of {list(x.shape)}", "a batch for each position")
    return BatchToSpace(x=x, blocks=blocks, before=before, after=after, outputs=node.outputs, origin=node.origin)


def broadcast_to(node: Node) -> BroadcastTo:
    fill = node.origin.kind == "FILL"
    x, shape = node.input(1 if fill else 0), integers(node, 0 if fill else 1)
    if min(shape, default=0) < 0 or (fill and x.type.elements != 1) or broadcast(x.shape, shape) != shape:
        raise node.error(f"{list(x.shape)} to be stretched to {list(shape)}", "one element" if fill else "a shape that fits")
    return BroadcastTo(x=x, shape=shape, outputs=node.outputs, origin=node.origin)


def tile(node: Node) -> Tile:
    x, multiples = node.input(0), integers(node, 1)
    if len(multiples) != len(x.shape) or min(multiples, default=0) < 0:
        raise node.error(f"multiples {list(multiples)} of {list(x.shape)}", "one of at least 0 for each dimension")
    return Tile(x=x, multiples=multiples, outputs=node.outputs, origin=node.origin)


def mirror_pad(node: Node) -> MirrorPad:
    x, table = node.input(0), integers(node, 1)
    mode = str(node.option("mode"))
    if mode not in EDGES:
        raise node.error(f"mode {mode}", " or ".join(EDGES))
    edge = EDGES[mode]
    before, after = table[::2], table[1::2]
    if len(table) != 2 * len(x.shape) or any(
        not 0 <= width <= max(size - edge, 0) for side in (before, after) for width, size in zip(side, x.shape, strict=True)
    ):
        raise node.error(f"paddings {list(table)} for {x.type}", "two for each dimension, not wider than its mirror image")
    return MirrorPad(x=x, before=before, after=after, edge=edge, outputs=node.outputs, origin=node.origin)


ROWS = {
    "SPACE_TO_DEPTH": Row(space_to_depth, (SpaceToDepth,)),
    "DEPTH_TO_SPACE": Row(depth_to_space, (DepthToSpace,)),
    "SPACE_TO_BATCH_ND": Row(space_to_batch, (SpaceToBatch,)),
    "BATCH_TO_SPACE_ND": Row(batch_to_space, (BatchToSpace,)),
    "BROADCAST_TO": Row(broadcast_to, (BroadcastTo,)),
    "FILL": Row(broadcast_to, (BroadcastTo,)),
    "TILE": Row(tile, (Tile,)),
    "MIRROR_PAD": Row(mirror_pad, (MirrorPad,)),
}
