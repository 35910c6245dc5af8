# SPDX-License-Identifier: Apache-2.0
"""The bundled CMSIS-NN provider against naive numpy versions of its contract (runtime/cmsis_nn/arm_nnfunctions.h).

The library is built with gcc and called through cffi; the declarations are read from the headers themselves. Every
comparison is exact. Shapes and zero points come from tables of edge cases, values from seeded generators that mix
random bytes with extremes.

Long: all functions of one contract.
"""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cffi
import numpy as np
import pytest
from conftest import ROOT
from numpy.typing import NDArray

from tinycc.ir import packed

PROVIDER = ROOT / "runtime" / "cmsis_nn"
SOURCES = sorted(PROVIDER.glob("*.c"))
STRICT = ["-std=c99", "-O2", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wvla"]
STRICT += ["-Wstrict-prototypes", "-Werror"]
SUCCESS, ARG_ERROR = 0, -1

Ints = NDArray[np.signedinteger[Any]]
Pair = tuple[int, int]


# --- the library -----------------------------------------------------------------------------------------------------


def declarations() -> str:
    """The headers as cffi's parser wants them: no comments, preprocessor lines and function bodies."""
    headers = ("arm_nn_types.h", "arm_nnfunctions.h", "arm_nn_internal.h")
    text = "".join((PROVIDER / name).read_text() for name in headers)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"#ifdef __cplusplus\n.*?#endif\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^static inline.*?^}\n", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)


FFI = cffi.FFI()
FFI.cdef(declarations())


