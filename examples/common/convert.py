# SPDX-License-Identifier: Apache-2.0
"""Keras models to TFLite files, batch 1. Needs TensorFlow."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # its sums depend on the processor
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

from .testset import Float32


def deterministic(seed: int) -> None:
    """Same seed and same TensorFlow: same weights."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def to_float32(model: keras.Model) -> bytes:
    return bytes(_converter(model).convert())


def to_int8(model: keras.Model, representative: Float32) -> bytes:
    """Full integer quantization, int8 inputs and outputs.

    `representative`: [rows, *input shape], the inputs whose ranges set the scales.
    """

    def rows() -> Iterator[list[Float32]]:
        for row in representative:
            yield [row[np.newaxis]]

    converter = _converter(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = rows
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def _converter(model: keras.Model) -> tf.lite.TFLiteConverter:
    """A fixed batch of 1, so that no shape arithmetic is left in the graph."""
    inputs = keras.Input(batch_shape=(1, *model.input_shape[1:]), name="input")
    single = keras.Model(inputs, model(inputs, training=False))
    return tf.lite.TFLiteConverter.from_keras_model(single)
