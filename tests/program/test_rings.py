# SPDX-License-Identifier: Apache-2.0
"""Kernels over a ring of rows (a line buffer) give what they give over rows one after the other, wherever the ring begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cffi
import numpy as np
import pytest
from conftest import ROOT
from emitted import run, tool

ROWS, BYTES, CHANNELS = 5, 12, 4
KERNELS = ("arm_nn_depthwise_equal_s8", "arm_nn_depthwise_3x3_s8", "arm_nn_depthwise_expand_s8")
SHIM = """
#include "arm_nn_internal.h"
void dot(const int8_t *first, int32_t count, int32_t before_wrap, int32_t ring_bytes, const int8_t *filter, int32_t channels,
         int32_t *acc)
{
    const arm_nn_rows rows = {first, count, 12, before_wrap, ring_bytes};
    arm_nn_dot_s8(&rows, 9, 7, filter, 9, 9 * 5, channels, acc);
}
void depthwise(int kernel, const int8_t *first, int32_t count, int32_t before_wrap, int32_t ring_bytes, const int8_t *filter,
               int32_t *acc)
{
    static arm_nn_depthwise_kernel *const kernels[] = {
        arm_nn_depthwise_equal_s8, arm_nn_depthwise_3x3_s8, arm_nn_depthwise_expand_s8};
    const arm_nn_rows rows = {first, count, 12, before_wrap, ring_bytes};
    const arm_nn_taps taps = {&rows, 3, 4, 4, 1, 12, 7};
    kernels[kernel](&taps, first, filter, 0, 4, acc);
}
"""


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """(ffi, library) of the row kernels behind a plain interface."""
    folder = tmp_path_factory.mktemp("rings")
    (folder / "shim.c").write_text(SHIM)
    source = ROOT / "runtime" / "cmsis_nn"
    files = [str(source / f"{name}.c") for name in ("arm_nn_dot_s8", *KERNELS)]
    flags = ["-std=c99", "-O1", "-fPIC", "-shared", "-fsanitize=undefined", "-fno-sanitize-recover=all", f"-I{source}"]
    run([tool("gcc"), *flags, "shim.c", *files, "-o", "rings.so"], folder)
    ffi = cffi.FFI()
    for line in (
        "void dot(const int8_t *, int32_t, int32_t, int32_t, const int8_t *, int32_t, int32_t *);",
        "void depthwise(int, const int8_t *, int32_t, int32_t, int32_t, const int8_t *, int32_t *);",
    ):
        ffi.cdef(line)
    return ffi, ffi.dlopen(str(Path(folder) / "rings.so"))


def rows_in(ring: np.ndarray[Any, Any], begin: int, count: int) -> np.ndarray[Any, Any]:
    """`count` rows from row `begin` of the ring on, in their order."""
    return np.stack([ring[(begin + index) % ROWS] for index in range(count)])


CASES = [(begin, count) for begin in range(ROWS) for count in range(1, ROWS + 1)]


@pytest.mark.parametrize(("begin", "count"), CASES)
@pytest.mark.parametrize("channels", [1, 4, 6])
def test_dot_over_a_ring(begin: int, count: int, channels: int, kernels: Any) -> None:
    ffi, library = kernels
    rng = np.random.default_rng(begin * 10 + count)
    ring = rng.integers(-128, 128, (ROWS, BYTES), dtype=np.int8)
    filters = rng.integers(-128, 128, (channels, 5, 9), dtype=np.int8)
    acc = np.arange(channels, dtype=np.int32)
    first = ffi.from_buffer("int8_t[]", ring) + begin * BYTES
    weights, sums = ffi.from_buffer("int8_t[]", filters), ffi.from_buffer("int32_t[]", acc)
    library.dot(first, count, ROWS - begin, ROWS * BYTES, weights, channels, sums)
    x = rows_in(ring, begin, count)[:, :9].astype(np.int64) + 7
    np.testing.assert_array_equal(acc, np.arange(channels) + np.einsum("rk,crk->c", x, filters[:, :count].astype(np.int64)))


@pytest.mark.parametrize("kernel", range(len(KERNELS)), ids=KERNELS)
@pytest.mark.parametrize(("begin", "count"), CASES)
def test_depthwise_over_a_ring(kernel: int, begin: int, count: int, kernels: Any) -> None:
    ffi, library = kernels
    rng = np.random.default_rng(begin * 10 + count)
    ring = rng.integers(-128, 128, (ROWS, 3, CHANNELS), dtype=np.int8)
    filters = rng.integers(-128, 128, (ROWS, 3, CHANNELS), dtype=np.int8)
    acc = np.zeros(CHANNELS, np.int32)
    first = ffi.from_buffer("int8_t[]", ring) + begin * BYTES
    weights, sums = ffi.from_buffer("int8_t[]", filters), ffi.from_buffer("int32_t[]", acc)
    library.depthwise(kernel, first, count, ROWS - begin, ROWS * BYTES, weights, sums)
    x = rows_in(ring, begin, count).astype(np.int64) + 7
    np.testing.assert_array_equal(acc, (x * filters[:count].astype(np.int64)).sum((0, 1)))


def test_without_a_ring_rows_follow_each_other(kernels: Any) -> None:
    ffi, library = kernels
    rows = np.arange(ROWS * BYTES, dtype=np.int8)
    filters, acc = np.ones(45, np.int8), np.zeros(1, np.int32)
    first, weights = (ffi.from_buffer("int8_t[]", array) for array in (rows, filters))
    library.dot(first, ROWS, 0, 0, weights, 1, ffi.from_buffer("int32_t[]", acc))
    assert acc[0] == (rows.reshape(ROWS, BYTES)[:, :9].astype(int) + 7).sum()
