# SPDX-License-Identifier: Apache-2.0
"""NonMaxSuppression of ONNX."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature
from tinycc.ops.conditions import not_empty


@dataclass(frozen=True, eq=False, kw_only=True)
class SelectBoxes(Operator):
    """y = (image, class, box) of the boxes with the best scores of each class of each image, best first, without those that
    overlap a better one by more than `overlap`.

    boxes: [N,B,4], two corners (y, x), or with `centred` the centre (x, y), width and height; scores: [N,C,B], those above
    `threshold` count; y: [rows,3]: what is beyond is left out, rows beyond what was found are -1. Of equal scores the first box
    is the better. Source: onnx.reference op_non_max_suppression.py.
    """

    boxes: Value
    scores: Value
    rows: int
    most: int
    overlap: float
    threshold: float
    centred: bool

    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("float32", {"boxes": DType.FLOAT32, "scores": DType.FLOAT32}, (DType.INT32,)),
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.rows, 3), DType.INT32),)

    @property
    def work(self) -> int:
        return self.scores.type.elements * (1 + min(self.most, self.boxes.shape[1]))

    def eval(self, read: Reader) -> tuple[Array, ...]:
        y = np.full((self.rows, 3), -1, np.int32)
        for place, row in zip(range(self.rows), self._found(read(self.boxes), read(self.scores)), strict=False):
            y[place] = row
        return (y,)

    def _found(self, boxes: Array, scores: Array) -> Iterator[tuple[int, int, int]]:
        for image, label in np.ndindex(scores.shape[:2]):
            corners, keys = self._corners(boxes[image]), scores[image, label]
            chosen: list[int] = []
            for box in np.argsort(-keys, kind="stable"):
                if len(chosen) == self.most or not keys[box] > np.float32(self.threshold):
                    break
                if not any(self._covered(corners[box], corners[other]) for other in chosen):
                    chosen.append(int(box))
                    yield image, label, int(box)

    def _corners(self, boxes: Array) -> Array:
        if self.centred:
            half = boxes[:, 2:] / np.float32(2)
            return np.hstack([boxes[:, :2] - half, boxes[:, :2] + half])
        return np.hstack([np.minimum(boxes[:, :2], boxes[:, 2:]), np.maximum(boxes[:, :2], boxes[:, 2:])])

    def _covered(self, a: Array, b: Array) -> bool:
        low, high = np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])
        areas = [np.prod(box[2:] - box[:2]) for box in (a, b)]
        if (high <= low).any() or min(areas) <= 0:
            return False
        common = np.prod(high - low)
        return bool(common / (areas[0] + areas[1] - common) > np.float32(self.overlap))


def matching_boxes(op: SelectBoxes) -> str | None:
    """boxes are [N,B,4] and scores [N,C,B]"""
    boxes, scores = op.boxes.shape, op.scores.shape
    fits = len(boxes) == len(scores) == 3 and boxes[2] == 4 and (scores[0], scores[2]) == boxes[:2]
    return None if fits else f"{op.boxes.type}, {op.scores.type}"


SelectBoxes.conditions = (not_empty, matching_boxes)
