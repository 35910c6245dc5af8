# SPDX-License-Identifier: Apache-2.0
"""int8 weights of recurrent layers whose inputs are quantized at run time."""

from __future__ import annotations

import numpy as np

from tinycc.ir import Array
from tinycc.kernels.calls import Struct, Table, struct
from tinycc.program.types import Content


def dynamic_weights(role: str, weights: Array, scales: Array, asymmetric: bool) -> Struct:
    """The kernels' `tk_dynamic_weights`. `scales`: float32, of the rows in turn."""
    sums = weights.reshape(-1, weights.shape[-1]).sum(1, dtype=np.int64).astype(np.int32)
    return struct(
        "tk_dynamic_weights",
        data=Table(f"{role}_weights", weights, Content.WEIGHTS),
        row_sums=Table(f"{role}_row_sums", sums, Content.BIAS) if asymmetric else None,
        scales=Table(f"{role}_scales", scales, Content.REQUANT),
        cycle=len(scales),
    )


NO_WEIGHTS = struct("tk_dynamic_weights", data=None, row_sums=None, scales=None, cycle=0)
