# SPDX-License-Identifier: Apache-2.0
"""Made the models of this folder, with TensorFlow 2.21 (`pip install tensorflow`; no test needs it): `python make.py`.

Recurrent layers and loops as Keras 3 and the converter write them: WHILE around writes into lists of tensors and slices whose
place is known at run time. Spectra, convolutions over three dimensions, bits, dense tensors out of places, sizes that are left
open. The weights are random and small.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

HERE = Path(__file__).parent
STEPS = (5, 3)


def convert(name: str, function: Callable[..., Any], *shapes: Any, dynamic_range: bool = False) -> None:
    """Write `name`.tflite: a function with its variables as constants."""
    concrete = tf.function(function).get_concrete_function(*shapes)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([convert_variables_to_constants_v2(concrete)])
    if dynamic_range:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    (HERE / f"{name}.tflite").write_bytes(converter.convert())


def layers(name: str, *stack: Any, shape: tuple[int, ...] = STEPS, dynamic_range: bool = False) -> None:
    model = keras.Sequential([keras.Input(shape), *stack])
    convert(name, lambda x: model(x, training=False), tf.TensorSpec([1, *shape], tf.float32), dynamic_range=dynamic_range)


def reversed_list(x: Any) -> Any:
    found = tf.TensorArray(tf.float32, 6, element_shape=[3])
    for i in tf.range(6):
        found = found.write(5 - i, x[i] * tf.cast(i, tf.float32))
    return found.stack()


def windows(x: Any) -> Any:
    found = tf.TensorArray(tf.float32, 5, element_shape=[2, 3])
    for i in tf.range(5):
        found = found.write(i, x[i : i + 2])
    return found.stack()


def nested(x: Any) -> Any:
    found = tf.TensorArray(tf.float32, 6, element_shape=[3])
    for i in tf.range(6):
        row = tf.TensorArray(tf.float32, 3, element_shape=[])
        for j in tf.range(3):
            row = row.write(j, x[i, j] * 2)
        found = found.write(i, row.stack())
    return found.stack()


def branches(x: Any) -> Any:
    found = tf.TensorArray(tf.float32, 6, element_shape=[3])
    for i in tf.range(6):
        if x[i, 0] > 0:  # noqa: SIM108 - becomes an IF
            found = found.write(i, x[i])
        else:
            found = found.write(i, -x[i])
    return found.stack()


def column_of_a_cache(x: Any, i: Any) -> Any:
    return tf.concat([x[:, :i], tf.ones([6, 1]), x[:, i + 1 :]], 1)


def log_mel(x: Any) -> Any:
    magnitudes = tf.abs(tf.signal.stft(x, 32, 16, fft_length=32))
    bands = tf.signal.linear_to_mel_weight_matrix(8, 17, 1000, 50, 500)
    return tf.math.log(tf.tensordot(magnitudes, bands, 1) + 1e-6)


def spectrum_parts(x: Any) -> Any:
    spectrum = tf.signal.stft(x, 16, 8)
    return tf.stack([tf.math.real(spectrum), tf.math.imag(spectrum)], -1)


def bits(a: Any, b: Any) -> Any:
    return tf.bitwise.bitwise_xor(a, b), tf.bitwise.right_shift(a, b)


def dense(places: Any, values: Any) -> Any:
    return tf.sparse.to_dense(tf.sparse.SparseTensor(places, values, [4, 5]))


def twice_as_large(x: Any) -> Any:
    """An image of any size, whose filter goes back to one of twice that size."""
    filters = np.sin(np.arange(72, dtype=np.float32)).reshape(3, 3, 4, 2)
    batch, height, width = (tf.shape(x)[axis] for axis in range(3))
    return tf.nn.conv2d_transpose(x, tf.constant(filters), tf.stack([batch, height * 2, width * 2, 4]), 2, "SAME")


def casts(x: Any) -> Any:
    types = (tf.int32, tf.int8, tf.uint8, tf.int16, tf.bool, tf.int64)
    return tuple(tf.cast(x * 100, dtype) for dtype in types)


def main() -> None:
    keras.utils.set_random_seed(1)
    new = keras.layers
    layers("rnn_seq", new.SimpleRNN(4, return_sequences=True))
    layers("gru_bidir", new.Bidirectional(new.GRU(4, return_sequences=True)))
    layers("gru_v1_back", new.GRU(4, return_sequences=True, go_backwards=True, reset_after=False))
    layers("lstm_stack", new.LSTM(4, return_sequences=True), new.LSTM(4, return_sequences=True), new.Dense(2))
    layers("lstm_masked", new.Masking(0.0), new.LSTM(4, return_sequences=True))
    layers("convlstm", new.ConvLSTM2D(2, 2, return_sequences=True), shape=(3, 4, 4, 2))
    layers("gru_seq_dyn", new.GRU(4, return_sequences=True), dynamic_range=True)
    layers("conv3d", new.Conv3D(3, 3, strides=2, padding="same"), shape=(5, 5, 6, 2))
    layers("conv3d_dyn", new.Conv3D(3, 2, activation="relu"), shape=(4, 5, 6, 2), dynamic_range=True)
    layers("conv3d_back", new.Conv3DTranspose(3, 2, strides=2, padding="same"), shape=(3, 4, 2, 2))
    convert("log_mel", log_mel, tf.TensorSpec([1, 128], tf.float32))
    convert("stft_parts", spectrum_parts, tf.TensorSpec([64], tf.float32))
    convert("rfft2d", lambda x: tf.abs(tf.signal.rfft2d(x)), tf.TensorSpec([2, 8, 16], tf.float32))
    convert("bits", bits, tf.TensorSpec([5], tf.int32), tf.TensorSpec([5], tf.int32))
    convert("sparse", dense, tf.TensorSpec([3, 2], tf.int64), tf.TensorSpec([3], tf.float32))
    convert("open_transposed", twice_as_large, tf.TensorSpec([1, None, None, 2], tf.float32))
    convert("casts", casts, tf.TensorSpec([7], tf.float32))
    matrix = tf.TensorSpec([6, 3], tf.float32)
    convert("loop_ta_reverse", reversed_list, matrix)
    convert("loop_windows", windows, matrix)
    convert("loop_nested", nested, matrix)
    convert("loop_cond", branches, matrix)
    convert("loop_cache_col", column_of_a_cache, matrix, tf.TensorSpec([], tf.int32))


if __name__ == "__main__":
    main()
