# SPDX-License-Identifier: Apache-2.0
"""CONV_2D and FULLY_CONNECTED of int8 whose weights are decoded, some channels at a time, in front of the usual kernels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from tinycc.analysis.accumulators import filters
from tinycc.ir import Array, DType
from tinycc.kernels.base import Context, Cost, Fact, Variant
from tinycc.kernels.calls import Arg, Call, Scratch, Struct, Table, Tensor, struct
from tinycc.kernels.cmsis_nn import counts
from tinycc.kernels.cmsis_nn.base import activation, nhwc
from tinycc.kernels.cmsis_nn.convolution import conv_params, one_by_one
from tinycc.kernels.costs import Each, Loops, cost_of, loops_cost
from tinycc.kernels.dsp import conv as dsp
from tinycc.kernels.dsp.gemm import as_words, gemm_words, rounded_up
from tinycc.kernels.dsp.requantization import constant_weights, folded_sums, signed, signed_sums
from tinycc.kernels.dsp.windows import windows_of
from tinycc.kernels.facts import rounds_twice, symmetric_weights
from tinycc.kernels.fitted import fitted
from tinycc.kernels.folding import once_for_all
from tinycc.kernels.portable import paired
from tinycc.kernels.stored.coding import CODINGS, Coded, Coding
from tinycc.kernels.stored.decoders import decoding_cost
from tinycc.kernels.stored.packed import EXPANDED, READ, bundled, packable
from tinycc.kernels.stored.requant import requant
from tinycc.numerics.high_word import HighWord
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.ops.convolution.fully_connected import FullyConnected
from tinycc.program.types import Content
from tinycc.target import Feature, Target

Op = Conv2D | FullyConnected
TILES = (16, 8, 4)
"""Output channels that may be decoded at a time for the bundled kernels, which gain nothing by more, if they are at most ROOM
bytes; else the last number."""
ROOM, SHARE = 2048, 8
"""Bytes of a tile of all other kernels, or this part of input and output: kernels that lay inputs out do it for every tile."""
BESIDE = 40
"""Bytes in a tile for a channel pair's constants, at most."""
WORTH = 16
"""The part of the weights' bytes that a coding must save to be looked at."""


# -- units: what is decoded at a time ------------------------------------------------------------------------------------------


@once_for_all
def rows_of(op: Op) -> Array | None:
    """int8[outputs, weights of an output], as the bundled functions read them; None where they are computed."""
    weights = filters(op)
    if weights is None or op.weights.data is None:
        return None
    return op.weights.data.astype(np.int8).reshape(op.channels, -1)


@once_for_all
def pairs_of(op: Op) -> Array | None:
    """int8[pairs of outputs, weights of both], as the kernels tk_conv_dsp* read them."""
    if op.weights.data is None:
        return None
    pairs = windows_of(op).pairs
    pairs = np.concatenate((pairs, pairs[-1:])) if len(pairs) % 2 else pairs
    twos, steps = len(pairs) // 2, pairs.shape[1]
    return pairs.astype(np.int8).reshape(twos, 2, steps, 2).transpose(0, 2, 3, 1).reshape(twos, -1)


Units = Callable[[Any], "Array | None"]


@once_for_all
def _known(op: Op) -> dict[tuple[Units, str], Coded]:
    return {}


def encoded(op: Op, units_of: Units, coding: Coding) -> Coded:
    known = _known(op)
    if (units_of, coding.name) not in known:
        units = units_of(op)
        assert units is not None
        known[units_of, coding.name] = coding.encode(units)
    return known[units_of, coding.name]


@once_for_all
def _sizes(op: Op) -> dict[tuple[Units, str], int | None]:
    return {}


def coded_size(op: Op, units_of: Units, coding: Coding) -> int | None:
    """Bytes of known weights; None: they have too many values."""
    units, known = units_of(op), _sizes(op)
    assert units is not None
    if (units_of, coding.name) not in known:
        known[units_of, coding.name] = coding.size(units) if units.size else None
    return known[units_of, coding.name]


