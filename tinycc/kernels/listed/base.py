# SPDX-License-Identifier: Apache-2.0
"""Kernels of base."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tinycc.ir import DType
from tinycc.kernels.calls import Call
from tinycc.ops.base import Signature
from tinycc.target import Target


@dataclass(frozen=True)
class Kernel:
    """A way to compute an operator: a C function, when it applies, and its calls.

    `in_place` names the operands whose memory the output may take over (the function promises to read each element before it
    writes it). `types` and `remark` are for the documentation: the names of the signatures that it serves, where its own name
    does not say so, and in words what else decides (the target, say).
    """

    symbol: str
    lower: Callable[[Any, Target], tuple[Call, ...]]
    when: Callable[[Any, Target], bool] = field(default=lambda op, target: True)
    in_place: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    remark: str = ""

    def serves(self, signature: Signature) -> bool:
        """Whether it computes operators of these types, as its `types` or the suffixes of its name say: `tk_add_s8` takes int8,
        `tk_quantize_f32_s8` makes int8 of float32, `tk_conv_hybrid_s4` is for hybrid types with int4 among them, a name without
        suffix takes all."""
        if self.types:
            return signature.name in self.types
        suffixes = _SUFFIX.findall(self.symbol)
        if not suffixes:
            return True
        hybrid, packed = signature.name.startswith(_HYBRID), DType.INT4 in signature.operands.values()
        if (hybrid, packed) != (_HYBRID in suffixes, _PACKED in suffixes):
            return False
        types = [_TYPES[suffix] for suffix in suffixes if suffix in _TYPES]
        first = next(iter(signature.operands.values()), signature.outputs[0])
        return hybrid or not types or (first in types[0] and (len(types) == 1 or signature.outputs[0] in types[-1]))


_HYBRID = "hybrid"
"""What the names of signatures with float32 activations and integer weights begin with, and the suffix of their kernels."""
_PACKED = "s4"
"""The suffix of kernels with int4 among their operands."""
_BYTES = (DType.INT8, DType.UINT8, DType.BOOL)

_TYPES: Mapping[str, tuple[DType, ...]] = {
    "s8": _BYTES,
    "u8": (DType.UINT8,),
    "s16": (DType.INT16,),
    "s32": (DType.INT32,),
    "s64": (DType.INT64,),
    "u32": (DType.UINT32,),
    "u64": (DType.UINT64,),
    "f32": (DType.FLOAT32,),
}
"""Suffix of a kernel's name -> element types. One of bytes may take all that are one byte long."""
_SUFFIX = re.compile(rf"_({'|'.join((*_TYPES, _HYBRID, _PACKED))})(?=_|$)")
