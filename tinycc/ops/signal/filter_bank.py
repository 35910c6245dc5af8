# SPDX-License-Identifier: Apache-2.0
"""SignalFilterBank and what TFLM's signal library does with its channels: SignalFilterBankSquareRoot,
SignalFilterBankSpectralSubtraction, SignalPCAN, SignalFilterBankLog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinycc.ir import Array, DType, Reader, TensorType, Value
from tinycc.ops.base import Operator, Signature, signature
from tinycc.ops.conditions import not_empty
from tinycc.ops.signal.spectrum import vectors

GAIN_ENTRIES = 125
"""Of PCAN's table: three for 0 to 2, then four for each power of two up to 2**31, the last without its spare one."""
LOG_SEGMENTS = 128
INT32_MAX = 2**31 - 1


@dataclass(frozen=True, eq=False, kw_only=True)
class FilterBank(Operator):
    """Triangular filters that overlap: band i, of widths[i] points from frequency_starts[i] on, is the second half of channel
    i - 1 and the first half of channel i:

        y[i - 1] = sum over j of weights[weight_starts[i] + j] * x[frequency_starts[i] + j]
                   + the same sum over band i - 1 with unweights, for i from 1 to num_channels.

    Source: TFLM signal/src/filter_bank.cc.
    """

    x: Value
    weights: Value
    unweights: Value
    frequency_starts: Value
    weight_starts: Value
    widths: Value
    num_channels: int

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature(
            "uint32",
            DType.UINT64,
            x=DType.UINT32,
            **dict.fromkeys(("weights", "unweights", "frequency_starts", "weight_starts", "widths"), DType.INT16),
        ),
    )

    @property
    def bands(self) -> list[tuple[int, int, int]]:
        """(first point, first weight, width) of each band, the layout being constant."""
        columns = [value.data for value in (self.frequency_starts, self.weight_starts, self.widths)]
        assert all(column is not None for column in columns)
        rows = zip(*(column.ravel().tolist() for column in columns if column is not None), strict=False)
        return [(first, weight, max(width, 0)) for first, weight, width in rows][: self.num_channels + 1]

    @property
    def macs(self) -> int:
        return 2 * sum(width for _, _, width in self.bands)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType((self.num_channels,), DType.UINT64),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x).astype(np.uint64)
        weights, unweights = (read(value).astype(np.int64).view(np.uint64) for value in (self.weights, self.unweights))
        y = np.zeros(self.num_channels + 1, np.uint64)
        falling = np.uint64(0)
        for i, (first, weight, width) in enumerate(self.bands):
            points = x[first : first + width]
            with np.errstate(over="ignore"):
                y[i] = falling + (weights[weight : weight + width] * points).sum(dtype=np.uint64)
            falling = (unweights[weight : weight + width] * points).sum(dtype=np.uint64)
        return (y[1:],)


@dataclass(frozen=True, eq=False, kw_only=True)
class FilterBankSquareRoot(Operator):
    """y = min(round(sqrt(x)), limit) >> scale_bits; the limit is 2**32 - 1, or 2**16 - 1 for x below 2**32.

    Of scale_bits, the lowest five bits count. Source: TFLM signal/src/filter_bank_square_root.cc, square_root_*.cc.
    """

    x: Value
    scale_bits: Value

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("uint64", DType.UINT32, x=DType.UINT64, scale_bits=DType.INT32),
    )  # fmt: skip

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, DType.UINT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        bits = np.uint64(int(read(self.scale_bits).ravel()[0]) & 31)
        root = np.zeros(x.shape, np.uint64)
        for bit in reversed(range(32)):
            larger = root | np.uint64(1 << bit)
            root = np.where(larger * larger <= x, larger, root)
        limit = np.where(x < np.uint64(2**32), np.uint64(2**16 - 1), np.uint64(2**32 - 1))
        root = np.minimum(root + (x - root * root > root), limit)
        return ((root >> bits).astype(np.uint32),)


