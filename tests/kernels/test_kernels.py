# SPDX-License-Identifier: Apache-2.0
"""tinycc's own C kernels (runtime/kernels) against numpy.

Integer kernels and data movement must agree bit for bit, float kernels within 1e-5 of the output's range. Every output
stands between guard elements that must survive. The declarations for cffi are read from the headers themselves.

Long: all kernels in one library.
"""

from __future__ import annotations

import itertools
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import cffi
import numpy as np
import pytest
from conftest import ROOT

from tinycc.ir import packed

KERNELS = {path.name: path for path in (ROOT / "runtime" / "kernels").rglob("tk_*.[ch]")}
SOURCES = {name.removesuffix(".c"): path for name, path in sorted(KERNELS.items()) if name.endswith(".c")}
HEADERS = {name.removesuffix(".h"): path for name, path in sorted(KERNELS.items()) if name.endswith(".h")}
DEFINED = r"^(?:void|bool|u?int32_t|const u?int\d+_t \*)\s?(\w+)\("
"""A function of a source or a header, at the start of a line."""
OF_A_KIND = r"^tk_next_weights (\w+);"
"""A function of a header, by the type that it has in common with others."""
ELSEWHERE = ("coded", "dsp", "mve", "packed", "sparse")
"""Folders whose kernels have tests of their own: see tests/support/kernel_runs.py, test_packed.py, test_coded.py and
test_stored_models.py."""
BUNDLED = sorted((ROOT / "runtime" / "cmsis_nn").glob("*.c"))
"""What the kernels with packed constants call."""
INCLUDES = [*sorted({f"-I{path.parent}" for path in HEADERS.values()}), f"-I{BUNDLED[0].parent}"]
STRICT = ["-std=c99", "-O2", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wshadow"]
STRICT += ["-Wvla", "-Wstrict-prototypes", "-Werror"]
EXTRA_CFLAGS = os.environ.get("TINYCC_TEST_KERNEL_CFLAGS", "").split()
INF = math.inf
FLT_MAX = float(np.finfo(np.float32).max)
ANY = (-INF, INF)
C_TYPES = {"int8": "int8_t[]", "int16": "int16_t[]", "int32": "int32_t[]", "int64": "int64_t[]", "float32": "float[]"}
C_TYPES |= {"uint16": "uint16_t[]"}


# The library under test.


def declarations(header: Path) -> str:
    """What cffi reads: no comments, no preprocessor, its numbers in their places."""
    text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.DOTALL)
    for name, number in re.findall(r"#define (TK_\w+) (\d+)\b", text):
        text = re.sub(rf"\b{name}\b", number, text)
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text, flags=re.DOTALL)
    return re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE).replace("TK_MAX_RANK", "6")


