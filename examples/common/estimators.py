# SPDX-License-Identifier: Apache-2.0
"""Trains typical estimators of scikit-learn, LightGBM and XGBoost, and writes them as ONNX with what the libraries predict.

Run from the repository root: python -m examples.common.estimators, with scikit-learn 1.9.1, skl2onnx 1.20.0, onnxmltools
1.16.0, lightgbm 4.7.0 and xgboost 3.2.0.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from lightgbm import LGBMClassifier, LGBMRegressor
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx
from sklearn import ensemble, linear_model, naive_bayes, neighbors, neural_network, svm, tree
from sklearn.cluster import KMeans
from sklearn.datasets import load_diabetes, load_iris
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier, XGBRegressor

OUT = Path(__file__).resolve().parents[2] / "tests" / "frontends" / "estimators"
SETS = {"": 15, "ai.onnx.ml": 3}
TEST = 40

CLASSIFIERS: dict[str, Callable[[], Any]] = {
    "adaboost": lambda: ensemble.AdaBoostClassifier(n_estimators=5, random_state=0),
    "decision_tree": lambda: tree.DecisionTreeClassifier(max_depth=4, random_state=0),
    "extra_trees": lambda: ensemble.ExtraTreesClassifier(6, max_depth=4, random_state=0),
    "gaussian_nb": naive_bayes.GaussianNB,
    "gradient_boosting": lambda: ensemble.GradientBoostingClassifier(n_estimators=5, max_depth=2, random_state=0),
    "knn": lambda: neighbors.KNeighborsClassifier(3),
    "lightgbm": lambda: LGBMClassifier(n_estimators=4, num_leaves=6, verbose=-1, random_state=0, n_jobs=1),
    "linear_svm": lambda: svm.LinearSVC(random_state=0),
    "logistic": lambda: linear_model.LogisticRegression(max_iter=500),
    "mlp": lambda: neural_network.MLPClassifier((8,), max_iter=400, random_state=0),
    "pipeline": lambda: make_pipeline(StandardScaler(), PCA(2), linear_model.LogisticRegression()),
    "random_forest": lambda: ensemble.RandomForestClassifier(6, max_depth=4, random_state=0),
    "sgd": lambda: linear_model.SGDClassifier(random_state=0),
    "svc": lambda: svm.SVC(kernel="rbf", random_state=0),
    "xgboost": lambda: XGBClassifier(n_estimators=4, max_depth=3, n_jobs=1),
}
REGRESSORS: dict[str, Callable[[], Any]] = {
    "gradient_boosting_regressor": lambda: ensemble.GradientBoostingRegressor(n_estimators=8, max_depth=2, random_state=0),
    "ridge": linear_model.Ridge,
    "lightgbm_regressor": lambda: LGBMRegressor(n_estimators=6, num_leaves=6, verbose=-1, random_state=0, n_jobs=1),
    "linear": linear_model.LinearRegression,
    "mlp_regressor": lambda: neural_network.MLPRegressor(hidden_layer_sizes=(8,), max_iter=300, random_state=0),
    "random_forest_regressor": lambda: ensemble.RandomForestRegressor(6, max_depth=4, random_state=0),
    "svr": lambda: svm.SVR(C=10),
    "xgboost_regressor": lambda: XGBRegressor(n_estimators=6, max_depth=3, n_jobs=1),
}
OTHERS: dict[str, Callable[[], Any]] = {
    "gaussian_mixture": lambda: GaussianMixture(3, random_state=0),
    "isolation_forest": lambda: ensemble.IsolationForest(n_estimators=8, max_samples=16, random_state=0),
    "k_means": lambda: KMeans(3, n_init=3, random_state=0),
}


def split(count: int) -> tuple[Any, Any]:
    order = np.random.default_rng(0).permutation(count)
    return order[TEST:], order[:TEST]


def exported(model: Any, x: Any) -> onnx.ModelProto:
    kind = type(model).__module__
    types = [("X", FloatTensorType([None, x.shape[1]]))]
    if "lightgbm" in kind:
        return convert_lightgbm(model, initial_types=types, target_opset=15, zipmap=False)
    if "xgboost" in kind:
        return convert_xgboost(model, initial_types=types, target_opset=15)
    zipped = hasattr(model, "classes_") and not isinstance(model, svm.LinearSVC)
    return to_onnx(model, x[:1], options={id(model): {"zipmap": False}} if zipped else None, target_opset=SETS)


def main() -> None:
    iris, diabetes = load_iris(), load_diabetes()
    predictions: dict[str, Any] = {}
    tasks = [(name, make, iris, True) for name, make in CLASSIFIERS.items()]
    tasks += [(name, make, diabetes, False) for name, make in REGRESSORS.items()]
    tasks += [(name, make, iris, False) for name, make in OTHERS.items()]
    for name, make, data, classes in tasks:
        x, y = data.data.astype(np.float32), data.target
        seen, test = split(len(x))
        numbers = "xgboost" in name
        labels = y if numbers or not classes else np.asarray(data.target_names)[y]
        model = make().fit(x[seen], labels[seen])
        proto = exported(model, x[seen])
        proto.ClearField("doc_string")
        (OUT / f"{name}.onnx").write_bytes(proto.SerializeToString())
        predictions[f"{name}.x"] = x[test]
        predictions[f"{name}.label"] = model.predict(x[test]).ravel()
        if hasattr(model, "predict_proba"):
            predictions[f"{name}.scores"] = model.predict_proba(x[test])
    np.savez_compressed(OUT / "predictions.npz", **predictions)


if __name__ == "__main__":
    main()