@dataclass(frozen=True, eq=False, kw_only=True)
class FilterBankSpectralSubtraction(Operator):
    """The signal without the noise, which is estimated as its running mean: with s = x * 2**smoothing_bits,

        noise = (s * smoothing + noise * one_minus_smoothing) >> spectral_subtraction_bits
        y = max((s - min(noise, s)) >> smoothing_bits, (x * min_signal_remaining) >> spectral_subtraction_bits)

    and with `clamping`, noise = min(noise, s) last. Channels of odd number have smoothing factors of their own. The second
    output is the noise, which is also kept for the next inference; it begins as 0. All in uint32, products in uint64.
    Source: TFLM signal/src/filter_bank_spectral_subtraction.cc.
    """

    x: Value
    noise: Value
    num_channels: int
    smoothing: int
    one_minus_smoothing: int
    alternate_smoothing: int
    alternate_one_minus_smoothing: int
    min_signal_remaining: int
    smoothing_bits: int
    spectral_subtraction_bits: int
    clamping: bool

    factors: ClassVar[tuple[str, ...]] = (
        "smoothing",
        "one_minus_smoothing",
        "alternate_smoothing",
        "alternate_one_minus_smoothing",
        "min_signal_remaining",
    )
    updates: ClassVar[tuple[tuple[str, int], ...]] = (("noise", 2),)
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature("uint32", {"x": DType.UINT32, "noise": DType.UINT32}, (DType.UINT32,) * 3),
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, DType.UINT32),) * 3

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x, noise = read(self.x).astype(np.uint64), read(self.noise).astype(np.uint64)
        odd = np.arange(x.size) % 2 == 1
        smoothing = np.where(odd, self.alternate_smoothing, self.smoothing).astype(np.uint64)
        rest = np.where(odd, self.alternate_one_minus_smoothing, self.one_minus_smoothing).astype(np.uint64)
        bits, low = np.uint64(self.spectral_subtraction_bits), np.uint64(2**32 - 1)
        signal = x << np.uint64(self.smoothing_bits) & low
        noise = (signal * smoothing + noise * rest) >> bits & low
        estimate = np.minimum(noise, signal)
        floor = x * np.uint64(self.min_signal_remaining) >> bits & low
        y = np.maximum((signal - estimate) >> np.uint64(self.smoothing_bits), floor).astype(np.uint32)
        kept = (estimate if self.clamping else noise).astype(np.uint32)
        return y, kept, kept


@dataclass(frozen=True, eq=False, kw_only=True)
class Pcan(Operator):
    """Automatic gain per channel: y = shrink((x * gain(noise)) >> snr_shift), shrink(v) = v**2 / 4 below 2, v - 1 from there
    on; v has 12 fractional bits, y 6.

    gain is interpolated between powers of two by the parabolas in gain_lut. Source: TFLM signal/src/pcan_argc_fixed.cc.
    """

    x: Value
    noise: Value
    gain_lut: Value
    snr_shift: int

    signatures: ClassVar[tuple[Signature, ...]] = (
        signature("uint32", DType.UINT32, x=DType.UINT32, noise=DType.UINT32, gain_lut=DType.INT16),
    )

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, DType.UINT32),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        gain = self._gain(read(self.noise).astype(np.int64), read(self.gain_lut).astype(np.int64))
        product = read(self.x).astype(np.uint64) * gain.astype(np.uint32).astype(np.uint64)
        snr = product >> np.uint64(self.snr_shift) & np.uint64(2**32 - 1)
        y = np.where(snr < 2 << 12, snr * snr >> np.uint64(20), (snr >> np.uint64(6)) - np.uint64(64))
        return (y.astype(np.uint32),)

    @staticmethod
    def _gain(noise: Array, lut: Array) -> Array:
        """int16 values."""
        digits = np.frexp(noise.astype(np.float64))[1].astype(np.int64)
        first = 4 * np.maximum(digits, 2) - 6
        scaled = np.where(digits < 11, noise << np.maximum(11 - digits, 0), noise >> np.maximum(digits - 11, 0))
        fraction = scaled & 0x3FF
        slope = (lut[first + 2] * fraction >> 5) + (lut[first + 1] << 5)
        curve = lut[first] + ((slope * fraction + (1 << 14)) >> 15)
        gain: Array = np.where(noise <= 2, lut[np.minimum(noise, 2)], curve).astype(np.int16)
        return gain


