# SPDX-License-Identifier: Apache-2.0
"""Matrix products of int8 with ONNX rounding whose weights are decoded, some outputs at a time."""

from __future__ import annotations

from tinycc.kernels.base import Context
from tinycc.kernels.calls import Call, Scratch, Struct, struct
from tinycc.kernels.portable.even import FOLDED, FOLDED_DENSE, folded_args
from tinycc.kernels.stored.coded import Form, encoded, rows_of, tiling
from tinycc.kernels.stored.coding import CODINGS, Coding
from tinycc.ops.convolution.fully_connected import FullyConnected


def bind(op: FullyConnected, context: Context, coding: Coding) -> tuple[Call, ...]:
    x, _, codes, y, params = folded_args(op)
    assert isinstance(params, Struct)
    coded, (tile, _) = encoded(op, rows_of, coding), tiling(op)
    made = struct("tk_dense_coded", weights=coded.fields, params=params, tile=tile)
    scratch = Scratch("tile", tile * op.depth), Scratch("lookup", coded.lookup)
    return (Call("tk_dense_coded_s8", (x, codes, y, made, *scratch)),)


FORM = Form("tk_dense_coded_s8", FullyConnected, rows_of, bind, FOLDED_DENSE, FOLDED)
VARIANTS = tuple(FORM.variant(coding) for coding in CODINGS)
