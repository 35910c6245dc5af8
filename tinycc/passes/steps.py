# SPDX-License-Identifier: Apache-2.0
"""Steps: a model over a window of frames becomes one that is given the newest frames, and keeps what it needs of older ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tinycc.errors import fail
from tinycc.ir import Array, Graph, Op, Origin, State, Value
from tinycc.ops.movement.shift import Shift
from tinycc.ops.movement.slices import Slice
from tinycc.passes.base import Pass
from tinycc.passes.rewrite import fresh
from tinycc.passes.step_rules import Frames, Rule, refused, rule, with_frames


@dataclass(frozen=True)
class Stepwise:
    """A model of steps: each takes the newest `hop` frames along `axis` of the input. After `until` steps the outputs are those
    of the model over the `window` frames that end with them, whatever was before."""

    axis: int
    hop: int
    window: int
    until: int


@dataclass(frozen=True)
class Steps(Pass):
    """`%y = Conv2D(%x[1,49,10,1]) 3x3 valid` -> `state %last; %w = Shift(%last, %x[1,1,10,1]); %y = Conv2D(%w[1,3,10,1])`.

    Along `axis` of the input, `hop` frames at a time. Each step gives the newest frames of what the model makes of the window
    that ends with it. The state begins with zero points, as padding: a causal model is right from the first step on.
    Raises CompileError for what no step can be made of.
    """

    axis: int = 1
    hop: int = 1

    def rewrite(self, graph: Graph) -> Graph:
        frames, rules = self._followed(graph)
        return _Stepping(graph, frames, rules).graph()

    def stepwise(self, graph: Graph) -> Stepwise:
        """How the steps relate to the windows of the model as it was."""
        frames, rules = self._followed(graph)
        oldest = [frames[value].first_new for value in graph.outputs if value in frames]
        oldest += [frames[value].oldest for made in rules.values() if made.made is None for value in made.reads]
        window = frames[graph.inputs[0]].count
        return Stepwise(self.axis, self.hop, window, -(-(window - min(oldest)) // self.hop))

    def _followed(self, graph: Graph) -> tuple[dict[Value, Frames], dict[Op, Rule]]:
        """The tensors that have frames, and the rules of the operators that read them."""
        frames = {value: self._entered(value) for value in graph.inputs}
        if graph.states or len({found.count for found in frames.values()}) != 1:
            found = f"{len(graph.states)} states, {len(frames)} inputs"
            raise fail("--streaming", found, "a model without state, whose inputs have frames at the same rate")
        rules: dict[Op, Rule] = {}
        for op in graph.ops:
            if any(value in frames for value in op.inputs):
                rules[op] = made = rule(op, frames)
                frames |= {value: made.made for value in op.outputs if made.made is not None}
        for value in graph.outputs:
            if value in frames and frames[value].first_new < 0:
                found_frames = (
                    f"{-frames[value].first_new} frames of padding in front of the window, in what is newest of %{value.name}"
                )
                hint = "The model looks back further than its window reaches. Convert it with a longer one."
                raise fail("--streaming", found_frames, "none", hint)
        return frames, rules

    def _entered(self, value: Value) -> Frames:
        if len(value.shape) <= self.axis or not self.hop < value.shape[self.axis]:
            hint = f"%{value.name} is {value.type}."
            raise fail(
                "--streaming", f"axis={self.axis},hop={self.hop}", "an axis of the input with more frames than a hop", hint
            )
        return Frames(self.axis, value.shape[self.axis], self.hop, 1, 0)


class _Stepping:
    """The graph of a step. Each tensor of which older frames are read has one window, as long as the longest that is read."""

    def __init__(self, graph: Graph, frames: Mapping[Value, Frames], rules: Mapping[Op, Rule]) -> None:
        self._graph = graph
        self._frames = frames
        self._rules = rules
        self._names = graph.names
        self._ops: list[Op] = []
        self._states: list[State] = []
        self._new = {value: with_frames(value, found.axis, found.new) for value, found in frames.items()}
        self._windows: dict[Value, tuple[Value, int]] = {}
        self._first = {value: found.count - found.new for value, found in frames.items()}
        for found_rule in rules.values():
            for value, read in found_rule.reads.items():
                self._first[value] = min(self._first[value], read.start)

    def graph(self) -> Graph:
        for op in self._graph.ops:
            if op not in self._rules:
                self._ops.append(op)
                continue
            found = self._rules[op]
            parts = {value: self._part(op, value, read) for value, read in found.reads.items()}
            self._ops.append(found.build(parts, tuple(self._new.get(value, value) for value in op.outputs)))
        inputs, outputs = (tuple(self._new.get(v, v) for v in values) for values in (self._graph.inputs, self._graph.outputs))
        return replace(self._graph, inputs=inputs, outputs=outputs, ops=tuple(self._ops), states=tuple(self._states))

    def _part(self, op: Op, value: Value, read: range) -> Value:
        """Frames of a tensor: of the new ones, or of its window."""
        found = self._frames[value]
        whole, first = (
            self._window(op, value)
            if self._first[value] < found.count - found.new
            else (self._new[value], found.count - found.new)
        )
        if len(read) == whole.shape[found.axis]:
            return whole
        part = with_frames(value, found.axis, len(read), fresh(f"{value.name}_read", self._names))
        index = (*[slice(None)] * found.axis, slice(read.start - first, read.stop - first))
        self._ops.append(Slice(x=whole, index=index, outputs=(part,), origin=_origin(op, "STRIDED_SLICE", part)))
        return part

    def _window(self, op: Op, value: Value) -> tuple[Value, int]:
        """(the frames of a tensor that are kept, with the new ones; the number of the first)."""
        if value not in self._windows:
            found, first = self._frames[value], self._first[value]
            if any(size != 1 for size in value.shape[: found.axis]):
                expected = "1, so that frames lie one behind the other"
                raise refused(op, f"frames along axis {found.axis} of {list(value.shape)}", f"sizes before it of {expected}")
            window, last = (
                with_frames(value, found.axis, found.count - first, fresh(f"{value.name}_{kind}", self._names))
                for kind in ("window", "last")
            )
            shift = Shift(
                x=self._new[value], last=last, axis=found.axis, outputs=(window,), origin=_origin(op, "SHIFT", window)
            )
            self._ops.append(shift)
            self._states.append(State(last, window, _zero(last)))
            self._windows[value] = window, first
        return self._windows[value]


def _origin(op: Op, kind: str, value: Value) -> Origin:
    return Origin(-1, kind, value.name)


def _zero(value: Value) -> Array:
    quantization = value.type.quantization
    fill = quantization.zero_points[0] if quantization is not None else 0
    return np.full(value.shape, fill, value.dtype.numpy)
