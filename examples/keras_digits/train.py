# SPDX-License-Identifier: Apache-2.0
"""Handwritten digits, 8x8 pixels: a small residual network in Keras, exported to TFLite and to ONNX in floats.

Run from the repository root: python -m examples.keras_digits.train
"""

from __future__ import annotations

import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from keras import layers
from sklearn.datasets import load_digits

from examples.common import convert
from examples.common.command import options
from examples.common.samples import save_samples

TRAIN_ROWS = 1257  # the rows come writer by writer: the last 540 are other people's hands
PIXEL_MAX = 16
CALIBRATION_ROWS = 256


def convolution(x: keras.KerasTensor, channels: int, *, relu: bool = True) -> keras.KerasTensor:
    x = layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(x) if relu else x


def network() -> keras.Model:
    image = keras.Input((8, 8, 1), name="image")
    x = convolution(image, 12)
    x = layers.ReLU()(layers.Add()([x, convolution(convolution(x, 12), 12, relu=False)]))
    x = layers.MaxPooling2D(2)(x)
    x = convolution(x, 24)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(10, activation="softmax")(x))


def train(images: np.ndarray, labels: np.ndarray, epochs: int) -> keras.Model:
    model = network()
    steps = epochs * -(-len(images) // 64)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, steps)
    model.compile(keras.optimizers.AdamW(rate, weight_decay=1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(images, labels, batch_size=64, epochs=epochs, verbose=0)
    return model


def to_onnx(model: keras.Model) -> onnx.ModelProto:
    """A batch of 1, images as Keras has them: channels last."""
    signature = [tf.TensorSpec((1, 8, 8, 1), tf.float32, name="image")]
    function = tf.function(lambda image: {"probabilities": model(image, training=False)}, input_signature=signature)
    exported, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=17)
    return exported


def main() -> None:
    args = options(__file__, __doc__, 30)

    data = load_digits()
    images = (data.images / PIXEL_MAX).astype(np.float32)[..., None]
    labels = data.target.astype(np.uint8)
    convert.deterministic(args.seed)
    model = train(images[:TRAIN_ROWS], labels[:TRAIN_ROWS], args.epochs)
    _, accuracy = model.evaluate(images[TRAIN_ROWS:], labels[TRAIN_ROWS:], verbose=0)
    print(f"Keras test accuracy: {accuracy:.4f}")

    (args.out / "keras_digits.tflite").write_bytes(convert.to_float32(model))
    onnx.save(to_onnx(model), args.out / "keras_digits.onnx")
    calibration = images[TRAIN_ROWS - CALIBRATION_ROWS : TRAIN_ROWS]
    save_samples(args.out / "calibration.npz", in0=calibration)
    save_samples(args.out / "testset.npz", in0=images[TRAIN_ROWS:], labels=labels[TRAIN_ROWS:])


if __name__ == "__main__":
    main()
