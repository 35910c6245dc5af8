# SPDX-License-Identifier: Apache-2.0
"""Images read between their pixels, in plain C."""

from __future__ import annotations

from typing import Any

from tinycc.kernels.base import Variant
from tinycc.kernels.calls import Arg, Tensor, struct
from tinycc.kernels.portable.base import ints, tk
from tinycc.ops.sampling import MODES, PADDINGS, GridSample, RoiAlign


def grid_sample(op: GridSample) -> tuple[Arg, ...]:
    shape = struct(
        "tk_grid_shape",
        batch=op.x.shape[0],
        rank=len(op.spatial),
        dims=ints(op.spatial),
        channels=op.x.shape[-1],
        points=op.grid.shape[1],
        mode=MODES.index(op.mode),
        beyond=PADDINGS.index(op.padding),
        align_corners=int(op.align_corners),
        relative=int(op.relative),
    )
    return (Tensor(op.x), Tensor(op.grid), Tensor(op.y), shape)


def roi_align(op: RoiAlign) -> tuple[Arg, ...]:
    batch, height, width, channels = op.x.shape
    shape = struct(
        "tk_roi_shape",
        batch=batch,
        height=height,
        width=width,
        channels=channels,
        regions=op.rois.shape[0],
        rows=op.size[0],
        columns=op.size[1],
        samples=op.samples,
        largest=int(op.largest),
        scale=op.scale,
        offset=op.offset,
    )
    return (Tensor(op.x), Tensor(op.rois), Tensor(op.images), Tensor(op.y), shape)


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_grid_sample_f32", GridSample, ("float32",), grid_sample),
    tk("tk_roi_align_f32", RoiAlign, ("float32",), roi_align),
)
