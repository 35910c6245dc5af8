# SPDX-License-Identifier: Apache-2.0
"""How operators work on transposed operands: a table.

An operator that stands in it takes operands whose dimensions come in another order, if its attributes are told in that order;
its results then come in that order, too. `order[d]` is the dimension, as the operator has it now, that is to come at place d.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tinycc.ir import Op
from tinycc.ops.conversion.cast import Cast
from tinycc.ops.conversion.quantize import Dequantize, Quantize, QuantizeToEven
from tinycc.ops.convolution.blockwise import BlockwiseDense
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.logical import LogicalNot
from tinycc.ops.elementwise.pointwise import Pointwise
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.gather import Gather
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.repeat import BroadcastTo, MirrorPad, Tile
from tinycc.ops.movement.slices import Slice, Split
from tinycc.ops.normalization.log_softmax import LogSoftmax
from tinycc.ops.normalization.softmax import Softmax
from tinycc.ops.reduction.base import Reduction
from tinycc.ops.reduction.extremes import ArgExtreme
from tinycc.ops.reduction.sums import CumSum
from tinycc.ops.strides import Shape

Changes = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """`operands` have all dimensions of the result (or stretch to them); `change` tells attributes in another order.

    `keeps_last`: the last dimension must stay the last. `drops` are the dimensions that the result lacks. `when` tells whether
    the rule is for this op. `elementwise`: it does not matter at all how the operands lie, if all lie alike.
    """

    operands: tuple[str, ...] = ("x",)
    change: Callable[[Any, Shape], Changes] = lambda op, order: {}
    keeps_last: bool = False
    drops: Callable[[Any], Sequence[int]] = lambda op: ()
    when: Callable[[Any], bool] = lambda op: True
    elementwise: bool = False


def _axis(op: Concatenation | Split | CumSum | Gather | ArgExtreme, order: Shape) -> Changes:
    return {"axis": order.index(op.axis)}


def _axes(op: Reduction, order: Shape) -> Changes:
    return {"axes": tuple(sorted(order.index(axis) for axis in op.axes))}


def _per_dimension(*names: str) -> Callable[[Op, Shape], Changes]:
    return lambda op, order: {name: tuple(getattr(op, name)[axis] for axis in order) for name in names}


def _index(op: Slice, order: Shape) -> Changes:
    index = (*op.index, *(slice(None),) * (len(order) - len(op.index)))
    return {"index": tuple(index[axis] for axis in order)}


RULES: tuple[tuple[type[Op], Rule], ...] = (
    (Broadcast, Rule(operands=("x1", "x2"), elementwise=True)),
    (Select, Rule(operands=("condition", "x1", "x2"), when=lambda op: not op.leading, elementwise=True)),
    (Pointwise, Rule(elementwise=True)),
    (LogicalNot, Rule(elementwise=True)),
    (Cast, Rule(elementwise=True)),
    (Quantize, Rule(elementwise=True)),
    (QuantizeToEven, Rule(elementwise=True)),
    (Dequantize, Rule(when=lambda op: not op.x.quantization.per_channel, elementwise=True)),
    (Concatenation, Rule(operands=("xs",), change=_axis)),
    (Split, Rule(change=_axis)),
    (CumSum, Rule(change=_axis)),
    (Gather, Rule(change=_axis, when=lambda op: not op.batch and len(op.indices.shape) == 1)),
    (ArgExtreme, Rule(change=_axis, drops=lambda op: (op.axis,))),
    (Reduction, Rule(change=_axes, drops=lambda op: () if op.keep_dims else op.axes)),
    (Pad, Rule(change=_per_dimension("before", "after"))),
    (MirrorPad, Rule(change=_per_dimension("before", "after"))),
    (Slice, Rule(change=_index, when=lambda op: all(isinstance(part, slice) for part in op.index))),
    (Tile, Rule(change=_per_dimension("multiples"))),
    (BroadcastTo, Rule(change=_per_dimension("shape"))),
    (BlockwiseDense, Rule(keeps_last=True)),
    (Softmax, Rule(keeps_last=True)),
    (LogSoftmax, Rule(keeps_last=True)),
)


def rule_of(op: Op) -> Rule | None:
    """The rule for `op`; None: it takes its operands as they are."""
    return next((rule for cls, rule in RULES if isinstance(op, cls) and rule.when(op)), None)
