# SPDX-License-Identifier: Apache-2.0
"""How operators go along the frames of a window that slides over a stream: which frames of their operands the newest frames of
their result are made of.

Everything is counted in the frames of the window that the model was trained on: frame 0 is the oldest, and a step brings the
last `new` ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tinycc.errors import CompileError, Problem
from tinycc.ir import Op, TensorType, Value
from tinycc.ops.base import Operator
from tinycc.ops.conversion.cast import Cast
from tinycc.ops.conversion.quantize import Dequantize, Quantize, QuantizeToEven
from tinycc.ops.convolution.base import Convolution
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.elementwise.add_n import AddN
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.pointwise import Pointwise
from tinycc.ops.elementwise.select import Select
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.copy import Copy
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.movement.slices import Slice, Split
from tinycc.ops.movement.transpose import Transpose
from tinycc.ops.normalization.l2_normalization import L2Normalization
from tinycc.ops.normalization.log_softmax import LogSoftmax
from tinycc.ops.normalization.softmax import Softmax
from tinycc.ops.pooling import Pool2D
from tinycc.ops.reduction.base import Reduction
from tinycc.ops.strides import Shape


@dataclass(frozen=True)
class Frames:
    """A tensor has `count` frames along `axis`, of which a step brings the last `new`. Frame n is made of the frames of the
    input from `oldest + step * n` on: below 0 lies padding, in place of what came before the window."""

    axis: int
    count: int
    new: int
    step: int
    oldest: int

    @property
    def first_new(self) -> int:
        """The oldest frame of the input that the new ones are made of."""
        return self.oldest + self.step * (self.count - self.new)


Parts = Mapping[Value, Value]


@dataclass(frozen=True)
class Rule:
    """`reads`: of each operand with frames, those that a step reads, from which to below which. `made`: the frames of the
    results, None if they are of no frames, but of the window as a whole. `build`: the operator of a step, from what stands for
    the operands and the results."""

    reads: Mapping[Value, range]
    made: Frames | None
    build: Callable[[Parts, tuple[Value, ...]], Op]


def rule(op: Op, known: Mapping[Value, Frames]) -> Rule:
    """Of an operator that has operands with frames. Raises CompileError for one that no step can be made of."""
    assert isinstance(op, Operator)
    if op.graphs or op.updates:
        raise refused(op, "what runs other graphs, or has a state already", "operators without")
    operands = {value: known[value] for value in op.inputs if value in known}
    computed = any(value not in operands and not value.constant for value in op.inputs)
    found = None if computed else _along(op, operands)  # what is made of a whole window is another one in the next
    if found is not None:
        return found
    if any(frames.oldest < 0 for frames in operands.values()):
        found_text = "all frames of a window in front of which there is padding"
        hint = "In a stream earlier frames stand there. Train the layers before it with padding='valid' along this axis."
        raise refused(op, found_text, "frames that are made of the window alone", hint)
    whole = {value: range(frames.count) for value, frames in operands.items()}
    return Rule(whole, None, lambda parts, outputs: replace(op.with_operands(parts), outputs=outputs))


def refused(op: Op, found: str, expected: str, hint: str = "") -> CompileError:
    return CompileError(Problem(str(op.origin), found, expected, hint, op.origin.kind))


def _along(op: Operator, operands: Mapping[Value, Frames]) -> Rule | None:
    """The rule of an operator that goes along the frames; None if it looks at all of them together."""
    if isinstance(op, Conv2D | DepthwiseConv2D | Pool2D):
        return _window(op, operands[op.x]) if set(operands) == {op.x} else None
    if isinstance(op, Slice):
        return _slice(op, operands[op.x])
    if isinstance(op, Pad):
        return _pad(op, operands[op.x]) if set(operands) == {op.x} else None
    if isinstance(op, Reshape):
        return _reshape(op, operands[op.x])
    if isinstance(op, Transpose):
        frames = operands[op.x]
        return _same(op, operands, replace(frames, axis=op.permutation.index(frames.axis)))
    if isinstance(op, Reduction):
        return _reduction(op, operands[op.x])
    return _framewise(op, operands)


FRAMEWISE: tuple[type[Operator], ...] = (
    *(AddN, Broadcast, Cast, Copy, Dequantize, Pointwise, Quantize, QuantizeToEven, Select),
    *(Concatenation, FullyConnected, L2Normalization, LogSoftmax, Softmax, Split),
)
"""What makes each frame of its result of the same frame of its operands, unless their own axis is that of the frames."""


def _framewise(op: Operator, operands: Mapping[Value, Frames]) -> Rule | None:
    rank = len(op.y.shape)
    (first, *others) = (replace(frames, axis=frames.axis + rank - len(value.shape)) for value, frames in operands.items())
    last = isinstance(op, FullyConnected | L2Normalization | LogSoftmax | Softmax) and first.axis == rank - 1
    if not isinstance(op, FRAMEWISE) or last or op.y.shape[first.axis] != first.count:
        return None
    if any(
        (frames.axis, frames.count, frames.new, frames.step) != (first.axis, first.count, first.new, first.step)
        for frames in others
    ):
        raise refused(op, "operands with frames that do not belong together", "as many frames of each")
    if isinstance(op, FullyConnected):
        if op.x.shape[: first.axis] != (1,) * first.axis:
            return None
    else:
        for value in op.inputs:
            if value not in operands and len(value.shape) >= rank - first.axis and value.shape[first.axis - rank] != 1:
                found = f"%{value.name}, which is another one for every frame"
                raise refused(op, found, "what is the same for all frames", "A step knows no frame numbers.")
    oldest = min(frames.oldest for frames in (first, *others))
    return _same(op, operands, replace(first, oldest=oldest))


def _same(op: Operator, operands: Mapping[Value, Frames], made: Frames) -> Rule:
    """The new frames of the operands become the new ones of the results."""
    reads = {value: range(frames.count - frames.new, frames.count) for value, frames in operands.items()}
    return Rule(reads, made, lambda parts, outputs: replace(op.with_operands(parts), outputs=outputs))


def _sliding(
    op: Operator, x: Value, frames: Frames, made: Frames, reach: int, stride: int, before: int
) -> tuple[range, Frames]:
    """(frames that a step reads, those that it makes) of a window of `reach` frames that goes on by `stride`, with so many
    frames of padding before."""
    if frames.new % stride:
        hint = f"Choose a hop that is a multiple: of the strides up to here, {frames.step * stride} frames of the input."
        raise refused(op, f"{frames.new} new frames in a step, and a stride of {stride}", "a multiple of the stride", hint)
    new = frames.new // stride
    if new > made.count:
        hint = "Choose a smaller hop."
        raise refused(op, f"{new} new frames of {made.count}", "a window longer than a step", hint)
    start = (made.count - new) * stride - before
    stop = (made.count - 1) * stride - before + reach
    if stop > frames.count:
        found = f"a window of {reach} frames that reaches {stop - frames.count} beyond the newest one"
        hint = "It looks into the future. Train it with padding='causal' or 'valid' along this axis."
        raise refused(op, found, "a causal one", hint)
    if start < 0:
        found = f"{frames.count} frames, of which the new ones are made with {-start} of padding"
        raise refused(op, found, "a window that is longer than what the model looks back", "Convert it with a longer one.")
    step, oldest = frames.step * stride, frames.oldest - before * frames.step
    return range(start, stop), replace(made, new=new, step=step, oldest=oldest)


def _window(op: Conv2D | DepthwiseConv2D | Pool2D, frames: Frames) -> Rule | None:
    axis, x = frames.axis, op.x
    count = op.y.shape[axis]
    if axis not in (1, 2) or (count == 1 and frames.count > 1) or (isinstance(op, Convolution) and op.hybrid):
        return None
    window, padding = op.window, op.window.padding
    side = axis - 1
    before = (padding.top, padding.left)[side]
    made = replace(frames, count=count)
    reads, made = _sliding(op, x, frames, made, window.reach[side], window.stride[side], before)
    inner = padding._replace(top=0, bottom=0) if side == 0 else padding._replace(left=0, right=0)

    def build(parts: Parts, outputs: tuple[Value, ...]) -> Op:
        step: Op = replace(op, x=parts[x], window=window._replace(padding=inner), outputs=outputs)
        return step

    return Rule({x: reads}, made, build)


def _slice(op: Slice, frames: Frames) -> Rule | None:
    if not all(isinstance(part, slice) for part in op.index):
        return None
    if frames.axis >= len(op.index):
        return _same(op, {op.x: frames}, frames)
    part = op.index[frames.axis]
    assert isinstance(part, slice)
    taken = range(frames.count)[part]
    if taken.step < 1:
        return None
    made = replace(frames, count=len(taken))
    reads, made = _sliding(op, op.x, frames, made, 1, taken.step, -taken.start)
    kept = (*op.index[: frames.axis], slice(0, len(reads), taken.step), *op.index[frames.axis + 1 :])

    def build(parts: Parts, outputs: tuple[Value, ...]) -> Op:
        step: Op = replace(op, x=parts[op.x], index=kept, outputs=outputs)
        return step

    return Rule({op.x: reads}, made, build)


def _pad(op: Pad, frames: Frames) -> Rule:
    axis = frames.axis
    if op.after[axis]:
        hint = "Train it with padding='causal' or 'valid' along this axis."
        raise refused(op, f"{op.after[axis]} frames of padding after the newest one", "none: the future is not known", hint)
    made = replace(frames, count=frames.count + op.before[axis], oldest=frames.oldest - frames.step * op.before[axis])
    before = (*op.before[:axis], 0, *op.before[axis + 1 :])

    def build(parts: Parts, outputs: tuple[Value, ...]) -> Op:
        step: Op = replace(op, x=parts[op.x], before=before, outputs=outputs)
        return step

    return Rule({op.x: range(frames.count - frames.new, frames.count)}, made, build)


def _reshape(op: Reshape, frames: Frames) -> Rule | None:
    """Frames stay frames if as many elements come before each as before, and after it."""
    axis = _axis_of(op.x.shape, frames.axis, op.shape)
    if axis is None:
        return None
    shape = (*op.shape[:axis], frames.new, *op.shape[axis + 1 :])

    def build(parts: Parts, outputs: tuple[Value, ...]) -> Op:
        step: Op = replace(op, x=parts[op.x], shape=shape, outputs=outputs)
        return step

    return Rule({op.x: range(frames.count - frames.new, frames.count)}, replace(frames, axis=axis), build)


def _axis_of(shape: Shape, axis: int, other: Shape) -> int | None:
    def before(sizes: Shape, at: int) -> int:
        found = 1
        for size in sizes[:at]:
            found *= size
        return found

    wanted = before(shape, axis), shape[axis]
    return next((at for at in range(len(other)) if (before(other, at), other[at]) == wanted), None)


def _reduction(op: Reduction, frames: Frames) -> Rule | None:
    if frames.axis in op.axes:
        return None
    gone = 0 if op.keep_dims else sum(axis < frames.axis for axis in op.axes)
    return _same(op, {op.x: frames}, replace(frames, axis=frames.axis - gone))


def with_frames(value: Value, axis: int, count: int, name: str = "") -> Value:
    """The tensor with so many frames."""
    shape = (*value.shape[:axis], count, *value.shape[axis + 1 :])
    type = TensorType(shape, value.dtype, value.type.quantization)
    return replace(value, type=type) if not name else replace(value, name=name, type=type, index=None)
