# SPDX-License-Identifier: Apache-2.0
"""Convolutions of int8 on cores without SIMD, with 6 to 8 bytes of constants for a channel in place of 12 or 20.

Those of runtime/kernels/paired, behind what unpacks their tables into scratch: tk_unpack_folded, tk_unpack_paired.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Call, Field, Scratch, Struct, Table, struct
from tinycc.kernels.costs import cost_of
from tinycc.kernels.fitted import estimate
from tinycc.kernels.folding import once_for_all, stairs_of
from tinycc.kernels.portable import paired
from tinycc.kernels.portable.paired import Op
from tinycc.kernels.stored.nominal import Constants, Form, inputs_offset, nearest_constants, own_constants, requant_of
from tinycc.numerics import two_products
from tinycc.numerics.rules import Requantization
from tinycc.numerics.staircase import Bools, Folded, Staircase, fold, proved
from tinycc.numerics.two_products import SHIFT, SPLITS, TwoProducts
from tinycc.program.types import Content

MOST = 24
"""Bits to the right."""
FOLDED, PAIRED = 45, 175
"""Instructions for a channel that is unpacked, counted on Cortex-M3 and RV32IMC, and on Cortex-M0."""


FEW = 4
"""One channel in so many may have constants of its own: with more of them nothing is saved."""


class Packed(NamedTuple):
    """What tk_unpack_folded or tk_unpack_paired reads: constants, the shortest way to the right or the split, and of the other
    channels uint32[others, 1 + words]."""

    constants: Constants
    shift: int
    others: Array


def rounds_twice(op: Op) -> bool:
    """Whether the requantization rounds as TensorFlow Lite Micro does."""
    return op.rounding is Requantization.FIXED


def folded_form(least: int, *, twice: bool = True) -> Form:
    """What tk_unpack_folded makes of constants, of which `least` is the shortest way to the right."""
    shift = 31 + least

    def right_for(stairs: Staircase, multiplier: Array, right: Array, start: Array, zero_point: int) -> Array:
        kept = multiplier >> (right - least)
        offset = start * kept + (zero_point << shift) + (1 << (shift - 1)) + ((twice << 30) >> (right - least))
        formula = Folded(kept, offset, offset, stairs.low, shift, stairs.min, stairs.max, stairs.exact)
        return proved(stairs, formula)

    return Form(right_for, least, MOST, lambda right: np.maximum(right - least, 0), once=not twice)


def paired_form(split: int, *, twice: bool = True) -> Form:
    """What tk_unpack_paired makes of them."""

    def dropped(right: Array) -> Array:
        return right + (31 - SHIFT - split)

    def right_for(stairs: Staircase, multiplier: Array, right: Array, start: Array, zero_point: int) -> Array:
        kept = multiplier >> dropped(right)
        reach = np.where(multiplier > 0, (255 << 24) // np.maximum(multiplier >> 16, 1), 0)
        reach = np.where(right > 9, reach << np.maximum(right - 9, 0), reach >> np.maximum(9 - right, 0))
        addend = (1 << (SHIFT - 1)) + ((twice << (SHIFT - 1)) >> right)
        formula = TwoProducts(-start, reach, kept >> split, kept & ((1 << split) - 1), addend, split, stairs.live)
        return two_products.proved(stairs, formula) & (zero_point == -128)

    return Form(right_for, max(1, split + SHIFT - 31), MOST, dropped, once=not twice)


def folded_columns(stairs: Staircase, least: int) -> tuple[Array, Bools]:
    """(what TK_FOLDED_MULTIPLIER and so on are for every channel, where that is proved)."""
    formula = fold(stairs, 31 + least, two_sided=False)
    return np.stack((formula.multiplier, formula.offset, formula.offset >> 32), 1), formula.proved


def paired_columns(stairs: Staircase, split: int) -> tuple[Array, Bools]:
    """The same of TK_PAIRED_FIRST and so on."""
    formula = two_products.fold_at(stairs, split)
    return formula.columns, formula.proved


def packed(
    op: Op, form: Form, shift: int, columns: Callable[[Staircase, int], tuple[Array, Bools]], *, few: int = FEW
) -> Packed | None:
    """The constants of a form, if at most one channel in `few` (0: any number) has others."""
    nearest = nearest_constants(op, form)
    if nearest is None or few * np.count_nonzero(~nearest[1]) > op.channels:
        return None
    channels, stairs = np.flatnonzero(~nearest[1]), stairs_of(op)
    assert stairs is not None
    if not len(channels):
        return Packed(nearest[0], shift, np.empty((0, 0), np.uint32))
    words, right = columns(stairs.of(channels), shift)
    others = np.column_stack((channels, words)) & 0xFFFFFFFF
    return Packed(nearest[0], shift, others.astype(np.uint32)) if right.all() else None


@once_for_all
def folded(op: Op) -> Packed | None:
    own = own_constants(op)
    if own is None:
        return None
    least = max(int(own.right.min()), 1)
    return packed(op, folded_form(least, twice=rounds_twice(op)), least, folded_columns)


@once_for_all
def halved(op: Op) -> Packed | None:
    """With the split that leaves the fewest others."""
    best: Packed | None = None
    for split in SPLITS:
        found = packed(op, paired_form(split, twice=rounds_twice(op)), split, paired_columns)
        if found is not None and (best is None or len(found.others) < len(best.others)):
            best = found
        if best is not None and not len(best.others):
            break
    return best


def unpacks_folded(op: Op, context: Context) -> str | None:
    """multiplier, shift and bias of at least three channels in four give the kernel's constants, proved"""
    return "channels for which they do not" if folded(op) is None else None


