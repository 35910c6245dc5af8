# SPDX-License-Identifier: Apache-2.0
"""Operators over streams of samples, which keep the last ones to themselves: SignalDelay, SignalFramer, SignalOverlapAdd,
SignalStacker. `streams` are all dimensions but the last (two) of the input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature


def _last(*parts: Array, length: int) -> Array:
    """The last `length` samples of each row of `parts`, side by side."""
    joined = np.concatenate(parts, -1)
    return joined[..., joined.shape[-1] - length :]


@dataclass(frozen=True, eq=False, kw_only=True)
class Delay(Operator):
    """y = the stream x, delay_length samples later, 0 at first.

    x, y: [...,n]; history: [streams,delay_length]. Source: TFLM signal/micro/kernels/delay.cc.
    """

    x: Value
    history: Value

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("history", 1),)
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("int16", {"x": DType.INT16, "history": DType.INT16}, (DType.INT16,) * 2),
    )

    def infer(self) -> tuple[TensorType, ...]:
        return TensorType(self.x.shape, self.x.dtype), self.history.type

    def eval(self, read: Reader) -> tuple[Array, ...]:
        history, length = read(self.history), self.x.shape[-1]
        x = read(self.x).reshape(-1, length)
        y = np.concatenate([history, x], 1)[:, :length]
        return y.reshape(self.x.shape), _last(history, x, length=history.shape[1])


@dataclass(frozen=True, eq=False, kw_only=True)
class Framer(Operator):
    """y[...,f,:] = frame_size samples of the stream x, frame_step later than the frame before.

    With prefill zeros precede the stream so that its first frame ends with its first frame_step samples. Else the first frame
    begins with the first sample; y is 0 and valid False while it is `missing`, in TFLM y is unwritten.
    x: [...,frames*frame_step]; y: [...,frames,frame_size]; valid: []; history: [streams,h]; missing: [].
    Source: TFLM signal/micro/kernels/framer.cc.
    """

    x: Value
    history: Value
    missing: Value
    frame_size: int
    frame_step: int

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("history", 2), ("missing", 3))
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(
            "int16",
            {"x": DType.INT16, "history": DType.INT16, "missing": DType.INT32},
            (DType.INT16, DType.BOOL, DType.INT16, DType.INT32),
        ),
    )

    @property
    def frames(self) -> int:
        """Of one inference and stream."""
        return self.x.shape[-1] // self.frame_step

    def infer(self) -> tuple[TensorType, ...]:
        y = TensorType((*self.x.shape[:-1], self.frames, self.frame_size), self.x.dtype)
        return y, TensorType((), DType.BOOL), self.history.type, self.missing.type

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x, history, missing = read(self.x).reshape(-1, self.x.shape[-1]), read(self.history), int(read(self.missing))
        samples = np.concatenate([history, x], 1)
        starts = range(0, self.x.shape[-1], self.frame_step)
        y = np.stack([samples[:, start : start + self.frame_size] for start in starts], 1)
        y[:, :missing] = 0
        after = np.array(max(missing - self.frames, 0), np.int32)
        return y.reshape(self.infer()[0].shape), np.array(missing == 0), _last(history, x, length=history.shape[1]), after

    def written(self, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
        y, valid = outputs[:2]
        return np.broadcast_to(valid, y.shape), np.array(True)


@dataclass(frozen=True, eq=False, kw_only=True)
class OverlapAdd(Operator):
    """y = the stream that is the sum of the frames x, each frame_step samples later than the one before.

    int16: every sum saturates. x: [...,frames,size]; y: [...,frames*frame_step]; tail: [streams,size-frame_step].
    Source: TFLM signal/src/overlap_add.cc.
    """

    x: Value
    tail: Value
    frame_step: int

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("tail", 1),)
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(dtype.value, {"x": dtype, "tail": dtype}, (dtype,) * 2) for dtype in (DType.INT16, DType.FLOAT32)
    )

    def infer(self) -> tuple[TensorType, ...]:
        *outer, frames, _ = self.x.shape
        return TensorType((*outer, frames * self.frame_step), self.x.dtype), self.tail.type

    def eval(self, read: Reader) -> tuple[Array, ...]:
        *_, frames, size = self.x.shape
        x, tail, done = read(self.x).reshape(-1, frames, size), read(self.tail), []
        for frame in range(frames):
            reach = np.pad(tail, [(0, 0), (0, self.frame_step)])
            if self.x.dtype is DType.INT16:
                total = np.clip(reach.astype(np.int32) + x[:, frame], -(2**15), 2**15 - 1).astype(np.int16)
            else:
                total = reach + x[:, frame]
            done.append(total[:, : self.frame_step])
            tail = total[:, self.frame_step :]
        return np.concatenate(done, 1).reshape(self.infer()[0].shape), tail


@dataclass(frozen=True, eq=False, kw_only=True)
class Stacker(Operator):
    """y = the last frames x side by side, the newest last: left + right + 1 of them, every `step` inferences.

    The first frame stands for the `left` before it, so that y is valid `right` inferences after the first one. While it is not
    (valid is False), y is what it was. x: [channels or more]; y: [(left + right + 1) * channels]; valid: [];
    history: [left + right, channels]; wait: [], inferences until y is valid, -1 before the first one.
    Source: TFLM signal/micro/kernels/stacker.cc.
    """

    x: Value
    last: Value
    history: Value
    wait: Value
    right: int
    step: int

    updates: ClassVar[tuple[tuple[str, int], ...]] = (("last", 0), ("history", 2), ("wait", 3))
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(
            "int16",
            {"x": DType.INT16, "last": DType.INT16, "history": DType.INT16, "wait": DType.INT32},
            (DType.INT16, DType.BOOL, DType.INT16, DType.INT32),
        ),
    )

    @property
    def channels(self) -> int:
        return self.history.shape[1]

    def infer(self) -> tuple[TensorType, ...]:
        y = TensorType(self.last.shape, self.x.dtype)
        return y, TensorType((), DType.BOOL), self.history.type, self.wait.type

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x, history, wait = read(self.x)[: self.channels], read(self.history), int(read(self.wait))
        if wait < 0:
            history, wait = np.broadcast_to(x, history.shape), self.right
        frames = np.concatenate([history, x[None]])
        y = read(self.last) if wait else frames.ravel()
        after = np.array((wait or self.step) - 1, np.int32)
        return y, np.array(wait == 0), frames[1:], after

    def written(self, outputs: tuple[Array, ...]) -> tuple[Array, ...]:
        y, valid = outputs[:2]
        return np.broadcast_to(valid, y.shape), np.array(True)
