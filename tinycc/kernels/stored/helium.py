# SPDX-License-Identifier: Apache-2.0
"""CONV_2D of int8 on Helium whose weights are decoded, some octets of channels at a time, in front of the usual kernels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.base import Context, Cost, Fact
from tinycc.kernels.calls import Call, Scratch, Struct, Table, struct
from tinycc.kernels.folding import once_for_all
from tinycc.kernels.mve import conv, layer
from tinycc.kernels.mve.packing import OCTET, gemm_products, octets
from tinycc.kernels.stored.coded import Form, encoded, tile_room
from tinycc.kernels.stored.coding import CODINGS, Coding
from tinycc.ops.convolution.conv2d import Conv2D
from tinycc.program.types import Content
from tinycc.target import Feature


@once_for_all
def tiles_of(op: Conv2D) -> Array | None:
    """int8[tiles of four channels, weights of a tile], as tk_mve_gemm.h has them."""
    return None if op.weights.data is None else gemm_products(conv.weights(op).astype(np.int8))


@dataclass(frozen=True)
class Kernel:
    """One of them: over pixels, or windows; with one linear form, or two roundings."""

    windows: bool
    folded: bool

    def octet(self, op: Conv2D) -> int:
        """Bytes of the stream of an octet."""
        units = tiles_of(op)
        assert units is not None
        return 2 * (int(units.shape[1]) + 4 * self.words)

    @property
    def words(self) -> int:
        """Constants of a tile."""
        return 8 if self.folded else 12

    def tile(self, op: Conv2D) -> int:
        """Channels: whole octets."""
        beside = conv.columns_scratch(op) if self.windows else 0
        return OCTET * min(max(tile_room(op, beside) // self.octet(op), 1), octets(op.channels))

    def bind(self, op: Conv2D, context: Context, coding: Coding) -> tuple[Call, ...]:
        base = "tk_mve_conv" if self.windows else "tk_mve_gemm"
        product = partial(conv.gemm, op, self.folded)
        plain = (conv.bind_windows if self.windows else conv.bind_pixels)("", product, op)[0]
        x, y, beside, described = plain.args
        coded, tile = encoded(op, tiles_of, coding), self.tile(op)
        words = np.ascontiguousarray(conv.constants(op, self.folded), np.int32).ravel()
        assert isinstance(described, Struct)
        units = tiles_of(op)
        assert units is not None
        stream = struct(
            "tk_mve_coded",
            weights=coded.fields,
            constants=Table("constants", words, Content.REQUANT),
            size=int(units.shape[1]),
            words=self.words,
            tile=tile,
        )
        made = Struct(f"{base}_coded", (("coded", stream), ("conv" if self.windows else "gemm", _without_weights(described))))
        scratch = Scratch("tile", tile // OCTET * self.octet(op)), Scratch("lookup", coded.lookup)
        return (Call(self.name, (x, y, beside, made, *scratch)),)

    @property
    def name(self) -> str:
        return f"tk_mve_{'conv' if self.windows else 'gemm'}_coded_{'' if self.folded else 'signed_'}s8"

    def cost(self, op: Conv2D, context: Context) -> Cost:
        tiles = -(-op.channels // self.tile(op))
        return replace((conv.cost_windows if self.windows else conv.cost_pixels)(self.folded, op, tiles), flash=0)

    @property
    def form(self) -> Form:
        shapes: tuple[Fact[Conv2D], ...] = conv.WINDOWS if self.windows else conv.POINTS
        requantized = (layer.full_range, layer.folds_in_pairs) if self.folded else (layer.rounds_twice,)
        facts = (*layer.COMMON, *shapes, *requantized)
        return Form(self.name, Conv2D, tiles_of, self.bind, self.cost, facts, features=frozenset({Feature.MVE}))


def _without_weights(described: Struct) -> Struct:
    """The same, in all structs of a matrix product."""
    fields = ((name, _without_weights(field) if isinstance(field, Struct) else field) for name, field in described.fields)
    return replace(described, fields=tuple((name, None if name == "weights" else field) for name, field in fields))


FORMS = tuple(Kernel(windows, folded).form for windows in (False, True) for folded in (True, False))
VARIANTS = tuple(form.variant(coding) for form in FORMS for coding in CODINGS)
