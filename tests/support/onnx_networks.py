# SPDX-License-Identifier: Apache-2.0
"""Drawn networks as exporters write them, in floats or quantized by ONNX Runtime's own quantizer: `drawn(seed)`."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto
from onnx_models import node, proto

from tinycc.ir import Array

OPSET = 20
MOST = 40_000
"""Products of weights and values of a layer."""
ACTIVATIONS: tuple[tuple[str, dict[str, float]], ...] = (
    *((("Relu", {}),) * 4),
    *((kind, {}) for kind in ("Sigmoid", "Tanh", "HardSwish", "Gelu", "Softplus", "Elu", "Selu", "Mish", "Abs", "Erf")),
    ("LeakyRelu", {"alpha": 0.1}),
    ("HardSigmoid", {"alpha": 0.2, "beta": 0.5}),
)


@dataclass(frozen=True)
class Network:
    """`text`: what it is made of, for messages."""

    text: str
    data: bytes


class Draft:
    """A chain of layers over one value `at` of `shape`, [1, channels, spatial ...] or [1, features]."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.nodes: list[Any] = []
        self.constants: dict[str, Array] = {}
        self.words: list[str] = []
        self.at = "x"
        spatial = [self.number(4, 14) for _ in range(1 if self.chance(5) else 2)]
        self.shape = [1, self.number(1, 8), *spatial]
        self.inputs = {"x": list(self.shape)}

    def number(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high, endpoint=True))

    def chance(self, one_in: int) -> bool:
        return self.number(1, one_in) == 1

    def one_of(self, *choices: Any) -> Any:
        return choices[self.number(0, len(choices) - 1)]

    def const(self, array: Any, dtype: str = "float32") -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = np.asarray(array, dtype)
        return name

    def noise(self, *shape: int, scale: float = 1.0) -> str:
        return self.const(self.rng.standard_normal(shape) * scale)

    def put(self, kind: str, *more: str, x: str = "", domain: str = "", **attributes: Any) -> str:
        """A node whose first operand is `x`, or else the value at hand; its result."""
        name = f"v{len(self.nodes)}"
        self.nodes.append(node(kind, " ".join((x or self.at, *more)), name, domain, **attributes))
        self.words.append(kind)
        return name

    @property
    def spatial(self) -> list[int]:
        return self.shape[2:]


