# SPDX-License-Identifier: Apache-2.0
"""Handwritten digits, 8x8 pixels: a small CNN with depthwise-separable blocks.

Run from the repository root: python -m examples.digits.train
"""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt
from keras import layers
from sklearn.datasets import load_digits

from examples.common import convert
from examples.common.command import options
from examples.common.testset import Float32, Samples

SOURCE = "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits (1998), UCI, doi:10.24432/C50P49, CC BY 4.0"
TRAIN_ROWS = 1257  # the rows come writer by writer: the last 540 are other people's hands
PIXEL_MAX = 16
CALIBRATION_PIXEL = 17  # 17/255 of a pixel step is 1/15: every pixel value is on the int8 grid
SHIFTS = ((0, 0), (0, -1), (0, 1), (-1, 0), (1, 0))


def normalised() -> list[keras.Layer]:
    return [layers.BatchNormalization(), layers.ReLU()]


def separable(channels: int) -> list[keras.Layer]:
    return [
        layers.DepthwiseConv2D(3, padding="same", use_bias=False),
        *normalised(),
        layers.Conv2D(channels, 1, use_bias=False),
        *normalised(),
    ]


def build() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(16, 3, padding="same", use_bias=False),
            *normalised(),
            *separable(32),
            layers.MaxPooling2D(2),
            *separable(48),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ]
    )


def shifted(images: Float32, dy: int, dx: int) -> Float32:
    """Images moved by one pixel at most; what comes in is background."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return padded[:, 1 - dy : 9 - dy, 1 - dx : 9 - dx]


def train(images: Float32, labels: npt.NDArray[np.uint8], epochs: int) -> keras.Model:
    images = np.concatenate([shifted(images, dy, dx) for dy, dx in SHIFTS])
    labels = np.tile(labels, len(SHIFTS))
    batch = 32
    rate = keras.optimizers.schedules.CosineDecay(4e-3, epochs * -(-len(images) // batch))
    model = build()
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(images, labels, batch_size=batch, epochs=epochs, verbose=2)
    return model


def calibration(images: Float32) -> Float32:
    """Training images, one of them with a pixel brighter than any digit has."""
    images = images.copy()
    images[0, 0, 0, 0] = CALIBRATION_PIXEL / PIXEL_MAX
    return images


def main() -> None:
    args = options(__file__, __doc__, 20)

    data = load_digits()
    rows, labels = data.data.astype(np.uint8), data.target.astype(np.uint8)
    images = (rows / np.float32(PIXEL_MAX)).astype(np.float32).reshape(-1, 8, 8, 1)
    convert.deterministic(args.seed)
    model = train(images[:TRAIN_ROWS], labels[:TRAIN_ROWS], args.epochs)
    _, accuracy = model.evaluate(images[TRAIN_ROWS:], labels[TRAIN_ROWS:], verbose=0)
    print(f"Keras test accuracy: {accuracy:.4f}")

    test = Samples(
        rows=rows[TRAIN_ROWS:],
        labels=labels[TRAIN_ROWS:],
        offset=np.zeros(1, np.float32),
        gain=np.full(1, 1 / PIXEL_MAX, np.float32),
    )
    test.save(args.out / "testset.npz")
    test.write_header(args.out / "testset.h", SOURCE)
    (args.out / "digits_float32.tflite").write_bytes(convert.to_float32(model))
    representative = calibration(images[:TRAIN_ROWS])
    (args.out / "digits_int8.tflite").write_bytes(convert.to_int8(model, representative))


if __name__ == "__main__":
    main()
