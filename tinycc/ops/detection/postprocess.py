# SPDX-License-Identifier: Apache-2.0
"""TFLite_Detection_PostProcess: from the encodings and scores of an SSD head to boxes, by non-maximum suppression."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.numerics.rules import Numerics
from tinycc.ops.base import Operator, Signature, is_quantized
from tinycc.ops.detection.suppression import first_of_sorted, overlap

MAX_ROWS = 2**20
"""Of the outputs: far beyond any real model."""


def _signature(boxes: DType, scores: DType) -> Signature:
    name = boxes.value if boxes is scores else f"{boxes.value} boxes, {scores.value} scores"
    return Signature(name, {"boxes": boxes, "scores": scores, "anchors": boxes}, (DType.FLOAT32,) * 4)


@dataclass(frozen=True, eq=False, kw_only=True)
class DetectionPostprocess(Operator):
    """Box n = centre -+ half: centre = boxes[n,:2] / scale[:2] * anchors[n,2:] + anchors[n,:2],
    half = exp(boxes[n,2:4] / scale[2:]) * anchors[n,2:] / 2. Non-maximum suppression keeps boxes in the order of their scores
    and drops those that overlap a kept one by more than iou_threshold; of equal scores the first comes first.

    boxes: [1,N,>=4] as (y, x, height, width); scores: [1,N,C], C = classes or 1 more (background first); anchors: [N,4].
    outputs: [1,D*K,4] as (ymin, xmin, ymax, xmax), classes and scores [1,D*K], number of boxes [1]; D = detections, K = slots.
    Not regular: an anchor stands with its best class, a box fills K rows with its best classes. Regular: up to per_class boxes
    of each class compete for D rows. Rows without a box are 0. Integers are dequantized. Source: TFLM detection_postprocess.cc.
    """

    boxes: Value
    scores: Value
    anchors: Value
    classes: int
    detections: int
    slots: int
    regular: bool
    per_class: int
    score_threshold: float
    iou_threshold: float
    scale: tuple[float, float, float, float]
    numerics: Numerics

    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        _signature(*types) for types in product((DType.FLOAT32, DType.INT8), repeat=2)
    )

    def infer(self) -> tuple[TensorType, ...]:
        rows = self.detections * self.slots
        return tuple(TensorType(shape, DType.FLOAT32) for shape in ((1, rows, 4), (1, rows), (1, rows), (1,)))

    @property
    def background(self) -> int:
        """Columns of scores in front of those of the classes."""
        return self.scores.shape[2] - self.classes

    @property
    def ranked(self) -> bool:
        """Whether a box gets several classes."""
        return not self.regular and min(self.slots, self.classes) > 1

    @property
    def work(self) -> int:
        return self.scores.type.elements + self.boxes.shape[1] * self.detections * max(self.classes if self.regular else 1, 1)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        boxes = self._decode(_real(self.boxes, read)[0], _real(self.anchors, read))
        scores = self._scores(read).reshape(self.scores.shape)[0, :, self.background :]
        found = self._each_class(boxes, scores) if self.regular else self._any_class(boxes, scores)
        outputs = [np.zeros(type.shape, np.float32) for type in self.infer()]
        for row, anchor, category in found:
            outputs[0][0, row] = boxes[anchor]
            outputs[1][0, row] = category
            outputs[2][0, row] = scores[anchor, category]
        outputs[3][0] = len(found) if self.regular else len({anchor for _, anchor, _ in found})
        return tuple(outputs)

    def written(self, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
        boxes, classes, _, count = outputs
        row = np.arange(classes.size)
        reached = row < self.detections if self.regular else (row < count * self.slots) & (row % self.slots < self.classes)
        return np.broadcast_to(reached[None, :, None], boxes.shape), reached[None], reached[None], np.ones(1, np.bool_)

    @property
    def vector_scores(self) -> int:
        """The scores in front that LiteRT dequantizes in a vector loop, with another rounding."""
        return self.scores.type.elements // 8 * 8 if self.numerics.unsigned and self.scores.dtype.is_integer else 0

    @property
    def vector_offset(self) -> float:
        return float(np.float32(-(self.scores.zero_point + 128) * self.scores.scale)) if self.vector_scores else 0.0

    def _scores(self, read: Reader) -> Array:
        scores = _real(self.scores, read).ravel()
        if not self.vector_scores:
            return scores
        codes = (read(self.scores).ravel()[: self.vector_scores].astype(np.int32) + 128).astype(np.float32)
        vector = codes * np.float32(self.scores.scale) + np.float32(self.vector_offset)
        return np.append(vector, scores[self.vector_scores :])

    def _decode(self, boxes: Array, anchors: Array) -> Array:
        """(ymin, xmin, ymax, xmax) of every anchor."""
        boxes, anchors, scale = boxes.astype(np.float64), anchors.astype(np.float64), np.asarray(self.scale, np.float64)
        places, sizes = anchors[:, :2], anchors[:, 2:]
        centre = (boxes[:, :2] / scale[:2] * sizes + places).astype(np.float32)
        half = (0.5 * np.exp(boxes[:, 2:4] / scale[2:]) * sizes).astype(np.float32)
        return np.concatenate([centre - half, centre + half], 1)

    def _suppress(self, boxes: Array, scores: Array, limit: int) -> list[int]:
        """The anchors whose boxes are kept, best first."""
        candidates = np.flatnonzero(scores >= np.float32(self.score_threshold))
        kept: list[int] = []
        for anchor in candidates[np.argsort(-scores[candidates], kind="stable")]:
            if len(kept) == limit:
                break
            if not (overlap(boxes[kept], boxes[anchor]) > np.float32(self.iou_threshold)).any():
                kept.append(int(anchor))
        return kept

    def _any_class(self, boxes: Array, scores: Array) -> list[tuple[int, int, int]]:
        """(row, anchor, class) of what is found if classes are not told apart."""
        kept = self._suppress(boxes, scores.max(1), self.detections)
        return [
            (self.slots * place + slot, anchor, category)
            for place, anchor in enumerate(kept)
            for slot, category in enumerate(self._best(scores[anchor]))
        ]

    def _best(self, scores: Array) -> list[int]:
        """The classes that fill a box's rows."""
        return first_of_sorted(-scores, min(self.slots, self.classes)) if self.ranked else [int(scores.argmax())]

    def _each_class(self, boxes: Array, scores: Array) -> list[tuple[int, int, int]]:
        """(row, anchor, class) of what is found class by class."""
        found: list[tuple[float, int, int]] = []
        for category in range(self.classes):
            limit = min(self.per_class, self.detections)
            kept = self._suppress(boxes, scores[:, category], limit)
            found += [(-float(scores[anchor, category]), anchor, category) for anchor in kept]
            found = sorted(found, key=lambda item: item[0])[: self.detections]
        return [(row, anchor, category) for row, (_, anchor, category) in enumerate(found)]


