# SPDX-License-Identifier: Apache-2.0
"""A model of steps, beside the model that it was: windows that slide over a stream, and the steps that they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tinycc.execution.host import Run
from tinycc.execution.inputs import InputSet, random_inputs
from tinycc.ir import Array, Value
from tinycc.passes.steps import Stepwise


@dataclass(frozen=True)
class Stepped:
    """`steps`: what the model of steps is run on; `windows`: what the other is, one for the step of each stream that fills it,
    and one for each that follows."""

    windows: tuple[InputSet, ...]
    steps: tuple[InputSet, ...]
    ends: frozenset[int]
    """The steps that a window ends with, by number."""

    def runs(self, found: Iterable[Run]) -> Iterator[Run]:
        """Of all steps, those with which a window ends."""
        return (run for number, run in enumerate(found) if number in self.ends)


def stepped(sets: Sequence[InputSet], values: Sequence[Value], stream: Stepwise, later: int, seed: int) -> Stepped:
    """Each set as the first window of a stream, which goes on for `later` steps of random frames. Before the first window,
    where it is no whole number of steps, its first frame stands."""
    windows: list[InputSet] = []
    steps: list[InputSet] = []
    ends: set[int] = set()
    for number, item in enumerate(sets):
        streams = [
            _stream(array, stream, later, more)
            for array, more in zip(item.arrays, _more(values, seed + number, later), strict=True)
        ]
        count = streams[0].shape[stream.axis] // stream.hop
        first = count - later
        for step in range(count):
            label = item.label if step < first else f"{item.label}, {step - first + 1} steps later"
            new = (_frames(array, stream, step * stream.hop, stream.hop) for array in streams)
            if step + 1 >= first:
                stop = (step + 1) * stream.hop
                window = tuple(_frames(array, stream, stop - stream.window, stream.window) for array in streams)
                windows.append(InputSet(item.label if step + 1 == first else label, window))
                ends.add(len(steps))
            steps.append(InputSet(label, tuple(new), fresh=step == 0))
    return Stepped(tuple(windows), tuple(steps), frozenset(ends))


def _more(values: Sequence[Value], seed: int, later: int) -> list[list[Array]]:
    """For each input, arrays to take frames of."""
    drawn = [random_inputs(values, seed, step + 1).arrays for step in range(later)]
    return [list(arrays) for arrays in zip(*drawn, strict=True)] if drawn else [[] for _ in values]


def _stream(window: Array, stream: Stepwise, later: int, more: Sequence[Array]) -> Array:
    missing = -stream.window % stream.hop
    front = [_frames(window, stream, 0, 1)] * missing
    return np.concatenate([*front, window, *(_frames(array, stream, 0, stream.hop) for array in more)], stream.axis)


def _frames(array: Array, stream: Stepwise, start: int, count: int) -> Array:
    found: Array = np.take(array, range(start, start + count), stream.axis)
    return found


def newest(expected: Sequence[Array], values: Sequence[Value]) -> list[Array]:
    """Of what the model makes of a window, what the one of steps gives: `values` are its outputs."""
    return [_newest(array, value.shape) for array, value in zip(expected, values, strict=True)]


def _newest(array: Array, shape: tuple[int, ...]) -> Array:
    return array[tuple(slice(size - wanted, None) for size, wanted in zip(array.shape, shape, strict=True))]
