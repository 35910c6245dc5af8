# SPDX-License-Identifier: Apache-2.0
"""Layout: transpositions sink through the operators that do not mind them, meet, and cancel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from tinycc.ir import Graph, Op, Origin, TensorType, Value
from tinycc.ops.convolution.batch_matmul import BatchMatMul
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.movement.transpose import Transpose
from tinycc.ops.strides import Shape
from tinycc.passes.base import Pass
from tinycc.passes.layout_rules import Rule, rule_of
from tinycc.passes.rewrite import fresh, substitute
from tinycc.passes.views import View, inverse

_FULLY_CONNECTED = Rule(keeps_last=True)


@dataclass(frozen=True)
class Layout(Pass):
    """`Transpose(Relu(Transpose(%x)))` -> `Relu(%x)`: what a model transposes back and forth stays as it lies.

    Nothing changes if more bytes would move. As many are better moved later: then nothing stands between what can be fused.
    """

    optional: ClassVar[bool] = True

    def rewrite(self, graph: Graph) -> Graph:
        if not moved_bytes(graph):
            return graph
        changed = _Sinking(graph).run()
        return changed if moved_bytes(changed) <= moved_bytes(graph) else graph


def moved_bytes(graph: Graph) -> int:
    """Bytes that transpositions move."""
    return sum(op.y.type.bytes for op in graph.ops if isinstance(op, Transpose) and not op.identity)


@dataclass
class _Sinking:
    """`views`: what every value of the graph is now. `made`: the values that exist so far. `seen`: views that were carried out.
    `tensors`: for values that a pass or a front end made, the tensor of the file that they hold in another order."""

    graph: Graph
    ops: list[Op] = field(default_factory=list)
    views: dict[Value, View] = field(default_factory=dict)
    made: set[Value] = field(default_factory=set)
    seen: dict[View, Value] = field(default_factory=dict)
    tensors: dict[Value, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = set(self.graph.names)

    def run(self) -> Graph:
        self.made.update(self.graph.sources)
        for op in self.graph.ops:
            self._op(op)
        results = {
            value: self._carry_out(self._view(value), op.origin, value)
            for value in self.graph.results
            for op in self.graph.ops[-1:]
        }
        changed = replace(
            self.graph,
            ops=tuple(self.ops),
            outputs=tuple(results.get(value, value) for value in self.graph.outputs),
            states=tuple(replace(state, after=results.get(state.after, state.after)) for state in self.graph.states),
        )
        return self._named(changed)

    def _named(self, graph: Graph) -> Graph:
        """Values that hold a tensor of the file under its number, and under its name if nothing else has it."""
        new = {
            value: replace(
                value,
                name=value.name if tensor in self.made else tensor.name,
                index=tensor.index,
                order=self._view(tensor).natural if tensor.order is None else None,
            )
            for value, tensor in self.tensors.items()
        }
        graph = substitute(graph, graph.ops, new)
        return replace(graph, ops=tuple(replace(op, outputs=tuple(new.get(y, y) for y in op.outputs)) for op in graph.ops))

    def _view(self, value: Value) -> View:
        return self.views.get(value) or View.of(value)

    def _op(self, op: Op) -> None:
        moved = self._moved(op)
        rule = rule_of(op)
        if moved is not None:
            self.views[op.y] = moved
            self._note(op.y, moved)
        elif isinstance(op, FullyConnected) and op.weights.data is not None and (op.keep_dims or len(op.x.shape) == 2):
            self._fully_connected(op)
        elif isinstance(op, BatchMatMul):
            self._append(self._batch_matmul(op))
        elif rule is not None and rule.elementwise and self._alike(op):
            self._as_they_lie(op)
        elif rule is not None:
            self._reordered(op, rule, {value: self._view(value) for value in op.inputs})
        else:
            self._append(op.with_operands({value: self._carry_out(self._view(value), op.origin, value) for value in op.inputs}))

    def _note(self, tensor: Value, view: View) -> None:
        base = view.base
        computed = base.data is None and base not in self.graph.sources
        if computed and base.index is None and tensor.index is not None and view.transposed(view.natural).identity:
            self.tensors.setdefault(base, tensor)

    def _append(self, op: Op) -> None:
        self.ops.append(op)
        self.made.update(op.outputs)

    def _moved(self, op: Op) -> View | None:
        """What the result of an op is that only reshapes or transposes."""
        if not isinstance(op, (Reshape, Transpose)):
            return None
        quantizations = op.x.type.quantization, op.y.type.quantization
        if any(q is not None and q.per_channel for q in quantizations):
            return None
        view = self._view(op.x)
        if quantizations[0] != quantizations[1]:
            other = self._requantized(view, op)
            if other is None:
                return None
            view = other
        if isinstance(op, Transpose):
            return view.transposed(op.permutation)
        whole = view.reshaped(op.shape) or View.of(self._carry_out(view, op.origin, op.x)).reshaped(op.shape)
        return whole

    def _carry_out(self, view: View, origin: Origin, like: Value | None = None) -> Value:
        """A value that is what the view sees; `like` itself if nothing else is."""
        if view.identity and view.shape == view.base.shape:
            return view.base
        view = view.merged
        if view not in self.seen:
            type = TensorType(view.shape, view.base.dtype, view.base.type.quantization)
            own = like is not None and like not in self.made and like.type == type
            value = like if own and like is not None else Value(fresh(f"{view.base.name}_moved", self.names), type)
            self.seen[view] = self._performed(view, value, origin)
        return self.seen[view]

    def _performed(self, view: View, value: Value, origin: Origin) -> Value:
        if view.base.data is not None:
            return replace(value, data=view.apply(view.base.data))
        if view.identity:
            self._append(Reshape(x=view.base, shape=view.shape, outputs=(value,), origin=origin))
            return value
        cut = view.reshaped(view.shape)
        assert cut is not None
        natural = cut.natural
        if cut.transposed(natural).shape == view.base.shape and cut.transposed(natural).identity:
            self._append(Transpose(x=view.base, permutation=inverse(natural), outputs=(value,), origin=origin))
            return value
        parts = tuple(view.atoms[atom] for atom in view.order)
        if parts == view.shape:
            lying = self._carry_out(View(view.base, view.atoms, tuple(range(len(view.atoms))), view.atoms), origin)
            self._append(Transpose(x=lying, permutation=view.order, outputs=(value,), origin=origin))
        else:
            whole = self._carry_out(replace(view, shape=parts), origin)
            self._append(Reshape(x=whole, shape=view.shape, outputs=(value,), origin=origin))
        return value

    def _alike(self, op: Op) -> bool:
        """Whether all operands but constants of one element are seen in one way, in which no order of whole dimensions is how
        they lie."""
        views = [self._view(value) for value in op.inputs if not value.constant]
        ways = {(view.base.shape, view.merged.order, view.merged.atoms, view.shape) for view in views}
        return (
            len(ways) == 1
            and views[0].shape == op.y.shape
            and not views[0].transposed(views[0].natural).identity
            and all(value.type.elements == 1 for value in op.inputs if value.constant)
        )

    def _as_they_lie(self, op: Op) -> None:
        """Append an elementwise `op` on the values that its operands are seen in."""
        views = {value: self._view(value) for value in op.inputs if not value.constant}
        scalars = {value: self._scalar(value) for value in op.inputs if value.constant}
        view = next(iter(views.values()))
        lying = Value(fresh(f"{op.y.name}_lying", self.names), replace(op.y.type, shape=view.base.shape))
        self.views[op.y] = replace(view, base=lying)
        operands = {value: view.base for value, view in views.items()}
        self._append(replace(op.with_operands({**operands, **scalars}), outputs=(lying,)))

    def _requantized(self, view: View, op: Reshape | Transpose) -> View | None:
        """Codes read with another scale, or none, as they lie."""
        base = view.base
        if view.identity and isinstance(op, Reshape):
            return None
        lying = Value(fresh(f"{op.y.name}_lying", self.names), replace(op.y.type, shape=base.shape))
        self._append(Reshape(x=base, shape=base.shape, outputs=(lying,), origin=op.origin))
        return replace(view, base=lying)

    def _scalar(self, value: Value) -> Value:
        assert value.data is not None
        name = fresh(f"{value.name}_scalar", self.names)
        return replace(value, name=name, type=replace(value.type, shape=()), data=value.data.reshape(()), index=None)

    def _reordered(self, op: Op, rule: Rule, views: dict[Value, View]) -> None:
        """Append `op` in the order of dimensions in which the fewest bytes move."""
        values = [value for name, value in op.operands if name in rule.operands]
        rank = max(len(value.shape) for value in (*values, *op.outputs))
        full = {value: _stretched(views[value], rank) for value in values}
        orders = {tuple(range(rank)): None, **{full[value].natural: None for value in values if not value.constant}}
        allowed = [order if not rule.keeps_last else _with_last(order) for order in orders]
        order = min(reversed(allowed), key=lambda order: self._cost(full.values(), order))
        new = {
            value: self._carry_out(view.transposed(order), op.origin, value)
            for value, view in full.items()
            if len(order) == rank
        }
        kept = [axis for axis in order if axis not in rule.drops(op)]
        results = tuple(sorted(kept).index(axis) for axis in kept)
        other = {
            value: self._carry_out(self._view(value), op.origin, value)
            for name, value in op.operands
            if name not in rule.operands and value not in new
        }
        outputs = tuple(self._result(value, results) for value in op.outputs)
        changes: dict[str, Any] = rule.change(op, order)
        self._append(replace(op.with_operands({**other, **new}), outputs=outputs, **changes))

    def _result(self, value: Value, order: Shape) -> Value:
        """The value that stands for a result whose dimensions come in this order."""
        if order == tuple(range(len(order))):
            return value
        type = replace(value.type, shape=tuple(value.shape[axis] for axis in order))
        lying = Value(fresh(f"{value.name}_lying", self.names), type)
        self.tensors[lying] = value
        self.views[value] = View.of(lying).transposed(inverse(order))
        return lying

    def _cost(self, views: Iterable[View], order: Shape) -> int:
        """Bytes that move to bring the views into this order."""
        return sum(map(self._bytes, {view.transposed(order) for view in views}))

    def _bytes(self, view: View) -> int:
        """Bytes that move to carry out a view."""
        free = view.identity or view.base.data is not None or view.merged in self.seen
        return 0 if free else view.base.type.bytes

    def _fully_connected(self, op: FullyConnected) -> None:
        """`FullyConnected(Reshape(Transpose(%x)), weights)`: the columns of the weights are transposed instead."""
        view = self._view(op.x)
        if not op.x.shape or not op.x.type.elements:
            self._append(op.with_operands({op.x: self._carry_out(view, op.origin, op.x)}))
            return
        columns = view.groups[-1]
        lying = sorted(columns)
        if list(columns) != lying:
            data = op.weights.data
            assert data is not None
            sizes = [view.atoms[atom] for atom in columns]
            order = [1 + columns.index(atom) for atom in lying]
            turned = data.reshape(-1, *sizes).transpose(0, *order).reshape(data.shape)
            name = fresh(f"{op.weights.name}_turned", self.names)
            op = replace(op, weights=replace(op.weights, name=name, data=np.ascontiguousarray(turned), index=None))
            view = replace(view, order=(*view.order[: len(view.order) - len(columns)], *lying))
        self._reordered(op, _FULLY_CONNECTED, {op.x: view})

    def _batch_matmul(self, op: BatchMatMul) -> Op:
        """`BatchMatMul(Transpose(%x), %w)`: the operator reads the matrices transposed itself."""
        new: dict[Value, Value] = {}
        flags: dict[str, Any] = {}
        for value, name in ((op.x, "adj_x"), (op.weights, "adj_y")):
            view, rank = self._view(value), len(value.shape)
            turned = view.transposed((*range(rank - 2), rank - 1, rank - 2))
            if op.x is not op.weights and self._bytes(turned) < self._bytes(view):
                view, flags[name] = turned, not getattr(op, name)
            new[value] = self._carry_out(view, op.origin, value)
        return replace(op.with_operands(new), **flags)


def _stretched(view: View, rank: int) -> View:
    """With sizes of 1 in front."""
    stretched = view.reshaped((*(1,) * (rank - len(view.shape)), *view.shape)) if len(view.shape) < rank else view
    assert stretched is not None
    return stretched


def _with_last(order: Shape) -> Shape:
    """With the last dimension at the end."""
    last = len(order) - 1
    return (*(axis for axis in order if axis != last), *(() if not order else (last,)))