def unpacks_paired(op: Op, context: Context) -> str | None:
    """multiplier, shift and bias of at least three channels in four give the kernel's constants, proved"""
    return "channels for which they do not" if halved(op) is None else None


def _packed(plain: Variant[Any]) -> Variant[Any]:
    """The variant beside `plain`."""
    words, instructions, known, fact = (
        (5, PAIRED, halved, unpacks_paired) if plain.name.endswith("_paired_s8") else (3, FOLDED, folded, unpacks_folded)
    )
    root, kind = plain.name.removesuffix("_s8").split("_", 2)[1:]
    name = f"tk_{root}_packed_{kind}"

    def bind(op: Op, context: Context) -> tuple[Call, ...]:
        (call,) = plain.bind(op, context)
        x, y, shape, params, scratch = call.args
        found = known(op)
        assert found is not None
        assert isinstance(params, Struct)
        constants, shift, others = found
        start = constants.bias + inputs_offset(op)
        codes = struct(
            "tk_packed_codes",
            requant=requant_of(constants._replace(bias=start)),
            shift=shift,
            output_offset=op.y.zero_point,
            twice=int(rounds_twice(op)),
            channels=op.channels,
            others=Table("others", np.append(np.uint32(len(others)), others), Content.REQUANT) if len(others) else None,
        )
        fields: dict[str, Field] = dict(params.fields) | {"codes": None}
        fields["split" if "split" in fields else "shift"] = shift if words == 5 else shift - 1
        made = struct(
            name if root == "conv" else "tk_depthwise3_packed_pairs",
            params=replace(params, fields=tuple(fields.items())),
            codes=codes,
        )
        return (Call(f"{name}_s8", (x, y, shape, made, scratch, Scratch("codes", 4 * words * op.channels))),)

    def cost(op: Op, context: Context) -> Cost:
        kernel, more = estimate(plain, op, context), cost_of(round(instructions * op.channels), context.target)
        return Cost(kernel.cycles + more.cycles, kernel.instructions + more.instructions)

    facts: tuple[Fact[Any], ...] = (*plain.facts, fact)
    return replace(plain, name=f"{name}_s8", bind=bind, cost=cost, facts=facts, thrifty=True)


VARIANTS = tuple(_packed(variant) for variant in paired.VARIANTS)
