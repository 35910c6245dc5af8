# SPDX-License-Identifier: Apache-2.0
"""A tensor seen through reshapes and transpositions that have not been carried out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tinycc.ir import Array, Value
from tinycc.ops.strides import Shape


@dataclass(frozen=True)
class View:
    """`base`, cut into dimensions of the sizes `atoms` (row-major, none of size 1), these taken in the order `order`, and read
    with the shape `shape`. Every dimension of `shape` is a run of whole atoms.
    """

    base: Value
    atoms: Shape
    order: Shape
    shape: Shape

    @staticmethod
    def of(value: Value) -> View:
        """A value as it is."""
        atoms = tuple(size for size in value.shape if size != 1)
        return View(value, atoms, tuple(range(len(atoms))), value.shape)

    @property
    def identity(self) -> bool:
        """Whether the elements are in the order in which they lie."""
        return self.order == tuple(sorted(self.order))

    @property
    def groups(self) -> tuple[Shape, ...]:
        """For each dimension the atoms that it consists of."""
        rest = iter(self.order)
        return tuple(tuple(self._run(rest, size)) for size in self.shape)

    def _run(self, atoms: Iterator[int], size: int) -> Iterator[int]:
        while size > 1:
            atom = next(atoms)
            size //= self.atoms[atom]
            yield atom

    def reshaped(self, shape: Shape) -> View | None:
        """The view with another shape of as many elements; None if some atom would have to be cut unevenly."""
        if 0 in shape:
            return View(self.base, self.atoms, self.order, shape) if self.shape == shape else None
        merged = self.merged
        sizes = [merged.atoms[atom] for atom in merged.order]
        ends = sorted({*_ends(sizes), *_ends(shape)})
        if any(end % start for start, end in zip([1, *ends], ends, strict=False)):
            return None
        pieces = {atom: list(_pieces(ends, start, start * size)) for atom, start, size in merged._starts()}
        first = {atom: sum(len(pieces[other]) for other in range(atom)) for atom in pieces}
        order = [first[atom] + i for atom in merged.order for i in range(len(pieces[atom]))]
        atoms = [piece for atom in range(len(pieces)) for piece in pieces[atom]]
        return View(self.base, tuple(atoms), tuple(order), shape)

    def _starts(self) -> Iterator[tuple[int, int, int]]:
        """(atom, product of the sizes before it in `order`, its size)."""
        start = 1
        for atom in self.order:
            yield atom, start, self.atoms[atom]
            start *= self.atoms[atom]

    @property
    def merged(self) -> View:
        """The same view with atoms that follow each other as one: a dimension may be but a part of an atom then."""
        runs: list[list[int]] = []
        for atom in self.order:
            if runs and runs[-1][-1] + 1 == atom:
                runs[-1].append(atom)
            else:
                runs.append([atom])
        ranks = {run[0]: rank for rank, run in enumerate(sorted(runs))}
        atoms = tuple(math.prod(self.atoms[atom] for atom in run) for run in sorted(runs))
        return View(self.base, atoms, tuple(ranks[run[0]] for run in runs), self.shape)

    def transposed(self, permutation: Sequence[int]) -> View:
        """The view with its dimensions in another order."""
        groups = self.groups
        order = tuple(atom for axis in permutation for atom in groups[axis])
        return View(self.base, self.atoms, order, tuple(self.shape[axis] for axis in permutation))

    @property
    def natural(self) -> Shape:
        """The dimensions in the order in which they lie in `base`, those of size 1 where it has such; first, where its other
        dimensions are none of the view's."""
        groups, rank = self.groups, len(self.shape)
        order = sorted(range(rank), key=lambda axis: (*groups[axis][:1], -1)[0])
        if [self.shape[axis] for axis in order if groups[axis]] != [size for size in self.base.shape if size != 1]:
            return tuple(order)
        if rank != len(self.base.shape):
            return tuple(order)
        units, others = iter([axis for axis in order if not groups[axis]]), iter([axis for axis in order if groups[axis]])
        return tuple(next(units if size == 1 else others) for size in self.base.shape)

    def apply(self, array: Array) -> Array:
        """What is seen, of the content of `base`."""
        return np.asarray(array.reshape(self.atoms).transpose(self.order).reshape(self.shape), order="C")


def _ends(sizes: Sequence[int]) -> Iterator[int]:
    end = 1
    for size in sizes:
        end *= size
        if size != 1:
            yield end


def _pieces(ends: Sequence[int], start: int, end: int) -> Iterator[int]:
    """The sizes of the parts that `ends` cut the run from `start` to `end` into."""
    for cut in ends:
        if start < cut <= end:
            yield cut // start
            start = cut


def inverse(permutation: Sequence[int]) -> Shape:
    """The permutation that undoes `permutation`."""
    return tuple(int(axis) for axis in np.argsort(permutation))
