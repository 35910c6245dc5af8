# SPDX-License-Identifier: Apache-2.0
"""Test sets of the examples: one file for Python, the same numbers as a C header."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from examples.common.command import LICENCE, write_c_header

Float32 = npt.NDArray[np.float32]

VALUES_PER_LINE = 16


@dataclass(frozen=True)
class Samples:
    """Raw rows as the sensor gives them, their labels, and how a row becomes a model input.

    rows       [count, features], uint8 or float32
    labels     [count], uint8
    offset     [features] or [1], float32
    gain       [features] or [1], float32; model input = (row - offset) * gain
    threshold  reconstruction error from which on a row is an anomaly; 0 for classifiers
    """

    rows: npt.NDArray[np.uint8] | Float32
    labels: npt.NDArray[np.uint8]
    offset: Float32
    gain: Float32
    threshold: float = 0.0

    def features(self) -> Float32:
        """Model inputs, [count, features]: float32 arithmetic in the order main.c uses."""
        return (self.rows.astype(np.float32) - self.offset) * self.gain

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            rows=self.rows,
            labels=self.labels,
            offset=self.offset,
            gain=self.gain,
            threshold=np.float32(self.threshold),
        )

    @staticmethod
    def load(path: Path) -> Samples:
        with np.load(path) as data:
            return Samples(
                rows=data["rows"],
                labels=data["labels"],
                offset=data["offset"],
                gain=data["gain"],
                threshold=float(data["threshold"]),
            )

    def write_header(self, path: Path, source: str) -> None:
        """The C header; `source` names and attributes the data, one line."""
        count, features = self.rows.shape
        row_type = "uint8_t" if self.rows.dtype == np.uint8 else "float"
        parts = [
            f"#define TEST_COUNT {count}",
            f"#define TEST_FEATURES {features}",
            "",
            "/* Model input = (row - test_offset) * test_gain. */",
            *_array("test_offset", "float", self.offset),
            *_array("test_gain", "float", self.gain),
        ]
        if self.threshold:
            parts += [
                "/* A reconstruction error above this is an anomaly. */",
                f"#define TEST_THRESHOLD {_literal(np.float32(self.threshold))}",
                "",
            ]
        parts += [
            *_array("test_labels", "uint8_t", self.labels),
            *_array("test_rows", row_type, self.rows),
        ]
        write_c_header(path, f"Made by train.py. Data: {source}", parts, f"{LICENCE} AND CC-BY-4.0")


def _literal(value: np.generic) -> str:
    """The shortest C literal that reads back as the very same number."""
    if isinstance(value, np.floating):
        text = str(value)
        return (text if "." in text or "e" in text else text + ".0") + "f"
    return str(value)


def _array(name: str, ctype: str, values: npt.NDArray[np.generic]) -> list[str]:
    """Lines of a constant array with one or two dimensions; one-element arrays are scalars."""
    if values.size == 1:
        return [f"static const {ctype} {name} = {_literal(values.flat[0])};", ""]
    dims = "".join(f"[{n}]" for n in values.shape)
    rows = values if values.ndim == 2 else values.reshape(1, -1)
    lines = [f"static const {ctype} {name}{dims} = {{"]
    for row in rows:
        literals = [_literal(v) for v in row]
        if values.ndim == 2:
            lines.append("    {" + ",".join(literals) + "},")
        else:
            for i in range(0, len(literals), VALUES_PER_LINE):
                lines.append("    " + ",".join(literals[i : i + VALUES_PER_LINE]) + ",")
    return [*lines, "};", ""]
