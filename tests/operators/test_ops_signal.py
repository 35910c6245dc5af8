# SPDX-License-Identifier: Apache-2.0
"""TFLM's signal library: what is refused, and what the generated code is made of. Its arithmetic is in opcases_signal.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from model_builder import ModelBuilder
from opcases_signal import _SPEECH, SignalNet, T, transform

from tinycc.compiler import compile, load
from tinycc.errors import CompileError

Shape = tuple[int, ...]


def model(op: str, shapes: list[tuple[Shape, str]], outputs: list[tuple[Shape, str]], **options: Any) -> bytes:
    net = SignalNet(op, "", "refused")
    operands = [net.input(shape, dtype) for shape, dtype in shapes]
    return net.signal(op, operands, [net.tensor(shape, dtype) for shape, dtype in outputs], **options).model


def rfft(size: int = 8, length: Any = 8, *, option: int = T["int16"], dtype: str = "int16", shape: Shape = ()) -> bytes:
    declared = (*shape[:-1], int(length) + 2 if isinstance(length, int) and 0 < length < 2**20 else 1)
    return model("SignalRfft", [(shape or (size,), dtype)], [(declared, dtype)], T=option, fft_length=length)


def irfft(size: int, length: int) -> bytes:
    return model("SignalIrfft", [((size,), "int16")], [((length,), "int16")], T=T["int16"], fft_length=length)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (rfft(9), "frames of 9 elements for fft_length 8"),
        (rfft(1, 2), "fft_length 2; expected that fft_length is"),
        (rfft(1, 0), "fft_length 0"),
        (rfft(1, -8), "fft_length -8"),
        (rfft(7, 7), "fft_length 7"),
        (rfft(14, 14), "fft_length 14"),
        (rfft(8, 2**17), "fft_length 131072"),
        (rfft(8, 2**62), "fft_length 4611686018427387904"),
        (rfft(8, 1e30), "fft_length 1000000"),
        (rfft(8, float("inf")), "fft_length inf"),
        (rfft(option=0), "option T 0 for int16"),
        (rfft(dtype="int8"), "types x=int8"),
        (irfft(8, 8), "frames of 8 elements for fft_length 8"),
        (irfft(11, 8), "frames of 11 elements for fft_length 8"),
        (model("SignalRfft", [((), "int16")], [((10,), "int16")], T=7, fft_length=8), "at least one dimension"),
        (model("SignalRfft", [((8,), "int16")], [((10,), "int16")], T=7), "no option fft_length"),
        (model("SignalRfft", [((8,), "int16")], [((9,), "int16")], T=7, fft_length=8), r"output shape \[9\]"),
        (model("SignalRfft", [((8,), "int16")], [((10,), "int16")] * 2, T=7, fft_length=8), "2 outputs"),
    ],
)
def test_transforms_refused(data: bytes, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        load(data)


@pytest.mark.parametrize(
    ("weights", "shift", "message"),
    [((7,), 3, "weights"), ((2, 4), 3, "weights"), ((8,), 32, "shift 32"), ((8,), -1, "shift -1"), ((), 3, "weights")],
)
def test_window_refused(weights: Shape, shift: int, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        load(model("SignalWindow", [((8,), "int16"), (weights, "int16")], [((8,), "int16")], shift=shift))


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (0, 5), (2**40, 2**41)])
def test_energy_refused(start: int, end: int) -> None:
    with pytest.raises(CompileError, match=f"start_index {start}, end_index {end} of 4 points"):
        load(model("SignalEnergy", [((8,), "int16")], [((4,), "uint32")], start_index=start, end_index=end))


def test_auto_scale_refused() -> None:
    with pytest.raises(CompileError, match="1 outputs"):
        load(model("SignalFftAutoScale", [((8,), "int16")], [((8,), "int16")]))
    with pytest.raises(CompileError, match=r"of shape \[2, 4\]"):
        load(model("SignalFftAutoScale", [((2, 4), "int16")], [((2, 4), "int16"), ((), "int32")]))


def filter_bank(
    starts: list[int], weight_starts: list[int], widths: list[int], channels: int = 2, *, known: bool = True
) -> bytes:
    net = SignalNet("SignalFilterBank", "uint32", "refused")
    tables = [np.asarray(table, np.int16) for table in (starts, weight_starts, widths)]
    layout = [net.const(table) if known else net.input(table.shape, "int16") for table in tables]
    weights = [net.const(np.ones(6, np.int16)) for _ in range(2)]
    operands = [net.input((10,), "uint32"), *weights, *layout]
    return net.signal("SignalFilterBank", operands, [net.tensor((2,), "uint64")], num_channels=channels).model


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (filter_bank([0, 2, 8], [0, 2, 4], [2, 2, 3]), "band 2 of 3 points from 8"),
        (filter_bank([0, 2, 4], [0, 2, 4], [2, 2, 3]), "weights from 4"),
        (filter_bank([-1, 2, 4], [0, 2, 4], [2, 2, 2]), "band 0 of 2 points from -1"),
        (filter_bank([0, 2, 4], [0, -2, 4], [2, 2, 2]), "band 1 of"),
        (filter_bank([0, 2], [0, 2, 4], [2, 2, 2]), "2 channels of"),
        (filter_bank([0, 2, 4], [0, 2, 4], [2, 2, 2], 0), "0 channels of"),
        (filter_bank([0, 2, 4], [0, 2, 4], [2, 2, 2], 2**40), "channels of"),
        (filter_bank([0, 2, 4], [0, 2, 4], [2, 2, 2], known=False), "computed at run time"),
    ],
)
def test_filter_bank_refused(data: bytes, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        load(data)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_channels": 5}, "5 channels"),
        ({"smoothing": -1}, "smoothing -1"),
        ({"one_minus_smoothing": 2**31}, "one_minus_smoothing 2147483648"),
        ({"smoothing_bits": 32}, "smoothing_bits 32"),
        ({"spectral_subtraction_bits": 64}, "spectral_subtraction_bits 64"),
    ],
)
def test_spectral_subtraction_refused(options: dict[str, int], message: str) -> None:
    data = model(
        "SignalFilterBankSpectralSubtraction",
        [((4,), "uint32")],
        [((4,), "uint32")] * 2,
        **{"num_channels": 4, **_SPEECH, **options},
    )
    with pytest.raises(CompileError, match=message):
        load(data)


@pytest.mark.parametrize(
    ("noise", "lut", "shift", "message"),
    [(5, 125, 3, "noise"), (4, 124, 3, "gain_lut"), (4, 125, 64, "snr_shift 64"), (4, 125, -1, "snr_shift -1")],
)
def test_pcan_refused(noise: int, lut: int, shift: int, message: str) -> None:
    shapes: list[tuple[Shape, str]] = [((4,), "uint32"), ((noise,), "uint32"), ((lut,), "int16")]
    with pytest.raises(CompileError, match=message):
        load(model("SignalPCAN", shapes, [((4,), "uint32")], snr_shift=shift))


@pytest.mark.parametrize(("bits", "scale"), [(32, 1), (-1, 1), (3, -1), (3, 2**31)])
def test_log_refused(bits: int, scale: int) -> None:
    options = {"input_correction_bits": bits, "output_scale": scale}
    with pytest.raises(CompileError, match=f"input_correction_bits {bits}, output_scale {scale}"):
        load(model("SignalFilterBankLog", [((4,), "uint32")], [((4,), "int16")], **options))


def test_square_root_refused() -> None:
    with pytest.raises(CompileError, match="scale_bits is one number"):
        load(model("SignalFilterBankSquareRoot", [((4,), "uint64"), ((2,), "int32")], [((4,), "uint32")]))


def test_only_the_stages_in_use_are_there() -> None:
    """A power of two takes no code of odd radix, and no scratch: the transform is done in the output."""
    by_name = {case.name: compile(case.model, name="model") for case in transform("SignalRfft", "int16")}
    files = {name: compilation.files for name, compilation in by_name.items()}
    assert "kernels/tk_fft_odd_s16.c" not in files["480x512"]
    assert "kernels/tk_fft_odd_s16.c" in files["240x240"]
    assert not any(step.scratches for step in by_name["480x512"].program.steps)


def test_both_directions_share_code_and_tables() -> None:
    net = SignalNet("both", "int16", "")
    x, spectrum, y = net.input((512,), "int16"), net.tensor((514,), "int16"), net.tensor((512,), "int16")
    net.signal("SignalRfft", [x], [spectrum], T=7, fft_length=512)
    both = compile(net.signal("SignalIrfft", [spectrum], [y], T=7, fft_length=512).model, name="model")
    alone = compile(rfft(512, 512), name="model")
    assert both.report.constant_bytes == alone.report.constant_bytes


@pytest.mark.parametrize("op", ["SignalRfft", "SignalIrfft"])
def test_constants_are_folded(op: str) -> None:
    net = SignalNet(op, "int16", "folded")
    size, outputs = (8, 10) if op == "SignalRfft" else (10, 8)
    x = net.const(np.ones((3, size), np.int16))
    graph = load(net.signal(op, [x], [net.tensor((3, outputs), "int16")], T=7, fft_length=8).model).graph
    assert not graph.ops
    assert graph.outputs[0].shape == (3, outputs)


@pytest.mark.parametrize(("shape", "lengths"), [((1, 1, 6), (1, 6)), ((1, 4, 1), (4, 1)), ((2, 3, 4), (3, 4))])
def test_spectra_of_other_lengths_are_refused(shape: tuple[int, ...], lengths: tuple[int, int]) -> None:
    m = ModelBuilder()
    y = m.tensor((*shape[:-2], lengths[0], lengths[1] // 2 + 1), "complex64")
    m.op("RFFT2D", [m.input(shape), m.const(np.array(lengths, np.int32))], [y])
    with pytest.raises(CompileError, match=f"lengths {lengths[0]}x{lengths[1]}; expected that both lengths are powers of two"):
        load(m.build([y]))
