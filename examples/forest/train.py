# SPDX-License-Identifier: Apache-2.0
"""Cell nuclei, benign or malignant: a random forest in scikit-learn, exported to ONNX by skl2onnx.

Run from the repository root: python -m examples.forest.train
"""

from __future__ import annotations

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier

from examples.common.command import training
from examples.common.samples import save_samples

TRAIN_ROWS = 399
OPERATOR_SETS = {"": 17, "ai.onnx.ml": 3}


def main() -> None:
    parser = training(__file__, __doc__)
    parser.add_argument("--trees", type=int, default=20)
    parser.add_argument("--depth", type=int, default=6)
    args = parser.parse_args()

    data = load_breast_cancer()
    order = np.random.default_rng(args.seed).permutation(len(data.data))
    features = data.data.astype(np.float32)[order]
    names = np.array(["malignant", "benign"])[data.target[order]]
    model = RandomForestClassifier(args.trees, max_depth=args.depth, random_state=args.seed)
    model.fit(features[:TRAIN_ROWS], names[:TRAIN_ROWS])
    print(f"scikit-learn test accuracy: {model.score(features[TRAIN_ROWS:], names[TRAIN_ROWS:]):.4f}")

    exported = to_onnx(model, features[:1], name="forest", options={"zipmap": False}, target_opset=OPERATOR_SETS)
    (args.out / "forest.onnx").write_bytes(exported.SerializeToString())
    labels = np.searchsorted(model.classes_, names[TRAIN_ROWS:]).astype(np.uint8)
    save_samples(args.out / "testset.npz", X=features[TRAIN_ROWS:], labels=labels)


if __name__ == "__main__":
    main()
