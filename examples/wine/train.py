# SPDX-License-Identifier: Apache-2.0
"""Wine cultivars from a chemical analysis: a multilayer perceptron with tanh.

Run from the repository root: python -m examples.wine.train
"""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt
from keras import layers
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

from examples.common import convert
from examples.common.command import options
from examples.common.testset import Float32, Samples

SOURCE = "S. Aeberhard, M. Forina: Wine (1992), UCI, doi:10.24432/C5PC7J, CC BY 4.0"
TEST_ROWS = 90


def build(features: int, classes: int) -> keras.Model:
    decay = keras.regularizers.L2(1e-3)
    return keras.Sequential(
        [
            keras.Input((features,)),
            layers.Dense(12, activation="tanh", kernel_regularizer=decay),
            layers.Dense(8, activation="tanh", kernel_regularizer=decay),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def train(features: Float32, labels: npt.NDArray[np.uint8], epochs: int) -> keras.Model:
    model = build(features.shape[1], int(labels.max()) + 1)
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    model.fit(features, labels, batch_size=16, epochs=epochs, verbose=2)
    return model


def main() -> None:
    args = options(__file__, __doc__, 60)

    data = load_wine()
    train_rows, test_rows, train_labels, test_labels = train_test_split(
        data.data.astype(np.float32),
        data.target.astype(np.uint8),
        test_size=TEST_ROWS,
        random_state=args.seed,
        stratify=data.target,
    )
    test = Samples(
        rows=test_rows,
        labels=test_labels,
        offset=train_rows.mean(axis=0, dtype=np.float64).astype(np.float32),
        gain=(1 / train_rows.std(axis=0, dtype=np.float64)).astype(np.float32),
    )
    features = (train_rows - test.offset) * test.gain
    convert.deterministic(args.seed)
    model = train(features, train_labels, args.epochs)

    test.save(args.out / "testset.npz")
    test.write_header(args.out / "testset.h", SOURCE)
    (args.out / "wine_float32.tflite").write_bytes(convert.to_float32(model))
    (args.out / "wine_int8.tflite").write_bytes(convert.to_int8(model, features))


if __name__ == "__main__":
    main()
