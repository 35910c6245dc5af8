# SPDX-License-Identifier: Apache-2.0
"""Small models that are right until a test breaks them, and what a refusal has to say."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from model_builder import ModelBuilder

from tinycc.compiler import compile, load
from tinycc.errors import CompileError

Q = {"scale": 0.5, "zero_point": 3}
HUGE = 2**30


def refusal(data: bytes, **options: Any) -> str:
    """The message for a model that must be refused, within a second or so."""
    start = time.monotonic()
    with pytest.raises(CompileError) as caught:
        compile(load(data, **options))
    assert time.monotonic() - start < 60
    return str(caught.value)


def assert_fragments(message: str, fragments: Sequence[str]) -> None:
    """All of `fragments`, in this order."""
    assert re.search(".*".join(map(re.escape, fragments)), message, re.DOTALL), f"{message}\nlacks one of {fragments}"


def good() -> bytes:
    """ADD of an int8 input and a constant."""
    m = ModelBuilder()
    x, c = m.input((1, 4), "int8", name="x", **Q), m.const(np.arange(4, dtype=np.int8)[None], name="c", **Q)
    y = m.tensor((1, 4), "int8", name="y", **Q)
    m.op("ADD", [x, c], [y], fused_activation="NONE")
    return m.build(outputs=[y])


class Conv(NamedTuple):
    """A CONV_2D, right by default."""

    x: tuple[int, ...] = (1, 5, 5, 3)
    weights: tuple[int, ...] = (4, 3, 3, 3)
    bias: tuple[int, ...] = (4,)
    y: tuple[int, ...] = (1, 5, 5, 4)
    dtype: str = "int8"
    x_q: Any = Q
    w_scale: Any = (0.01, 0.02, 0.03, 0.04)
    w_zero_point: int = 0
    y_q: Any = Q
    stride: int = 1
    dilation: int = 1
    signature: tuple[int, ...] | None = None

    def build(self) -> bytes:
        m = ModelBuilder()
        quantized = self.dtype != "float32"
        x = m.input(self.x, self.dtype, name="x", **(self.x_q if quantized else {}))
        q = {"scale": self.w_scale, "zero_point": self.w_zero_point} if quantized else {}
        w = m.const(np.ones(self.weights, self.dtype), name="w", **q)
        b = m.const(np.ones(self.bias, np.int32 if quantized else np.float32), name="b")
        y = m.tensor(self.y, self.dtype, name="y", signature=self.signature, **(self.y_q if quantized else {}))
        strides = {"stride_h": self.stride, "stride_w": self.stride}
        dilations = {"dilation_h_factor": self.dilation, "dilation_w_factor": self.dilation}
        m.op("CONV_2D", [x, w, b], [y], **strides, **dilations, padding="SAME", fused_activation="RELU")
        return m.build(outputs=[y])
