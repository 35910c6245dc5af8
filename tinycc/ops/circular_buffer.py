# SPDX-License-Identifier: Apache-2.0
"""CIRCULAR_BUFFER."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Tensor
from tinycc.ops.base import Kernel, Operator, Signature
from tinycc.target import Target

EVERY_TIME = (5, 13, 25)
"""Numbers of rows for which TFLM takes `cycles` as 1 where the file does not say; else it is 2."""
COUNTED = (2, 96)
"""Rows for which TFLM then counts the operators that it has seen since it started."""
MAX_CYCLES = 2**16


@dataclass(frozen=True, eq=False, kw_only=True)
class CircularBuffer(Operator):
    """y = the last inputs x as rows, the newest last. Only every `cycles` inferences the operators behind it run.

    x: [1,1,w,c]; y: [1,rows,w,c], which the file declares: its zero point at first if it is a variable there, else 0;
    wait: [], inferences until the next that goes on. Source: TFLM circular_buffer.cc, circular_buffer_common.cc.
    """

    x: Value
    last: Value
    wait: Value
    cycles: int

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("last", 0), ("wait", 1))
    tflite: ClassVar[tuple[str, ...]] = ("CUSTOM:CIRCULAR_BUFFER",)
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("int8", {"x": DType.INT8, "last": DType.INT8, "wait": DType.INT32}, (DType.INT8, DType.INT32)),
    )

    @classmethod
    def from_tflite(cls, node: Node) -> CircularBuffer:
        x, y = node.input(0), node.outputs[0]
        if (len(node.inputs), len(node.outputs)) != (1, 1) or not len(x.shape) == len(y.shape) == 4:
            raise node.error(f"{x.type} -> {y.type}", "one operand [1,1,w,c], one output [1,rows,w,c]")
        if x.shape[:2] != (1, 1) or y.shape[0] != 1 or x.shape[2:] != y.shape[2:] or 0 in (*x.shape, *y.shape):
            raise node.error(f"{list(x.shape)} -> {list(y.shape)}", "[1,1,w,c] -> [1,rows,w,c]")
        cycles = int(node.option("cycles_max")) if "cycles_max" in node.options else 0
        if cycles > MAX_CYCLES or (cycles <= 0 and y.shape[1] not in EVERY_TIME and y.shape[2:] == COUNTED):
            raise node.error(f"option cycles_max {cycles}", f"1 to {MAX_CYCLES:,}", "TFLM guesses it from other models.")
        if cycles <= 0:
            cycles = 1 if y.shape[1] in EVERY_TIME else 2
        start = y.zero_point if node.variables[:1] == (True,) and y.type.quantization else 0
        wait, wait_after = node.own_state("wait", TensorType((), DType.INT32), np.array(cycles, np.int32))
        return cls(
            x=x,
            last=node.kept_output(0, y.type, np.full(y.shape, start, y.dtype.numpy)),
            wait=wait,
            cycles=cycles,
            outputs=(y, wait_after),
            origin=node.origin,
        )

    @property
    def period(self) -> int:
        return self.cycles

    def stops(self, outputs: tuple[Array, ...]) -> bool:
        return bool(outputs[1] != self.cycles)

    def infer(self) -> tuple[TensorType, ...]:
        return TensorType(self.last.shape, self.x.dtype), self.wait.type

    def eval(self, read: Reader) -> tuple[Array, ...]:
        left = int(read(self.wait)) - 1
        return np.concatenate([read(self.last)[:, 1:], read(self.x)], 1), np.array(left or self.cycles, np.int32)


def lower(op: CircularBuffer, target: Target) -> tuple[Call, ...]:
    rows = op.last.shape[1]
    sizes = (rows, op.x.type.elements, op.cycles)
    args = (Tensor(op.x), Tensor(op.y), Tensor(op.wait), *sizes)
    return (Call("tk_circular_buffer_s8", args, stops=op.cycles > 1),)


CircularBuffer.kernels = (Kernel("tk_circular_buffer_s8", lower),)
