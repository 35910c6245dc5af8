# SPDX-License-Identifier: Apache-2.0
"""What int8 layers have in common on Helium: their sums, and the form of their requantization.

Kernels multiply the input's codes as they are; its zero point goes into the bias. A requantization that is one linear form in
every channel is folded (staircase_mve); others are computed in two roundings, as TensorFlow Lite Micro does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost
from tinycc.kernels.calls import Field, Table
from tinycc.kernels.facts import symmetric_weights
from tinycc.kernels.folding import rule_of
from tinycc.numerics.fixedpoint import INT32_MAX, INT32_MIN, Multiplier
from tinycc.numerics.rules import Requantization
from tinycc.numerics.staircase import Ints, Staircase, reach, staircase
from tinycc.numerics.staircase_mve import MovedForm, PairForm, moved_form, pair_form
from tinycc.ops.convolution.base import WeightedSum
from tinycc.ops.convolution.depthwise import DepthwiseConv2D
from tinycc.program.types import Content

SHORT = 256
"""Bytes up to which an array of int8 has no alignment of its own in C."""
ALIGN = 4
SHARED = 16
"""Rows of zero points are multiples of so many bytes."""
_CACHED = 64


@dataclass(frozen=True, eq=False)
class Sums:
    """`weights`: int8[O, K]; `bias`: int64[O], what the products of raw codes lack; `low`, `high`: int64[O], bounds of both
    together."""

    weights: Array
    bias: Ints
    low: Ints
    high: Ints


@lru_cache(maxsize=_CACHED)
def sums(op: WeightedSum) -> Sums:
    """For constant weights and bias. The weights of an output channel are in the order of the file."""
    data = op.weights.data
    assert data is not None
    if isinstance(op, DepthwiseConv2D):
        weights = np.ascontiguousarray(data.reshape(-1, op.channels).T)
    else:
        weights = data.reshape(op.channels, -1)
    bias = -op.x.zero_point * weights.astype(np.int64).sum(1)
    if op.bias is not None:
        assert op.bias.data is not None
        bias = bias + op.bias.data.ravel().astype(np.int64)
    low, high = reach(weights)
    return Sums(weights, bias, low + bias, high + bias)


def multipliers(op: WeightedSum) -> list[Multiplier]:
    """One for each output channel."""
    entries = op.requantization
    return entries if len(entries) > 1 else entries * op.channels


def stairs(op: WeightedSum) -> Staircase:
    """The codes of y by the products of raw codes."""
    found = sums(op)
    return staircase(rule_of(op), found.low, found.high).after(found.bias)


@lru_cache(maxsize=_CACHED)
def pairs(op: WeightedSum) -> PairForm:
    return pair_form(stairs(op))


@lru_cache(maxsize=_CACHED)
def moved(op: WeightedSum) -> MovedForm:
    return moved_form(stairs(op))


def right_shifts(op: WeightedSum) -> tuple[Ints, Ints]:
    """(multiplier, right shift) of each channel for two roundings; a multiplier of 0 shifts by 1."""
    entries = multipliers(op)
    multiplier = np.asarray([entry.multiplier for entry in entries], np.int64)
    right = np.asarray([-entry.shift if entry.multiplier else 1 for entry in entries], np.int64)
    return multiplier, right


def known_weights(op: WeightedSum, context: Context) -> str | None:
    """weights and bias are constants"""
    computed = [name for name, value in op.operands if name in ("weights", "bias") and value.data is None]
    return f"computed {' and '.join(computed)}" if computed else None


def sums_of_32_bits(op: WeightedSum, context: Context) -> str | None:
    """no sum leaves 32 bits"""
    found = sums(op)
    least, most = int(min(found.low.min(), found.bias.min())), int(max(found.high.max(), found.bias.max()))
    return None if least >= INT32_MIN and most <= INT32_MAX else f"sums from {least:,} to {most:,}"


def is_clamped(op: WeightedSum) -> bool:
    """Whether results are clamped to less than int8."""
    return (op.range.min, op.range.max) != (-128, 127)


def full_range(op: WeightedSum, context: Context) -> str | None:
    """results are clamped to nothing less than int8"""
    return f"a range of {op.range}" if is_clamped(op) else None


def folds_in_pairs(op: WeightedSum, context: Context) -> str | None:
    """the requantization of every channel is one linear form: the same steps, proved over all sums that can occur"""
    return _unproved(pairs(op))


def folds_moved(op: WeightedSum, context: Context) -> str | None:
    """the requantization of every channel is one linear form: the same steps, proved over all sums that can occur"""
    return _unproved(moved(op))


def _unproved(form: PairForm | MovedForm) -> str | None:
    return None if form.proved.all() else f"{int((~form.proved).sum())} of {len(form.proved)} channels for which there is none"


def rounds_twice(op: WeightedSum, context: Context) -> str | None:
    """the requantization rounds twice, as TensorFlow Lite Micro's does, and every multiplier is less than 1/2"""
    if op.rounding is not Requantization.FIXED:
        return f"{op.numerics}"
    _, right = right_shifts(op)
    return None if right.min() >= 1 else f"a multiplier of 2**{-int(right.min()) - 1} or more"


def any_product(op: WeightedSum, context: Context) -> str | None:
    """a sum has fewer than 2**16 products"""
    depth = sums(op).weights.shape[1]
    return None if depth < 1 << 16 else f"{depth:,}"


COMMON = (known_weights, symmetric_weights, sums_of_32_bits, any_product)
"""Facts that all kernels need."""


def stream(data: Array) -> Table:
    """Packed weights, int8[4 n], aligned."""
    assert data.dtype == np.int8
    assert len(data) % ALIGN == 0
    return (
        Table("weights", data, Content.WEIGHTS)
        if len(data) > SHORT
        else Table("weights", data.view("<i4").astype(np.int32), Content.WEIGHTS, "int8_t")
    )


def requantization(op: WeightedSum, form: PairForm | MovedForm | None) -> dict[str, Field]:
    """The fields of the C structs that say it: of a folded one, or else of two roundings."""
    if form is None:
        return {"offset": op.y.zero_point, "min": int(op.range.min), "max": int(op.range.max)}
    fields: dict[str, Field] = {"shift": form.shift}
    return fields | {"unit": form.unit} if isinstance(form, PairForm) else fields


def padding(op: WeightedSum, size: int) -> Table:
    """A row of zero points in bytes; so many that rows of about the same size have one in common."""
    return Table("table_padding", np.full(-(-size // SHARED) * SHARED, op.x.zero_point, np.int8), Content.TABLE)


def cost(instructions: float, scalar: float, flash: int) -> Cost:
    """Of so many instructions, `scalar` of which are no vector instructions (2 cycles each)."""
    return Cost(cycles=round(2 * instructions - scalar), instructions=round(instructions), flash=flash)
