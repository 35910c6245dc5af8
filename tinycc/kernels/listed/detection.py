# SPDX-License-Identifier: Apache-2.0
"""Kernels of detection."""

from __future__ import annotations

from tinycc.ir import Value
from tinycc.kernels.calls import Call, Scratch, Struct, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.kernels.listed.suppression import ITEM_BYTES
from tinycc.ops.base import Operator
from tinycc.ops.detection.postprocess import DetectionPostprocess
from tinycc.target import Target


def _codes(value: Value) -> Struct:
    q = value.type.quantization if value.dtype.is_integer else None
    return struct("tk_detection_codes", scale=q.scale if q else 0.0, zero_point=q.zero_point if q else 0)


def lower(op: DetectionPostprocess, target: Target) -> tuple[Call, ...]:
    anchors, encoding = op.boxes.shape[1:]
    params = struct(
        "tk_detection_params",
        box_codes=_codes(op.boxes),
        score_codes=_codes(op.scores),
        anchor_codes=_codes(op.anchors),
        vector_scores=op.vector_scores,
        vector_offset=op.vector_offset,
        anchors=anchors,
        encoding=encoding,
        columns=op.scores.shape[2],
        classes=op.classes,
        detections=op.detections,
        slots=op.slots,
        per_class=op.per_class if op.regular else 0,
        score_threshold=op.score_threshold,
        overlap_threshold=op.iou_threshold,
        y_scale=op.scale[0],
        x_scale=op.scale[1],
        height_scale=op.scale[2],
        width_scale=op.scale[3],
    )
    scratch = [Scratch("candidates", 8 * anchors), Scratch("chosen", 16 * op.detections)]
    scratch.append(Scratch("ranking", ITEM_BYTES * op.classes if op.ranked else 0))
    tensors = map(Tensor, (*op.inputs, *op.outputs))
    return (Call("tk_detection_postprocess", (*tensors, *scratch, params)),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[DetectionPostprocess] = (Kernel("tk_detection_postprocess", lower),)
