# SPDX-License-Identifier: Apache-2.0
"""Models that end in non-maximum suppression, as tables like those of opcases.py.

`ties`: the scores are rounded first, so that most of them equal others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from flatbuffers import flexbuffers
from opcases import Case, Net

POSTPROCESS = "TFLite_Detection_PostProcess"


@dataclass(frozen=True)
class Head:
    """A row of Detection_PostProcess. `columns` of scores for `classes`, one more with a background."""

    name: str
    anchors: int = 30
    columns: int = 5
    classes: int = 4
    encoding: int = 4
    detections: int = 6
    slots: int = 1
    regular: bool = False
    per_class: int | None = 100
    score: float = 0.3
    iou: float = 0.4
    scales: tuple[float, float, float, float] = (10.0, 10.0, 5.0, 5.0)
    ties: bool = False
    oracle: str = "tflm"

    @property
    def options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "max_detections": self.detections,
            "max_classes_per_detection": self.slots,
            "use_regular_nms": self.regular,
            "nms_score_threshold": self.score,
            "nms_iou_threshold": self.iou,
            "num_classes": self.classes,
        }
        options |= dict(zip(("y_scale", "x_scale", "h_scale", "w_scale"), self.scales, strict=True))
        return options if self.per_class is None else options | {"detections_per_class": self.per_class}


_HEADS = (
    Head("plain"),
    Head("no_background", columns=4),
    Head("one_anchor", anchors=1),
    Head("one_class", columns=1, classes=1),
    Head("one_class_background", columns=2, classes=1, detections=1),
    Head("extra_encoding", encoding=7),
    Head("many", anchors=300, columns=11, classes=10, detections=40, iou=0.6, score=-1.0),
    Head("more_than_anchors", anchors=5, detections=20),
    Head("none_above", score=100.0),
    Head("all_above", score=-100.0, detections=100),
    Head("iou_one", iou=1.0),
    Head("iou_tiny", iou=1e-8, score=-5.0),
    Head("scales", scales=(3.0, 0.7, 1.5, 9.0)),
    Head("negative_scales", scales=(-3.0, 0.7, -1.5, 9.0)),
    Head("no_per_class", per_class=None),
    Head("ties", ties=True, anchors=90),
    Head("ties_many", ties=True, anchors=500, detections=60, score=-2.0, iou=0.8),
    Head("regular", regular=True),
    Head("regular_no_background", regular=True, columns=4),
    Head("regular_per_class", regular=True, per_class=2, detections=20),
    Head("regular_default_per_class", regular=True, per_class=None, detections=20, score=-1.0),
    Head("regular_one_anchor", regular=True, anchors=1, per_class=1),
    Head("regular_many", regular=True, anchors=200, columns=21, classes=20, detections=50, iou=0.6, score=0.0),
    Head("regular_none_above", regular=True, score=100.0),
    Head("regular_more_than_anchors", regular=True, anchors=4, detections=30, score=-5.0),
    Head("regular_ties", regular=True, ties=True, anchors=90, score=-1.0),
    Head("regular_ties_many", regular=True, ties=True, anchors=250, columns=21, classes=20, detections=70, iou=0.9, score=-3.0),
    Head("slots", slots=3, oracle="litert"),
    Head("slots_of_two", slots=2, detections=20, columns=3, classes=3, oracle="litert"),
    Head("more_slots_than_classes", slots=6, oracle="litert"),
    Head("regular_slots", regular=True, slots=2, oracle="litert"),
)


def anchors(count: int, rng: np.random.Generator) -> np.ndarray:
    """[count,4]: centres in the unit square, sizes of 0.1 to 0.6."""
    result: np.ndarray = np.hstack([rng.random((count, 2)), 0.1 + 0.5 * rng.random((count, 2))]).astype(np.float32)
    return result


def heads(dtype: str) -> Iterator[Case]:
    for row in _HEADS:
        if dtype == "uint8" and row.ties:
            continue
        net = Net(POSTPROCESS, dtype, row.name)
        shape = (1, row.anchors, row.columns)
        rows = row.detections * row.slots
        points = anchors(row.anchors, net.rng)
        if dtype == "uint8":
            boxes = net.input((1, row.anchors, row.encoding), "uint8", scale=0.08, zero_point=131)
            scores = net.input(shape, "uint8", scale=0.01, zero_point=60)
            fixed = net.const(np.clip(points / 0.004 + 5, 0, 255).astype(np.uint8), scale=0.004, zero_point=5)
        else:
            boxes, scores = net.input((1, row.anchors, row.encoding)), net.input(shape)
            fixed = net.const(points)
        if row.ties:
            rounded = net.tensor(shape)
            net.op("FLOOR", [scores], [rounded])
            scores = rounded
        outputs = [net.tensor(out) for out in ((1, rows, 4), (1, rows), (1, rows), (1,))]
        net.custom(POSTPROCESS, [boxes, scores, fixed], outputs, bytes(flexbuffers.Dumps(row.options)))
        oracle = "litert" if dtype == "uint8" else row.oracle
        yield replace(net.case, model=net.build(outputs), oracle=oracle)


@dataclass(frozen=True)
class Boxes:
    """A row of NON_MAX_SUPPRESSION. `ties`: scores are rounded; `flat`: so are the boxes, so that many have no area. The names
    in `given` are inputs of the model, not constants."""

    name: str
    boxes: int = 30
    limit: int = 10
    iou: float = 0.3
    score: float = -1.0
    sigma: float = 0.5
    ties: bool = False
    flat: bool = False
    given: tuple[str, ...] = ()


_BOXES = (
    Boxes("plain"),
    Boxes("one", boxes=1, limit=1),
    Boxes("many", boxes=300, limit=80, score=-5.0),
    Boxes("more_than_boxes", boxes=4, limit=9, score=-9.0),
    Boxes("none_above", score=100.0),
    Boxes("nothing_asked", limit=0),
    Boxes("iou_zero", iou=0.0),
    Boxes("iou_above_one", iou=1.5, limit=45, score=-9.0),
    Boxes("sigma_zero", sigma=0.0),
    Boxes("sigma_small", sigma=0.01, iou=0.9, limit=40),
    Boxes("sigma_large", sigma=30.0, iou=1.0, limit=40),
    Boxes("ties", ties=True, boxes=90, limit=40, score=-4.0),
    Boxes("ties_many", ties=True, boxes=500, limit=200, score=-4.0, iou=0.7),
    Boxes("flat", ties=True, flat=True, boxes=60, limit=80, score=-4.0),
    Boxes("given", given=("iou", "score", "sigma")),
)


def suppressions(op: str) -> Iterator[Case]:
    for row in _BOXES:
        net = Net(op, "float32", row.name)

        def rounded(x: int, shape: tuple[int, ...], net: Net = net) -> int:
            y = net.tensor(shape)
            net.op("FLOOR", [x], [y])
            return y

        boxes, scores = net.input((row.boxes, 4)), net.input((row.boxes,))
        boxes = rounded(boxes, (row.boxes, 4)) if row.flat else boxes
        scores = rounded(scores, (row.boxes,)) if row.ties else scores

        def number(name: str, row: Boxes = row, net: Net = net) -> int:
            if name not in row.given:
                return net.const(np.array(getattr(row, name), np.float32))
            x, y = net.input(()), net.tensor(())
            net.op("ABS", [x], [y])
            return y

        operands = [boxes, scores, net.const(np.array(row.limit, np.int32)), number("iou"), number("score")]
        outputs = [net.tensor((row.limit,), "int32"), net.tensor((), "int32")]
        if op.endswith("5"):
            operands.append(number("sigma"))
            outputs.insert(1, net.tensor((row.limit,)))
        net.op(op, operands, outputs)
        yield replace(net.case, model=net.build(outputs), oracle="litert")


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    found = {POSTPROCESS: [case for dtype in ("float32", "uint8") for case in heads(dtype)]}
    return found | {op: list(suppressions(op)) for op in ("NON_MAX_SUPPRESSION_V4", "NON_MAX_SUPPRESSION_V5")}