def _real(value: Value, read: Reader) -> Array:
    if not value.dtype.is_integer:
        return read(value)
    result: Array = (read(value).astype(np.float32) - np.float32(value.zero_point)) * np.float32(value.scale)
    return result


def matching_shapes(op: DetectionPostprocess) -> str | None:
    """boxes [1,N,4 or more], scores [1,N,classes or 1 more] and anchors [N,4], at least one class and one anchor"""
    boxes, scores, anchors = op.boxes.shape, op.scores.shape, op.anchors.shape
    if len(boxes) == len(scores) == len(anchors) + 1 == 3:
        count = anchors[0]
        fits = count >= 1 and anchors[1] == 4 and boxes[:2] == scores[:2] == (1, count) and boxes[2] >= 4
        if fits and op.classes >= 1 and op.background in (0, 1):
            return None
    return f"boxes {list(boxes)}, scores {list(scores)}, anchors {list(anchors)} and {op.classes} classes"


def sensible_numbers(op: DetectionPostprocess) -> str | None:
    """at least one detection, class per detection and detection per class, at most 2**20 rows

    These are options of the operator in the file.
    """
    numbers = op.detections, op.slots, op.per_class if op.regular else 1
    if min(numbers) >= 1 and op.detections * op.slots <= MAX_ROWS and op.per_class < 2**31:
        return None
    return f"max_detections {op.detections}, max_classes_per_detection {op.slots}, detections_per_class {op.per_class}"


def sensible_thresholds(op: DetectionPostprocess) -> str | None:
    """the IoU threshold is above 0 and at most 1, no scale is 0"""
    if 0 < op.iou_threshold <= 1 and all(0 < abs(scale) < np.inf for scale in op.scale) and np.isfinite(op.score_threshold):
        return None
    return f"thresholds {op.iou_threshold:g} (IoU) and {op.score_threshold:g} (score), scales {op.scale}"


def quantized_operands(op: DetectionPostprocess) -> str | None:
    """integer operands have one scale each

    Convert with a representative dataset so that the converter calibrates all tensors.
    """
    for value in op.inputs:
        if value.dtype.is_integer and (not is_quantized(value) or value.quantization.per_channel):
            return f"%{value.name} {value.type}"
    return None


DetectionPostprocess.conditions = (matching_shapes, sensible_numbers, sensible_thresholds, quantized_operands)
