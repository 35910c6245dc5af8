# SPDX-License-Identifier: Apache-2.0
"""TFLM's signal library, CIRCULAR_BUFFER."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.ir import DType, TensorType, Value
from tinycc.ops.signal.circular_buffer import CircularBuffer
from tinycc.ops.signal.filter_bank import FilterBank, FilterBankLog, FilterBankSpectralSubtraction, FilterBankSquareRoot, Pcan
from tinycc.ops.signal.fourier import TYPE_OPTION, Irfft, RealTransform, Rfft
from tinycc.ops.signal.spectrum import Energy, FftAutoScale, Window
from tinycc.ops.signal.streams import Delay, Framer, OverlapAdd, Stacker

EVERY_TIME = (5, 13, 25)
"""Numbers of rows for which TFLM takes `cycles` as 1 where the file does not say; else it is 2."""
COUNTED = (2, 96)
"""Rows for which TFLM then counts the operators that it has seen since it started."""
MAX_CYCLES = 2**16
MAX_SAMPLES = 2**24
"""Of lengths that the options of an operator give: far beyond any real one."""


def _length(node: Node, name: str, lowest: int = 1) -> int:
    """An option that is a number of samples or frames."""
    found = int(node.option(name))
    if not lowest <= found <= MAX_SAMPLES:
        raise node.error(f"option {name} {found}", f"{lowest} to {MAX_SAMPLES:,}")
    return found


def _state(node: Node, role: str, shape: tuple[int, ...], dtype: DType, fill: int = 0) -> tuple[Value, Value]:
    return node.own_state(role, TensorType(shape, dtype), np.array(fill, dtype.numpy))


def _samples(node: Node, rank: int, outputs: int = 1) -> Value:
    """The operand, which has at least `rank` dimensions, none of them empty."""
    x = node.input(0)
    if len(node.outputs) != outputs:
        raise node.error(f"{len(node.outputs)} outputs", f"{outputs}")
    if len(node.inputs) != 1 or len(x.shape) < rank or 0 in x.shape:
        found = f"{len(node.inputs)} operands, the first {x.type}"
        raise node.error(found, f"one, of at least {rank} dimensions that are not empty")
    return x


def circular_buffer(node: Node) -> CircularBuffer:
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
    return CircularBuffer(
        x=x,
        last=node.kept_output(0, y.type, np.array(start, y.dtype.numpy)),
        wait=wait,
        cycles=cycles,
        outputs=(y, wait_after),
        origin=node.origin,
    )


def filter_bank(node: Node) -> FilterBank:
    return FilterBank(
        x=node.input(0),
        weights=node.input(1),
        unweights=node.input(2),
        frequency_starts=node.input(3),
        weight_starts=node.input(4),
        widths=node.input(5),
        num_channels=int(node.option("num_channels")),
        outputs=node.outputs,
        origin=node.origin,
    )


def filter_bank_square_root(node: Node) -> FilterBankSquareRoot:
    return FilterBankSquareRoot(x=node.input(0), scale_bits=node.input(1), outputs=node.outputs, origin=node.origin)


def filter_bank_spectral_subtraction(node: Node) -> FilterBankSpectralSubtraction:
    x = node.input(0)
    if len(node.outputs) != 2:
        raise node.error(f"{len(node.outputs)} outputs", "2")
    type = TensorType(x.shape, DType.UINT32)
    before, after = node.own_state("noise", type, np.array(0, np.uint32))
    numbers = {
        name: int(node.option(name))
        for name in (*FilterBankSpectralSubtraction.factors, "smoothing_bits", "spectral_subtraction_bits")
    }
    return FilterBankSpectralSubtraction(
        x=x,
        noise=before,
        num_channels=int(node.option("num_channels")),
        clamping=bool(node.option("clamping")),
        outputs=(*node.outputs, after),
        origin=node.origin,
        **numbers,
    )


def pcan(node: Node) -> Pcan:
    return Pcan(
        x=node.input(0),
        noise=node.input(1),
        gain_lut=node.input(2),
        snr_shift=int(node.option("snr_shift")),
        outputs=node.outputs,
        origin=node.origin,
    )


def filter_bank_log(node: Node) -> FilterBankLog:
    bits, scale = int(node.option("input_correction_bits")), int(node.option("output_scale"))
    return FilterBankLog(
        x=node.input(0), input_correction_bits=bits, output_scale=scale, outputs=node.outputs, origin=node.origin
    )


def real_transform(cls: type[RealTransform], node: Node) -> RealTransform:
    x = node.input(0)
    if not x.shape:
        raise node.error(f"input {x.type}", "at least one dimension")
    expected = TYPE_OPTION.get(x.dtype)
    if expected is not None and node.options.get("T", expected) != expected:
        raise node.error(f"option T {node.options['T']} for {x.dtype.value}", f"{expected}", "The file is damaged.")
    return cls(x=x, fft_length=int(node.option("fft_length")), outputs=node.outputs, origin=node.origin)


def window(node: Node) -> Window:
    shift = int(node.option("shift"))
    return Window(x=node.input(0), weights=node.input(1), shift=shift, outputs=node.outputs, origin=node.origin)


def fft_auto_scale(node: Node) -> FftAutoScale:
    return FftAutoScale(x=node.input(0), outputs=node.outputs, origin=node.origin)


def energy(node: Node) -> Energy:
    start, end = int(node.option("start_index")), int(node.option("end_index"))
    return Energy(x=node.input(0), start=start, end=end, outputs=node.outputs, origin=node.origin)


def delay(node: Node) -> Delay:
    x, length = _samples(node, 1), _length(node, "delay_length", 0)
    before, after = _state(node, "history", (math.prod(x.shape[:-1]), length), DType.INT16)
    return Delay(x=x, history=before, outputs=(*node.outputs, after), origin=node.origin)


def framer(node: Node) -> Framer:
    x, size, step = _samples(node, 1, 2), _length(node, "frame_size"), _length(node, "frame_step")
    prefill = bool(node.option("prefill"))
    if x.shape[-1] % step or (prefill and size < step):
        found = f"frames of {size}, {step} apart, of {x.shape[-1]} samples"
        raise node.error(found, "whole steps, with prefill none longer than a frame")
    reach = size if prefill else -(-size // step) * step
    history, history_after = _state(node, "history", (math.prod(x.shape[:-1]), reach - step), DType.INT16)
    missing, missing_after = _state(node, "missing", (), DType.INT32, 0 if prefill else reach // step - 1)
    return Framer(
        x=x,
        history=history,
        missing=missing,
        frame_size=size,
        frame_step=step,
        outputs=(*node.outputs, history_after, missing_after),
        origin=node.origin,
    )


def overlap_add(node: Node) -> OverlapAdd:
    x, step = _samples(node, 2), _length(node, "frame_step")
    if step > x.shape[-1]:
        raise node.error(f"frames of {x.shape[-1]} samples, {step} apart", "none farther apart than a frame is long")
    before, after = _state(node, "tail", (math.prod(x.shape[:-2]), x.shape[-1] - step), x.dtype)
    return OverlapAdd(x=x, tail=before, frame_step=step, outputs=(*node.outputs, after), origin=node.origin)


def stacker(node: Node) -> Stacker:
    x, channels, step = _samples(node, 1, 2), _length(node, "num_channels"), _length(node, "stacker_step")
    left, right = _length(node, "stacker_left_context", 0), _length(node, "stacker_right_context", 0)
    if len(x.shape) != 1 or x.shape[0] < channels or step > left + right + 1:
        found = f"{left + right + 1} frames of {channels} channels every {step}, of an input {list(x.shape)}"
        raise node.error(found, "an input [channels], no step beyond all frames")
    size = (left + right + 1) * channels
    last = node.kept_output(0, TensorType((size,), DType.INT16), np.array(0, np.int16))
    history, history_after = _state(node, "history", (left + right, channels), DType.INT16)
    wait, wait_after = _state(node, "wait", (), DType.INT32, -1)
    return Stacker(
        x=x,
        last=last,
        history=history,
        wait=wait,
        right=right,
        step=step,
        outputs=(*node.outputs, history_after, wait_after),
        origin=node.origin,
    )


ROWS = {
    "CUSTOM:CIRCULAR_BUFFER": Row(circular_buffer, (CircularBuffer,)),
    "CUSTOM:SignalFilterBank": Row(filter_bank, (FilterBank,)),
    "CUSTOM:SignalFilterBankSquareRoot": Row(filter_bank_square_root, (FilterBankSquareRoot,)),
    "CUSTOM:SignalFilterBankSpectralSubtraction": Row(filter_bank_spectral_subtraction, (FilterBankSpectralSubtraction,)),
    "CUSTOM:SignalPCAN": Row(pcan, (Pcan,)),
    "CUSTOM:SignalFilterBankLog": Row(filter_bank_log, (FilterBankLog,)),
    "CUSTOM:SignalRfft": Row(partial(real_transform, Rfft), (Rfft,)),
    "CUSTOM:SignalIrfft": Row(partial(real_transform, Irfft), (Irfft,)),
    "CUSTOM:SignalWindow": Row(window, (Window,)),
    "CUSTOM:SignalFftAutoScale": Row(fft_auto_scale, (FftAutoScale,)),
    "CUSTOM:SignalEnergy": Row(energy, (Energy,)),
    "CUSTOM:SignalDelay": Row(delay, (Delay,)),
    "CUSTOM:SignalFramer": Row(framer, (Framer,)),
    "CUSTOM:SignalOverlapAdd": Row(overlap_add, (OverlapAdd,)),
    "CUSTOM:SignalStacker": Row(stacker, (Stacker,)),
}
