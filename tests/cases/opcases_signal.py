# SPDX-License-Identifier: Apache-2.0
"""Single-operator models of TFLM's signal library, as tables like those of opcases.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from flatbuffers import flexbuffers
from opcases import Case, Net, Shape

T = {"float32": 0, "int32": 2, "int16": 7}
"""Option T of the transforms."""


class SignalNet(Net):
    """A builder of custom operators."""

    def signal(self, op: str, inputs: list[int], outputs: list[int], **options: Any) -> Case:
        self.custom(op, inputs, outputs, flexbuffers.Dumps(options))
        return replace(self.case, model=self.build(outputs))


def wide(net: SignalNet, shape: Shape) -> int:
    """An int32 operand over the whole range, which inputs do not have: an int16 input times 2**16 - 1."""
    x, y = net.tensor(shape, "int32"), net.tensor(shape, "int32")
    net.op("CAST", [net.input(shape, "int16")], [x])
    net.op("MUL", [x, net.const(np.int32(2**16 - 1))], [y])
    return y


# Frames, elements in a frame (of the spectrum for the inverse: beyond what is needed), fft_length.
_TRANSFORMS: tuple[tuple[Shape, int, int], ...] = (
    ((), 4, 4),
    ((), 6, 6),
    ((), 1, 8),
    ((), 10, 10),
    ((2,), 16, 16),
    ((), 9, 20),
    ((3, 2), 31, 32),
    ((), 30, 30),
    ((), 60, 64),
    ((), 90, 90),
    ((1, 1), 128, 128),
    ((2,), 200, 256),
    ((), 240, 240),
    ((), 400, 400),
    ((), 480, 512),
    ((1,), 1024, 1024),
    ((), 1500, 2048),
)


def transform(op: str, dtype: str) -> Iterator[Case]:
    for outer, size, length in _TRANSFORMS:
        net = SignalNet(op, dtype, "x".join(map(str, (*outer, size, length))))
        if op == "SignalRfft":
            shapes = (*outer, size), (*outer, length + 2)
        else:
            shapes = (*outer, length + 2 + (length - size) // 2 * 2), (*outer, length)
        x = wide(net, shapes[0]) if dtype == "int32" else net.input(shapes[0], dtype)
        y = net.tensor(shapes[1], dtype)
        yield net.signal(op, [x], [y], T=T[dtype], fft_length=length)


# Shape, weights, shift.
_WINDOWS: tuple[tuple[Shape, int, int], ...] = (
    ((1, 480), 480, 12),
    ((480,), 480, 15),
    ((2, 3, 7), 7, 0),
    ((1,), 1, 3),
    ((4, 6), 12, 20),
    ((5,), 5, 31),
)


def window() -> Iterator[Case]:
    for shape, size, shift in _WINDOWS:
        net = SignalNet("SignalWindow", "int16", f"{'x'.join(map(str, shape))}_{size}_{shift}")
        weights = net.const(net.rng.integers(-(2**15), 2**15, size).astype(np.int16))
        yield net.signal("SignalWindow", [net.input(shape, "int16"), weights], [net.tensor(shape, "int16")], shift=shift)
    net = SignalNet("SignalWindow", "int16", "computed_weights")
    operands = [net.input((3, 8), "int16"), net.input((8,), "int16")]
    yield net.signal("SignalWindow", operands, [net.tensor((3, 8), "int16")], shift=13)


def auto_scale() -> Iterator[Case]:
    """`shift`: how far inputs are scaled down before. The last ones hold -32768 as a constant, which confuses TFLM."""
    for size, shift in ((480, 0), (8, 3), (16, 9), (64, 14), (1, 5), (2, 15)):
        net = SignalNet("SignalFftAutoScale", "int16", f"{size}_{shift}")
        x = net.tensor((size,), "int16")
        net.signal("SignalWindow", [net.input((size,), "int16"), net.const(np.ones(size, np.int16))], [x], shift=shift)
        yield net.signal("SignalFftAutoScale", [x], [net.tensor((size,), "int16"), net.tensor((), "int32")])
    for values in ([-32768], [-32768, -3], [-32768, -3, -2], [5, -32768, 9, -4], [7, -32768, 100, -32768, 3, 1], [0, 0]):
        net = SignalNet("SignalFftAutoScale", "int16", "_".join(map(str, values)))
        x, size = net.tensor((len(values),), "int16"), len(values)
        net.op(
            "MINIMUM",
            [net.input((size,), "int32"), net.const(np.asarray(values, np.int32))],
            [y := net.tensor((size,), "int32")],
        )
        net.op("CAST", [y], [x])
        yield net.signal("SignalFftAutoScale", [x], [net.tensor((size,), "int16"), net.tensor((), "int32")])


def energy() -> Iterator[Case]:
    for size, start, end in ((16, 0, 8), (514, 5, 241), (16, 2, 4), (2, 0, 1), (8, 3, 3), (8, 3, 1), (10, 9, 2), (10, 1, -2)):
        net = SignalNet("SignalEnergy", "int16", f"{size}_{start}_{end}")
        x, y = net.input((size,), "int16"), net.tensor((size // 2,), "uint32")
        yield net.signal("SignalEnergy", [x], [y], start_index=start, end_index=end)


def filter_bank() -> Iterator[Case]:
    """Points, and the widths of the bands; points and weights of a band begin where its neighbour's end, or are `apart`."""
    rows: tuple[tuple[int, tuple[int, ...], int], ...] = (
        (20, (4, 4, 4, 4), 0),
        (40, (0, 1, 2, 3, 4, 5), 1),
        (9, (3, -1, 3, 0), 0),
        (1, (1, 0), 0),
        (257, tuple(range(4, 12)) * 2, 2),
    )
    for points, widths, apart in rows:
        for low in (0, -(2**15)):
            net = SignalNet("SignalFilterBank", "uint32", f"{points}_{len(widths)}{'_signed' if low else ''}")
            starts = np.cumsum([0, *(max(width, 0) + apart for width in widths[:-1])])
            weights = [net.const(net.rng.integers(low, 2**15, points).astype(np.int16)) for _ in range(2)]
            layout = [net.const(np.asarray(table, np.int16)) for table in (starts, starts, widths)]
            operands = [net.input((points,), "uint32"), *weights, *layout]
            y = net.tensor((len(widths) - 1,), "uint64")
            yield net.signal("SignalFilterBank", operands, [y], num_channels=len(widths) - 1)


