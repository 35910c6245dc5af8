# SPDX-License-Identifier: Apache-2.0
"""Kernels of filter_bank."""

from __future__ import annotations

import numpy as np

from tinycc.kernels.calls import Call, Table, Tensor, struct
from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.signal.filter_bank import (
    FilterBank,
    FilterBankLog,
    FilterBankSpectralSubtraction,
    FilterBankSquareRoot,
    Pcan,
    log_table,
)
from tinycc.target import Target


def lower_filter_bank(op: FilterBank, target: Target) -> tuple[Call, ...]:
    bands = Table("bands", np.asarray(op.bands, np.int16))
    args = (Tensor(op.x), Tensor(op.weights), Tensor(op.unweights), bands, Tensor(op.y), op.num_channels)
    return (Call("tk_filter_bank", args),)


def lower_square_root(op: FilterBankSquareRoot, target: Target) -> tuple[Call, ...]:
    args = (Tensor(op.x), Tensor(op.scale_bits), Tensor(op.y), op.x.type.elements)
    return (Call("tk_filter_bank_square_root", args),)


def lower_subtraction(op: FilterBankSpectralSubtraction, target: Target) -> tuple[Call, ...]:
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
    return (Call("tk_spectral_subtraction", (Tensor(op.x), Tensor(op.noise), Tensor(y), Tensor(noise), params)),)


def lower_pcan(op: Pcan, target: Target) -> tuple[Call, ...]:
    args = (Tensor(op.x), Tensor(op.noise), Tensor(op.gain_lut), Tensor(op.y), op.x.type.elements, op.snr_shift)
    return (Call("tk_pcan", args),)


def lower_log(op: FilterBankLog, target: Target) -> tuple[Call, ...]:
    table = Table("log_table", log_table())
    args = (Tensor(op.x), table, Tensor(op.y), op.x.type.elements, op.input_correction_bits, op.output_scale)
    return (Call("tk_filter_bank_log", args),)


KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[FilterBank] = (Kernel("tk_filter_bank", lower_filter_bank),)
KERNELS[FilterBankSquareRoot] = (Kernel("tk_filter_bank_square_root", lower_square_root),)
KERNELS[FilterBankSpectralSubtraction] = (Kernel("tk_spectral_subtraction", lower_subtraction, in_place=("x",)),)
KERNELS[Pcan] = (Kernel("tk_pcan", lower_pcan, in_place=("x", "noise")),)
KERNELS[FilterBankLog] = (Kernel("tk_filter_bank_log", lower_log),)
