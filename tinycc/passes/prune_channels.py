# SPDX-License-Identifier: Apache-2.0
"""Prune channels: those that nobody reads and those that cannot vary, with the weights that make them and those that read them.

A channel goes if every operator that sums over it multiplies it by zero alone, or if it has one possible code, which then goes
into the sum's bias. What computes channel by channel (depthwise convolutions, pools, sums, concatenations, reshapes) ties
channels together: they go all or not at all. Exact: the remaining channels have the codes that they had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeAlias, TypeGuard

import numpy as np

from tinycc.analysis.accumulators import filters
from tinycc.analysis.ranges import Intervals, activations, followed, intervals, reaches_padding
from tinycc.ir import Array, DType, Graph, Kept, Op, TensorType, Value
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.ops.convolution.transpose import TransposeConv
from tinycc.ops.elementwise.arithmetic import Mul, Sum
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.ops.movement.concatenation import Concatenation
from tinycc.ops.movement.copy import Copy
from tinycc.ops.movement.pad import Pad
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.pooling import AveragePool2D, MaxPool2D
from tinycc.ops.reduction.mean import Mean
from tinycc.ops.resize import ResizeBilinear, ResizeNearest
from tinycc.passes.base import Pass

Mixer: TypeAlias = Conv2D | TransposeConv | FullyConnected
"""Sums over input channels: its output channels are independent of each other."""

UNCHANGED = (AveragePool2D, MaxPool2D, Lookup, Copy, ResizeNearest, ResizeBilinear, Pad, Mean)
"""Operators whose output channel c is made of input channel c alone, the same way for all."""

ROUNDS = 16
"""Of pruning, each of which may free more; deep networks of the corpus need three."""

MAX_CHANNELS = 2**20
"""Of all values together, beyond those of any real network."""

Tie: TypeAlias = tuple[Value, Array, Value, Array]
"""Channels of one value, and those of another that go with them."""


@dataclass(frozen=True)
class PruneChannels(Pass):
    """`%y: int8[..,8] = Conv2D(%x)`, three channels of which are always 9 -> `%y: int8[..,5]`, 9 * weights in a reader's bias.

    `multiple`: the channels that remain of an image are rounded up to it, as kernels take so many at a time; `even`: those of a
    single pixel, of which a matrix product makes a few.
    """

    optional: ClassVar[bool] = True

    multiple: int = 4
    even: int = 2

    def rewrite(self, graph: Graph) -> Graph:
        if sum(value.shape[-1] for op in graph.ops for value in op.outputs if followed(value)) > MAX_CHANNELS:
            return graph
        for _ in range(ROUNDS):
            dropped = _Channels(graph, intervals(graph), self.multiple, self.even).dropped
            if not dropped:
                break
            graph = _Rebuilt(graph, dropped).graph
        return graph


@dataclass(frozen=True, eq=False)
class Drop:
    """Channels of a value that go: bool[C], and the codes of those that are constant: int64[C]."""

    mask: Array
    codes: Array

    @property
    def keep(self) -> Array:
        kept: Array = ~self.mask
        return kept


class _Channels:
    """Which channels go. Every channel of every value has a number; tied ones share a label."""

    def __init__(self, graph: Graph, ranges: Intervals, multiple: int, even: int) -> None:
        self._graph, self._ranges = graph, ranges
        self._start: dict[Value, int] = {}
        size = 0
        for value in self._values():
            self._start[value] = size
            size += value.shape[-1]
        self._stays = np.zeros(size, bool)
        self._labels = np.arange(size)
        self._settle(multiple, even)

    def _values(self) -> Iterator[Value]:
        values = [*self._graph.sources, *(value for op in self._graph.ops for value in (*activations(op), *op.outputs))]
        yield from (value for value in dict.fromkeys(values) if followed(value))

    def _numbers(self, value: Value) -> Array:
        start = self._start[value]
        return np.arange(start, start + value.shape[-1])

    def _settle(self, multiple: int, even: int) -> None:
        ties: list[tuple[Array, Array]] = []
        for value in (*self._graph.sources, *self._graph.results):
            self._pin(value)
        for op in self._graph.ops:
            if tied := list(_ties(op)):
                ties += [(self._numbers(v)[a], self._numbers(w)[b]) for v, a, w, b in tied]
            elif not _mixes(op) or not self._mix(op):
                for value in (*op.inputs, *op.outputs):
                    self._pin(value)
        _join(self._labels, ties)
        self._spread()
        self._round_up(multiple, even)

    def _pin(self, value: Value) -> None:
        if value in self._start:
            self._stays[self._numbers(value)] = True

    def _mix(self, op: Mixer) -> bool:
        """Keep the input channels that an operator needs. False if its channels cannot be told."""
        if op.x not in self._start or op.y not in self._start or op.x.constant or not _known(op):
            return False
        weights = _by_channel(op)
        unread = ~weights.any((0, 2))
        x = self._ranges[op.x]
        centred = x.low - op.x.zero_point
        foldable = x.constant & (centred == 0 if reaches_padding(op) else _bias_has_room(op, weights, centred))
        self._stays[self._numbers(op.x)] |= ~(unread | foldable)
        return True

    def _spread(self) -> None:
        """What is tied to a channel that stays, stays."""
        stays = np.zeros(len(self._labels), bool)
        np.logical_or.at(stays, self._labels, self._stays)
        self._stays = stays[self._labels]

    def _round_up(self, image: int, pixel: int) -> None:
        """Take back what would leave a value without channels, or with an awkward number of them."""
        again = True
        while again:
            again = False
            for value in self._start:
                numbers = self._numbers(value)
                gone = numbers[~self._stays[numbers]]
                kept = len(numbers) - len(gone)
                multiple = min(image, pixel) if value.type.elements == len(numbers) else image
                wanted = min(len(numbers), max(multiple, -(-kept // multiple) * multiple)) - kept
                if wanted > 0 and len(gone):
                    labels = dict.fromkeys(self._labels[gone].tolist())
                    self._stays |= np.isin(self._labels, list(labels)[:wanted])
                    again = True

    @property
    def dropped(self) -> dict[Value, Drop]:
        """The values that lose channels."""
        found = {}
        for value in self._start:
            mask = ~self._stays[self._numbers(value)]
            if mask.any():
                found[value] = Drop(mask, self._ranges[value].low)
        return found


def _join(labels: Array, ties: list[tuple[Array, Array]]) -> None:
    """Give channels that are tied, directly or through others, the smallest label among them."""
    while True:
        before = labels.copy()
        for a, b in ties:
            least = np.minimum(labels[a], labels[b])
            np.minimum.at(labels, a, least)
            np.minimum.at(labels, b, least)
        if np.array_equal(before, labels):
            return


def _mixes(op: Op) -> TypeGuard[Mixer]:
    """Whether `op` is a Mixer; in groups, channels of different ones do not mix."""
    return isinstance(op, Mixer) and not (isinstance(op, Conv2D) and op.groups != 1)


def _known(op: Mixer | DepthwiseConv2D) -> bool:
    """Whether weights and bias are integer constants, and each weight meets one channel of the input."""
    if filters(op) is None or (op.bias is not None and op.bias.data is None):
        return False
    return not isinstance(op, FullyConnected) or op.depth % op.x.shape[-1] == 0


def _by_channel(op: Mixer) -> Array:
    """The weights without their zero point: int64[taps, input channels, outputs]."""
    weights = filters(op)
    assert weights is not None
    return weights.reshape(-1, op.x.shape[-1], op.channels)


def _ties(op: Op) -> Iterator[Tie]:
    """The channels of followed values that `op` ties together; nothing if it is not known to work channel by channel."""
    if not all(map(followed, op.outputs)) or not all(followed(value) or not value.shape for value in activations(op)):
        return
    if isinstance(op, DepthwiseConv2D):
        if _known(op) and not op.x.constant:
            outputs = np.arange(op.channels)
            yield op.x, outputs // op.multiplier, op.y, outputs
    elif isinstance(op, Sum | Mul):
        channels = np.arange(op.y.shape[-1])
        for x in (op.x1, op.x2):
            if x.shape[-1:] == op.y.shape[-1:]:  # a single channel that all read stays: none loses its last one
                yield x, channels, op.y, channels
    elif isinstance(op, Concatenation):
        yield from _concatenated(op)
    elif isinstance(op, Reshape):
        yield from _reshaped(op)
    elif isinstance(op, UNCHANGED) and _keeps_apart(op):
        channels = np.arange(op.y.shape[-1])
        yield op.inputs[0], channels, op.y, channels


def _keeps_apart(op: Op) -> bool:
    """Whether none of it goes along the channels."""
    if isinstance(op, Pad):
        return not (op.before[-1] or op.after[-1])
    rank = len(op.inputs[0].shape)
    return not isinstance(op, Mean) or rank - 1 not in {axis % rank for axis in op.axes}


def _concatenated(op: Concatenation) -> Iterator[Tie]:
    if op.axis == len(op.y.shape) - 1:
        start = 0
        for x in op.xs:
            channels = np.arange(x.shape[-1])
            yield x, channels, op.y, start + channels
            start += len(channels)
    else:
        channels = np.arange(op.y.shape[-1])
        yield from ((x, channels, op.y, channels) for x in op.xs)


def _reshaped(op: Reshape) -> Iterator[Tie]:
    """Rows become longer or shorter by whole pixels: a channel of one is the channels of the other that lie a pixel apart."""
    if not op.x.shape:
        return
    a, b = op.x.shape[-1], op.y.shape[-1]
    if a % b == 0 or b % a == 0:
        longer = np.arange(max(a, b))
        yield op.x, longer % a, op.y, longer % b


def _bias_has_room(op: Mixer, weights: Array, centred: Array) -> bool:
    """Whether the bias stays within its type, whatever constant channels go into it."""
    bias = np.zeros(1, np.int64) if op.bias is None or op.bias.data is None else op.bias.data.astype(np.int64).ravel()
    largest = np.abs(bias) + (np.abs(weights).sum(0) * np.abs(centred)[:, None]).sum(0)
    return int(largest.max()) < 2**31


class _Rebuilt:
    """The graph without the dropped channels."""

    def __init__(self, graph: Graph, dropped: Mapping[Value, Drop]) -> None:
        self._dropped = dropped
        self._new = {value: _sliced(value, drop.keep, -1) for value, drop in dropped.items()}
        ops = tuple(self._op(op) for op in graph.ops)
        self.graph = replace(graph, ops=ops)

    def _op(self, op: Op) -> Op:
        if not any(value in self._dropped for value in (*op.inputs, *op.outputs)):
            return op
        changes: dict[str, Any] = {"outputs": tuple(self._new.get(value, value) for value in op.outputs)}
        if isinstance(op, DepthwiseConv2D):
            changes |= self._weights(op, op.weights, 3)
        elif isinstance(op, Mixer):
            changes |= self._mixed(op)
        elif isinstance(op, Reshape):
            changes["shape"] = changes["outputs"][0].shape
        return replace(op.with_operands(self._new), **changes)

    def _weights(self, op: Mixer | DepthwiseConv2D, weights: Value, axis: int) -> dict[str, Any]:
        """Weights and bias of the output channels that remain."""
        drop = self._dropped.get(op.y)
        if drop is None:
            return {"weights": weights}
        bias = None if op.bias is None else _sliced(op.bias, drop.keep, -1)
        arrays = {name: getattr(op, name) for name in ("exact", "forms")}
        kept = {name: array if array is None else array[drop.keep] for name, array in arrays.items()}
        return {"weights": _sliced(weights, drop.keep, axis), "bias": bias, **kept}

    def _mixed(self, op: Mixer) -> dict[str, Any]:
        drop, weights = self._dropped.get(op.x), op.weights
        if drop is not None:
            op = replace(op, bias=_folded_bias(op, drop))
            repeats = weights.shape[-1] // len(drop.mask)
            weights = _sliced(weights, np.tile(drop.keep, repeats), -1)
        return {"bias": op.bias, **self._weights(op, weights, 0)}


def _folded_bias(op: Mixer, drop: Drop) -> Value | None:
    """The bias with what the dropped channels add, which is 0 for those that vary: their weights are 0."""
    added = (_by_channel(op).sum(0) * np.where(drop.mask, drop.codes - op.x.zero_point, 0)[:, None]).sum(0)
    if not added.any():
        return op.bias
    if op.bias is not None and op.bias.data is not None:
        return replace(op.bias, data=(op.bias.data + added.reshape(op.bias.shape)).astype(op.bias.data.dtype), index=None)
    dtype = DType.INT64 if op.wide_accumulators else DType.INT32
    return Value(f"{op.y.name}_bias", TensorType(added.shape, dtype), added.astype(dtype.numpy))


def _sliced(value: Value, keep: Array, axis: int) -> Value:
    """The value with the channels of `keep` along `axis` alone."""
    axis %= len(value.shape)
    chosen = np.flatnonzero(keep)
    shape = (*value.shape[:axis], len(chosen), *value.shape[axis + 1 :])
    q = value.type.quantization
    if q is not None and q.per_channel and q.axis == axis:
        scales = tuple(q.scales[i] for i in chosen)
        zero_points = tuple(q.zero_points[i] for i in chosen) if len(q.zero_points) > 1 else q.zero_points
        q = replace(q, scales=scales, zero_points=zero_points)
    type = TensorType(shape, value.dtype, q)
    if value.data is not None:
        return Value(value.name, type, np.ascontiguousarray(np.take(value.data, chosen, axis)))
    source = value.kept.channels if value.kept is not None else tuple(range(len(keep)))
    total = value.kept.total if value.kept is not None else len(keep)
    return replace(value, type=type, kept=Kept(tuple(source[i] for i in chosen), total))
