# SPDX-License-Identifier: Apache-2.0
"""NonMaxSuppression."""

from __future__ import annotations

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.ir import DType, Value
from tinycc.ops.detection.select_boxes import SelectBoxes


@row("NonMaxSuppression")
def non_max_suppression(node: Node, build: Builder) -> Value:
    """As many rows as the model says that there are; -1 where fewer boxes are left."""
    boxes, scores = node.ranked(node.input(0), 3), node.ranked(node.input(1), 3)
    shape = node.declared[0]
    if shape is None or len(shape) != 2 or shape[1] != 3:
        hint = "Let the model say the shape of this result, [rows, 3]: rows beyond what is found are -1."
        raise node.error("a result of as many rows as the data says", "a number of rows", hint)
    most = max(node.integer(2), 0) if node.optional(2) is not None else 0
    if not shape[0] or not most:
        return build.constant(np.full(shape, -1, np.int64))
    found = build.op(
        SelectBoxes,
        boxes=boxes,
        scores=scores,
        rows=shape[0],
        most=min(most, boxes.shape[1]),
        overlap=node.scalar(3, 0.0),
        threshold=node.scalar(4, float(np.finfo(np.float32).min)),
        centred=bool(node.attr_int("center_point_box", 0)),
    )
    return build.cast(found, DType.INT64)
