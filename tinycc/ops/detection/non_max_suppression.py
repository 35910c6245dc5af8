# SPDX-License-Identifier: Apache-2.0
"""NON_MAX_SUPPRESSION_V4 and V5."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature
from tinycc.ops.detection.suppression import Heap, overlap

_FLOATS = dict.fromkeys(("boxes", "scores", "iou_threshold", "score_threshold", "sigma"), DType.FLOAT32)


@dataclass(frozen=True, eq=False, kw_only=True)
class NonMaxSuppression(Operator):
    """y = the boxes with the best scores above score_threshold, best first, without those that overlap a better one by
    iou_threshold or more; of V5 (sigma), scores fall by exp(-overlap**2 / (2 sigma)) for each better box.

    boxes: [N,4], opposite corners (y, x); scores: [N]; iou_threshold, score_threshold, sigma: []. outputs: indices [limit], of
    V5 the scores [limit], number of boxes []; zeros follow.
    Source: LiteRT reference/non_max_suppression.h. Equal scores leave a queue as they do in GNU's C++ library; a box without
    area does not overlap even itself, so it is found again and again.
    """

    boxes: Value
    scores: Value
    iou_threshold: Value
    score_threshold: Value
    sigma: Value | None
    limit: int

    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("float32", _FLOATS, (DType.INT32, DType.INT32)),
        Signature("float32, with scores", _FLOATS, (DType.INT32, DType.FLOAT32, DType.INT32)),
    )

    def infer(self) -> tuple[TensorType, ...]:
        scores = () if self.sigma is None else (TensorType((self.limit,), DType.FLOAT32),)
        return TensorType((self.limit,), DType.INT32), *scores, TensorType((), DType.INT32)

    @property
    def work(self) -> int:
        return max(self.boxes.shape[0] * (self.limit + 1), self.limit)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        indices, fallen = np.zeros(self.limit, np.int32), np.zeros(self.limit, np.float32)
        corners, threshold = read(self.boxes), read(self.score_threshold).item()
        boxes = np.hstack([np.minimum(corners[:, :2], corners[:, 2:]), np.maximum(corners[:, :2], corners[:, 2:])])
        heap = Heap([])
        for index, score in enumerate(read(self.scores)):
            if score > threshold:
                heap.push((float(score), index))
        seen = dict.fromkeys(range(len(boxes)), 0)
        limit, found = min(len(heap.items), self.limit), 0
        while found < limit and heap.items:
            score, index = heap.pop()
            fell = self._fallen(score, boxes[index], boxes[indices[seen[index] : found]], read)
            seen[index] = found
            if fell is None:
                continue
            if fell == score:
                indices[found], fallen[found] = index, score
                found += 1
            if fell > threshold:
                heap.push((fell, index))
        count = np.array(found, np.int32)
        return (indices, count) if self.sigma is None else (indices, fallen, count)

    def _fallen(self, score: float, box: Array, better: Array, read: Reader) -> float | None:
        """What is left of a score beside the `better` boxes; None if one of them drops the box."""
        sigma = np.float32(0) if self.sigma is None else read(self.sigma).astype(np.float32).reshape(())
        fall = np.float32(-0.5 / float(sigma)) if sigma > 0 else np.float32(0)
        for common in overlap(better[::-1], box):
            if common >= read(self.iou_threshold).item():
                return None
            if sigma > 0:
                score = float(np.float32(score) * np.float32(math.exp(float(fall * common * common))))
            if score <= read(self.score_threshold).item():
                break
        return score


def matching_shapes(op: NonMaxSuppression) -> str | None:
    """boxes [N,4] and scores [N], everything else one number"""
    single = [value for value in (op.iou_threshold, op.score_threshold, op.sigma) if value is not None]
    boxes, scores = op.boxes.shape, op.scores.shape
    if len(boxes) == 2 and boxes[1] == 4 and scores == boxes[:1] and all(value.type.elements == 1 for value in single):
        return None
    return f"boxes {list(boxes)}, scores {list(scores)}, numbers {[list(value.shape) for value in single]}"


def sigma_not_negative(op: NonMaxSuppression) -> str | None:
    """sigma is not negative"""
    known = None if op.sigma is None or op.sigma.data is None else op.sigma.data.item()
    return f"sigma {known:g}" if known is not None and not known >= 0 else None


NonMaxSuppression.conditions = (matching_shapes, sigma_not_negative)