@pytest.fixture(scope="session")
def lib(tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp("cmsis_nn") / "provider.so"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", *map(str, SOURCES), "-o", str(out)], check=True)
    return FFI.dlopen(str(out))


def int8s(a: NDArray[Any]) -> Any:
    return FFI.from_buffer("int8_t[]", a, require_writable=False)


def int32s(a: NDArray[Any] | None) -> Any:
    return FFI.NULL if a is None else FFI.from_buffer("int32_t[]", a, require_writable=False)


def dims(n: int = 1, h: int = 1, w: int = 1, c: int = 1) -> Any:
    return FFI.new("cmsis_nn_dims *", (n, h, w, c))


def no_scratch() -> Any:
    return FFI.new("cmsis_nn_context *", (FFI.NULL, 0))


# --- the contract in numpy -------------------------------------------------------------------------------------------


def high_mul(a: Ints, b: Ints | int) -> Ints:
    return (a * np.asarray(b, np.int64) + (1 << 30)) >> 31


def shift_right(x: Ints, exponent: Ints | int) -> Ints:
    """Rounded to nearest, halves away from zero."""
    e = np.asarray(exponent, np.int64)
    rounded: Ints = np.sign(x) * ((np.abs(x) + (np.int64(1) << e) // 2) >> e)
    return rounded


def requantize(x: Ints, multiplier: Ints | int, shift: Ints | int) -> Ints:
    s = np.asarray(shift, np.int64)
    return shift_right(high_mul(x << np.maximum(s, 0), multiplier), np.maximum(-s, 0))


@dataclass(frozen=True)
class Window:
    """Geometry of a convolution or pooling; pairs are (h, w)."""

    image: Pair = (5, 5)
    kernel: Pair = (3, 3)
    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)
    pad: Pair = (0, 0)
    out: Pair = (0, 0)  # (0, 0): as many as fit, with the padding mirrored

    def size(self) -> Pair:
        if self.out != (0, 0):
            return self.out
        h, w = (
            max(1, (i + 2 * p - (k - 1) * d - 1) // s + 1)
            for i, k, s, d, p in zip(self.image, self.kernel, self.stride, self.dilation, self.pad, strict=True)
        )
        return h, w

    def taps(self) -> Iterator[tuple[int, int, int, int, int, int]]:
        """(oy, ox, ky, kx, iy, ix) of every tap inside the image."""
        oh, ow = self.size()
        ranges = (range(oh), range(ow), range(self.kernel[0]), range(self.kernel[1]))
        for oy, ox, ky, kx in itertools.product(*ranges):
            iy = oy * self.stride[0] - self.pad[0] + ky * self.dilation[0]
            ix = ox * self.stride[1] - self.pad[1] + kx * self.dilation[1]
            if 0 <= iy < self.image[0] and 0 <= ix < self.image[1]:
                yield oy, ox, ky, kx, iy, ix


@dataclass(frozen=True)
class Layer:
    """A convolution or depthwise layer. `groups` 0: depthwise, with channels = multiplier * depth."""

    window: Window = field(default_factory=Window)
    batch: int = 1
    depth: int = 4
    channels: int = 8
    groups: int = 1
    in_zero: int = -3
    out_zero: int = 5
    clamp: Pair = (-128, 127)
    shifts: Pair = (-9, -6)
    bias: bool = True
    upscale: Pair = (1, 1)


@dataclass(frozen=True)
class Data:
    x: NDArray[np.int8]
    w: NDArray[np.int8]
    bias: NDArray[np.int32] | None
    multiplier: NDArray[np.int32]
    shift: NDArray[np.int32]


def bytes_with_extremes(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.int8]:
    a = rng.integers(-128, 128, shape).astype(np.int8)
    return np.where(rng.random(shape) < 0.2, rng.choice(np.array([-128, 127], np.int8), shape), a)


def make_data(layer: Layer, seed: int) -> Data:
    rng = np.random.default_rng(seed)
    (h, w), (kh, kw) = layer.window.image, layer.window.kernel
    stored = (layer.batch, h // layer.upscale[0], w // layer.upscale[1], layer.depth)
    filter_shape = (kh, kw, layer.channels) if layer.groups == 0 else (layer.channels, kh, kw, layer.depth // layer.groups)
    return Data(
        bytes_with_extremes(rng, stored),
        bytes_with_extremes(rng, filter_shape),
        rng.integers(-30000, 30000, layer.channels).astype(np.int32) if layer.bias else None,
        rng.integers(1 << 30, 1 << 31, layer.channels).astype(np.int32),
        rng.integers(layer.shifts[0], layer.shifts[1] + 1, layer.channels).astype(np.int32),
    )


def finish(layer: Layer, data: Data, acc: Ints) -> NDArray[np.int8]:
    if data.bias is not None:
        acc = acc + data.bias
    assert np.abs(acc).max(initial=0) < 1 << 31
    y = requantize(acc, data.multiplier.astype(np.int64), data.shift) + layer.out_zero
    return np.clip(y, *layer.clamp).astype(np.int8)


def reference(layer: Layer, data: Data) -> NDArray[np.int8]:
    x = np.zeros((layer.batch, *layer.window.image, layer.depth), np.int64)
    up = layer.upscale
    x[:, :: up[0], :: up[1]] = data.x.astype(np.int64) - layer.in_zero  # what upscaling inserts contributes nothing
    w = data.w.astype(np.int64)
    acc = np.zeros((layer.batch, *layer.window.size(), layer.channels), np.int64)
    for oy, ox, ky, kx, iy, ix in layer.window.taps():
        pixel = x[:, iy, ix]
        if layer.groups == 0:
            acc[:, oy, ox] += np.repeat(pixel, layer.channels // layer.depth, axis=1) * w[ky, kx]
            continue
        for inputs, outputs in zip(
            np.split(np.arange(layer.depth), layer.groups),
            np.split(np.arange(layer.channels), layer.groups),
            strict=True,
        ):
            acc[:, oy, ox, outputs] += pixel[:, inputs] @ w[outputs, ky, kx].T
    return finish(layer, data, acc)


# --- calling the library ---------------------------------------------------------------------------------------------


def tile(pair: Pair) -> dict[str, int]:
    return {"h": pair[0], "w": pair[1]}


def call(lib: Any, function: str, layer: Layer, data: Data, scratch: Any = None) -> tuple[int, NDArray[np.int8]]:
    """Runs a convolution or depthwise function on the layer: (status, output)."""
    win = layer.window
    depthwise = layer.groups == 0
    params = FFI.new("cmsis_nn_dw_conv_params *" if depthwise else "cmsis_nn_conv_params *")
    params.input_offset, params.output_offset = -layer.in_zero, layer.out_zero
    params.stride, params.padding, params.dilation = tile(win.stride), tile(win.pad), tile(win.dilation)
    params.activation = {"min": layer.clamp[0], "max": layer.clamp[1]}
    if depthwise:
        params.ch_mult = layer.channels // layer.depth
    quant = FFI.new("cmsis_nn_per_channel_quant_params *", (int32s(data.multiplier), int32s(data.shift)))
    filter_dims = (
        dims(1, *win.kernel, layer.channels) if depthwise else dims(layer.channels, *win.kernel, layer.depth // layer.groups)
    )
    out = np.full((layer.batch, *win.size(), layer.channels), 99, np.int8)
    args = [
        scratch or no_scratch(),
        params,
        quant,
        dims(layer.batch, *win.image, layer.depth),
        int8s(data.x),
        filter_dims,
        int8s(data.w),
        dims(c=layer.channels),
        int32s(data.bias),
        dims(layer.batch, *win.size(), layer.channels),
        int8s(out),
    ]
    if function == "arm_convolve_s8":
        args.insert(9, FFI.NULL if layer.upscale == (1, 1) else dims(1, *layer.upscale, 1))
    return getattr(lib, function)(*args), out


def check(lib: Any, function: str, layer: Layer, seed: int = 0) -> None:
    data = make_data(layer, seed)
    status, out = call(lib, function, layer, data)
    assert status == SUCCESS
    np.testing.assert_array_equal(out, reference(layer, data))


# --- convolutions ----------------------------------------------------------------------------------------------------

SAME_3X3 = Window(image=(6, 7), pad=(1, 1), out=(6, 7))
CONVOLUTIONS = {
    "plain": Layer(),
    "same": Layer(SAME_3X3, batch=2),
    "odd_channels": Layer(SAME_3X3, depth=3, channels=7),
    "one_channel": Layer(SAME_3X3, depth=1, channels=1),
    "more_than_one_block": Layer(SAME_3X3, depth=2, channels=35),
    "keyword_spotting": Layer(Window((11, 10), (10, 4), (2, 2), pad=(4, 1), out=(6, 5)), depth=1, channels=12),
    "kernel_larger_than_image": Layer(Window((3, 2), (7, 5), pad=(3, 2), out=(3, 2))),
    "stride_larger_than_kernel": Layer(Window((9, 9), (2, 2), (4, 3))),
    "stride_skips_padding": Layer(Window((4, 4), (1, 1), (3, 3), pad=(0, 0), out=(2, 2))),
    "dilation": Layer(Window((9, 8), (3, 3), dilation=(2, 3), pad=(2, 3), out=(9, 8)), depth=3),
    "dilation_out_of_image": Layer(Window((2, 2), (3, 3), dilation=(3, 3), pad=(3, 3), out=(2, 2))),
    "dilated_rows_only": Layer(Window((9, 5), (3, 3), dilation=(2, 1), pad=(2, 1), out=(9, 5))),
    "groups": Layer(SAME_3X3, depth=6, channels=9, groups=3),
    "groups_of_one": Layer(SAME_3X3, depth=5, channels=5, groups=5),
    "zero_points_low": Layer(SAME_3X3, in_zero=-128, out_zero=-128),
    "zero_points_high": Layer(SAME_3X3, in_zero=127, out_zero=127),
    "relu6": Layer(SAME_3X3, out_zero=-128, clamp=(-128, 60)),
    "narrow_clamp": Layer(SAME_3X3, clamp=(3, 3)),
    "no_bias": Layer(SAME_3X3, bias=False),
    "right_shift_31": Layer(SAME_3X3, shifts=(-31, -29)),
    "no_shift": Layer(SAME_3X3, shifts=(-1, 0)),
    "left_shift": Layer(Window((3, 3), (1, 1)), depth=2, channels=6, shifts=(1, 4)),
    "upscaled": Layer(Window((8, 10), (3, 3), pad=(1, 1), out=(8, 10)), batch=2, depth=3, upscale=(2, 2)),
    "upscaled_width": Layer(Window((5, 6), (2, 4), pad=(0, 2), out=(4, 6)), upscale=(1, 2)),
    "upscaled_dilated": Layer(Window((8, 8), (3, 3), dilation=(2, 3), pad=(1, 2), out=(6, 5)), upscale=(2, 2)),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_convolve(lib: Any, name: str) -> None:
    for seed in range(3):
        check(lib, "arm_convolve_s8", CONVOLUTIONS[name], seed)


def test_convolve_does_not_need_scratch_but_takes_it(lib: Any) -> None:
    data = make_data(Layer(), 1)
    buffer = FFI.new("int8_t[]", 4096)
    scratch = FFI.new("cmsis_nn_context *", (buffer, 4096))
    np.testing.assert_array_equal(
        call(lib, "arm_convolve_s8", Layer(), data, scratch)[1], call(lib, "arm_convolve_s8", Layer(), data)[1]
    )


POINTWISE = {
    "even": Layer(Window((4, 5), (1, 1)), depth=8, channels=16),
    "odd": Layer(Window((3, 3), (1, 1)), batch=3, depth=7, channels=19),
    "single": Layer(Window((1, 1), (1, 1)), depth=1, channels=1),
    "zero_points": Layer(Window((2, 3), (1, 1)), depth=33, channels=5, in_zero=127, out_zero=-128),
    "no_bias": Layer(Window((2, 3), (1, 1)), depth=5, channels=18, bias=False),
    "left_shift": Layer(Window((2, 3), (1, 1)), depth=2, channels=18, shifts=(0, 3)),
}


@pytest.mark.parametrize("name", POINTWISE)
@pytest.mark.parametrize("function", ["arm_convolve_1x1_s8_fast", "arm_convolve_1x1_s8"])
def test_convolve_1x1(lib: Any, function: str, name: str) -> None:
    check(lib, function, POINTWISE[name])


@pytest.mark.parametrize("stride", [(1, 2), (2, 1), (2, 2), (5, 3)])
def test_convolve_1x1_strided(lib: Any, stride: Pair) -> None:
    check(lib, "arm_convolve_1x1_s8", Layer(Window((5, 6), (1, 1), stride), batch=2, depth=5, channels=17))


@pytest.mark.parametrize(("kernel", "stride", "pad"), [(5, 1, 2), (4, 2, 1), (9, 1, 4), (3, 4, 0), (1, 1, 0)])
def test_convolve_1_x_n(lib: Any, kernel: int, stride: int, pad: int) -> None:
    check(lib, "arm_convolve_1_x_n_s8", Layer(Window((1, 7), (1, kernel), (1, stride), pad=(0, pad)), batch=2))


def test_arguments_that_do_not_fit_are_refused(lib: Any) -> None:
    def status(function: str, layer: Layer) -> int:
        return call(lib, function, layer, make_data(layer, 0))[0]

    point = POINTWISE["even"]
    strided = replace(point, window=replace(point.window, stride=(1, 2)))
    padded = replace(point, window=replace(point.window, pad=(0, 1), out=(4, 7)))
    assert status("arm_convolve_1x1_s8_fast", strided) == ARG_ERROR
    assert status("arm_convolve_1x1_s8_fast", padded) == ARG_ERROR
    assert status("arm_convolve_1x1_s8", padded) == ARG_ERROR
    assert status("arm_convolve_1_x_n_s8", Layer()) == ARG_ERROR  # more than one row
    line = Window((1, 9), (1, 3))
    assert status("arm_convolve_1_x_n_s8", Layer(line, depth=3)) == ARG_ERROR
    assert status("arm_convolve_1_x_n_s8", Layer(replace(line, dilation=(1, 2)))) == ARG_ERROR
    depthwise = Layer(SAME_3X3, groups=0, depth=4, channels=4)
    assert status("arm_depthwise_conv_3x3_s8", replace(depthwise, channels=8)) == ARG_ERROR
    assert status("arm_depthwise_conv_s8_opt", replace(depthwise, channels=8)) == ARG_ERROR
    wide = Window((5, 5), pad=(1, 2), out=(5, 7))
    assert status("arm_depthwise_conv_3x3_s8", replace(depthwise, window=wide)) == ARG_ERROR
    assert status("arm_depthwise_conv_3x3_s8", replace(depthwise, window=Window(kernel=(3, 5)))) == ARG_ERROR


def test_channels_that_do_not_divide_are_refused(lib: Any) -> None:
    layer = Layer(SAME_3X3, depth=4, channels=6, groups=2)
    data = make_data(layer, 0)
    assert call(lib, "arm_convolve_s8", replace(layer, channels=7, groups=1), data)[0] == SUCCESS
    params, quant, out = FFI.new("cmsis_nn_conv_params *"), FFI.new("cmsis_nn_per_channel_quant_params *"), dims(c=7)
    arguments = [params, quant, dims(c=4), FFI.NULL, dims(c=2), FFI.NULL, dims(), FFI.NULL, FFI.NULL, out, FFI.NULL]
    assert lib.arm_convolve_s8(no_scratch(), *arguments) == ARG_ERROR  # 7 outputs for 2 groups
    arguments[4] = dims(c=5)
    assert lib.arm_convolve_s8(no_scratch(), *arguments) == ARG_ERROR  # filters deeper than the input


# --- depthwise convolutions ------------------------------------------------------------------------------------------

DEPTHWISE = {
    "plain": Layer(groups=0, depth=8, channels=8),
    "same": Layer(SAME_3X3, groups=0, depth=5, channels=5),
    "stride_2": Layer(Window((7, 6), stride=(2, 2), pad=(1, 0), out=(4, 3)), groups=0, depth=18, channels=18),
    "two_rows": Layer(Window((2, 6), pad=(1, 1), out=(2, 6)), groups=0, depth=4, channels=4),
    "one_pixel": Layer(Window((1, 1), pad=(1, 1), out=(1, 1)), groups=0, depth=3, channels=3),
    "zero_points": Layer(SAME_3X3, groups=0, depth=4, channels=4, in_zero=127, out_zero=-128, clamp=(-128, 5)),
    "zero_points_low": Layer(SAME_3X3, groups=0, depth=4, channels=4, in_zero=-128, out_zero=127),
    "no_bias": Layer(SAME_3X3, groups=0, depth=4, channels=4, bias=False),
    "right_shift_31": Layer(SAME_3X3, groups=0, depth=4, channels=4, shifts=(-31, -28)),
}
OTHER_DEPTHWISE = {
    "kernel_5x2": Layer(Window((6, 6), (5, 2), pad=(2, 0), out=(6, 5)), groups=0, depth=6, channels=6),
    "kernel_larger_than_image": Layer(Window((2, 3), (5, 7), pad=(2, 3), out=(2, 3)), groups=0, depth=4, channels=4),
    "stride_larger_than_kernel": Layer(Window((9, 9), (2, 2), (3, 4)), groups=0, depth=4, channels=4),
    "dilation": Layer(Window((8, 8), dilation=(2, 3), pad=(2, 3), out=(8, 8)), groups=0, depth=5, channels=5),
    "batch": Layer(SAME_3X3, batch=3, groups=0, depth=5, channels=5),
}
EXPANDING = {
    "by_2": Layer(SAME_3X3, groups=0, depth=3, channels=6),
    "by_3": Layer(SAME_3X3, batch=2, groups=0, depth=7, channels=21),
    "by_4": Layer(SAME_3X3, groups=0, depth=5, channels=20),
    "by_8_of_one": Layer(Window((9, 8), (10, 8), (2, 2), pad=(4, 3), out=(5, 4)), groups=0, depth=1, channels=8),
    "by_8_dilated": Layer(Window((6, 6), (3, 2), dilation=(2, 2), pad=(1, 1)), groups=0, depth=3, channels=24),
}


@pytest.mark.parametrize("name", DEPTHWISE)
def test_depthwise_3x3(lib: Any, name: str) -> None:
    check(lib, "arm_depthwise_conv_3x3_s8", DEPTHWISE[name])


@pytest.mark.parametrize("name", DEPTHWISE | OTHER_DEPTHWISE)
def test_depthwise_opt(lib: Any, name: str) -> None:
    check(lib, "arm_depthwise_conv_s8_opt", (DEPTHWISE | OTHER_DEPTHWISE)[name])


@pytest.mark.parametrize("name", DEPTHWISE | OTHER_DEPTHWISE | EXPANDING)
def test_depthwise(lib: Any, name: str) -> None:
    check(lib, "arm_depthwise_conv_s8", (DEPTHWISE | OTHER_DEPTHWISE | EXPANDING)[name])


# --- fully connected -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("per_channel", [False, True])
@pytest.mark.parametrize(("batch", "depth", "outputs"), [(1, 64, 12), (3, 17, 10), (2, 1, 1), (1, 5, 35)])
@pytest.mark.parametrize("zeros", [(-128, 0, -128), (127, 0, 127), (4, -7, 3), (-128, 127, 0)])
@pytest.mark.parametrize("bias", [True, False])
def test_fully_connected(
    lib: Any, batch: int, depth: int, outputs: int, zeros: tuple[int, int, int], bias: bool, per_channel: bool
) -> None:
    in_zero, filter_zero, out_zero = zeros
    layer = Layer(Window((1, 1), (1, 1)), batch, depth, outputs, in_zero=in_zero, out_zero=out_zero, bias=bias)
    data = make_data(layer, depth)
    if not per_channel:
        data = replace(data, multiplier=data.multiplier[:1], shift=data.shift[:1])
    params = FFI.new("cmsis_nn_fc_params *", (-in_zero, -filter_zero, out_zero, {"min": -128, "max": 120}))
    x, w = data.x.reshape(batch, depth), data.w.reshape(outputs, depth)
    out = np.zeros((batch, outputs), np.int8)
    if per_channel:
        function = lib.arm_fully_connected_per_channel_s8
        quant = FFI.new("cmsis_nn_per_channel_quant_params *", (int32s(data.multiplier), int32s(data.shift)))
    else:
        function = lib.arm_fully_connected_s8
        quant = FFI.new("cmsis_nn_per_tensor_quant_params *", (int(data.multiplier[0]), int(data.shift[0])))
    status = function(
        no_scratch(),
        params,
        quant,
        dims(n=batch, c=depth),
        int8s(x),
        dims(n=depth, c=outputs),
        int8s(w),
        dims(c=outputs),
        int32s(data.bias),
        dims(n=batch, c=outputs),
        int8s(out),
    )
    acc = (x.astype(np.int64) - in_zero) @ (w.astype(np.int64) - filter_zero).T
    assert status == SUCCESS
    np.testing.assert_array_equal(out, finish(replace(layer, clamp=(-128, 120)), data, acc))


@pytest.mark.parametrize(("lhs", "rhs"), [(0, 0), (128, 0), (-127, 5)])
@pytest.mark.parametrize("bias", [True, False])
def test_vector_sum(lib: Any, lhs: int, rhs: int, bias: bool) -> None:
    rng = np.random.default_rng(1)
    w = bytes_with_extremes(rng, (5, 9))
    b = rng.integers(-1000, 1000, 5).astype(np.int32) if bias else None
    out = np.zeros(5, np.int32)
    assert lib.arm_vector_sum_s8(int32s(out), 9, 5, int8s(w), lhs, rhs, int32s(b)) == SUCCESS
    expected = (w.astype(np.int64) + rhs).sum(axis=1) * lhs + (0 if b is None else b)
    np.testing.assert_array_equal(out, expected)


# --- packed int4 weights ---------------------------------------------------------------------------------------------


def with_int4_weights(layer: Layer, seed: int) -> Data:
    data = make_data(layer, seed)
    return replace(data, w=data.w >> 4)


def check_s4(lib: Any, function: str, layer: Layer) -> None:
    for seed in range(3):
        data = with_int4_weights(layer, seed)
        status, out = call(lib, function, layer, replace(data, w=packed(data.w)))
        assert status == SUCCESS
        np.testing.assert_array_equal(out, reference(layer, data))


UNGROUPED = {name: layer for name, layer in CONVOLUTIONS.items() if layer.groups == 1 and layer.upscale == (1, 1)}
ODD_FILTERS = {
    f"{taps}_taps_of_{depth}_to_{channels}": Layer(Window((4, 5), (1, taps)), 2, depth, channels)
    for taps, depth, channels in itertools.product((1, 3, 4), (1, 5, 9), (1, 3, 9, 20))
}


@pytest.mark.parametrize("name", UNGROUPED | ODD_FILTERS)
def test_convolve_s4(lib: Any, name: str) -> None:
    check_s4(lib, "arm_convolve_s4", (UNGROUPED | ODD_FILTERS)[name])


@pytest.mark.parametrize("name", POINTWISE)
@pytest.mark.parametrize("function", ["arm_convolve_1x1_s4_fast", "arm_convolve_1x1_s4"])
def test_convolve_1x1_s4(lib: Any, function: str, name: str) -> None:
    check_s4(lib, function, POINTWISE[name])


@pytest.mark.parametrize("depth", [5, 6])
@pytest.mark.parametrize("stride", [(1, 2), (2, 1), (2, 2), (5, 3)])
def test_convolve_1x1_s4_strided(lib: Any, stride: Pair, depth: int) -> None:
    check_s4(lib, "arm_convolve_1x1_s4", Layer(Window((5, 6), (1, 1), stride), batch=2, depth=depth, channels=17))


@pytest.mark.parametrize("name", DEPTHWISE | OTHER_DEPTHWISE)
def test_depthwise_s4_opt(lib: Any, name: str) -> None:
    check_s4(lib, "arm_depthwise_conv_s4_opt", (DEPTHWISE | OTHER_DEPTHWISE)[name])


@pytest.mark.parametrize("name", DEPTHWISE | OTHER_DEPTHWISE | EXPANDING)
def test_depthwise_s4(lib: Any, name: str) -> None:
    check_s4(lib, "arm_depthwise_conv_s4", (DEPTHWISE | OTHER_DEPTHWISE | EXPANDING)[name])


@pytest.mark.parametrize(("batch", "depth", "outputs"), [(1, 64, 12), (3, 17, 10), (2, 1, 1), (1, 5, 35), (2, 8, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_fully_connected_s4(lib: Any, batch: int, depth: int, outputs: int, bias: bool) -> None:
    layer = Layer(Window((1, 1), (1, 1)), batch, depth, outputs, bias=bias)
    data = with_int4_weights(layer, depth)
    data = replace(data, multiplier=data.multiplier[:1], shift=data.shift[:1])
    params = FFI.new("cmsis_nn_fc_params *", (-layer.in_zero, 77, layer.out_zero, {"min": -128, "max": 127}))
    quant = FFI.new("cmsis_nn_per_tensor_quant_params *", (int(data.multiplier[0]), int(data.shift[0])))
    out, w = np.zeros((batch, outputs), np.int8), packed(data.w)
    shapes = dims(n=batch, c=depth), dims(n=depth, c=outputs), dims(c=outputs), dims(n=batch, c=outputs)
    operands = (shapes[0], int8s(data.x), shapes[1], int8s(w), shapes[2], int32s(data.bias), shapes[3], int8s(out))
    assert lib.arm_fully_connected_s4(no_scratch(), params, quant, *operands) == SUCCESS
    acc = (data.x.reshape(batch, depth).astype(np.int64) - layer.in_zero) @ data.w.reshape(outputs, depth).astype(np.int64).T
    np.testing.assert_array_equal(out, finish(layer, data, acc))


def test_s4_arguments_that_do_not_fit_are_refused(lib: Any) -> None:
    def status(function: str, layer: Layer) -> int:
        return call(lib, function, layer, with_int4_weights(layer, 0))[0]

    point = POINTWISE["even"]
    strided = replace(point, window=replace(point.window, stride=(1, 2)))
    padded = replace(point, window=replace(point.window, pad=(0, 1), out=(4, 7)))
    assert status("arm_convolve_1x1_s4_fast", strided) == ARG_ERROR
    assert status("arm_convolve_1x1_s4_fast", padded) == ARG_ERROR
    assert status("arm_convolve_1x1_s4", padded) == ARG_ERROR
    assert status("arm_depthwise_conv_s4_opt", Layer(SAME_3X3, groups=0, depth=4, channels=8)) == ARG_ERROR


# --- element-wise ----------------------------------------------------------------------------------------------------

PAIRS = np.array([*itertools.product(range(-128, 128, 5), range(-128, 128, 3)), (-128, 127), (127, 127)], np.int8)


@pytest.mark.parametrize("zeros", [(-128, -128, -128), (127, 127, 127), (3, -5, 7), (-128, 127, 0)])
@pytest.mark.parametrize("shifts", [(0, -1, -19), (-3, 0, -16), (-30, 0, -18)])
def test_add(lib: Any, zeros: tuple[int, int, int], shifts: tuple[int, int, int]) -> None:
    a, b = np.ascontiguousarray(PAIRS[:, 0]), np.ascontiguousarray(PAIRS[:, 1])
    m1, m2, m3 = 1 << 30, 1_518_500_250, (1 << 31) - 1
    out = a.copy()  # in place
    first, second = (-zeros[0], m1, shifts[0]), (-zeros[1], m2, shifts[1])
    last = (zeros[2], m3, shifts[2], -120, 127)
    status = lib.arm_elementwise_add_s8(int8s(out), int8s(b), *first, *second, 20, int8s(out), *last, a.size)
    x = requantize((a.astype(np.int64) - zeros[0]) << 20, m1, shifts[0])
    y = requantize((b.astype(np.int64) - zeros[1]) << 20, m2, shifts[1])
    assert status == SUCCESS
    np.testing.assert_array_equal(out, np.clip(requantize(x + y, m3, shifts[2]) + zeros[2], -120, 127))


@pytest.mark.parametrize("zeros", [(-128, -128, -128), (127, 127, 127), (3, -5, 7), (-128, 127, 0)])
@pytest.mark.parametrize("shift", [-31, -9, -7, 0, 2])
def test_mul(lib: Any, zeros: tuple[int, int, int], shift: int) -> None:
    a, b = np.ascontiguousarray(PAIRS[:, 0]), np.ascontiguousarray(PAIRS[:, 1])
    out = b.copy()  # in place
    last = (zeros[2], 1_600_000_000, shift, -128, 100)
    status = lib.arm_elementwise_mul_s8(int8s(a), int8s(out), -zeros[0], -zeros[1], int8s(out), *last, a.size)
    product = (a.astype(np.int64) - zeros[0]) * (b.astype(np.int64) - zeros[1])
    assert status == SUCCESS
    np.testing.assert_array_equal(out, np.clip(requantize(product, 1_600_000_000, shift) + zeros[2], -128, 100))


SHAPES = [
    ((2, 3, 4, 5), (2, 3, 4, 5)),
    ((1, 1, 1, 1), (2, 3, 4, 5)),
    ((2, 3, 1, 1), (2, 3, 4, 1)),
    ((3, 1, 4, 1), (1, 2, 1, 5)),
]


@pytest.mark.parametrize("name", ["minimum", "maximum"])
@pytest.mark.parametrize("shapes", SHAPES + [(b, a) for a, b in SHAPES])
def test_minimum_and_maximum(lib: Any, name: str, shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    rng = np.random.default_rng(0)
    a, b = (bytes_with_extremes(rng, shape) for shape in shapes)
    expected = getattr(np, name)(a, b)
    out = np.zeros(expected.shape, np.int8)
    function = getattr(lib, f"arm_{name}_s8")
    status = function(no_scratch(), int8s(a), dims(*a.shape), int8s(b), dims(*b.shape), int8s(out), dims(*out.shape))
    assert status == SUCCESS
    np.testing.assert_array_equal(out, expected)


# --- pooling ---------------------------------------------------------------------------------------------------------

POOLS = [
    Window((6, 6), (2, 2), (2, 2)),
    Window((5, 7), (3, 3), (1, 1), pad=(1, 1), out=(5, 7)),
    Window((5, 4), (3, 2), (2, 3), pad=(1, 0), out=(3, 2)),
    Window((4, 3), (4, 3)),
    Window((2, 2), (5, 5), pad=(2, 2), out=(2, 2)),
    Window((7, 7), (1, 1), (3, 3)),
]


def pool(lib: Any, name: str, win: Window, x: NDArray[np.int8], clamp: Pair) -> tuple[int, NDArray[np.int8]]:
    batch, channels = x.shape[0], x.shape[3]
    params = FFI.new("cmsis_nn_pool_params *")
    params.stride, params.padding = tile(win.stride), tile(win.pad)
    params.activation = {"min": clamp[0], "max": clamp[1]}
    out = np.full((batch, *win.size(), channels), 77, np.int8)
    shapes = dims(batch, *win.image, channels), dims(1, *win.kernel, channels), dims(batch, *win.size(), channels)
    status = getattr(lib, name)(no_scratch(), params, shapes[0], int8s(x), shapes[1], shapes[2], int8s(out))
    return status, out


def pooled_values(win: Window, x: NDArray[np.int8]) -> dict[tuple[int, int], list[Ints]]:
    found: dict[tuple[int, int], list[Ints]] = {}
    for oy, ox, _, _, iy, ix in win.taps():
        found.setdefault((oy, ox), []).append(x[:, iy, ix].astype(np.int64))
    return found


@pytest.mark.parametrize("win", POOLS)
@pytest.mark.parametrize("clamp", [(-128, 127), (-20, 20)])
@pytest.mark.parametrize("channels", [1, 6])
def test_pooling(lib: Any, win: Window, clamp: Pair, channels: int) -> None:
    x = bytes_with_extremes(np.random.default_rng(channels), (2, *win.image, channels))
    largest, average = (np.zeros((2, *win.size(), channels), np.int64) for _ in range(2))
    for (oy, ox), values in pooled_values(win, x).items():
        total, count = np.sum(values, axis=0), len(values)
        largest[:, oy, ox] = np.max(values, axis=0)
        average[:, oy, ox] = np.sign(total) * ((np.abs(total) + count // 2) // count)
    status, out = pool(lib, "arm_max_pool_s8", win, x, clamp)
    assert status == SUCCESS
    np.testing.assert_array_equal(out, np.clip(largest, *clamp))
    status, out = pool(lib, "arm_avgpool_s8", win, x, clamp)
    assert status == SUCCESS
    np.testing.assert_array_equal(out, np.clip(average, *clamp))


def test_pooling_refuses_what_has_no_average(lib: Any) -> None:
    x = np.zeros((1, 2, 2, 1), np.int8)
    beside = Window((2, 2), (1, 1), (3, 3), out=(2, 2))
    assert pool(lib, "arm_avgpool_s8", beside, x, (-128, 127))[0] == ARG_ERROR
    for name in ("arm_avgpool_s8", "arm_max_pool_s8"):
        assert pool(lib, name, POOLS[3], np.zeros((0, 4, 3, 1), np.int8), (-128, 127))[0] == ARG_ERROR


# --- softmax ---------------------------------------------------------------------------------------------------------


def exp_reference(x: int) -> int:
    """exp(x / 2^26) * 2^31 for x <= 0, as gemmlowp's fixed-point code rounds it."""
    if x == 0:
        return (1 << 31) - 1

    def mul(a: int, b: int) -> int:
        return (a * b + (1 << 30)) >> 31

    def halve(a: int, bits: int) -> int:
        return (abs(a) + (1 << bits >> 1) >> bits) * (1 if a >= 0 else -1)

    fraction = x % (1 << 24) - (1 << 24)
    t = fraction * 32 + (1 << 28)
    t2 = mul(t, t)
    series = halve(mul(halve(mul(t2, t2), 2) + mul(t2, t), 715827883) + t2, 1)
    result = 1895147668 + mul(1895147668, t + series)
    for bit, factor in enumerate([1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242]):
        if (fraction - x) >> 24 + bit & 1:
            result = mul(result, factor)
    return result


def softmax_reference(row: list[int], multiplier: int, shift: int, diff_min: int) -> list[int]:
    def e(v: int) -> int:
        return exp_reference((((v - max(row)) << shift) * multiplier + (1 << 30)) >> 31)

    kept = [v for v in row if v - max(row) >= diff_min]
    total = sum((e(v) + (1 << 11)) >> 12 for v in kept)
    headroom = 32 - total.bit_length()
    half = (total << headroom) + 1 >> 1  # (1 + x) / 2 in Q0.31, x from the bits below the leading one

    def mul(a: int, b: int) -> int:
        return (a * b + (1 << 30)) >> 31

    y = 1515870810 + mul(half, -1010580540)
    for _ in range(3):
        y += 4 * mul(y, (1 << 29) - mul(half, y))
    factor = min(2 * y, (1 << 31) - 1)
    bits = 12 - headroom + 23
    return [min(127, -128 + (mul(factor, e(v)) + (1 << bits - 1) >> bits)) if v - max(row) >= diff_min else -128 for v in row]


SOFTMAX_FACTORS = [(1_700_000_000, 22), (1 << 30, 26), ((1 << 31) - 1, 26), ((1 << 31) - 1, 12), (1_234_567_890, 20)]


@pytest.mark.parametrize(("multiplier", "shift"), SOFTMAX_FACTORS)
@pytest.mark.parametrize("size", [1, 2, 3, 12, 100])
def test_softmax(lib: Any, size: int, multiplier: int, shift: int) -> None:
    diff_min = -((31 << 26) >> shift)
    rows = 40
    x = bytes_with_extremes(np.random.default_rng(size), (rows, size))
    x[::4] = 17  # all equal
    x[1::4] = 100 - np.abs(x[1::4]) % 40  # close together
    out = np.zeros_like(x)
    lib.arm_softmax_s8(int8s(x), rows, size, multiplier, shift, diff_min, int8s(out))
    np.testing.assert_array_equal(out, [softmax_reference(r, multiplier, shift, diff_min) for r in x.tolist()])


def test_softmax_of_nothing(lib: Any) -> None:
    """No difference reaches a positive diff_min: every output is the least code."""
    x = np.arange(24, dtype=np.int8).reshape(2, 12)
    out, wide = np.zeros_like(x), np.zeros(x.shape, np.int16)
    lib.arm_softmax_s8(int8s(x), 2, 12, 1 << 30, 20, 1, int8s(out))
    lib.arm_softmax_s8_s16(int8s(x), 2, 12, 1 << 30, 20, 1, FFI.from_buffer("int16_t[]", wide))
    assert (out == -128).all()
    assert (wide == -32768).all()


# --- moving data -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("permutation", [p for n in (1, 2, 3, 4) for p in itertools.permutations(range(n))])
def test_transpose(lib: Any, permutation: tuple[int, ...]) -> None:
    shape = tuple(range(2, 2 + len(permutation)))
    x = np.arange(np.prod(shape)).astype(np.int8).reshape(shape)
    expected = x.transpose(permutation)
    axes = FFI.new("uint32_t[]", permutation)
    params = FFI.new("cmsis_nn_transpose_params *", (len(shape), axes))
    out = np.zeros(expected.shape, np.int8)
    assert lib.arm_transpose_s8(int8s(x), int8s(out), dims(*shape), dims(*out.shape), params) == SUCCESS
    np.testing.assert_array_equal(out, expected)
    axes[0] = len(shape)
    assert lib.arm_transpose_s8(int8s(x), int8s(out), dims(*shape), dims(*out.shape), params) == ARG_ERROR


@pytest.mark.parametrize("pads", [(0, 0, 1, 1, 2, 2, 0, 0), (1, 2, 0, 1, 1, 0, 2, 1), (0, 0, 0, 0, 0, 0, 0, 0)])
def test_pad(lib: Any, pads: tuple[int, ...]) -> None:
    before, after = pads[0::2], pads[1::2]
    x = bytes_with_extremes(np.random.default_rng(0), (2, 3, 2, 3))
    expected = np.pad(x, list(zip(before, after, strict=True)), constant_values=-9)
    out = np.zeros(expected.shape, np.int8)
    assert lib.arm_pad_s8(int8s(x), int8s(out), -9, dims(*x.shape), dims(*before), dims(*after)) == SUCCESS
    np.testing.assert_array_equal(out, expected)


def test_concatenation_x_and_reshape(lib: Any) -> None:
    rng = np.random.default_rng(0)
    parts = [bytes_with_extremes(rng, (2, 3, 4, depth)) for depth in (1, 5, 2)]
    expected = np.concatenate(parts, axis=3)
    out = np.zeros(expected.shape, np.int8)
    offset = 0
    for part in parts:
        n, h, w, depth = part.shape
        lib.arm_concatenation_s8_x(int8s(part), depth, w, h, n, int8s(out), out.shape[3], offset)
        offset += depth
    np.testing.assert_array_equal(out, expected)
    copy = np.zeros(out.size, np.int8)
    lib.arm_reshape_s8(int8s(out), int8s(copy), out.size)
    np.testing.assert_array_equal(copy, out.ravel())


def test_buffer_sizes_are_those_of_a_plain_build(lib: Any) -> None:
    image, filters = dims(1, 5, 5, 3), dims(8, 3, 3, 3)
    params = FFI.new("cmsis_nn_conv_params *")
    assert lib.arm_convolve_s8_get_buffer_size(image, filters) == 2 * 28 * 2
    assert lib.arm_convolve_1_x_n_s8_get_buffer_size(params, image, filters, image) == 2 * 28 * 2
    assert lib.arm_convolve_1x1_s8_fast_get_buffer_size(image) == 0
    assert lib.arm_depthwise_conv_s8_opt_get_buffer_size(image, filters) == 0
    assert lib.arm_fully_connected_s8_get_buffer_size(filters) == 0
    assert lib.arm_fully_connected_s8_get_buffer_size_dsp(filters) == 0
    assert lib.arm_fully_connected_s8_get_buffer_size_mve(filters) == 3 * 4
    assert lib.arm_avgpool_s8_get_buffer_size(4, 6) == 0
    assert lib.arm_avgpool_s8_get_buffer_size_dsp(4, 6) == 6 * 4
    assert lib.arm_avgpool_s8_get_buffer_size_mve(4, 6) == 0


# --- row kernels on a line buffer ------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", range(4))
@pytest.mark.parametrize("depthwise", [False, True])
def test_input_rows_may_lie_in_a_ring(lib: Any, depthwise: bool, start: int) -> None:
    """The second output row of a 3x3 layer, from a ring of four rows that holds image row r at (r + start) % 4."""
    win = Window((4, 6), pad=(0, 1), out=(2, 6))
    layer = Layer(win, depth=5, channels=5, groups=0 if depthwise else 1)
    data = make_data(layer, 3)
    row_bytes = win.image[1] * layer.depth
    ring = np.roll(data.x[0], start, axis=0).tobytes()
    at = (1 + start) % 4
    memory = FFI.from_buffer("int8_t[]", ring)
    rows = FFI.new("arm_nn_rows *", (memory + at * row_bytes, 3, row_bytes, 4 - at, 4 * row_bytes))
    bias, multiplier, shift = int32s(data.bias), int32s(data.multiplier), int32s(data.shift)
    output = FFI.cast("arm_nn_output *", FFI.addressof(lib, "arm_nn_output_s8"))
    stage = FFI.new("arm_nn_output_stage *", (output, FFI.NULL, bias, multiplier, shift, 1, layer.out_zero, *layer.clamp))
    params = FFI.new("cmsis_nn_dw_conv_params *" if depthwise else "cmsis_nn_conv_params *")
    params.input_offset, params.output_offset = -layer.in_zero, layer.out_zero
    params.stride, params.padding, params.dilation = tile((1, 1)), tile(win.pad), tile((1, 1))
    out = np.zeros((win.out[1], layer.channels), np.int8)
    shapes = dims(1, *win.image, layer.depth), dims(5, *win.kernel, 5), dims(1, *win.out, layer.channels)
    if depthwise:
        kernel = FFI.addressof(lib, "arm_nn_depthwise_3x3_s8")
        lib.arm_nn_depthwise_row_s8(kernel, rows, params, *shapes, int8s(data.w), stage, int8s(out))
    else:
        filter_row = win.kernel[1] * layer.depth
        lib.arm_nn_convolve_row_s8(rows, params, *shapes, int8s(data.w), filter_row, 1, stage, int8s(out))
    np.testing.assert_array_equal(out, reference(layer, data)[0, 1])


# --- the sources themselves ------------------------------------------------------------------------------------------

COMPILERS = {
    "gcc": ["gcc"],
    "clang": ["clang"],
    "gcc_m0": ["arm-none-eabi-gcc", "-mcpu=cortex-m0", "-mthumb"],
    "gcc_m4": ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"],
}


def has(compiler: str) -> bool:
    return shutil.which(compiler) is not None


@pytest.mark.parametrize("name", COMPILERS)
def test_every_file_compiles_without_warnings(tmp_path: Path, name: str) -> None:
    compiler = COMPILERS[name]
    if not has(compiler[0]):
        pytest.skip(f"{compiler[0]} is not installed")
    done = subprocess.run(
        [*compiler, *STRICT, "-c", *map(str, SOURCES)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("*.o"))) == len(SOURCES)


def test_a_file_defines_the_function_it_is_named_after_and_calls_its_siblings(tmp_path: Path) -> None:
    subprocess.run(["gcc", "-c", *map(str, SOURCES)], cwd=tmp_path, check=True)
    names = {source.stem for source in SOURCES}
    for source in SOURCES:
        command = ["nm", "-g", str(tmp_path / f"{source.stem}.o")]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        symbols = [line.split()[-2:] for line in lines]
        assert [name for kind, name in symbols if kind != "U"] == [source.stem]
        wanted = {name for kind, name in symbols if kind == "U" and not name.startswith("_")}
        assert wanted <= names | {"memcpy", "memmove", "memset"}


def test_the_headers_are_good_cplusplus(tmp_path: Path) -> None:
    if not has("g++"):
        pytest.skip("g++ is not installed")
    unit = tmp_path / "unit.cpp"
    unit.write_text('#include "arm_nn_internal.h"\n#include "arm_nnfunctions.h"\n')
    flags = ["-std=c++11", "-Wall", "-Wextra", "-Werror", f"-I{PROVIDER}"]
    subprocess.run(["g++", *flags, "-c", str(unit)], cwd=tmp_path, check=True)


def test_no_undefined_behaviour_and_no_access_out_of_bounds(tmp_path: Path) -> None:
    """Runs cmsis_provider_driver.c, which gives every function buffers of exactly the size that it may touch."""
    driver = ROOT / "tests" / "support" / "cmsis_provider_driver.c"
    program = tmp_path / "driver"
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1"]
    sources = [str(driver), *map(str, SOURCES)]
    subprocess.run(["gcc", *sanitizers, f"-I{PROVIDER}", *sources, "-o", str(program)], check=True)
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
