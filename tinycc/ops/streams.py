# SPDX-License-Identifier: Apache-2.0
"""Operators over streams of samples, which keep the last ones to themselves: SignalDelay, SignalFramer, SignalOverlapAdd,
SignalStacker. `streams` are all dimensions but the last (two) of the input."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.kernels.calls import Call, Tensor, struct
from tinycc.ops.base import Kernel, Operator, Signature
from tinycc.target import Target

MAX_SAMPLES = 2**24
"""Of lengths that the options of an operator give: far beyond any real one."""


def _length(node: Node, name: str, lowest: int = 1) -> int:
    """An option that is a number of samples or frames."""
    found = int(node.option(name))
    if not lowest <= found <= MAX_SAMPLES:
        raise node.error(f"option {name} {found}", f"{lowest} to {MAX_SAMPLES:,}")
    return found


def _state(node: Node, role: str, shape: tuple[int, ...], dtype: DType, fill: int = 0) -> tuple[Value, Value]:
    return node.own_state(role, TensorType(shape, dtype), np.full(shape, fill, dtype.numpy))


def _samples(node: Node, rank: int, outputs: int = 1) -> Value:
    """The operand, which has at least `rank` dimensions, none of them empty."""
    x = node.input(0)
    if len(node.outputs) != outputs:
        raise node.error(f"{len(node.outputs)} outputs", f"{outputs}")
    if len(node.inputs) != 1 or len(x.shape) < rank or 0 in x.shape:
        found = f"{len(node.inputs)} operands, the first {x.type}"
        raise node.error(found, f"one, of at least {rank} dimensions that are not empty")
    return x


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
    tflite: ClassVar[tuple[str, ...]] = ("CUSTOM:SignalDelay",)
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("int16", {"x": DType.INT16, "history": DType.INT16}, (DType.INT16,) * 2),
    )

    @classmethod
    def from_tflite(cls, node: Node) -> Delay:
        x, length = _samples(node, 1), _length(node, "delay_length", 0)
        before, after = _state(node, "history", (math.prod(x.shape[:-1]), length), DType.INT16)
        return cls(x=x, history=before, outputs=(*node.outputs, after), origin=node.origin)

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
    tflite: ClassVar[tuple[str, ...]] = ("CUSTOM:SignalFramer",)
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(
            "int16",
            {"x": DType.INT16, "history": DType.INT16, "missing": DType.INT32},
            (DType.INT16, DType.BOOL, DType.INT16, DType.INT32),
        ),
    )

    @classmethod
    def from_tflite(cls, node: Node) -> Framer:
        x, size, step = _samples(node, 1, 2), _length(node, "frame_size"), _length(node, "frame_step")
        prefill = bool(node.option("prefill"))
        if x.shape[-1] % step or (prefill and size < step):
            found = f"frames of {size}, {step} apart, of {x.shape[-1]} samples"
            raise node.error(found, "whole steps, with prefill none longer than a frame")
        reach = size if prefill else -(-size // step) * step
        history, history_after = _state(node, "history", (math.prod(x.shape[:-1]), reach - step), DType.INT16)
        missing, missing_after = _state(node, "missing", (), DType.INT32, 0 if prefill else reach // step - 1)
        return cls(
            x=x,
            history=history,
            missing=missing,
            frame_size=size,
            frame_step=step,
            outputs=(*node.outputs, history_after, missing_after),
            origin=node.origin,
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
    tflite: ClassVar[tuple[str, ...]] = ("CUSTOM:SignalOverlapAdd",)
    signatures: ClassVar[tuple[Signature, ...]] = tuple(
        Signature(dtype.value, {"x": dtype, "tail": dtype}, (dtype,) * 2) for dtype in (DType.INT16, DType.FLOAT32)
    )

    @classmethod
    def from_tflite(cls, node: Node) -> OverlapAdd:
        x, step = _samples(node, 2), _length(node, "frame_step")
        if step > x.shape[-1]:
            raise node.error(f"frames of {x.shape[-1]} samples, {step} apart", "none farther apart than a frame is long")
        before, after = _state(node, "tail", (math.prod(x.shape[:-2]), x.shape[-1] - step), x.dtype)
        return cls(x=x, tail=before, frame_step=step, outputs=(*node.outputs, after), origin=node.origin)

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
    tflite: ClassVar[tuple[str, ...]] = ("CUSTOM:SignalStacker",)
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(
            "int16",
            {"x": DType.INT16, "last": DType.INT16, "history": DType.INT16, "wait": DType.INT32},
            (DType.INT16, DType.BOOL, DType.INT16, DType.INT32),
        ),
    )

    @classmethod
    def from_tflite(cls, node: Node) -> Stacker:
        x, channels, step = _samples(node, 1, 2), _length(node, "num_channels"), _length(node, "stacker_step")
        left, right = _length(node, "stacker_left_context", 0), _length(node, "stacker_right_context", 0)
        if len(x.shape) != 1 or x.shape[0] < channels or step > left + right + 1:
            found = f"{left + right + 1} frames of {channels} channels every {step}, of an input {list(x.shape)}"
            raise node.error(found, "an input [channels], no step beyond all frames")
        size = (left + right + 1) * channels
        last = node.kept_output(0, TensorType((size,), DType.INT16), np.zeros(size, np.int16))
        history, history_after = _state(node, "history", (left + right, channels), DType.INT16)
        wait, wait_after = _state(node, "wait", (), DType.INT32, -1)
        return cls(
            x=x,
            last=last,
            history=history,
            wait=wait,
            right=right,
            step=step,
            outputs=(*node.outputs, history_after, wait_after),
            origin=node.origin,
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


def lower_delay(op: Delay, target: Target) -> tuple[Call, ...]:
    streams, length = op.history.shape
    size = op.x.shape[-1]
    params = struct("tk_framer_params", streams=streams, frames=1, step=size, size=size, history=length)
    return (Call("tk_framer_s16", (Tensor(op.x), Tensor(op.history), None, Tensor(op.y), None, params)),)


def lower_framer(op: Framer, target: Target) -> tuple[Call, ...]:
    streams, length = op.history.shape
    params = struct(
        "tk_framer_params",
        streams=streams,
        frames=op.frames,
        step=op.frame_step,
        size=op.frame_size,
        history=length,
    )
    tensors = map(Tensor, (op.x, op.history, op.missing, *op.outputs[:2]))
    return (Call("tk_framer_s16", (*tensors, params)),)


def lower_overlap_add(op: OverlapAdd, target: Target) -> tuple[Call, ...]:
    *_, frames, size = op.x.shape
    sizes = (op.tail.shape[0], frames, size, op.frame_step)
    return (Call(_overlap_add(op.x.dtype), (Tensor(op.x), Tensor(op.tail), Tensor(op.y), *sizes)),)


def _overlap_add(dtype: DType) -> str:
    return "tk_overlap_add_s16" if dtype is DType.INT16 else "tk_overlap_add_f32"


def _overlap_add_kernel(dtype: DType) -> Kernel:
    return Kernel(_overlap_add(dtype), lower_overlap_add, lambda op, target: op.x.dtype is dtype)


def lower_stacker(op: Stacker, target: Target) -> tuple[Call, ...]:
    params = struct("tk_stacker_params", channels=op.channels, history=op.history.shape[0], right=op.right, step=op.step)
    tensors = map(Tensor, (op.x, op.history, op.wait, *op.outputs[:2]))
    return (Call("tk_stacker_s16", (*tensors, params)),)


Delay.kernels = (Kernel("tk_framer_s16", lower_delay),)
Framer.kernels = (Kernel("tk_framer_s16", lower_framer),)
OverlapAdd.kernels = tuple(map(_overlap_add_kernel, (DType.INT16, DType.FLOAT32)))
Stacker.kernels = (Kernel("tk_stacker_s16", lower_stacker),)
