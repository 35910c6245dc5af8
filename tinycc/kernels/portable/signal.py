# SPDX-License-Identifier: Apache-2.0
"""TFLM's signal library without its transforms, and CIRCULAR_BUFFER, in plain C."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinycc.kernels.base import Context, Variant
from tinycc.kernels.calls import Arg, Call, Table, Tensor, struct
from tinycc.kernels.portable.base import tk, usual
from tinycc.ops.signal.circular_buffer import CircularBuffer
from tinycc.ops.signal.filter_bank import (
    FilterBank,
    FilterBankLog,
    FilterBankSpectralSubtraction,
    FilterBankSquareRoot,
    Pcan,
    log_table,
)
from tinycc.ops.signal.spectrum import Energy, FftAutoScale, Window
from tinycc.ops.signal.streams import Delay, Framer, OverlapAdd, Stacker
from tinycc.program.types import Content


def filter_bank(op: FilterBank) -> tuple[Arg, ...]:
    bands = Table("bands", np.asarray(op.bands, np.int16), Content.TABLE)
    return (Tensor(op.x), Tensor(op.weights), Tensor(op.unweights), bands, Tensor(op.y), op.num_channels)


def square_root(op: FilterBankSquareRoot) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.scale_bits), Tensor(op.y), op.x.type.elements)


def subtraction(op: FilterBankSpectralSubtraction) -> tuple[Arg, ...]:
    params = struct(
        "tk_spectral_subtraction_params",
        channels=op.num_channels,
        smoothing=op.smoothing,
        one_minus_smoothing=op.one_minus_smoothing,
        alternate_smoothing=op.alternate_smoothing,
        alternate_one_minus_smoothing=op.alternate_one_minus_smoothing,
        min_signal_remaining=op.min_signal_remaining,
        smoothing_bits=op.smoothing_bits,
        subtraction_bits=op.spectral_subtraction_bits,
        clamping=int(op.clamping),
    )
    y, noise, _ = op.outputs
    return (Tensor(op.x), Tensor(op.noise), Tensor(y), Tensor(noise), params)


def pcan(op: Pcan) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.noise), Tensor(op.gain_lut), Tensor(op.y), op.x.type.elements, op.snr_shift)


def log(op: FilterBankLog) -> tuple[Arg, ...]:
    table = Table("log_table", log_table(), Content.TABLE)
    return (Tensor(op.x), table, Tensor(op.y), op.x.type.elements, op.input_correction_bits, op.output_scale)


def window(op: Window) -> tuple[Arg, ...]:
    size = op.weights.type.elements
    return (Tensor(op.x), Tensor(op.weights), Tensor(op.y), op.x.type.elements // size, size, op.shift)


def auto_scale(op: FftAutoScale) -> tuple[Arg, ...]:
    return (Tensor(op.x), Tensor(op.y), Tensor(op.outputs[1]), op.x.type.elements)


def energy(op: Energy) -> tuple[Arg, ...]:
    start = min(op.start, op.points)
    return (Tensor(op.x), Tensor(op.y), start, max(op.end, start), op.points)


def delay(op: Delay) -> tuple[Arg, ...]:
    streams, length = op.history.shape
    size = op.x.shape[-1]
    params = struct("tk_framer_params", streams=streams, frames=1, step=size, size=size, history=length)
    return (Tensor(op.x), Tensor(op.history), None, Tensor(op.y), None, params)


def framer(op: Framer) -> tuple[Arg, ...]:
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
    return (*tensors, params)


def overlap_add(op: OverlapAdd) -> tuple[Arg, ...]:
    *_, frames, size = op.x.shape
    sizes = (op.tail.shape[0], frames, size, op.frame_step)
    return (Tensor(op.x), Tensor(op.tail), Tensor(op.y), *sizes)


def stacker(op: Stacker) -> tuple[Arg, ...]:
    params = struct("tk_stacker_params", channels=op.channels, history=op.history.shape[0], right=op.right, step=op.step)
    tensors = map(Tensor, (op.x, op.history, op.wait, *op.outputs[:2]))
    return (*tensors, params)


def bind_circular_buffer(op: CircularBuffer, context: Context) -> tuple[Call, ...]:
    args = (Tensor(op.x), Tensor(op.y), Tensor(op.wait), op.last.shape[1], op.x.type.elements, op.cycles)
    return (Call("tk_circular_buffer_s8", args, stops=op.cycles > 1),)


VARIANTS: tuple[Variant[Any], ...] = (
    tk("tk_filter_bank", FilterBank, ("uint32",), filter_bank),
    tk("tk_filter_bank_square_root", FilterBankSquareRoot, ("uint64",), square_root),
    tk("tk_spectral_subtraction", FilterBankSpectralSubtraction, ("uint32",), subtraction, in_place=("x",)),
    tk("tk_pcan", Pcan, ("uint32",), pcan, in_place=("x", "noise")),
    tk("tk_filter_bank_log", FilterBankLog, ("uint32",), log),
    tk("tk_apply_window_s16", Window, ("int16",), window, in_place=("x",)),
    tk("tk_auto_scale_s16", FftAutoScale, ("int16",), auto_scale, in_place=("x",)),
    tk("tk_energy_s16", Energy, ("int16",), energy),
    tk("tk_framer_s16", Delay, ("int16",), delay),
    tk("tk_framer_s16", Framer, ("int16",), framer),
    tk("tk_overlap_add_s16", OverlapAdd, ("int16",), overlap_add),
    tk("tk_overlap_add_f32", OverlapAdd, ("float32",), overlap_add),
    tk("tk_stacker_s16", Stacker, ("int16",), stacker),
    Variant("tk_circular_buffer_s8", CircularBuffer, ("int8",), bind_circular_buffer, usual(())),
)
