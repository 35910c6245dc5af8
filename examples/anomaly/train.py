# SPDX-License-Identifier: Apache-2.0
"""Anomaly detection: an autoencoder that has seen benign cell nuclei only.

Run from the repository root: python -m examples.anomaly.train
"""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

from examples.common import convert
from examples.common.command import options
from examples.common.testset import Float32, Samples

SOURCE = (
    "W. Wolberg, O. Mangasarian, N. Street, W. Street: Breast Cancer Wisconsin (Diagnostic)"
    " (1993), UCI, doi:10.24432/C5DW2B, CC BY 4.0"
)
BENIGN = 1  # in the data set; the labels written here are 1 for an anomaly
THRESHOLD_QUANTILE = 0.95  # of the training rows: one in twenty would be a false alarm


def build(features: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((features,)),
            layers.Dense(16, activation="relu"),
            layers.Dense(4, activation="relu"),
            layers.Dense(16, activation="relu"),
            layers.Dense(features),
        ]
    )


def train(features: Float32, epochs: int) -> keras.Model:
    model = build(features.shape[1])
    model.compile(keras.optimizers.Adam(3e-3), "mean_squared_error")
    model.fit(features, features, batch_size=16, epochs=epochs, verbose=2)
    return model


def reconstruction_error(model: keras.Model, features: Float32) -> Float32:
    """Mean squared error of each row, [rows]."""
    difference = features - model.predict(features, verbose=0)
    return np.asarray((difference * difference).mean(axis=1), np.float32)


def main() -> None:
    args = options(__file__, __doc__, 60)

    data = load_breast_cancer()
    rows = data.data.astype(np.float32)
    benign, malignant = rows[data.target == BENIGN], rows[data.target != BENIGN]
    benign_train, benign_test = train_test_split(benign, test_size=0.4, random_state=args.seed)
    labels = np.repeat(np.array([0, 1], np.uint8), [len(benign_test), len(malignant)])
    order = np.random.default_rng(args.seed).permutation(len(labels))
    test = Samples(
        rows=np.concatenate([benign_test, malignant])[order],
        labels=labels[order],
        offset=benign_train.mean(axis=0, dtype=np.float64).astype(np.float32),
        gain=(1 / benign_train.std(axis=0, dtype=np.float64)).astype(np.float32),
    )
    features = (benign_train - test.offset) * test.gain
    convert.deterministic(args.seed)
    model = train(features, args.epochs)
    errors = reconstruction_error(model, features)
    test = replace(test, threshold=float(np.float32(np.quantile(errors, THRESHOLD_QUANTILE))))

    test.save(args.out / "testset.npz")
    test.write_header(args.out / "testset.h", SOURCE)
    (args.out / "anomaly_float32.tflite").write_bytes(convert.to_float32(model))
    (args.out / "anomaly_int8.tflite").write_bytes(convert.to_int8(model, features))


if __name__ == "__main__":
    main()