def takes_less(units_of: Units, coding: Coding) -> Fact[Any]:
    def fact(op: Op, context: Context) -> str | None:
        units = units_of(op)
        if units is None:
            return "computed weights"
        size = coded_size(op, units_of, coding)
        if size is None:
            return "too many different ones"
        return None if size <= units.size - units.size // WORTH else f"{size:,} bytes for {units.size:,}"

    fact.__doc__ = "coded so, the weights take a sixteenth less"
    return fact


def one_group(op: Conv2D, context: Context) -> str | None:
    """there are no groups"""
    return None if op.groups == 1 else f"{op.groups} groups"


# -- in front of the bundled functions -----------------------------------------------------------------------------------------


def _tile(size: int, channels: int) -> int:
    return min(next((tile for tile in TILES if tile * size <= ROOM), TILES[-1]), rounded_up(channels, 2))


def tiling(op: Op) -> tuple[int, int]:
    """(channels of a tile, tiles)."""
    units = rows_of(op)
    assert units is not None
    tile = _tile(units.shape[1], op.channels)
    return tile, -(-op.channels // tile)


def _shared(op: Op, coding: Coding) -> tuple[Coded, Struct, int, tuple[Arg, ...]]:
    """(weights, `tk_requant`, channels of a tile, scratch)."""
    coded, (tile, _) = encoded(op, rows_of, coding), tiling(op)
    bias = None if op.bias is None or op.bias.data is None else op.bias.data.ravel()
    size = int(np.prod(op.weights.shape[1:]))
    scratch = Scratch("tile", tile * size), Scratch("lookup", coded.lookup)
    return coded, requant(op.requantization, bias), tile, scratch


def bind_dense(op: FullyConnected, context: Context, coding: Coding) -> tuple[Call, ...]:
    coded, constants, tile, scratch = _shared(op, coding)
    params = struct(
        "tk_fully_connected_coded",
        weights=coded.fields,
        requant=constants,
        activation=activation(op),
        input_offset=-op.x.zero_point,
        output_offset=op.y.zero_point,
        rows=op.batch,
        inputs=op.depth,
        outputs=op.channels,
        tile=tile,
    )
    return (Call("tk_fully_connected_coded_s8", (Tensor(op.x), Tensor(op.y), params, *scratch)),)


def bind_conv(op: Conv2D, context: Context, coding: Coding, symbol: str) -> tuple[Call, ...]:
    coded, constants, tile, scratch = _shared(op, coding)
    params = struct(
        "tk_convolve_coded",
        weights=coded.fields,
        requant=constants,
        conv=conv_params(op),
        x=nhwc(op.x),
        w=nhwc(op.weights),
        y=nhwc(op.y),
        tile=tile,
    )
    return (Call(symbol, (Tensor(op.x), Tensor(op.y), params, *scratch)),)


def _again(loops: Loops, names: tuple[str, ...], times: int) -> Loops:
    """The loops, some of which are gone through for every tile."""
    return {name: number * (times if name in names else 1) for name, number in loops.items()}


def _and_more(kernel: str, loops: Loops, rounds: Mapping[str, Each], more: int, target: Target) -> Cost:
    """`more`: instructions beside the loops of a kernel."""
    known, beside = fitted(kernel, loops_cost(loops, rounds, target), target), cost_of(more, target)
    return replace(known, cycles=known.cycles + beside.cycles, instructions=known.instructions + beside.instructions)


def dense_cost(op: FullyConnected, context: Context) -> Cost:
    loops = _again(counts.of_dense(op), ("row",), tiling(op)[1])
    return _and_more(
        "arm_fully_connected_per_channel_s8", loops, counts.DENSE_PER_CHANNEL, READ * op.y.type.elements, context.target
    )


def conv_cost(op: Conv2D, context: Context) -> Cost:
    loops = _again(counts.of_convolution(op), ("row", "pixel", "window", "run"), tiling(op)[1])
    return _and_more("arm_convolve_s8", loops, counts.CONVOLUTION, READ * op.y.type.elements, context.target)


def pointwise_cost(op: Conv2D, context: Context) -> Cost:
    loops, tiles = counts.of_pointwise(op, by_row=op.window.stride != (1, 1)), tiling(op)[1]
    blocks = -(-op.channels // 16)
    loops = {**loops, "block": loops["block"] / blocks * tiles, "pair": loops["pair"] / blocks * tiles}
    return _and_more("arm_convolve_1x1_s8", loops, counts.POINTWISE, EXPANDED * op.channels, context.target)


# -- in front of the DSP kernels -----------------------------------------------------------------------------------------------


def tile_room(op: Op, beside: int) -> int:
    """Bytes that what is decoded at a time may take. Weights of four bits are decoded unasked, so that all scratch has to fit
    into the room, of which the kernel's own takes `beside`."""
    room = max(ROOM, (op.x.type.bytes + op.y.type.bytes) // SHARE)
    return room - beside if op.weights.dtype is DType.INT4 else room


def _dsp_tile(op: Op) -> int:
    """Channels, an even number."""
    pairs, w = pairs_of(op), windows_of(op)
    assert pairs is not None
    unit = int(pairs.shape[1]) + (BESIDE if op.weights.dtype is DType.INT4 else 0)
    return min(2 * max(tile_room(op, w.scratch) // unit, 1), rounded_up(op.channels, 2))


def bind_dsp(op: Op, context: Context, coding: Coding, formula: HighWord | None, symbol: str) -> tuple[Call, ...]:
    assert formula is not None
    w, coded, tile = windows_of(op), encoded(op, pairs_of, coding), _dsp_tile(op)
    folded = symbol == "tk_conv_coded_dsp_s8"
    behind = 4 if folded else 8
    words = gemm_words(w.pairs, formula, folded=folded).reshape(-1, 2 + w.depth // 2 + behind)
    constants = as_words(np.concatenate((words[:, :2], words[:, -behind:]), axis=1)).ravel()
    layer = dict(w.layer([words], op.x.zero_point).fields)
    params = struct(
        "tk_conv_coded",
        weights=coded.fields,
        constants=Table("constants", constants, Content.REQUANT),
        layer=Struct("tk_conv_layer", tuple((layer | {"weights": None}).items())),
        tile=tile,
    )
    scratch = Scratch("woven", w.scratch), Scratch("tile", 4 * words.shape[1] * tile // 2), Scratch("lookup", coded.lookup)
    return (Call(symbol, (Tensor(op.x), Tensor(op.y), params, *scratch)),)


_ONCE = ("pair of a four", "step of a four", "pair of a two", "step of a two", "stored apart")
"""What the DSP kernels do for every channel, not for every tile."""


def dsp_cost(op: Op, context: Context, rounds: Mapping[str, Each]) -> Cost:
    loops = dsp.loops(windows_of(op))
    tiles = -(-op.channels // _dsp_tile(op))
    return loops_cost(_again(loops, tuple(name for name in loops if name not in _ONCE), tiles), rounds, context.target)


# -- in front of the kernels without SIMD --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paired:
    """One of these kernels: what its name ends with, channels of a unit, and what paired.py knows of it."""

    name: str
    lanes: int
    units: Units
    bind: Callable[[Conv2D, Context], tuple[Call, ...]]
    cost: Callable[[Conv2D, Context, int], Cost]
    facts: tuple[Fact[Any], ...]

    def tile(self, op: Conv2D, context: Context) -> int:
        """Channels: whole units, or one."""
        units, beside = self.units(op), sum(scratch.bytes for scratch in self.bind(op, context)[0].scratches.values())
        assert units is not None
        return self.lanes * min(max(tile_room(op, beside) // int(units.shape[1]), 1), len(units))

    def coded(self, op: Conv2D, context: Context, coding: Coding) -> tuple[Call, ...]:
        (call,) = self.bind(op, context)
        x, y, shape, params, words = call.args
        assert isinstance(params, Struct)
        coded, units, tile = encoded(op, self.units, coding), self.units(op), self.tile(op, context)
        assert units is not None
        made = struct(
            f"tk_conv_coded_{self.name}",
            weights=coded.fields,
            params=replace(params, fields=tuple((dict(params.fields) | {"weights": None}).items())),
            tile=tile,
        )
        scratch = Scratch("tile", tile // self.lanes * units.shape[1]), Scratch("lookup", coded.lookup)
        return (Call(f"tk_conv_coded_{self.name}_s8", (x, y, shape, made, words, *scratch)),)

    def tiled(self, op: Conv2D, context: Context) -> Cost:
        cost = self.cost(op, context, -(-op.channels // self.tile(op, context)))
        return fitted(f"tk_conv_{self.name}_s8", cost, context.target)

    @property
    def form(self) -> Form:
        return Form(f"tk_conv_coded_{self.name}_s8", Conv2D, self.units, self.coded, self.tiled, self.facts)


# -- the variants --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """A kernel in front of which weights are decoded. `more`: instructions beside its loops."""

    name: str
    op: type[Any]
    units: Units
    bind: Callable[[Any, Context, Coding], tuple[Call, ...]]
    kernel: Callable[[Any, Context], Cost]
    facts: tuple[Fact[Any], ...]
    features: frozenset[Feature] = frozenset()

    def variant(self, coding: Coding) -> Variant[Any]:
        def cost(op: Op, context: Context) -> Cost:
            units = self.units(op)
            assert units is not None
            kernel, more = self.kernel(op, context), decoding_cost(coding, units, context.target)
            return replace(more, cycles=kernel.cycles + more.cycles, instructions=kernel.instructions + more.instructions)

        return Variant(
            name=f"{self.name} by {coding.name}",
            op=self.op,
            signatures=("int8",),
            bind=lambda op, context: self.bind(op, context, coding),
            cost=cost,
            facts=(*self.facts, takes_less(self.units, coding)),
            features=self.features,
            thrifty=True,
        )


_BUNDLED: tuple[Fact[Any], ...] = (rounds_twice, symmetric_weights, bundled, packable)
_DSP = frozenset({Feature.DSP})
_BUNDLED_FORMS = (
    Form(
        "tk_fully_connected_coded_s8",
        FullyConnected,
        rows_of,
        bind_dense,
        dense_cost,
        _BUNDLED,
    ),
    Form(
        "tk_convolve_1x1_coded_s8",
        Conv2D,
        rows_of,
        partial(bind_conv, symbol="tk_convolve_1x1_coded_s8"),
        pointwise_cost,
        (*_BUNDLED, one_by_one),
    ),
    Form(
        "tk_convolve_coded_s8",
        Conv2D,
        rows_of,
        partial(bind_conv, symbol="tk_convolve_coded_s8"),
        conv_cost,
        (*_BUNDLED, one_group),
    ),
)
_DSP_FORMS = tuple(
    form
    for cls, facts in ((Conv2D, (one_group,)), (FullyConnected, ()))
    for form in (
        Form(
            "tk_conv_coded_dsp_s8",
            cls,
            pairs_of,
            lambda op, context, coding: bind_dsp(op, context, coding, folded_sums(op), "tk_conv_coded_dsp_s8"),
            lambda op, context: dsp_cost(op, context, dsp.FOLDED),
            (constant_weights, *facts, dsp.few_rows, dsp.folds),
            features=_DSP,
        ),
        Form(
            "tk_conv_coded_dsp_any_s8",
            cls,
            pairs_of,
            lambda op, context, coding: bind_dsp(op, context, coding, signed_sums(op), "tk_conv_coded_dsp_any_s8"),
            lambda op, context: dsp_cost(op, context, dsp.ANY),
            (constant_weights, *facts, dsp.few_rows, signed),
            features=_DSP,
        ),
    )
)
PAIRED = (
    Paired("long", 4, paired.long_units, paired.bind_long, paired.cost_long, paired.LONG_FACTS),
    Paired("paired_wide", 4, paired.wide_units, paired.bind_wide, paired.cost_wide, paired.WIDE_FACTS),
    Paired("paired", 2, paired.narrow_units, paired.bind_narrow, paired.cost_narrow, paired.NARROW_FACTS),
)
FAST = (*_DSP_FORMS, *(kernel.form for kernel in PAIRED))
FORMS = (*_BUNDLED_FORMS, *FAST)
VARIANTS = tuple(form.variant(coding) for form in FORMS for coding in CODINGS)
