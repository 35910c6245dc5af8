# SPDX-License-Identifier: Apache-2.0
"""Rows of a data set as .npz files, the same bytes at every run: what `tinycc quantize` reads."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

EPOCH = (1980, 1, 1, 0, 0, 0)


def save_samples(path: Path, **arrays: npt.NDArray[Any]) -> None:
    """numpy.savez_compressed, without the time of day."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", EPOCH), content.getvalue(), zipfile.ZIP_DEFLATED)
