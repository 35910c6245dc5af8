# SPDX-License-Identifier: Apache-2.0
"""`--match integer`: codes as TensorFlow Lite Micro computes them, sums times a 32-bit multiplier, rounded twice.

What has the codes of a converted TFLite model has its bits then. Operators that TFLM has in no such form (softmax to
another scale than 1/256) stay as ONNX Runtime has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from tinycc.ir import Op
from tinycc.numerics.rules import TFLM
from tinycc.ops.base import Operator
from tinycc.ops.conversion.quantize import Quantize, QuantizeToEven
from tinycc.ops.convolution.base import WeightedSum


def forms_of(op: Operator, fixed: bool) -> Iterator[Operator]:
    """An op on codes in the arithmetic to try first, and in its own."""
    if fixed and has_rules(op):
        changes: dict[str, Any] = {"numerics": TFLM}
        if isinstance(op, WeightedSum):
            changes |= {"exact": None, "forms": None}
        yield replace(op, **changes)
    yield op


def has_rules(op: Operator) -> bool:
    """Whether the arithmetic of an operator is a runtime's. Of one code such a function is computed by TFLM in integers, not by
    a table of the float32 results."""
    return any(item.name == "numerics" for item in fields(op))


def as_tflite(op: Op) -> Op:
    """QuantizeLinear as QUANTIZE: ties away from zero."""
    return Quantize(x=op.x, outputs=op.outputs, origin=op.origin) if isinstance(op, QuantizeToEven) else op
