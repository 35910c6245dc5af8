# SPDX-License-Identifier: Apache-2.0
"""Formulas of kernels that follow from multiplier, shift and bias: what a kernel makes of packed constants by itself.

For a sum s of codes times weights, bias and zero point included, round(round(s * M / 2^31) / 2^right) is

    (s * M + 2^30 + 2^(30 + right)) >> (31 + right)        less 2^31 inside where s is negative: ties go down there

So the high word's formula needs no search (numerics/high_word.py). What a kernel cannot hold, bits of a multiplier or of an
addend, is proved to make no difference, or a neighbour of the multiplier is taken, with which it makes none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tinycc.analysis.accumulators import Weighted
from tinycc.ir import Array
from tinycc.kernels.calls import Struct
from tinycc.kernels.folding import once_for_all, stairs_of, sums_offset
from tinycc.kernels.stored.requant import LEADING, requant
from tinycc.numerics.fixedpoint import Multiplier
from tinycc.numerics.high_word import HighWord, checked
from tinycc.numerics.staircase import Bools, Staircase

NEIGHBOURS = (0, 1, -1, 2, -2, 3, -3)
"""Multipliers that are tried, by how far they are from the layer's own, in units of what a kernel keeps of them."""
FARTHER = tuple(sign * distance for distance in (6, 12, 20, 32, 48, 64, 96) for sign in (1, -1))
"""Where sums are rounded in float32, which moves steps to either side: the same, and then those."""


class Constants(NamedTuple):
    """Of every channel: the multiplier, how far it goes to the right, the bias."""

    multiplier: Array
    right: Array
    bias: Array


@dataclass(frozen=True)
class Form:
    """What a kernel makes of them: `proved` says of a staircase, multiplier, right, where sums begin and the output's zero
    point of which channels it is right, with right in `least` .. `most`. `dropped`: lowest bits of the multiplier that it
    leaves out. `once`: it rounds once."""

    proved: Callable[[Staircase, Array, Array, Array, int], Array]
    least: int
    most: int
    dropped: Callable[[Array], Array] = np.zeros_like
    once: bool = False


Formula = Callable[[Array, Array, Array, int], HighWord]


def _high_form(formula: Formula, least: int, most: int, dropped: Callable[[Array], Array] = np.zeros_like) -> Form:
    return Form(lambda stairs, *constants: checked(stairs, formula(*constants)).proved, least, most, dropped)


def _high_word(
    start: Array, multiplier: Array, addend: Array, below: int, shift: int | Array, scaling: int | Array
) -> HighWord:
    each = np.ones_like(start)
    return HighWord(start, multiplier, addend, below * each, shift * each, scaling, -128, 127, each.astype(np.bool_))


def _folded(multiplier: Array, right: Array, start: Array, zero_point: int) -> HighWord:
    addend = (zero_point << 12) + (1 << 11) + ((1 << 11) >> right)
    return _high_word(start, multiplier >> (right - 5), addend, 0, 12, 8)


def _any(multiplier: Array, right: Array, start: Array, zero_point: int) -> HighWord:
    addend = (zero_point << (right + 7)) + (1 << (right + 6)) + (1 << 6)
    return _high_word(start, multiplier, addend, -(1 << 7), right + 7, 8)


def _fine(multiplier: Array, right: Array, start: Array, zero_point: int) -> HighWord:
    addend = (zero_point << 10) + (1 << 9) + ((1 << 9) >> right)
    return _high_word(start, multiplier, addend, 0, 10, 11 - right)


FOLDED = _high_form(_folded, 5, 24, lambda right: np.maximum(right - 5, 0))
"""tk_conv_packed_dsp_s8."""
ANY = _high_form(_any, 1, 24)
"""tk_conv_packed_dsp_any_s8."""
FINE = _high_form(_fine, 3, 11)
"""tk_depthwise3_nominal_dsp_s8."""


def _candidates(own: Constants, form: Form) -> Iterator[Constants]:
    """The layer's own and their neighbours; then such as suit a channel whose code is always the same."""
    unit = np.int64(1) << form.dropped(own.right)
    distances = (*NEIGHBOURS, *FARTHER) if form.once else NEIGHBOURS
    yield from (own._replace(multiplier=own.multiplier + distance * unit) for distance in distances)
    none, usual = np.zeros_like(own.bias), np.full_like(own.right, int(np.median(own.right)))
    yield Constants(none + LEADING, usual, none)
    yield Constants(none, usual, none)


def own_constants(op: Weighted) -> Constants | None:
    """Those of the layer; None where they are computed."""
    entries, count = op.requantization, op.channels
    if stairs_of(op) is None or len(entries) not in (1, count):
        return None
    numbers = np.resize(np.asarray([(entry.multiplier, entry.shift) for entry in entries], np.int64), (count, 2))
    bias = np.zeros(count, np.int64) if op.bias is None or op.bias.data is None else op.bias.data.astype(np.int64).ravel()
    return Constants(numbers[:, 0], -numbers[:, 1], bias)


def inputs_offset(op: Weighted) -> Array:
    """int64[channels]: minus the input's zero point times the sum of a channel's weights."""
    own = own_constants(op)
    assert own is not None
    offset: Array = sums_offset(op) - own.bias
    return offset


def found_constants(op: Weighted, form: Form) -> Constants | None:
    """Constants with which the kernel computes the layer's codes, proved; None if a channel has none."""
    nearest = nearest_constants(op, form)
    return nearest[0] if nearest is not None and nearest[1].all() else None


def nearest_constants(op: Weighted, form: Form) -> tuple[Constants, Bools] | None:
    """(constants, the channels with which the kernel computes the layer's codes, proved): the others have some that the kernel
    can hold. None where they are computed."""
    stairs, own = stairs_of(op), own_constants(op)
    if stairs is None or own is None:
        return None
    inputs = inputs_offset(op)
    usual = int(np.clip(np.median(own.right), form.least, form.most))
    found = Constants(*(np.full(op.channels, number, np.int64) for number in (LEADING, usual, 0)))
    proved = np.zeros(op.channels, np.bool_)
    for tried in _candidates(own, form):
        right = np.clip(tried.right, form.least, form.most)
        held = (tried.right == right) & ((tried.multiplier == 0) | (tried.multiplier >> 30 == 1))
        better = held & form.proved(stairs, tried.multiplier, right, tried.bias + inputs, op.y.zero_point) & ~proved
        found = Constants(*(np.where(better, new, old) for new, old in zip(tried, found, strict=True)))
        proved |= better
        if proved.all():
            break
    return found, proved


@once_for_all
def folded_constants(op: Weighted) -> Constants | None:
    return found_constants(op, FOLDED)


@once_for_all
def any_constants(op: Weighted) -> Constants | None:
    return found_constants(op, ANY)


@once_for_all
def fine_constants(op: Weighted) -> Constants | None:
    return found_constants(op, FINE)


def requant_of(constants: Constants) -> Struct:
    """`tk_requant`."""
    entries = [Multiplier(int(multiplier), -int(right)) for multiplier, right in zip(*constants[:2], strict=True)]
    same = all(entry == entries[0] for entry in entries)
    return requant(entries[:1] if same else entries, constants.bias if constants.bias.any() else None)
