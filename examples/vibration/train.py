# SPDX-License-Identifier: Apache-2.0
"""Vibration of a machine: an autoencoder that has seen a healthy one only, on a made-up signal.

Run from the repository root: python -m examples.vibration.train
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from examples.common import convert
from examples.common.command import options, write_c_header
from examples.common.testset import Float32

RATE = 1000
"""Samples in a second, of one axis of an accelerometer."""
WINDOW = 256
BANDS = 32
FLOOR = 1.0
"""Energy below which a band counts for nothing: noise."""
COUNTS_PER_G = 4096
HEALTHY, TRAINED, TESTED = 1500, 1200, 12
"""Windows: of a healthy machine in all, those that train; in the test set of each kind."""

Signal = npt.NDArray[np.int16]


def healthy(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """A window in g: a shaft at 24 to 26 turns a second with two harmonics, the hum of the motor, noise."""
    t = np.arange(WINDOW) / RATE
    turns, load = rng.uniform(24, 26), rng.uniform(0.8, 1.2)
    phases = rng.uniform(0, 2 * np.pi, 4)
    shaft = sum(
        load * size * np.sin(2 * np.pi * order * turns * t + phase)
        for order, size, phase in zip((1, 2, 3), (0.20, 0.08, 0.05), phases, strict=False)
    )
    hum = 0.04 * np.sin(2 * np.pi * 100 * t + phases[3])
    return np.asarray(shaft + hum + rng.normal(0, 0.02, WINDOW))


def unbalanced(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """A weight on the shaft: more at once a turn."""
    t = np.arange(WINDOW) / RATE
    return healthy(rng) + rng.uniform(0.5, 0.8) * np.sin(2 * np.pi * 25 * t + rng.uniform(0, 2 * np.pi))


def bearing(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """A pit in a bearing: it rings at 320 Hz, 88 times a second."""
    signal = healthy(rng)
    ring = np.arange(40) / RATE
    knock = rng.uniform(0.25, 0.4) * np.exp(-ring * 150) * np.sin(2 * np.pi * 320 * ring)
    for start in np.arange(rng.uniform(0, RATE / 88), WINDOW - len(ring), RATE / 88):
        signal[int(start) : int(start) + len(ring)] += knock
    return signal


def loose(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """A loose foot: half a turn's frequency, and tops cut off."""
    t = np.arange(WINDOW) / RATE
    signal = healthy(rng) + rng.uniform(0.2, 0.3) * np.sin(2 * np.pi * 12.5 * t + rng.uniform(0, 2 * np.pi))
    return np.clip(signal, -0.15, 0.3)


KINDS: tuple[Callable[[np.random.Generator], npt.NDArray[np.float64]], ...] = (healthy, unbalanced, bearing, loose)


def sampled(kind: Callable[[np.random.Generator], npt.NDArray[np.float64]], rng: np.random.Generator) -> Signal:
    """As the sensor gives it."""
    return np.clip(np.round(kind(rng) * COUNTS_PER_G), -32768, 32767).astype(np.int16)


def features(window: Signal) -> Float32:
    """What spectrum.c computes: logarithms of the energies of 32 bands, without the mean, through a Hann window."""
    x = (window.astype(np.float64) - window.mean(dtype=np.float64)) / COUNTS_PER_G
    spectrum = np.fft.rfft(x * np.hanning(WINDOW + 1)[:WINDOW])[: WINDOW // 2]
    bands = (np.abs(spectrum) ** 2).reshape(BANDS, -1).sum(axis=1)
    return np.log10(bands + FLOOR).astype(np.float32)


def build() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((BANDS,)),
            layers.Dense(16, activation="relu"),
            layers.Dense(4, activation="relu"),
            layers.Dense(16, activation="relu"),
            layers.Dense(BANDS),
        ]
    )


def errors(model: bytes, rows: Float32) -> npt.NDArray[np.float64]:
    """Mean squared errors of the int8 model, [rows]: the score of main.c."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(model_content=model, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    taken, given = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    found = []
    for row in rows:
        scale, zero = taken["quantization"]
        interpreter.set_tensor(taken["index"], np.clip(np.round(row / scale + zero), -128, 127).astype(np.int8)[np.newaxis])
        interpreter.invoke()
        scale, zero = given["quantization"]
        output = (interpreter.get_tensor(given["index"])[0].astype(np.float64) - zero) * scale
        found.append(((row - output) ** 2).mean())
    return np.array(found)


def write_header(path: Path, windows: Signal, kinds: npt.NDArray[np.uint8], threshold: float) -> None:
    lines = [
        f"#define WINDOWS {len(windows)}",
        f"#define WINDOW_SAMPLES {WINDOW}",
        f"#define COUNTS_PER_G {COUNTS_PER_G}",
        f"#define THRESHOLD {threshold:.4f}f",
        "",
        "/* 0: healthy, 1: unbalanced, 2: bearing, 3: loose. */",
        f"static const uint8_t window_kinds[WINDOWS] = {{{', '.join(map(str, kinds))}}};",
        "static const int16_t windows[WINDOWS][WINDOW_SAMPLES] = {",
    ]
    for window in windows:
        lines.append("    {")
        lines += [f"        {', '.join(map(str, window[at : at + 16]))}," for at in range(0, WINDOW, 16)]
        lines.append("    },")
    about = "Made by train.py: windows of acceleration as a sensor gives them; beyond the threshold is no healthy machine."
    write_c_header(path, about, [*lines, "};", ""])


def main() -> None:
    args = options(__file__, __doc__, 80)

    rng = np.random.default_rng(args.seed)
    rows = np.stack([features(sampled(healthy, rng)) for _ in range(HEALTHY)])
    convert.deterministic(args.seed)
    model = build()
    model.compile(keras.optimizers.Adam(3e-3), "mean_squared_error")
    model.fit(rows[:TRAINED], rows[:TRAINED], batch_size=32, epochs=args.epochs, verbose=2)
    made = convert.to_int8(model, rows[:TRAINED])
    threshold = round(1.5 * float(errors(made, rows[TRAINED:]).max()), 4)

    kinds = rng.permutation(np.repeat(np.arange(len(KINDS), dtype=np.uint8), TESTED))
    windows = np.stack([sampled(KINDS[kind], rng) for kind in kinds])
    found = errors(made, np.stack([features(window) for window in windows]))
    for kind, what in enumerate(KINDS):
        print(f"{what.__name__:10} errors {found[kinds == kind].min():.4f} to {found[kinds == kind].max():.4f}")
    print(f"threshold {threshold}: {((found > threshold) == (kinds > 0)).sum()} of {len(kinds)} right")
    (args.out / "vibration.tflite").write_bytes(made)
    write_header(args.out / "recording.h", windows, kinds, threshold)


if __name__ == "__main__":
    main()
