# SPDX-License-Identifier: Apache-2.0
"""Box detection."""

from __future__ import annotations

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.ops.detection.non_max_suppression import NonMaxSuppression
from tinycc.ops.detection.postprocess import DetectionPostprocess

KEPT_PER_CLASS = 100
"""`detections_per_class` where the file does not say."""


def _option(node: Node, name: str, default: float) -> float:
    return float(node.option(name)) if name in node.options else default


def _single(node: Node, name: str) -> float:
    """An option in float32, 0 if the file does not have it."""
    with np.errstate(over="ignore"):
        return float(np.float32(_option(node, name, 0.0)))


MAX_BOXES = 2**20
"""That a model may ask for: far beyond any real one."""


def detection_postprocess(node: Node) -> DetectionPostprocess:
    if len(node.inputs) != 3:
        raise node.error(f"{len(node.inputs)} operands", "boxes, scores and anchors")
    per_class = int(_option(node, "detections_per_class", KEPT_PER_CLASS))
    scales = [_single(node, name) for name in ("y_scale", "x_scale", "h_scale", "w_scale")]
    return DetectionPostprocess(
        boxes=node.input(0),
        scores=node.input(1),
        anchors=node.input(2),
        classes=int(node.option("num_classes")),
        detections=int(node.option("max_detections")),
        slots=int(node.option("max_classes_per_detection")),
        per_class=per_class,
        regular=bool(_option(node, "use_regular_nms", 0)),
        score_threshold=_single(node, "nms_score_threshold"),
        iou_threshold=_single(node, "nms_iou_threshold"),
        scale=(scales[0], scales[1], scales[2], scales[3]),
        numerics=node.numerics,
        outputs=node.outputs,
        origin=node.origin,
    )


def non_max_suppression(node: Node) -> NonMaxSuppression:
    soft = node.origin.kind.endswith("5")
    if (len(node.inputs), len(node.outputs)) != (5 + soft, 2 + soft):
        found = f"{len(node.inputs)} operands, {len(node.outputs)} outputs"
        raise node.error(found, f"{5 + soft} and {2 + soft}")
    limit = node.constant(2)
    if limit.size != 1 or limit.dtype != np.int32 or not 0 <= limit.item() <= MAX_BOXES:
        raise node.error(f"at most {limit.tolist()} boxes of {limit.dtype}", f"one int32 of 0 to {MAX_BOXES:,}")
    return NonMaxSuppression(
        boxes=node.input(0),
        scores=node.input(1),
        iou_threshold=node.input(3),
        score_threshold=node.input(4),
        sigma=node.input(5) if soft else None,
        limit=int(limit.item()),
        outputs=node.outputs,
        origin=node.origin,
    )


ROWS = {
    "CUSTOM:TFLite_Detection_PostProcess": Row(detection_postprocess, (DetectionPostprocess,), declares_shapes=False),
    "NON_MAX_SUPPRESSION_V4": Row(non_max_suppression, (NonMaxSuppression,), declares_shapes=False),
    "NON_MAX_SUPPRESSION_V5": Row(non_max_suppression, (NonMaxSuppression,), declares_shapes=False),
}