def square_root() -> Iterator[Case]:
    roots = np.asarray([1, 2, 3, 255, 256, 65534, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1], np.uint64)
    near = np.concatenate([roots * roots + delta for delta in (np.uint64(0), roots, roots + np.uint64(1))])
    special = np.concatenate([near, near - np.uint64(1), np.asarray([0, 2**32 - 1, 2**32, 2**64 - 1], np.uint64)])
    for name, x, bits in (("random", None, 0), ("special", special, 0), ("scaled", None, 9), ("special_scaled", special, 3)):
        net = SignalNet("SignalFilterBankSquareRoot", "uint64", name)
        shape = (40,) if x is None else x.shape
        operand = net.input(shape, "uint64") if x is None else net.const(x)
        scale = net.input((), "int32") if bits == 0 else net.const(np.int32(bits))
        yield net.signal("SignalFilterBankSquareRoot", [operand, scale], [net.tensor(shape, "uint32")])


_SPEECH = {
    "smoothing": 409,
    "one_minus_smoothing": 15975,
    "alternate_smoothing": 983,
    "alternate_one_minus_smoothing": 15401,
    "min_signal_remaining": 819,
    "smoothing_bits": 10,
    "spectral_subtraction_bits": 14,
    "clamping": False,
}
"""The micro_speech preprocessor's options of the spectral subtraction."""


def spectral_subtraction() -> Iterator[Case]:
    rows: tuple[tuple[str, int, dict[str, Any]], ...] = (
        ("speech", 40, {}),
        ("clamped", 33, {"clamping": True}),
        ("one", 1, {"smoothing_bits": 0}),
        ("large", 7, {"smoothing": 2**31 - 1, "one_minus_smoothing": 2**31 - 1, "spectral_subtraction_bits": 33}),
        ("no_shift", 4, {"spectral_subtraction_bits": 0, "smoothing_bits": 31}),
    )
    for name, size, options in rows:
        for small in (False, True):
            net = SignalNet("SignalFilterBankSpectralSubtraction", "uint32", f"{name}{'_small' if small else ''}")
            x = net.input((size,), "uint32")
            if small:
                x, roots = net.tensor((size,), "uint32"), net.input((size,), "uint64")
                net.signal("SignalFilterBankSquareRoot", [roots, net.const(np.int32(16))], [x])
            outputs = [net.tensor((size,), "uint32") for _ in range(2)]
            numbers = {**_SPEECH, **options, "num_channels": size}
            yield net.signal("SignalFilterBankSpectralSubtraction", [x], outputs, **numbers)


def pcan() -> Iterator[Case]:
    for size, shift, entries in ((40, 6, 125), (7, 0, 125), (9, 20, 130), (1, 63, 125), (16, 33, 125)):
        for bits in (0, 12, 28):
            net = SignalNet("SignalPCAN", "uint32", f"{size}_{shift}_{bits}")
            noise = net.tensor((size,), "uint32")
            net.signal("SignalFilterBankSquareRoot", [net.input((size,), "uint64"), net.const(np.int32(bits))], [noise])
            lut = net.const(net.rng.integers(-(2**15), 2**15, entries).astype(np.int16))
            operands = [net.input((size,), "uint32"), noise, lut]
            yield net.signal("SignalPCAN", operands, [net.tensor((size,), "uint32")], snr_shift=shift)


def log() -> Iterator[Case]:
    powers = np.uint64(1) << np.arange(32, dtype=np.uint64)
    special = np.concatenate([powers - np.uint64(1), powers, powers + np.uint64(1), powers // 3 * 4]).astype(np.uint32)
    for bits, scale in ((3, 64), (0, 1600), (0, 2**31 - 1), (31, 64), (5, 0)):
        for x in (None, special):
            net = SignalNet("SignalFilterBankLog", "uint32", f"{bits}_{scale}{'' if x is None else '_special'}")
            operand = net.input((200,), "uint32") if x is None else net.const(x)
            y = net.tensor((200,) if x is None else x.shape, "int16")
            yield net.signal("SignalFilterBankLog", [operand], [y], input_correction_bits=bits, output_scale=scale)


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {
        **{op: [case for dtype in T for case in transform(op, dtype)] for op in ("SignalRfft", "SignalIrfft")},
        "SignalWindow": list(window()),
        "SignalFftAutoScale": list(auto_scale()),
        "SignalEnergy": list(energy()),
        "SignalFilterBank": list(filter_bank()),
        "SignalFilterBankSquareRoot": list(square_root()),
        "SignalFilterBankSpectralSubtraction": list(spectral_subtraction()),
        "SignalPCAN": list(pcan()),
        "SignalFilterBankLog": list(log()),
    }
