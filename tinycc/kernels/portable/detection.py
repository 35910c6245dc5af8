# SPDX-License-Identifier: Apache-2.0
"""Box detection in plain C."""

from __future__ import annotations

from typing import Any

from tinycc.ir import Value
from tinycc.kernels.base import Variant
from tinycc.kernels.calls import Arg, Scratch, Struct, Tensor, struct, tensor_or_null
from tinycc.kernels.portable.base import all_types, tk
from tinycc.ops.detection.non_max_suppression import NonMaxSuppression
from tinycc.ops.detection.postprocess import DetectionPostprocess
from tinycc.ops.detection.select_boxes import SelectBoxes

ITEM_BYTES = 12
"""Of tk_heap_item."""


def _codes(value: Value) -> Struct:
    q = value.type.quantization if value.dtype.is_integer else None
    return struct("tk_detection_codes", scale=q.scale if q else 0.0, zero_point=q.zero_point if q else 0)


def postprocess(op: DetectionPostprocess) -> tuple[Arg, ...]:
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
    return (*tensors, *scratch, params)


def suppression(op: NonMaxSuppression) -> tuple[Arg, ...]:
    count = op.boxes.shape[0]
    numbers = (Tensor(op.iou_threshold), Tensor(op.score_threshold), tensor_or_null(op.sigma))
    scores = Tensor(op.outputs[1]) if op.sigma else None
    outputs = (Tensor(op.y), scores, Tensor(op.outputs[-1]))
    heap = Scratch("heap", ITEM_BYTES * count)
    return (Tensor(op.boxes), Tensor(op.scores), *numbers, *outputs, count, op.limit, heap)


def select_boxes(op: SelectBoxes) -> tuple[Arg, ...]:
    params = struct(
        "tk_select_params",
        images=op.scores.shape[0],
        classes=op.scores.shape[1],
        boxes=op.boxes.shape[1],
        rows=op.rows,
        most=op.most,
        overlap=op.overlap,
        threshold=op.threshold,
        centred=int(op.centred),
    )
    return (Tensor(op.boxes), Tensor(op.scores), Tensor(op.y), Scratch("seen", op.boxes.shape[1]), params)


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_detection_postprocess", DetectionPostprocess, all_types(DetectionPostprocess), postprocess),
    tk("tk_select_boxes", SelectBoxes, all_types(SelectBoxes), select_boxes),
    tk("tk_non_max_suppression", NonMaxSuppression, all_types(NonMaxSuppression), suppression),
)