@dataclass(frozen=True, eq=False, kw_only=True)
class FilterBankLog(Operator):
    """y = min(round(output_scale * ln(x * 2**input_correction_bits)), 32767), 0 where the argument is at most 1.

    ln(v) = ln(2) * log2(v), with 16 fractional bits, from a table of 128 segments; x * 2**bits and the product by output_scale
    wrap around in uint32. Source: TFLM signal/src/filter_bank_log.cc, log.cc.
    """

    x: Value
    input_correction_bits: int
    output_scale: int

    signatures: ClassVar[tuple[Signature, ...]] = (signature("uint32", DType.INT16, x=DType.UINT32),)

    def infer(self) -> tuple[TensorType, ...]:
        return (TensorType(self.x.shape, DType.INT16),)

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x) << np.uint32(self.input_correction_bits)
        v = np.maximum(x, 1).astype(np.int64)
        whole = np.frexp(v.astype(np.float64))[1].astype(np.int64) - 1
        rest = v - (np.int64(1) << whole)
        fraction = np.where(whole < 16, rest << np.maximum(16 - whole, 0), rest >> np.maximum(whole - 16, 0))
        table = log_table().astype(np.int64)
        segment, within = fraction >> 9, fraction & 511
        bend = table[segment] + ((table[segment + 1] - table[segment]) * within >> 16)
        log2 = (whole << 16) + fraction + bend
        natural = (45426 * log2 + 2**15) >> 16
        scaled = (natural.astype(np.uint32) * np.uint32(self.output_scale) + np.uint32(2**15)) >> np.uint32(16)
        return (np.where(x > 1, np.minimum(scaled, 2**15 - 1), 0).astype(np.int16),)


def log_table() -> Array:
    """log2(1 + s) - s at both ends of each segment of s from 0 to 1, with 16 fractional bits."""
    s = np.arange(LOG_SEGMENTS + 1) / LOG_SEGMENTS
    table: Array = np.round(2**16 * (np.log2(1 + s) - s)).astype(np.int16)
    return table


def bands_inside(op: FilterBank) -> str | None:
    """num_channels is at least 1; the layout is constant, has num_channels + 1 bands, and each lies within input and weights"""
    layout = (op.frequency_starts, op.weight_starts, op.widths)
    if computed := next((value for value in layout if not value.constant), None):
        return f"%{computed.name} computed at run time"
    if not 1 <= op.num_channels < min(value.type.elements for value in layout):
        return f"{op.num_channels} channels of {', '.join(str(list(value.shape)) for value in layout)} bands"
    weights = min(op.weights.type.elements, op.unweights.type.elements)
    for i, (first, weight, width) in enumerate(op.bands):
        if width and not (0 <= first <= op.x.type.elements - width and 0 <= weight <= weights - width):
            where = f"{width} points from {first} and weights from {weight}"
            return f"band {i} of {where}, with {op.x.type.elements} points and {weights} weights"
    return None


def one_scale(op: FilterBankSquareRoot) -> str | None:
    """scale_bits is one number"""
    return None if op.scale_bits.type.elements == 1 else f"{op.scale_bits.type}"


def all_channels(op: FilterBankSpectralSubtraction) -> str | None:
    """num_channels is the number of the input's elements"""
    return None if op.x.type.elements == op.num_channels else f"{op.num_channels} channels, input {op.x.type}"


def legal_factors(op: FilterBankSpectralSubtraction) -> str | None:
    """factors are 0 to 2**31 - 1, smoothing_bits 0 to 31, spectral_subtraction_bits 0 to 63"""
    bounds = {**dict.fromkeys(op.factors, INT32_MAX), "smoothing_bits": 31, "spectral_subtraction_bits": 63}
    return next((f"{name} {getattr(op, name)}" for name, high in bounds.items() if not 0 <= getattr(op, name) <= high), None)


def fitting_gains(op: Pcan) -> str | None:
    """the noise has as many elements as the input, gain_lut at least 125"""
    fits = op.noise.shape == op.x.shape and len(op.gain_lut.shape) == 1 and op.gain_lut.type.elements >= GAIN_ENTRIES
    return None if fits else f"input {op.x.type}, noise {op.noise.type}, gain_lut {op.gain_lut.type}"


def legal_snr_shift(op: Pcan) -> str | None:
    """snr_shift is 0 to 63"""
    return None if 0 <= op.snr_shift <= 63 else f"snr_shift {op.snr_shift}"


def legal_log(op: FilterBankLog) -> str | None:
    """input_correction_bits is 0 to 31, output_scale 0 to 2**31 - 1"""
    fits = 0 <= op.input_correction_bits <= 31 and 0 <= op.output_scale <= INT32_MAX
    return None if fits else f"input_correction_bits {op.input_correction_bits}, output_scale {op.output_scale}"


FilterBank.conditions = (not_empty, vectors, bands_inside)
FilterBankSquareRoot.conditions = (not_empty, vectors, one_scale)
FilterBankSpectralSubtraction.conditions = (not_empty, vectors, all_channels, legal_factors)
Pcan.conditions = (not_empty, vectors, fitting_gains, legal_snr_shift)
FilterBankLog.conditions = (not_empty, vectors, legal_log)
