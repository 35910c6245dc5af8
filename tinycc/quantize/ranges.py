# SPDX-License-Identifier: Apache-2.0
"""What calibration makes of the values of a tensor: the range that its codes shall cover. Histograms, and what is cut off
them, are those of onnxruntime's calibration, for TFLite models too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinycc.ir import Array
from tinycc.quantize.library import required, working
from tinycc.quantize.recipe import Method, Recipe

LIBRARY = "onnxruntime"
BINS = {Method.PERCENTILE: 2048, Method.ENTROPY: 1024}
CODES = 128
"""Bins of the histograms, and bins that entropy makes of them: with as many of both, nothing is ever cut off."""


class Ranges:
    """Values come in sample by sample."""

    def __init__(self, recipe: Recipe) -> None:
        self._extremes: dict[str, tuple[float, float]] = {}
        self._histograms: Any = None
        if recipe.method is not Method.MINMAX:
            collector = required("onnxruntime.quantization.calibrate", LIBRARY).HistogramCollector
            self._histograms = collector(
                method=recipe.method.value,
                symmetric=False,
                num_bins=BINS[recipe.method],
                num_quantized_bins=CODES,
                percentile=recipe.percentile,
                scenario="same",
            )

    def add(self, values: Mapping[str, Array]) -> None:
        """One sample's values of all tensors."""
        if self._histograms is not None:
            with working(LIBRARY, "calibration"):
                self._histograms.collect(dict(values))
            return
        for name, array in values.items():
            low, high = self._extremes.get(name, (float("inf"), float("-inf")))
            if array.size:
                self._extremes[name] = min(low, float(array.min())), max(high, float(array.max()))

    def found(self) -> dict[str, tuple[float, float]]:
        """Tensor -> the least and the largest value."""
        if self._histograms is None:
            return self._extremes
        with working(LIBRARY, "calibration"):
            found = self._histograms.compute_collection_result()
        return {name: (float(low), float(high)) for name, (low, high, *_) in found.items()}