def compiler(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


class Kernels:
    """Calls kernels with numpy arrays, numbers and structs given as (type name, fields)."""

    def __init__(self, library: Path) -> None:
        self.ffi = cffi.FFI()
        self.ffi.cdef(declarations(HEADERS["tk_shape"]))
        self._shared = {"tk_shape"}
        waiting = {name for name, path in SOURCES.items() if path.parent.name not in ELSEWHERE}
        while waiting:
            self._declare(min(waiting), waiting)
        self.library = self.ffi.dlopen(str(library))

    def _declare(self, name: str, waiting: set[str]) -> None:
        """The header of kernel `name`, after those of other kernels that it includes."""
        waiting.remove(name)
        header = HEADERS[name]
        for included in re.findall(r'^#include "(\w+)\.h"', header.read_text(), flags=re.MULTILINE):
            if included in waiting:
                self._declare(included, waiting)
            elif included in HEADERS and included not in {*SOURCES, *self._shared}:  # structs beside inline functions
                self._shared.add(included)
                structs = re.findall(r"^typedef struct \{.*?^\} \w+;", declarations(HEADERS[included]), flags=re.DOTALL | re.M)
                self.ffi.cdef("\n".join(structs))
        self.ffi.cdef(declarations(header))

    def __call__(self, name: str, *arguments: object) -> None:
        getattr(self.library, name)(*[self._argument(argument) for argument in arguments])

    def _argument(self, argument: object) -> object:
        if isinstance(argument, np.ndarray):
            return self.ffi.from_buffer(C_TYPES[argument.dtype.name], argument)
        if isinstance(argument, tuple) and isinstance(argument[0], str):
            struct, fields = argument
            return self.ffi.new(f"{struct} *", fields)
        if isinstance(argument, tuple):
            return {"min": argument[0], "max": argument[1]}
        return self.ffi.NULL if argument is None else argument


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Kernels:
    library = tmp_path_factory.mktemp("kernels") / "kernels.so"
    flags = [*STRICT, *EXTRA_CFLAGS, *INCLUDES, "-shared", "-fPIC"]
    command = [compiler("gcc"), *flags, "-o", str(library), *map(str, (*SOURCES.values(), *BUNDLED)), "-lm"]
    subprocess.run(command, check=True)
    return Kernels(library)


class Output:
    """An output array between guards; `done()` returns it after checking them."""

    GUARD = 8

    def __init__(self, shape: tuple[int, ...], dtype: type | str) -> None:
        size = math.prod(shape)
        self.whole = np.full(size + 2 * self.GUARD, 77, dtype)
        self.array = self.whole[self.GUARD : self.GUARD + size].reshape(shape)

    def done(self) -> np.ndarray:
        guards = np.concatenate([self.whole[: self.GUARD], self.whole[-self.GUARD :]])
        assert (guards == 77).all(), "written outside the output"
        return self.array


def random_s8(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    """Random int8 with both extremes among them where there is room."""
    values = np.random.default_rng(seed).integers(-128, 128, shape, np.int8)
    values.reshape(-1)[:2] = (-128, 127)[: values.size]
    return values


def random_f32(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def assert_close(actual: np.ndarray, expected: np.ndarray) -> None:
    span = max(1.0, float(np.max(expected) - np.min(expected)))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-5 * span)


# Fixed point, written from its definition rather than as the C does it.


def quantize_multiplier(real: float) -> tuple[int, int]:
    """real = multiplier * 2^(shift - 31), 2^30 <= multiplier < 2^31; too small to matter: (0, 0)."""
    mantissa, shift = math.frexp(real)
    multiplier = math.floor(mantissa * (1 << 31) + 0.5)
    if multiplier == 1 << 31:
        multiplier, shift = 1 << 30, shift + 1
    return (multiplier, shift) if shift >= -31 and real > 0 else (0, 0)


def requantize(x: np.ndarray, multiplier: int, shift: int) -> np.ndarray:
    product = (x.astype(np.int64) << max(shift, 0)) * multiplier
    nudged = product + np.where(product >= 0, 1 << 30, 1 - (1 << 30))
    high = np.sign(nudged) * (np.abs(nudged) >> 31)
    right = max(-shift, 0)
    return np.sign(high) * ((np.abs(high) + ((1 << right) >> 1)) >> right)


# Compilation.

COMPILERS = [
    ("gcc", []),
    ("clang", ["-fsyntax-only"]),
    ("arm-none-eabi-gcc", ["-mthumb", "-mcpu=cortex-m0"]),
    ("arm-none-eabi-gcc", ["-mthumb", "-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]),
]


@pytest.mark.parametrize(("name", "flags"), COMPILERS, ids=["gcc", "clang", "cortex-m0", "cortex-m4"])
def test_compiles_without_warnings(name: str, flags: list[str], tmp_path: Path) -> None:
    sources = map(str, SOURCES.values())
    subprocess.run([compiler(name), *STRICT, *flags, *INCLUDES, "-c", *sources], check=True, cwd=tmp_path)


def test_headers_stand_alone_in_c_and_cpp(tmp_path: Path) -> None:
    cpp = [compiler("g++"), "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]
    for suffix, command in ((".c", [compiler("gcc"), *STRICT]), (".cpp", cpp)):
        units = []
        for header in HEADERS:
            unit = tmp_path / f"include_{header}{suffix}"
            unit.write_text(f'#include "{header}.h"\nint {header}_included;\n')
            units.append(str(unit))
        subprocess.run([*command, "-fsyntax-only", *INCLUDES, *units], check=True)


def test_a_source_defines_the_function_it_is_named_after_and_uses_files_only() -> None:
    assert SOURCES
    for name, source in SOURCES.items():
        defined = re.findall(DEFINED, source.read_text(), flags=re.MULTILINE)
        declared = re.findall(f"{DEFINED}|{OF_A_KIND}", HEADERS[name].read_text(), flags=re.MULTILINE)
        assert set(defined) == {one or other for one, other in declared}
        assert name in defined  # another one beside it makes a row of the same


@pytest.mark.skipif(bool(EXTRA_CFLAGS), reason="this is the run under sanitizers itself")
def test_everything_under_sanitizers() -> None:
    """Runs the other tests once more on a library built with AddressSanitizer and UndefinedBehaviorSanitizer."""
    runtime = subprocess.run(
        [compiler("gcc"), "-print-file-name=libasan.so"], check=True, capture_output=True, text=True
    ).stdout.strip()
    if not os.path.isabs(runtime):
        pytest.skip("gcc comes without libasan")
    environment = os.environ | {
        "TINYCC_TEST_KERNEL_CFLAGS": "-fsanitize=address,undefined -fno-sanitize-recover=all",
        "LD_PRELOAD": runtime,
        "ASAN_OPTIONS": "detect_leaks=0",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "not compiles", __file__]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


# int8, element by element.


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("n", [1, 255, 1000])
def test_lut(kernels: Kernels, n: int, in_place: bool) -> None:
    x = np.resize(np.arange(-128, 128).astype(np.int8), n)
    table = random_s8((256,), seed=1)
    y = Output((n,), np.int8)
    if in_place:
        y.array[:] = x
    kernels("tk_lut", y.array if in_place else x, table, y.array, n)
    np.testing.assert_array_equal(y.done(), [table[v % 256] for v in x.tolist()])


def broadcast_struct(shape1: tuple[int, ...], shape2: tuple[int, ...], merge: bool) -> tuple[str, dict[str, object]]:
    """Merged: adjacent dimensions along which both inputs step alike become one."""
    dims = np.broadcast_shapes(shape1, shape2)
    rows: list[tuple[int, ...]] = []
    padded = [(1,) * (len(dims) - len(shape)) + shape for shape in (shape1, shape2)]
    for d in reversed(range(len(dims))):
        steps = tuple(math.prod(shape[d + 1 :]) if shape[d] > 1 else 0 for shape in padded)
        if merge and dims[d] == 1:
            continue
        if merge and rows and steps == tuple(step * rows[-1][0] for step in rows[-1][1:]):
            rows[-1] = (rows[-1][0] * dims[d], *rows[-1][1:])
        else:
            rows.append((dims[d], *steps))
    rows = rows[::-1] or [(1, 1, 1)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return "tk_broadcast", dict(zip(("rank", "dims", "stride1", "stride2"), [len(rows), *columns], strict=True))


BROADCASTS = [
    ((7,), (7,)),
    ((2, 3, 5), (2, 3, 5)),
    ((1, 4, 5, 3), (3,)),
    ((3,), (1, 4, 5, 3)),
    ((2, 4, 5, 3), (2, 1, 1, 3)),
    ((2, 4, 5, 3), (1,)),
    ((1, 1), (2, 5, 7)),
    ((2, 4, 5, 1), (2, 1, 5, 3)),
    ((3, 1, 2, 1, 5, 1), (1, 2, 1, 3, 1, 2)),
    ((1,), (1,)),
]
# Scales of the two inputs and the output, their zero points, the bounds of the fused activation.
BINARY_QUANTIZATIONS = [
    ((0.5, 0.25, 0.7), (0, 0, 0), (-128, 127)),
    ((0.02, 0.03, 0.04), (-128, 127, -128), (-128, 127)),
    ((0.02, 0.03, 0.04), (127, -128, 127), (-100, 90)),
    ((1.0, 1e-4, 1.0), (3, -5, 7), (-128, 127)),
    ((0.9, 0.8, 1e-4), (-128, -128, 127), (-128, 127)),
    ((1e-3, 1e-3, 1e4), (127, 127, -128), (-128, 127)),
    ((1.0, 1e-12, 1.0), (-1, 1, 0), (5, 6)),
    ((0.0039215688593685627, 0.0039215688593685627, 0.0078431377187371254), (-128, -128, -128), (-128, 127)),
]


def add_fields(scales: tuple[float, ...], zero_points: tuple[int, ...], bounds: tuple[int, int]) -> dict[str, int]:
    widest = 2 * max(scales[:2])
    fields = {}
    for name, real in (
        ("input1", scales[0] / widest),
        ("input2", scales[1] / widest),
        ("output", widest / ((1 << 20) * scales[2])),
    ):
        fields[f"{name}_multiplier"], fields[f"{name}_shift"] = quantize_multiplier(real)
        assert fields[f"{name}_shift"] <= 0
    offsets = {"input1_offset": -zero_points[0], "input2_offset": -zero_points[1], "output_offset": zero_points[2]}
    return fields | offsets | {"min": bounds[0], "max": bounds[1]}


def expected_add(x1: np.ndarray, x2: np.ndarray, p: dict[str, int], sign: int) -> np.ndarray:
    a = requantize((x1.astype(np.int64) + p["input1_offset"]) << 20, p["input1_multiplier"], p["input1_shift"])
    b = requantize((x2.astype(np.int64) + p["input2_offset"]) << 20, p["input2_multiplier"], p["input2_shift"])
    total = requantize(a + sign * b, p["output_multiplier"], p["output_shift"])
    return np.clip(total + p["output_offset"], p["min"], p["max"])


@pytest.mark.parametrize("quantization", BINARY_QUANTIZATIONS)
@pytest.mark.parametrize("shapes", BROADCASTS)
@pytest.mark.parametrize("operator", ["add", "sub"])
def test_add_sub_s8(kernels: Kernels, operator: str, shapes: tuple, quantization: tuple) -> None:
    x1, x2 = random_s8(shapes[0], 1), random_s8(shapes[1], 2)
    fields = add_fields(*quantization)
    expected = expected_add(x1, x2, fields, 1 if operator == "add" else -1)
    for merge in (False, True):
        y = Output(np.broadcast_shapes(*shapes), np.int8)
        struct = broadcast_struct(*shapes, merge)
        kernels(f"tk_{operator}_s8", x1, x2, y.array, struct, ("tk_add_s8_params", fields))
        np.testing.assert_array_equal(y.done(), expected)


@pytest.mark.parametrize("quantization", BINARY_QUANTIZATIONS)
@pytest.mark.parametrize("shapes", BROADCASTS)
def test_mul_s8(kernels: Kernels, shapes: tuple, quantization: tuple) -> None:
    scales, zero_points, bounds = quantization
    x1, x2 = random_s8(shapes[0], 1), random_s8(shapes[1], 2)
    multiplier, shift = quantize_multiplier(scales[0] * scales[1] / scales[2])
    fields = {
        "input1_offset": -zero_points[0],
        "input2_offset": -zero_points[1],
        "output_offset": zero_points[2],
        "multiplier": multiplier,
        "shift": shift,
        "min": bounds[0],
        "max": bounds[1],
    }
    product = (x1.astype(np.int64) - zero_points[0]) * (x2.astype(np.int64) - zero_points[1])
    expected = np.clip(requantize(product, multiplier, shift) + zero_points[2], *bounds)
    y = Output(np.broadcast_shapes(*shapes), np.int8)
    kernels("tk_mul_s8", x1, x2, y.array, broadcast_struct(*shapes, True), ("tk_mul_s8_params", fields))
    np.testing.assert_array_equal(y.done(), expected)


@pytest.mark.parametrize("which", [1, 2])
@pytest.mark.parametrize("operator", ["add", "sub"])
def test_add_sub_s8_in_place(kernels: Kernels, operator: str, which: int) -> None:
    full, row = random_s8((3, 5, 7), 1), random_s8((7,), 2)
    fields = add_fields(*BINARY_QUANTIZATIONS[1])
    inputs = [full, row] if which == 1 else [row, full]
    expected = expected_add(*inputs, fields, 1 if operator == "add" else -1)
    struct = broadcast_struct(inputs[0].shape, inputs[1].shape, True)
    inputs[which - 1] = y = full.copy()
    kernels(f"tk_{operator}_s8", *inputs, y, struct, ("tk_add_s8_params", fields))
    np.testing.assert_array_equal(y, expected)


# Reductions.

REDUCTIONS = [
    ((2, 4, 5, 3), (1, 2)),
    ((1, 7, 9, 64), (1, 2)),
    ((2, 3, 5), (2,)),
    ((2, 3, 5), (0,)),
    ((2, 3, 5), (0, 2)),
    ((3, 4, 2, 5, 2, 3), (0, 2, 4)),
    ((4, 5, 6), (0, 1, 2)),
    ((5, 3), ()),
    ((1, 16, 16, 1), (1, 2)),
]


def reduce_struct(shape: tuple[int, ...], axes: tuple[int, ...]) -> tuple[str, dict[str, object]]:
    strides = [0] * len(shape)
    step = 1
    for d in reversed(range(len(shape))):
        if d not in axes:
            strides[d], step = step, step * shape[d]
    return "tk_reduce", {"rank": len(shape), "dims": list(shape), "stride": strides}


def kept_shape(shape: tuple[int, ...], axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for d, size in enumerate(shape) if d not in axes)


def fold_count(multiplier: int, shift: int, count: int) -> tuple[int, int]:
    """1/count folded into a multiplier, as tk_mean_s8.h prescribes."""
    bits = min(count.bit_length() - 1, 32, 31 + shift)
    return (multiplier << bits) // count, shift - bits


@pytest.mark.parametrize(
    ("scales", "zero_points"),
    [
        ((0.1, 0.1), (0, 0)),
        ((0.02, 0.031), (-128, 127)),
        ((0.02, 0.031), (127, -128)),
        ((1.0, 0.01), (5, -7)),
        ((1.0, 3e9), (-128, 3)),
        ((1.0, 1.7e9), (-128, 3)),
    ],
)
@pytest.mark.parametrize(("shape", "axes"), REDUCTIONS)
@pytest.mark.parametrize("mean", [True, False])
def test_mean_s8(kernels: Kernels, shape: tuple, axes: tuple, scales: tuple, zero_points: tuple, mean: bool) -> None:
    x = random_s8(shape, 3)
    kept = kept_shape(shape, axes)
    count = math.prod(shape) // math.prod(kept)
    multiplier, shift = quantize_multiplier(scales[0] / scales[1])
    if mean:
        multiplier, shift = fold_count(multiplier, shift, count)
    fields = {
        "sum_offset": -zero_points[0] * count,
        "multiplier": multiplier,
        "shift": shift,
        "output_offset": zero_points[1],
    }
    total = x.astype(np.int64).sum(axis=axes) if axes else x.astype(np.int64)
    expected = np.clip(requantize(total + fields["sum_offset"], multiplier, shift) + zero_points[1], -128, 127)
    y, acc = Output(kept, np.int8), Output(kept, np.int32)
    kernels("tk_mean_s8", x, y.array, acc.array, reduce_struct(shape, axes), ("tk_mean_s8_params", fields))
    acc.done()
    np.testing.assert_array_equal(y.done(), expected)


@pytest.mark.parametrize(("shape", "axes"), REDUCTIONS)
def test_mean_f32(kernels: Kernels, shape: tuple, axes: tuple) -> None:
    x = random_f32(shape)
    y = Output(kept_shape(shape, axes), np.float32)
    kernels("tk_mean_f32", x, y.array, reduce_struct(shape, axes))
    assert_close(y.done(), x.astype(np.float64).mean(axis=axes) if axes else x)


# Between float and int8.


@pytest.mark.parametrize("zero_point", [-128, -1, 0, 127])
@pytest.mark.parametrize("scale", [1.0, 0.1, 3.0, 1e-3, 1e-40])
def test_quantize_f32_s8(kernels: Kernels, scale: float, zero_point: int) -> None:
    step = np.float32(scale)
    halves = (np.arange(-300, 300).astype(np.float32) + np.float32(0.5)) * step
    special = [0.0, -0.0, 0.49999997, -0.49999997, 1e30, -1e30, INF, -INF, FLT_MAX, math.nan]
    x = np.concatenate([halves, random_f32((500,)) * 60 * step, np.array(special, np.float32)])
    for neighbour in (-INF, INF):
        x = np.concatenate([x, np.nextafter(halves, np.float32(neighbour))])
    with np.errstate(over="ignore"):
        quotient = (x / step).astype(np.float64)
    rounded = np.sign(quotient) * np.floor(np.abs(quotient) + 0.5)
    expected = np.where(np.isnan(quotient), zero_point, np.clip(rounded + zero_point, -128, 127))
    y = Output(x.shape, np.int8)
    kernels("tk_quantize_f32_s8", x, y.array, x.size, step, zero_point)
    np.testing.assert_array_equal(y.done(), expected)


@pytest.mark.parametrize("zero_point", [-128, 0, 127])
@pytest.mark.parametrize("scale", [1.0, 0.1, 1e-30, 1e36])
def test_dequantize_s8_f32(kernels: Kernels, scale: float, zero_point: int) -> None:
    x = np.arange(-128, 128).astype(np.int8)
    y = Output(x.shape, np.float32)
    kernels("tk_dequantize_s8_f32", x, y.array, x.size, np.float32(scale), zero_point)
    exact = float(np.float32(scale)) * (x.astype(np.float64) - zero_point)
    np.testing.assert_array_equal(y.done(), exact.astype(np.float32))


# Data movement.

ELEMENTS = [np.int8, np.int16, np.float32, np.int64]


def numbered(shape: tuple[int, ...], dtype: type) -> np.ndarray:
    return np.arange(math.prod(shape)).astype(dtype).reshape(shape)


@pytest.mark.parametrize("dtype", ELEMENTS)
@pytest.mark.parametrize(
    "padding",
    [
        ((3, 2),),
        ((0, 0), (0, 0)),
        ((0, 0), (1, 2), (2, 1), (0, 0)),
        ((1, 0), (0, 3), (0, 0), (5, 4)),
        ((1, 1), (0, 1), (2, 0), (0, 0), (1, 0), (0, 9)),
    ],
)
def test_pad(kernels: Kernels, padding: tuple, dtype: type) -> None:
    x = numbered((2, 3, 1, 4, 2, 3)[: len(padding)], dtype)
    expected = np.pad(x, padding, constant_values=-7)
    y = Output(expected.shape, dtype)
    before, after = zip(*padding, strict=True)
    fields = {"rank": x.ndim, "dims": list(x.shape), "before": list(before), "after": list(after)}
    kernels("tk_pad", x, y.array, ("tk_pad_shape", fields), x.itemsize, np.array([-7], dtype))
    np.testing.assert_array_equal(y.done(), expected)


PERMUTATIONS = [*itertools.permutations(range(3)), (0,), (1, 0), (0, 3, 1, 2), (3, 1, 0, 2), (5, 3, 1, 0, 2, 4)]


def copy_strided(kernels: Kernels, x: np.ndarray, y: np.ndarray) -> None:
    """y[...] = x, of views."""
    steps = {name: [step // x.itemsize for step in view.strides] for name, view in (("x_stride", x), ("y_stride", y))}
    shape = ("tk_copy_shape", {"rank": x.ndim, "dims": list(x.shape), **steps})
    first = [kernels.ffi.cast("void *", view.__array_interface__["data"][0]) for view in (x, y)]
    kernels("tk_copy_strided", *first, shape, x.itemsize)


@pytest.mark.parametrize("dtype", ELEMENTS)
@pytest.mark.parametrize("permutation", PERMUTATIONS)
def test_copy_strided_transposes(kernels: Kernels, permutation: tuple, dtype: type) -> None:
    x = numbered((2, 3, 5, 4, 1, 3)[: len(permutation)], dtype)
    expected = x.transpose(permutation)
    y = Output(expected.shape, dtype)
    copy_strided(kernels, expected, y.array)
    np.testing.assert_array_equal(y.done(), expected)


@pytest.mark.parametrize("dtype", ELEMENTS)
def test_copy_strided_any_way(kernels: Kernels, dtype: type) -> None:
    x = numbered((4, 5, 6), dtype)
    for seen in (x[::-1, 1:4, ::-2], x[1::2, ::2, 3:], np.broadcast_to(x[2, :1, ::-1], (3, 4, 6))):
        y = Output((7, 10, 13), dtype)
        part = y.array[6::-2, :, 1::2][: seen.shape[0], : seen.shape[1], : seen.shape[2]]
        untouched = y.array.copy()
        part[...] = seen
        expected = y.array.copy()
        y.array[...] = untouched
        copy_strided(kernels, seen, part)
        np.testing.assert_array_equal(y.done(), expected)


@pytest.mark.parametrize("dtype", ELEMENTS)
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_copy_rows_concatenates_and_splits(kernels: Kernels, axis: int, dtype: type) -> None:
    shapes = [tuple(size + (d == axis) * extra for d, size in enumerate((2, 3, 5))) for extra in (0, 2)]
    parts = [numbered(shape, dtype) + 40 * i for i, shape in enumerate(shapes)]
    expected = np.concatenate(parts, axis)
    rows = math.prod(expected.shape[:axis])
    whole = expected.nbytes // rows
    y = Output(expected.shape, dtype)
    split = [Output(part.shape, dtype) for part in parts]
    flat = y.array.reshape(-1)
    at = 0
    for part, piece in zip(parts, split, strict=True):
        row = part.nbytes // rows
        begin = at // part.itemsize
        kernels("tk_copy_rows", part, flat[begin:], rows, row, row, whole)
        kernels("tk_copy_rows", expected.reshape(-1)[begin:], piece.array, rows, row, whole, row)
        np.testing.assert_array_equal(piece.done(), part)
        at += row
    np.testing.assert_array_equal(y.done(), expected)


# float32, element by element.

FLOAT_OPERATORS = {"add": np.add, "sub": np.subtract, "mul": np.multiply}


@pytest.mark.parametrize("bounds", [ANY, (0.0, INF), (0.0, 6.0), (-1.0, 1.0)])
@pytest.mark.parametrize("shapes", BROADCASTS)
@pytest.mark.parametrize("operator", FLOAT_OPERATORS)
def test_binary_f32(kernels: Kernels, operator: str, shapes: tuple, bounds: tuple) -> None:
    x1, x2 = random_f32(shapes[0], 1) * 4, random_f32(shapes[1], 2) * 4
    expected = np.clip(FLOAT_OPERATORS[operator](x1, x2), *np.array(bounds, np.float32))
    for merge in (False, True):
        y = Output(expected.shape, np.float32)
        kernels(f"tk_{operator}_f32", x1, x2, y.array, broadcast_struct(*shapes, merge), bounds)
        np.testing.assert_array_equal(y.done(), expected)
    if shapes[0] == expected.shape:
        kernels(f"tk_{operator}_f32", x1, x2, x1, broadcast_struct(*shapes, True), bounds)
        np.testing.assert_array_equal(x1, expected)


def logistic(x: np.ndarray) -> np.ndarray:
    return np.where(x < 0, np.exp(np.minimum(x, 0)), 1.0) / (1.0 + np.exp(-np.abs(x)))


UNARY = {
    "tk_logistic_f32": ((), logistic),
    "tk_tanh_f32": ((), np.tanh),
    "tk_hard_swish_f32": ((), lambda x: x * np.clip(x + 3, 0, 6) / 6),
    "tk_leaky_relu_f32": ((0.25,), lambda x: np.where(x > 0, x, x * 0.25)),
    "tk_clamp_f32": (((0.0, 6.0),), lambda x: np.clip(x, 0, 6)),
}


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("name", UNARY)
def test_unary_f32(kernels: Kernels, name: str, in_place: bool) -> None:
    extra, function = UNARY[name]
    edges = [0.0, -0.0, 16.619047, 16.62, 20, 100, -9, -9.001, -20, -200, 3, -3, 6, 6.001]
    x = np.concatenate([np.array(edges, np.float32), random_f32((501,)) * 5])
    y = Output(x.shape, np.float32)
    if in_place:
        y.array[:] = x
    kernels(name, y.array if in_place else x, y.array, x.size, *extra)
    np.testing.assert_allclose(y.done(), function(x.astype(np.float64)), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "extra", "expected"),
    [
        ("tk_logistic_f32", (), [math.nan, 1, 0]),
        ("tk_tanh_f32", (), [math.nan, 1, -1]),
        ("tk_hard_swish_f32", (), [math.nan, INF, math.nan]),
        ("tk_leaky_relu_f32", (0.5,), [math.nan, INF, -INF]),
        ("tk_clamp_f32", ((0.0, INF),), [math.nan, INF, 0]),
        ("tk_clamp_f32", ((-1.0, 1.0),), [math.nan, 1, -1]),
    ],
)
def test_unary_f32_of_nan_and_infinities(kernels: Kernels, name: str, extra: tuple, expected: list) -> None:
    x = np.array([math.nan, INF, -INF], np.float32)
    y = Output(x.shape, np.float32)
    kernels(name, x, y.array, x.size, *extra)
    np.testing.assert_array_equal(y.done(), np.array(expected, np.float32))


@pytest.mark.parametrize("beta", [1.0, 0.5, 10.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 10), (5, 7), (3, 1)])
def test_softmax_f32(kernels: Kernels, shape: tuple, beta: float) -> None:
    x = random_f32(shape) * 30
    scaled = x.astype(np.float64) * beta
    exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    expected = exponents / exponents.sum(axis=1, keepdims=True)
    y = Output(shape, np.float32)
    kernels("tk_softmax_f32", x, y.array, *shape, beta)
    assert_close(y.done(), expected)
    kernels("tk_softmax_f32", x, x, *shape, beta)
    np.testing.assert_array_equal(x, y.array)


def test_softmax_s8(kernels: Kernels) -> None:
    """Flat, one above all others by more than counts, halves; in place too."""
    x = np.full((3, 600), -128, np.int8)
    x[1, 77], x[2, :2] = 127, 127
    expected = np.full((3, 600), -128, np.int8)
    expected[1, 77], expected[2, :2] = 127, 0
    y = Output(x.shape, np.int8)
    kernels("tk_softmax_s8", x, y.array, 3, 600, 1 << 30, 27, -15)
    np.testing.assert_array_equal(y.done(), expected)
    kernels("tk_softmax_s8", x, x, 3, 600, 1 << 30, 27, -15)
    np.testing.assert_array_equal(x, expected)


def test_softmax_f32_keeps_rows_apart(kernels: Kernels) -> None:
    x = np.array([[1, math.nan, 0], [1000, -1000, -INF], [5, 5, 5]], np.float32)
    y = Output(x.shape, np.float32)
    kernels("tk_softmax_f32", x, y.array, 3, 3, 1.0)
    assert np.isnan(y.done()[0]).all()
    np.testing.assert_allclose(y.array[1:], [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]], rtol=1e-6)


# float32, windows.

# (batch, in_h, in_w, in_c), (out_c, k_h, k_w), (stride_h, stride_w), (dilation_h, dilation_w), padding

WINDOWS = [
    ((1, 5, 5, 3), (4, 3, 3), (1, 1), (1, 1), "same"),
    ((2, 6, 5, 4), (6, 3, 2), (2, 1), (1, 1), "same"),
    ((1, 7, 9, 1), (8, 3, 5), (2, 2), (1, 1), "valid"),
    ((2, 4, 3, 5), (5, 1, 1), (1, 1), (1, 1), "valid"),
    ((1, 7, 7, 2), (10, 1, 1), (3, 3), (1, 1), "same"),
    ((1, 9, 8, 3), (9, 3, 3), (1, 1), (2, 3), "same"),
    ((1, 9, 9, 6), (12, 3, 3), (1, 2), (3, 2), "valid"),
    ((1, 2, 3, 4), (4, 5, 7), (1, 1), (1, 1), "same"),
    ((1, 3, 3, 2), (2, 5, 5), (1, 1), (4, 4), "same"),
    ((3, 1, 1, 7), (7, 1, 1), (1, 1), (1, 1), "same"),
    ((1, 1, 20, 4), (12, 1, 4), (1, 3), (1, 1), "same"),
    ((1, 1, 3, 4), (4, 2, 2), (1, 1), (4, 4), "same"),
]


def window_fields(x_shape: tuple, k: tuple, stride: tuple, dilation: tuple, padding: str) -> dict[str, int]:
    fields = {"batch": x_shape[0], "in_c": x_shape[3], "out_c": k[0], "groups": 1}
    for d, axis in enumerate("hw"):
        size, reach = x_shape[1 + d], (k[1 + d] - 1) * dilation[d] + 1
        out = -(-size // stride[d]) if padding == "same" else (size - reach) // stride[d] + 1
        total = max(0, (out - 1) * stride[d] + reach - size)
        fields |= {f"in_{axis}": size, f"out_{axis}": out, f"k_{axis}": k[1 + d], f"stride_{axis}": stride[d]}
        fields |= {f"dilation_{axis}": dilation[d], f"pad_{axis}": total // 2}
    return fields


def taps(x: np.ndarray, fields: dict[str, int]) -> np.ndarray:
    """[batch, out_h, out_w, k_h, k_w, in_c]: the input element under every tap, NaN in the padding."""
    out = np.full([fields[name] for name in ("batch", "out_h", "out_w", "k_h", "k_w", "in_c")], math.nan)
    for index in np.ndindex(*out.shape[1:5]):
        h = index[0] * fields["stride_h"] - fields["pad_h"] + index[2] * fields["dilation_h"]
        w = index[1] * fields["stride_w"] - fields["pad_w"] + index[3] * fields["dilation_w"]
        if 0 <= h < fields["in_h"] and 0 <= w < fields["in_w"]:
            out[(slice(None), *index)] = x[:, h, w]
    return out


def out_shape(fields: dict[str, int]) -> tuple[int, ...]:
    return tuple(fields[name] for name in ("batch", "out_h", "out_w", "out_c"))


@pytest.mark.parametrize("bounds", [ANY, (0.0, 6.0)])
@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("window", WINDOWS)
def test_conv_f32(kernels: Kernels, window: tuple, grouped: bool, has_bias: bool, bounds: tuple) -> None:
    fields = window_fields(*window)
    if grouped:
        fields["groups"] = math.gcd(fields["in_c"], fields["out_c"])
    groups, depth = fields["groups"], fields["in_c"] // fields["groups"]
    x = random_f32(window[0], 1)
    w = random_f32((fields["out_c"], fields["k_h"], fields["k_w"], depth), 2)
    bias = random_f32((fields["out_c"],), 3) if has_bias else None
    y = Output(out_shape(fields), np.float32)
    kernels("tk_conv_f32", x, w, bias, y.array, ("tk_conv_shape", fields), bounds)
    seen = np.nan_to_num(taps(x, fields)).reshape(*y.array.shape[:3], fields["k_h"], fields["k_w"], groups, depth)
    filters = w.astype(np.float64).reshape(groups, -1, *w.shape[1:])
    total = np.einsum("bhwijgc,gfijc->bhwgf", seen, filters).reshape(y.array.shape)
    assert_close(y.done(), np.clip(total + (0 if bias is None else bias), *bounds))


def convolution(window: tuple, kind: str) -> tuple[dict[str, int], np.ndarray, np.ndarray]:
    """Shape, int8 filters [out_c, k_h, k_w, in_c / groups], and the same as the kernel wants them.

    A depthwise convolution has a group for each channel.
    """
    fields = window_fields(*window)
    if kind == "depthwise":
        fields |= {"out_c": 3 * fields["in_c"], "groups": fields["in_c"]}
    elif kind == "grouped":
        fields["groups"] = math.gcd(fields["in_c"], fields["out_c"])
    w = random_s8((fields["out_c"], fields["k_h"], fields["k_w"], fields["in_c"] // fields["groups"]), 2)
    return fields, w, np.ascontiguousarray(w[..., 0].transpose(1, 2, 0)) if kind == "depthwise" else w


def convolved(x: np.ndarray, w: np.ndarray, fields: dict[str, int]) -> np.ndarray:
    groups = fields["groups"]
    seen = np.nan_to_num(taps(x, fields)).reshape(*out_shape(fields)[:3], *w.shape[1:3], groups, -1)
    filters = w.astype(np.float64).reshape(groups, -1, *w.shape[1:])
    return np.einsum("bhwijgc,gfijc->bhwgf", seen, filters).reshape(out_shape(fields))


KINDS = {"plain": "conv", "grouped": "conv", "depthwise": "depthwise_conv"}


@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("window", WINDOWS)
def test_convolution_asymmetric_s8(kernels: Kernels, window: tuple, kind: str, has_bias: bool) -> None:
    fields, w, stored = convolution(window, kind)
    x, y = random_s8(window[0], 1), Output(out_shape(fields), np.int8)
    bias = np.arange(fields["out_c"], dtype=np.int32) * 100 if has_bias else None
    numbers = {"multiplier": 1518500250, "shift": -9, "output_offset": -5, "min": -120, "max": 127}
    params = ("tk_asymmetric_s8", {"input_offset": 100, "weights_offset": -70, **numbers})
    kernels(f"tk_{KINDS[kind]}_asymmetric_s8", x, stored, bias, y.array, ("tk_conv_shape", fields), params)
    total = convolved(x + 100.0, w - 70.0, fields).astype(np.int64) + (0 if bias is None else bias)
    np.testing.assert_array_equal(y.done(), np.clip(requantize(total, 1518500250, -9) - 5, -120, 127))


@pytest.mark.parametrize("asymmetric", [0, 1])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("window", WINDOWS)
def test_convolution_hybrid(kernels: Kernels, window: tuple, kind: str, asymmetric: int) -> None:
    """As exact as 8 bits for x allow. Bit for bit: see opcases_hybrid.py."""
    fields, w, stored = convolution(window, kind)
    x, y, scratch = random_f32(window[0], 1), Output(out_shape(fields), np.float32), Output(window[0][1:], np.int8)
    scales = np.linspace(0.01, 0.02, fields["out_c"], dtype=np.float32)
    bias = np.arange(fields["out_c"], dtype=np.float32)
    params = ("tk_hybrid", {"asymmetric": asymmetric, "scale_step": 1, "weights_first": 1, "range": {"min": 0.5, "max": INF}})
    shape = ("tk_conv_shape", fields)
    kernels(f"tk_{KINDS[kind]}_hybrid", x, stored, scales, bias, y.array, scratch.array, shape, params)
    scratch.done()
    exact = np.maximum(convolved(x, w, fields) * scales + bias, 0.5)
    step = 2 * float(np.abs(x).max()) / 254
    slack = 0.51 * step * scales * np.abs(w.astype(np.int64)).reshape(len(w), -1).sum(1)
    assert (np.abs(y.done() - exact) <= slack + 1e-4).all()


@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("window", WINDOWS)
def test_convolution_s4(kernels: Kernels, window: tuple, kind: str, has_bias: bool) -> None:
    fields, w, stored = convolution(window, kind)
    x, y = random_s8(window[0], 1), Output(out_shape(fields), np.int8)
    bias = np.arange(fields["out_c"], dtype=np.int32) * 100 if has_bias else None
    tables = np.full(fields["out_c"], 1518500250, np.int32), np.full(fields["out_c"], -6, np.int8)
    params = ("tk_conv_s4_params", {"input_offset": 100, "output_offset": -5, "min": -120, "max": 127})
    kernels(f"tk_{KINDS[kind]}_s4", x, packed(stored >> 4), bias, *tables, y.array, ("tk_conv_shape", fields), params)
    total = convolved(x + 100.0, w >> 4, fields).astype(np.int64) + (0 if bias is None else bias)
    np.testing.assert_array_equal(y.done(), np.clip(requantize(total, 1518500250, -6) - 5, -120, 127))


@pytest.mark.parametrize("asymmetric", [0, 1])
@pytest.mark.parametrize("window", WINDOWS)
def test_convolution_hybrid_s4(kernels: Kernels, window: tuple, asymmetric: int) -> None:
    """As with the same weights in int8."""
    fields, _, stored = convolution(window, next(kind for kind in KINDS if KINDS[kind] == "conv"))
    x, scratch = random_f32(window[0], 1), Output(window[0][1:], np.int8)
    scales, bias = np.linspace(0.01, 0.02, fields["out_c"], dtype=np.float32), np.arange(fields["out_c"], dtype=np.float32)
    params = ("tk_hybrid", {"asymmetric": asymmetric, "scale_step": 1, "weights_first": 1, "range": {"min": -INF, "max": INF}})
    shape = ("tk_conv_shape", fields)
    found = []
    for name, weights in (("tk_conv_hybrid", stored >> 4), ("tk_conv_hybrid_s4", packed(stored >> 4))):
        y = Output(out_shape(fields), np.float32)
        kernels(name, x, weights, scales, bias, y.array, scratch.array, shape, params)
        found.append(y.done())
    scratch.done()
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("block", [1, 5, 8, 40])
@pytest.mark.parametrize("outputs", [1, 4, 6])
def test_fully_connected_blockwise_s4(kernels: Kernels, outputs: int, block: int) -> None:
    """As exact as 8 bits for x allow. Bit for bit: see opcases_int4.py."""
    rng = np.random.default_rng(block)
    x, w = random_f32((3, 40), 1), rng.integers(-8, 8, (outputs, 40)).astype(np.int8)
    scales = (0.01 + 0.02 * rng.random((outputs, 40 // block))).astype(np.float16)
    scales[0, 0] = 5e-7  # subnormal
    bias, y, scratch = random_f32((outputs,), 2), Output((3, outputs), np.float32), Output((40,), np.int8)
    sizes = {"batch": 3, "depth": 40, "outputs": outputs, "block": block, "range": {"min": -0.5, "max": INF}}
    halves = scales.view(np.uint16)
    kernels(
        "tk_fully_connected_blockwise_s4", x, packed(w), halves, bias, y.array, scratch.array, ("tk_blockwise_params", sizes)
    )
    scratch.done()
    real = w * np.repeat(scales.astype(np.float32), block, axis=1)
    step = (x.max(1) - x.min(1)).max() / 255
    assert (np.abs(y.done() - np.maximum(x @ real.T + bias, -0.5)) <= 1.01 * step * np.abs(real).sum(1) + 1e-4).all()


@pytest.mark.parametrize("depth", [1, 8, 21])
@pytest.mark.parametrize("outputs", [1, 4, 7])
def test_fully_connected_litert_s4(kernels: Kernels, outputs: int, depth: int) -> None:
    """As with the same weights in int8."""
    x, w = random_s8((2, depth), 1), random_s8((outputs, depth), 2) >> 4
    scales, bias = np.linspace(0.1, 0.2, outputs, dtype=np.float32), np.arange(outputs, dtype=np.int32) * 100
    numbers = {"input_offset": 9, "weights_offset": 0, "output_offset": 3, "min": -128, "max": 120, "scale_step": 1}
    sizes = {"batch": 2, "depth": depth, "outputs": outputs, "input_scale": 0.1, "output_scale": 0.9}
    params = ("tk_fully_connected_litert_s8_params", {**numbers, **sizes})
    found = []
    for name, weights in (("tk_fully_connected_litert_s8", w), ("tk_fully_connected_litert_s4", packed(w))):
        y = Output((2, outputs), np.int8)
        kernels(name, x, weights, bias, scales, y.array, params)
        found.append(y.done())
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize(
    ("values", "scale", "zero_point", "codes"),
    [
        ([0.0, 0.0], 1.0, 0, [0, 0]),
        ([-1.0, 0.552, 1.55], 0.01, -28, [-128, 27, 127]),
        ([1.0, 2.55], 0.01, -128, [-28, 127]),
        ([-2.55, -1.0], 0.01, 127, [-128, 27]),
        ([math.nan, 2.55], 0.01, -128, [0, 127]),
    ],
)
def test_quantize_dynamic(kernels: Kernels, values: list[float], scale: float, zero_point: int, codes: list[int]) -> None:
    x, y = np.array(values, np.float32), Output((len(values),), np.int8)
    found = kernels.ffi.new("tk_dynamic_s8 *")
    kernels("tk_quantize_dynamic_f32_s8", x, y.array, found, len(values), 1)
    assert y.done().tolist() == codes
    assert (found.scale, found.zero_point) == (pytest.approx(scale), zero_point)


@pytest.mark.parametrize("window", WINDOWS)
def test_avg_pool_up_s8(kernels: Kernels, window: tuple) -> None:
    x_shape, k, stride, _, padding = window
    fields = window_fields(x_shape, k, stride, (1, 1), padding)
    fields["out_c"] = fields["in_c"]
    x = random_s8(x_shape, 1)
    y = Output(out_shape(fields), np.int8)
    kernels("tk_avg_pool_up_s8", x, y.array, ("tk_conv_shape", fields), -100, 127)
    seen = taps(x, fields)
    mean = np.floor(np.nanmean(seen, axis=(3, 4)) + 0.5)
    np.testing.assert_array_equal(y.done(), np.clip(mean, -100, 127))


@pytest.mark.parametrize("bounds", [ANY, (0.0, INF)])
@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("multiplier", [1, 3])
@pytest.mark.parametrize("window", WINDOWS)
def test_depthwise_conv_f32(kernels: Kernels, window: tuple, multiplier: int, has_bias: bool, bounds: tuple) -> None:
    fields = window_fields(*window)
    fields["out_c"] = fields["in_c"] * multiplier
    x = random_f32(window[0], 1)
    w = random_f32((1, fields["k_h"], fields["k_w"], fields["out_c"]), 2)
    bias = random_f32((fields["out_c"],), 3) if has_bias else None
    y = Output(out_shape(fields), np.float32)
    kernels("tk_depthwise_conv_f32", x, w, bias, y.array, ("tk_conv_shape", fields), bounds)
    seen = np.repeat(np.nan_to_num(taps(x, fields)), multiplier, axis=-1)
    total = np.einsum("bhwijc,ijc->bhwc", seen, w[0].astype(np.float64))
    assert_close(y.done(), np.clip(total + (0 if bias is None else bias), *bounds))


@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize(("batch", "inputs", "outputs"), [(1, 1, 1), (1, 17, 4), (3, 5, 7), (2, 64, 10)])
def test_fully_connected_f32(kernels: Kernels, batch: int, inputs: int, outputs: int, has_bias: bool) -> None:
    x, w = random_f32((batch, inputs), 1), random_f32((outputs, inputs), 2)
    bias = random_f32((outputs,), 3) if has_bias else None
    y = Output((batch, outputs), np.float32)
    kernels("tk_fully_connected_f32", x, w, bias, y.array, batch, inputs, outputs, (-2.0, INF))
    total = x.astype(np.float64) @ w.T.astype(np.float64) + (0 if bias is None else bias)
    assert_close(y.done(), np.maximum(total, -2.0))


POOL_WINDOWS = [window for window in WINDOWS if window[3] == (1, 1)]


@pytest.mark.parametrize("bounds", [ANY, (0.0, 0.5)])
@pytest.mark.parametrize("window", POOL_WINDOWS)
@pytest.mark.parametrize("operator", ["avg", "max"])
def test_pool_f32(kernels: Kernels, operator: str, window: tuple, bounds: tuple) -> None:
    fields = window_fields(*window)
    fields["out_c"] = fields["in_c"]
    x = random_f32(window[0], 1)
    y = Output(out_shape(fields), np.float32)
    kernels(f"tk_{operator}_pool_f32", x, y.array, ("tk_conv_shape", fields), bounds)
    reduce = np.nanmean if operator == "avg" else np.nanmax
    assert_close(y.done(), np.clip(reduce(taps(x, fields), axis=(3, 4)), *bounds))


def test_nan_and_infinity_through_windows(kernels: Kernels) -> None:
    """A value that is not finite reaches the outputs whose window holds it, no others."""
    fields = window_fields((1, 1, 6, 1), (1, 1, 2), (1, 2), (1, 1), "valid")
    x = np.array([1, 2, math.nan, 3, INF, 4], np.float32).reshape(1, 1, 6, 1)
    w, y = np.ones((1, 1, 2, 1), np.float32), Output((3,), np.float32)
    expected = {"conv": [3, math.nan, INF], "depthwise_conv": [3, math.nan, INF]}
    for name, values in expected.items():
        kernels(f"tk_{name}_f32", x, w, None, y.array, ("tk_conv_shape", fields), ANY)
        np.testing.assert_array_equal(y.done(), values)
    for name, values in {"avg": [1.5, math.nan, INF], "max": [2, 3, INF]}.items():
        kernels(f"tk_{name}_pool_f32", x, y.array, ("tk_conv_shape", fields), ANY)
        np.testing.assert_array_equal(y.done(), values)