def pads(d: Draft, reach: list[int]) -> list[int]:
    """Explicit ones of a window, now and then other ones at the end than at the beginning."""
    if d.chance(3):
        return [0] * (2 * len(reach))
    begin = [d.number(0, (size - 1) // 2) for size in reach]
    return begin + ([d.number(0, (size - 1) // 2) for size in reach] if d.chance(3) else begin)


def sizes(
    d: Draft, kernel: list[int], strides: list[int], dilations: list[int], padding: list[int], ceil: bool = False
) -> list[int]:
    """Of the image behind a window; a last one that would begin behind the image is none."""
    n, found = len(kernel), []
    for i, size in enumerate(d.spatial):
        rest = size + padding[i] + padding[n + i] - (kernel[i] - 1) * dilations[i] - 1
        more = int(ceil and rest % strides[i] > 0 and (rest // strides[i] + 1) * strides[i] < size + padding[i])
        found.append(rest // strides[i] + 1 + more if rest >= 0 else 0)
    return found


def convolution(d: Draft) -> None:
    n = len(d.spatial)
    kernel = [d.one_of(1, 3, 3, d.number(1, 4)) for _ in range(n)]
    kernel = [1] * n if d.chance(4) else kernel
    strides = [d.one_of(1, 1, 2)] * n
    dilations = [d.one_of(1, 1, 1, 2) if size > 1 else 1 for size in kernel]
    channels = d.shape[1]
    groups = d.one_of(1, 1, channels, 2 if channels % 2 == 0 else 1)
    out = groups * d.number(1, max(12 // groups, 1))
    reach = [(k - 1) * step + 1 for k, step in zip(kernel, dilations, strict=True)]
    padding = pads(d, reach)
    attributes: dict[str, Any] = {"kernel_shape": kernel, "strides": strides, "dilations": dilations, "group": groups}
    made = sizes(d, kernel, strides, dilations, padding)
    if d.chance(6) and max(dilations) == 1:
        attributes["auto_pad"] = d.one_of("SAME_UPPER", "SAME_LOWER")
        made = [-(-size // stride) for size, stride in zip(d.spatial, strides, strict=True)]
    else:
        attributes["pads"] = padding
    if min(made) < 1 or np.prod(made) * out * channels // groups * np.prod(kernel) > MOST:
        return
    fan = channels // groups * int(np.prod(kernel))
    operands = [d.noise(out, channels // groups, *kernel, scale=fan**-0.5)]
    operands += [] if d.chance(4) else [d.noise(out, scale=0.2)]
    d.at, d.shape = d.put("Conv", *operands, **attributes), [1, out, *made]
    if d.chance(3):
        scale, variance = d.const(0.5 + d.rng.random(out)), d.const(0.5 + d.rng.random(out))
        d.at = d.put("BatchNormalization", scale, d.noise(out, scale=0.2), d.noise(out, scale=0.2), variance)
    if not d.chance(3):
        activation(d)


def transposed(d: Draft) -> None:
    n, channels, out = len(d.spatial), d.shape[1], d.number(1, 5)
    kernel, strides = [d.number(1, 3) for _ in range(n)], [d.one_of(1, 2) for _ in range(n)]
    made = [(size - 1) * stride + k for size, stride, k in zip(d.spatial, strides, kernel, strict=True)]
    if np.prod(made) * out * channels > MOST:
        return
    weights = d.noise(channels, out, *kernel, scale=channels**-0.5)
    d.at = d.put("ConvTranspose", weights, *([d.noise(out)] if d.chance(2) else []), strides=strides)
    d.shape = [1, out, *made]


def activation(d: Draft) -> None:
    if d.chance(6):
        low, high = d.one_of((0.0, 6.0), (-1.0, 1.0), (0.0, 1.0))
        d.at = d.put("Clip", d.const(low), d.const(high))
    elif d.chance(8):
        d.at = d.put("PRelu", d.const(d.rng.random([d.shape[1], *[1] * len(d.spatial)]) * 0.5))
    else:
        kind, attributes = d.one_of(*ACTIVATIONS)
        d.at = d.put(kind, **attributes)


def pool(d: Draft) -> None:
    n, kind = len(d.spatial), d.one_of("MaxPool", "AveragePool")
    kernel, strides = [d.number(1, 3) for _ in range(n)], [d.one_of(1, 2, 2) for _ in range(n)]
    padding, ceil = [d.number(0, (k - 1) // 2) for k in kernel] * 2, d.chance(4)
    made = sizes(d, kernel, strides, [1] * n, padding, ceil)
    plain = sizes(d, kernel, strides, [1] * n, padding)
    if min(plain) < 1 or (ceil and made != plain and (max(padding) or kind == "AveragePool")):
        return
    more = {"count_include_pad": d.number(0, 1)} if kind == "AveragePool" else {}
    d.at = d.put(kind, kernel_shape=kernel, strides=strides, pads=padding, ceil_mode=int(ceil), **more)
    d.shape = [1, d.shape[1], *made]


def residual(d: Draft) -> None:
    before, shape, count = d.at, list(d.shape), len(d.nodes)
    for _ in range(d.number(1, 2)):
        convolution(d)
    if len(d.nodes) == count:
        return
    if d.shape != shape:
        if d.shape[2:] != shape[2:]:
            return
        before = d.put("Conv", d.noise(d.shape[1], shape[1], *[1] * len(d.spatial), scale=shape[1] ** -0.5), x=before)
    d.at = d.put(d.one_of("Add", "Add", "Add", "Mul", "Sub"), before) if d.chance(2) else d.put("Add", d.at, x=before)


def joined(d: Draft) -> None:
    before, shape = d.at, list(d.shape)
    activation(d)
    branches = [before, d.at, before][: d.number(2, 3)]
    axis = d.number(1, len(shape) - 1)
    d.at = d.put("Concat", *branches[1:], x=branches[0], axis=axis)
    d.shape[axis] = shape[axis] * len(branches)


def scaled(d: Draft) -> None:
    shape = d.one_of([1], [d.shape[1], *[1] * len(d.spatial)], d.shape[-1:])
    values = d.const(0.5 + d.rng.random(shape))
    d.at = d.put(d.one_of("Add", "Sub", "Mul", "Div", "Max", "Min"), values)


def excited(d: Draft) -> None:
    before, channels = d.at, d.shape[1]
    d.at = d.put("GlobalAveragePool")
    d.at = d.put("Conv", d.noise(channels, channels, *[1] * len(d.spatial), scale=channels**-0.5))
    d.at = d.put("Mul", d.put(d.one_of("Sigmoid", "HardSigmoid")), x=before)


def shuffled(d: Draft) -> None:
    channels = d.shape[1]
    groups = next((g for g in (2, 3, 4) if channels % g == 0), 1)
    d.at = d.put("Reshape", d.const([1, groups, channels // groups, *d.spatial], "int64"))
    d.at = d.put("Transpose", perm=[0, 2, 1, *range(3, 3 + len(d.spatial))])
    d.at = d.put("Reshape", d.const(d.shape, "int64"))


def channels_last(d: Draft) -> None:
    """Of every pixel by itself: a norm, a matrix product, or a softmax."""
    rank, channels, out = len(d.shape), d.shape[1], d.number(1, 8)
    d.at = d.put("Transpose", perm=[0, *range(2, rank), 1])
    if d.chance(2):
        d.at = d.put("LayerNormalization", d.const(0.5 + d.rng.random(channels)), d.noise(channels, scale=0.2))
    if d.chance(4):
        d.at = d.put("Softmax", axis=-1)
    d.at = d.put("MatMul", d.noise(channels, out, scale=channels**-0.5))
    if d.chance(2):
        d.at = d.put("Add", d.noise(out), x=d.at)
    d.at, d.shape[1] = d.put("Transpose", perm=[0, rank - 1, *range(1, rank - 1)]), out


def cut(d: Draft) -> None:
    axis = d.number(1, len(d.shape) - 1)
    size = d.shape[axis]
    first, last, step = d.number(0, size // 2), d.number(size // 2 + 1, size), d.one_of(1, 1, 2)
    d.at = d.put("Slice", *(d.const([value], "int64") for value in (first, last, axis, step)))
    d.shape[axis] = -(-(last - first) // step)


def padded(d: Draft) -> None:
    mode = d.one_of("constant", "constant", "edge", "reflect")
    before, after = ([0, 0, *(d.number(0, min(2, size - 1)) for size in d.spatial)] for _ in range(2))
    d.at = d.put("Pad", d.const([*before, *after], "int64"), mode=mode)
    d.shape = [size + a + b for size, a, b in zip(d.shape, before, after, strict=True)]


def resized(d: Draft) -> None:
    if np.prod(d.shape) > 2000:
        return
    mode = d.one_of("nearest", "linear")
    how = d.one_of("asymmetric", "half_pixel", "align_corners")
    more = {"nearest_mode": d.one_of("floor", "round_prefer_floor")} if mode == "nearest" else {}
    scales = d.const([1, 1, *[2] * len(d.spatial)])
    d.at = d.put("Resize", "-", scales, mode=mode, coordinate_transformation_mode=how, **more)
    d.shape = [1, d.shape[1], *(2 * size for size in d.spatial)]


LAYERS: tuple[Callable[[Draft], None], ...] = (
    *([convolution] * 6),
    *(
        transposed,
        activation,
        pool,
        pool,
        residual,
        residual,
        joined,
        scaled,
        excited,
        shuffled,
        channels_last,
        cut,
        padded,
        resized,
    ),
)


def head(d: Draft) -> None:
    """To features, or not."""
    if d.chance(4):
        return
    if d.chance(2):
        d.at = d.put("GlobalAveragePool") if d.chance(2) else d.put("ReduceMean", d.const([*range(2, len(d.shape))], "int64"))
        d.shape = [*d.shape[:2], *[1] * len(d.spatial)]
    features, out = int(np.prod(d.shape)), d.number(1, 10)
    d.at = d.put("Flatten") if d.chance(2) else d.put("Reshape", d.const([1, -1], "int64"))
    if features * out > MOST:
        return
    if d.chance(2):
        weights = d.noise(out, features, scale=features**-0.5)
        d.at = d.put("Gemm", weights, d.noise(out), transB=1)
    else:
        d.at = d.put("MatMul", d.noise(features, out, scale=features**-0.5))
        d.at = d.put("Add", d.noise(out))
    if d.chance(2):
        d.at = d.put(d.one_of("Softmax", "Relu", "Sigmoid", "LogSoftmax", "Tanh"))


def drawn(seed: int) -> Network:
    """A network of three to eight layers; two of three are quantized."""
    d = Draft(np.random.default_rng(seed))
    for _ in range(d.number(2, 7)):
        d.one_of(*LAYERS)(d)
    head(d)
    d.put("Identity")
    d.nodes[-1].output[0] = "y"
    floats = proto(d.nodes, d.inputs, "y", d.constants, opset=OPSET)
    how, made = "floats", floats
    if not d.chance(3):
        try:
            how, made = quantized(d, floats)
        except (RuntimeError, ValueError) as error:
            how = f"floats, as the quantizer refuses them: {error}"
    return Network(f"{d.inputs['x']} {' '.join(d.words)}, {how}", made.SerializeToString())


def quantized(d: Draft, floats: ModelProto) -> tuple[str, ModelProto]:
    """By ONNX Runtime's quantizer; how, in words."""
    from onnx import load
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_dynamic, quantize_static

    logging.getLogger().setLevel(logging.ERROR)
    options: dict[str, Any] = {"per_channel": bool(d.chance(2)), "weight_type": d.one_of(QuantType.QInt8, QuantType.QUInt8)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.onnx"
        if d.chance(6):
            quantize_dynamic(floats, path, **options)
            return f"dynamic {options}", load(path)
        options["activation_type"] = d.one_of(QuantType.QInt8, QuantType.QUInt8, QuantType.QUInt8, QuantType.QInt16)
        if options["activation_type"] is QuantType.QInt8:  # the only weights that the quantizer takes with it
            options["weight_type"] = QuantType.QInt8
        options["quant_format"] = QuantFormat.QDQ
        if d.chance(4) and options["activation_type"] is not QuantType.QInt16:
            options["quant_format"] = QuantFormat.QOperator
        options["extra_options"] = {"ActivationSymmetric": bool(d.chance(3)), "WeightSymmetric": not d.chance(4)}
        quantize_static(floats, path, _Samples(d), **options)
        return f"static {options}", load(path)


class _Samples:
    """What the ranges of values are seen on."""

    def __init__(self, d: Draft) -> None:
        self._left: Iterator[Array] = iter([d.rng.standard_normal(d.inputs["x"]).astype(np.float32) for _ in range(4)])

    def get_next(self) -> dict[str, Array] | None:
        found = next(self._left, None)
        return None if found is None else {"x": found}
