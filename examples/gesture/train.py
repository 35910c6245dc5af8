# SPDX-License-Identifier: Apache-2.0
"""Gestures from an accelerometer: a small network over windows of three axes, on made-up movements.

Run from the repository root: python -m examples.gesture.train
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from examples.common import convert
from examples.common.command import options, write_c_header
from examples.common.testset import Float32

RATE = 50
"""Samples in a second."""
WINDOW = 64
COUNTS_PER_G = 1024
NAMES = ("rest", "circle", "wave", "knock")
TRAINED = 1200
"""Windows of each kind that train."""
PLAYED = (0, 1, 0, 2, 0, 3, 0, 2, 1, 0, 3, 0)
"""What the recording holds, two windows of each."""

Movement = npt.NDArray[np.float64]


def movement(kind: int, samples: int, rng: np.random.Generator) -> Movement:
    """Acceleration in g, [samples, 3]: gravity, which a hand does not hold still, and what the hand does."""
    t = np.arange(samples) / RATE
    tilt = rng.normal(0, 0.12, 3) + np.array([0.0, 0.0, 1.0])
    found = np.tile(tilt / np.linalg.norm(tilt), (samples, 1)) + rng.normal(0, 0.02, (samples, 3))
    hertz, size, phase = rng.uniform(1.3, 2.2), rng.uniform(0.5, 1.0), rng.uniform(0, 2 * np.pi)
    if kind == 1:  # in a plane that looks at the user: x and z, a quarter apart
        found[:, 0] += size * np.cos(2 * np.pi * hertz * t + phase)
        found[:, 2] += size * np.sin(2 * np.pi * hertz * t + phase)
    if kind == 2:  # from side to side
        found[:, 1] += 1.4 * size * np.sin(2 * np.pi * 1.3 * hertz * t + phase)
    if kind == 3:  # on the table, now and then: short and hard
        for start in np.arange(rng.uniform(0, 0.3), samples / RATE, rng.uniform(0.3, 0.45)):
            at = t - start
            found[:, 2] += np.where(at >= 0, 2.0 * size * np.exp(-at * 30) * np.cos(2 * np.pi * 12 * at), 0)
    return found


def sampled(found: Movement) -> npt.NDArray[np.int16]:
    """As a sensor of 16 g gives it."""
    return np.clip(np.round(found * COUNTS_PER_G), -16384, 16383).astype(np.int16)


def features(samples: npt.NDArray[np.int16]) -> Float32:
    """What main.c gives the network: in g, without the mean of each axis, so without gravity."""
    real = samples.astype(np.float32) / COUNTS_PER_G
    return np.asarray(real - real.mean(axis=0, dtype=np.float32), np.float32)


def build() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((WINDOW, 3)),
            layers.Conv1D(8, 5, strides=2, activation="relu"),
            layers.Conv1D(16, 5, strides=2, activation="relu"),
            layers.Conv1D(16, 3, activation="relu"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(len(NAMES), activation="softmax"),
        ]
    )


def recording(rng: np.random.Generator) -> npt.NDArray[np.int16]:
    return np.concatenate([sampled(movement(kind, 2 * WINDOW, rng)) for kind in PLAYED])


def write_header(path: Path, samples: npt.NDArray[np.int16]) -> None:
    lines = [
        f"#define COUNTS_PER_G {COUNTS_PER_G}",
        f"#define SAMPLES {len(samples)}",
        f"#define PLAYED {len(PLAYED)}",
        "",
        f"static const uint8_t played[PLAYED] = {{{', '.join(map(str, PLAYED))}}};",
        "static const int16_t recording[SAMPLES][3] = {",
        *(
            "    " + ", ".join(f"{{{x}, {y}, {z}}}" for x, y, z in samples[at : at + 6]) + ","
            for at in range(0, len(samples), 6)
        ),
        "};",
        "",
    ]
    about = "Made by train.py: half a minute of acceleration as a sensor gives it, x, y and z. Each movement lasts as long."
    write_c_header(path, about, lines)


def main() -> None:
    args = options(__file__, __doc__, 12)

    rng = np.random.default_rng(args.seed)
    labels = np.repeat(np.arange(len(NAMES)), TRAINED)
    rows = np.stack([features(sampled(movement(kind, WINDOW, rng))) for kind in labels])
    convert.deterministic(args.seed)
    model = build()
    model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(rows, labels, batch_size=32, epochs=args.epochs, verbose=2)
    fresh = np.stack([features(sampled(movement(kind, WINDOW, rng))) for kind in labels[::10]])
    print("fresh windows:", model.evaluate(fresh, labels[::10], verbose=0))
    (args.out / "gesture.tflite").write_bytes(convert.to_int8(model, rows[::8]))
    write_header(args.out / "recording.h", recording(rng))


if __name__ == "__main__":
    main()
