# SPDX-License-Identifier: Apache-2.0
"""Single-operator models that TFLM has no kernels for, of several families; LiteRT settles them.

Fourier transforms and complex numbers, convolutions over three dimensions, bits, places of a dense tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from opcases import Case, Net, Q, Shape

COMPLEX = "complex64"


def net_of(op: str, dtype: str, name: str) -> Net:
    net = Net(op, dtype, name)
    net.case = replace(net.case, oracle="litert")
    return net


# -- spectra -------------------------------------------------------------------------------------------------------------

_LENGTHS: tuple[tuple[Shape, Shape], ...] = (
    *(((1, 1, n), (1, n)) for n in (2, 4, 8, 16, 32, 128, 512)),
    ((7, 1, 20), (1, 32)),
    ((2, 3, 1, 25), (1, 16)),
    ((4, 4), (4, 4)),
    ((2, 2, 2), (2, 2)),
    ((2, 8, 16), (8, 16)),
    ((3, 5, 7), (8, 8)),
    ((2, 8, 8), (4, 4)),
    ((1, 9, 3), (4, 16)),
    ((1, 16, 2), (32, 2)),
    ((5, 1, 1), (1, 2)),
)


def rfft2d() -> Iterator[Case]:
    for shape, length in _LENGTHS:
        net = net_of("RFFT2D", "float32", f"{'x'.join(map(str, shape))}_to{length[0]}x{length[1]}")
        x, y = net.x(shape), net.tensor((*shape[:-2], length[0], length[1] // 2 + 1), COMPLEX)
        yield net.done("RFFT2D", [x, net.const(np.array(length, np.int32))], y)


def of_complex(op: str) -> Iterator[Case]:
    for shape in ((1, 3, 4, 5), (7,), (2, 300)):
        net = net_of(op, COMPLEX, "x".join(map(str, shape)))
        yield net.done(op, [net.input(shape, COMPLEX)], net.tensor(shape, "float32"))


def casts() -> Iterator[Case]:
    for x, y in ((COMPLEX, "float32"), ("float32", COMPLEX), ("uint16", "int32"), ("float32", "uint16"), ("int8", "uint16")):
        net = net_of("CAST", x, f"to_{y}")
        yield net.done("CAST", [net.input((3, 50), x)], net.tensor((3, 50), y))


def moves() -> Iterator[Case]:
    """Complex numbers that are only moved, as between a transform and what takes its magnitudes."""
    for op, shape, options in (
        ("RESHAPE", (4, 5), {"new_shape": [4, 5]}),
        ("SQUEEZE", (2, 10), {"squeeze_dims": [1]}),
        ("EXPAND_DIMS", (1, 2, 1, 10), {}),
    ):
        net = net_of(op, COMPLEX, "moved")
        operands = [net.input((2, 1, 10), COMPLEX)]
        operands += [net.const(np.array(shape if op == "RESHAPE" else [0], np.int32))] if op != "SQUEEZE" else []
        yield net.done(op, operands, net.tensor(shape, COMPLEX), **options)


# -- three dimensions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Volume:
    """A row of CONV_3D and CONV_3D_TRANSPOSE. `shape`: of what the window steps over densely: x, of the latter y."""

    name: str
    shape: Shape = (1, 4, 5, 6, 3)
    out_c: int = 4
    taps: Shape = (2, 3, 2)
    stride: Shape = (1, 1, 1)
    dilation: Shape = (1, 1, 1)
    padding: str = "SAME"
    act: str = "NONE"
    bias: bool = True

    @property
    def outputs(self) -> Shape:
        covered = [
            size if self.padding == "SAME" else size - (taps - 1) * step
            for size, taps, step in zip(self.shape[1:4], self.taps, self.dilation, strict=True)
        ]
        return (self.shape[0], *(-(-size // stride) for size, stride in zip(covered, self.stride, strict=True)))

    @property
    def options(self) -> dict[str, Any]:
        strides = {f"stride_{axis}": step for axis, step in zip("dhw", self.stride, strict=True)}
        dilations = {f"dilation_{axis}_factor": step for axis, step in zip("dhw", self.dilation, strict=True)}
        return {**strides, **dilations, "padding": self.padding, "fused_activation": self.act}


_VOLUMES = (
    Volume("same"),
    Volume("valid", padding="VALID"),
    Volume("one_tap", taps=(1, 1, 1)),
    Volume("one_voxel", (1, 1, 1, 1, 5), taps=(3, 3, 3)),
    Volume("stride2", (1, 6, 7, 8, 2), stride=(2, 2, 2)),
    Volume("strides", (2, 6, 7, 8, 2), stride=(1, 2, 3), padding="VALID"),
    Volume("stride_over_window", (1, 9, 8, 7, 2), 3, (2, 1, 2), (3, 3, 4)),
    Volume("window_over_volume", (1, 2, 3, 2, 2), 3, (5, 4, 7)),
    Volume("window_is_volume", (1, 3, 4, 2, 3), 1, (3, 4, 2), padding="VALID"),
    Volume("batch", (3, 3, 3, 3, 1)),
    Volume("relu", act="RELU"),
    Volume("relu6", act="RELU6"),
    Volume("no_bias", bias=False),
)
_DILATED = (
    Volume("dilated", (1, 7, 7, 7, 2), dilation=(2, 2, 2)),
    Volume("dilated_valid", (1, 6, 9, 7, 2), dilation=(1, 3, 2), padding="VALID"),
)


def conv_3d() -> Iterator[Case]:
    for row in (*_VOLUMES, *_DILATED):
        net = net_of("CONV_3D", "float32", row.name)
        x, (w, _) = net.x(row.shape), net.weights((*row.taps, row.shape[4], row.out_c), row.out_c, 4, per_channel=False)
        operands = [x, w, net.bias(row.out_c, Q(1.0), ())] if row.bias else [x, w]
        yield net.done("CONV_3D", operands, net.y((*row.outputs, row.out_c)), **row.options)


def conv_3d_transpose() -> Iterator[Case]:
    for row in _VOLUMES:
        net = net_of("CONV_3D_TRANSPOSE", "float32", row.name)
        x, (w, _) = net.x((*row.outputs, row.out_c)), net.weights((*row.taps, row.shape[4], row.out_c), 1, 3, per_channel=False)
        operands = [net.const(np.array(row.shape, np.int32)), w, x]
        operands += [net.bias(row.shape[4], Q(1.0), ())] if row.bias else []
        yield net.done("CONV_3D_TRANSPOSE", operands, net.y(row.shape), **row.options)


# -- bits ----------------------------------------------------------------------------------------------------------------

_PAIRS: tuple[tuple[str, Shape, Shape], ...] = (
    ("alike", (3, 50), (3, 50)),
    ("scalar", (2, 30), ()),
    ("both_ways", (4, 1, 5), (3, 1)),
)


def bitwise(op: str) -> Iterator[Case]:
    for dtype, (name, a, b) in product(("int8", "uint8", "int16", "uint16", "int32", "uint32"), _PAIRS):
        net = net_of(op, dtype, name)
        x1 = net.input(a, dtype)
        limits = np.iinfo(dtype)
        low, high = max(limits.min, -3), 9 * limits.bits // 8
        x2 = net.const(net.rng.integers(low, high, b).astype(dtype)) if op == "RIGHT_SHIFT" else net.input(b, dtype)
        yield net.done(op, [x1, x2], net.tensor(np.broadcast_shapes(a, b), dtype), version=1)
    net = net_of(op, "uint8", "quantized")
    q = {"scale": 0.1, "zero_point": 7}
    x1, x2 = net.input((3, 50), "uint8", **q), net.input((3, 50), "uint8", **q)
    yield net.done(op, [x1, x2], net.tensor((3, 50), "uint8", **q), version=1)


# -- dense tensors out of a few places -----------------------------------------------------------------------------------


def sparse_to_dense() -> Iterator[Case]:
    for values, index in product(("float32", "int8", "uint8", "int32", "int64"), ("int32", "int64")):
        for name, shape, count, single in (
            ("vector", (9,), 4, False),
            ("matrix", (4, 5), 6, False),
            ("one_value", (4, 5), 6, True),
            ("rank4", (2, 3, 1, 4), 5, False),
        ):
            net = net_of("SPARSE_TO_DENSE", values, f"{name}_by_{index}")
            places = [net.rng.integers(0, size, count) for size in shape]
            flat = len(shape) == 1 and values == "float32"
            where = net.const((places[0] if flat else np.stack(places, -1)).astype(index))
            numbers = net.input(() if single else (count,), values)
            operands = [where, net.const(np.array(shape, index)), numbers, net.const(np.array(3, values))]
            yield net.done("SPARSE_TO_DENSE", operands, net.tensor(shape, values), version=1)
    net = net_of("SPARSE_TO_DENSE", "float32", "run_time_indices")
    where, numbers = net.input((2,), "int32"), net.input((2,), "float32")
    operands = [where, net.const(np.array([5], np.int32)), numbers, net.const(np.array(-1, np.float32))]
    yield net.done("SPARSE_TO_DENSE", operands, net.tensor((5,), "float32"))


_OPERATORS: dict[str, Callable[[], Iterator[Case]]] = {
    "RFFT2D": rfft2d,
    **{op: (lambda op=op: of_complex(op)) for op in ("REAL", "IMAG", "COMPLEX_ABS")},
    "CAST": casts,
    "moves": moves,
    "CONV_3D": conv_3d,
    "CONV_3D_TRANSPOSE": conv_3d_transpose,
    **{op: (lambda op=op: bitwise(op)) for op in ("BITWISE_XOR", "RIGHT_SHIFT")},
    "SPARSE_TO_DENSE": sparse_to_dense,
}


@cache
def all_cases() -> dict[str, list[Case]]:
    """Every case, by operator."""
    return {op: list(cases()) for op, cases in _OPERATORS.items()}
