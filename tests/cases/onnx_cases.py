# SPDX-License-Identifier: Apache-2.0
"""Small ONNX models: every row of the front end, in the forms in which exporters write it.

Long: a table.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from onnx import TensorProto
from onnx_models import Case, case, noise
from onnx_models import node as n

I64 = TensorProto.INT64
BOOL = TensorProto.BOOL
IMAGE = {"x": [2, 3, 5, 6]}


def ints(*items: int) -> np.ndarray:
    return np.asarray(items, np.int64)


def elementwise() -> Iterator[Case]:
    for kind in ("Abs", "Ceil", "Cos", "Exp", "Floor", "HardSwish", "Neg", "Relu", "Round", "Sigmoid", "Sign", "Sin", "Tanh"):
        yield case(kind, [n(kind, "x", "y")], IMAGE)
    integers = (I64, *(getattr(TensorProto, name) for name in ("INT8", "UINT8", "INT16", "UINT16", "UINT32")))
    for kind, type in itertools.product(("Abs", "Neg", "Sign"), integers):
        if kind != "Neg" or type in (I64, TensorProto.INT8):
            yield case(f"{kind} {TensorProto.DataType.Name(type).lower()}", [n(kind, "x", "y")], {"x": (type, [3, 4])})
    yield case("Sqrt, Log", [n("Abs", "x", "a"), n("Sqrt", "a", "s"), n("Log", "s", "y")], IMAGE)
    for kind in ("Add", "Sub", "Mul", "Div"):
        yield case(f"{kind} per channel", [n(kind, "x c", "y")], IMAGE, {"c": noise(3, 1, 1) + 2})
        yield case(f"{kind} of two", [n(kind, "x z", "y")], {**IMAGE, "z": [1, 6]})
    yield case("Add int64", [n("Add", "x c", "y")], {"x": (I64, [3, 4])}, {"c": ints(5)})
    yield case(
        "Max, Min, Sum",
        [n("Max", "x a", "m"), n("Min", "m b x", "k"), n("Sum", "k x a", "y")],
        {"x": [3, 4], "a": [4], "b": [3, 1]},
    )
    yield case(
        "comparisons",
        [n("Greater", "x a", "g"), n("LessOrEqual", "x a", "l"), n("Or", "g l", "o"), n("Not", "g", "q"), n("And", "o q", "y")],
        {"x": [3, 4], "a": [4]},
    )
    yield case("Equal", [n("Equal", "x a", "y")], {"x": (I64, [3, 4]), "a": (I64, [4])})
    yield case("Where", [n("Where", "c x a", "y")], {"c": (BOOL, [3, 1]), "x": [3, 4], "a": [4]})
    yield case("Clip attributes", [n("Clip", "x", "y", min=-0.5, max=0.25)], IMAGE, opset=9)
    yield case("Clip operands", [n("Clip", "x lo hi", "y")], IMAGE, {"lo": np.float32(0), "hi": np.float32(0.5)})
    yield case("Clip one side", [n("Clip", "x - hi", "y")], IMAGE, {"hi": np.float32(0.5)})
    yield case("Clip int64", [n("Clip", "x lo hi", "y")], {"x": (I64, [4])}, {"lo": np.int64(1), "hi": np.int64(2)})
    yield case("LeakyRelu", [n("LeakyRelu", "x", "y", alpha=0.2)], IMAGE)
    yield case("PRelu", [n("PRelu", "x a", "y")], IMAGE, {"a": noise(3, 1, 1)})
    yield case("Elu", [n("Elu", "x", "y")], IMAGE)
    yield case("Elu alpha", [n("Elu", "x", "y", alpha=0.5)], IMAGE)
    yield case("Gelu", [n("Gelu", "x", "y")], IMAGE)
    yield case("Gelu tanh", [n("Gelu", "x", "y", approximate="tanh")], IMAGE)
    yield case("HardSigmoid", [n("HardSigmoid", "x", "y", alpha=1 / 6)], IMAGE)
    yield case("Reciprocal", [n("Exp", "x", "e"), n("Reciprocal", "e", "y")], IMAGE)
    for exponent in (2.0, 0.5, 3.0):
        yield case(f"Pow {exponent}", [n("Abs", "x", "a"), n("Pow", "a c", "y")], IMAGE, {"c": np.float32(exponent)})
    yield case("Cast", [n("Cast", "x", "i", to=TensorProto.INT32), n("Cast", "i", "y", to=TensorProto.FLOAT)], IMAGE)
    yield case("Identity, Dropout", [n("Identity", "x", "i"), n("Dropout", "i", "d"), n("Neg", "d", "y")], IMAGE)
    yield case("input as output", [n("Identity", "x", "y")], IMAGE)


def shapes() -> Iterator[Case]:
    yield case("Reshape", [n("Reshape", "x s", "y")], IMAGE, {"s": ints(0, -1, 6)})
    yield case("Flatten", [n("Flatten", "x", "y", axis=2)], IMAGE)
    yield case("Squeeze", [n("Squeeze", "x", "y")], {"x": [1, 4, 1]})
    yield case("Squeeze 11", [n("Squeeze", "x", "y", axes=[0])], {"x": [1, 4, 1]}, opset=11)
    yield case("Unsqueeze", [n("Unsqueeze", "x a", "y")], {"x": [4, 3]}, {"a": ints(0, -1)})
    yield case("Transpose", [n("Transpose", "x", "y", perm=[0, 2, 3, 1])], IMAGE)
    yield case("Transpose all", [n("Transpose", "x", "y")], {"x": [2, 3, 4]})
    yield case("Concat", [n("Concat", "x z", "y", axis=1)], {"x": [2, 3, 4], "z": [2, 1, 4]})
    yield case(
        "Split", [n("Split", "x s", "a b", axis=1), n("Concat", "b a", "y", axis=1)], {"x": [2, 5, 4]}, {"s": ints(2, 3)}
    )
    yield case("Split even", [n("Split", "x", "a b c", axis=-1, num_outputs=3)], {"x": [2, 8]}, outputs="a b c")
    yield case(
        "Slice",
        [n("Slice", "x b e a s", "y")],
        IMAGE,
        {"b": ints(4, -1), "e": ints(0, -100), "a": ints(2, 3), "s": ints(-2, -1)},
    )
    yield case("Slice 9", [n("Slice", "x", "y", starts=[1], ends=[9], axes=[2])], IMAGE, opset=9)
    yield case("Gather one", [n("Gather", "x i", "y", axis=2)], IMAGE, {"i": np.int64(-2)})
    yield case("Gather list", [n("Gather", "x i", "y", axis=1)], IMAGE, {"i": ints(2, 0, 2)})
    yield case("Gather run time", [n("Gather", "t i", "y")], {"i": (I64, [2, 3])}, {"t": noise(4, 5)})
    yield case(
        "Gather negative", [n("Sub", "i c", "k"), n("Gather", "t k", "y")], {"i": (I64, [3])}, {"t": noise(4, 5), "c": ints(2)}
    )
    yield case("Expand", [n("Expand", "x s", "y")], {"x": [3, 1]}, {"s": ints(2, 1, 4)})
    yield case("Tile", [n("Tile", "x s", "y")], {"x": [2, 3]}, {"s": ints(2, 3)})
    arithmetic = [
        n("Shape", "x", "s"),
        n("Gather", "s i", "g"),
        n("Unsqueeze", "g z", "u"),
        n("Concat", "u m", "c", axis=0),
        n("Reshape", "x c", "y"),
    ]
    yield case("shape arithmetic", arithmetic, IMAGE, {"i": np.int64(0), "z": ints(0), "m": ints(-1)})
    filled = [
        n("Shape", "x", "s"),
        n("ConstantOfShape", "s", "f"),
        n("Add", "x f", "a"),
        n("Size", "x", "t"),
        n("Cast", "t", "k", to=1),
        n("Mul", "a k", "y"),
    ]
    yield case("ConstantOfShape, Size", filled, {"x": [2, 3]})
    yield case(
        "Range",
        [n("Range", "a b c", "r"), n("Add", "x r", "y")],
        {"x": [2, 4]},
        {"a": np.float32(1), "b": np.float32(2.9), "c": np.float32(0.5)},
    )


def windows() -> Iterator[Case]:
    yield case(
        "Conv", [n("Conv", "x w b", "y", pads=[1, 0, 2, 1], strides=[2, 1])], IMAGE, {"w": noise(4, 3, 3, 2), "b": noise(4)}
    )
    yield case("Conv dilated", [n("Conv", "x w", "y", dilations=[1, 2], pads=[1, 2, 1, 2])], IMAGE, {"w": noise(4, 3, 3, 3)})
    yield case("Conv groups", [n("Conv", "x w b", "y", group=2)], {"x": [1, 4, 5, 5]}, {"w": noise(6, 2, 3, 3), "b": noise(6)})
    yield case(
        "Conv depthwise",
        [n("Conv", "x w b", "y", group=3, auto_pad="SAME_UPPER", strides=[2, 2])],
        IMAGE,
        {"w": noise(6, 1, 3, 3), "b": noise(6)},
    )
    yield case(
        "Conv 1-D", [n("Conv", "x w b", "y", pads=[1, 1], strides=[2])], {"x": [2, 3, 9]}, {"w": noise(4, 3, 3), "b": noise(4)}
    )
    yield case("Conv 1-D depthwise", [n("Conv", "x w", "y", group=3, pads=[2, 0])], {"x": [2, 3, 9]}, {"w": noise(3, 1, 3)})
    yield case(
        "ConvTranspose",
        [n("ConvTranspose", "x w b", "y", strides=[2, 3], pads=[1, 0, 0, 1], output_padding=[1, 0])],
        IMAGE,
        {"w": noise(3, 4, 3, 3), "b": noise(4)},
    )
    yield case(
        "ConvTranspose groups",
        [n("ConvTranspose", "x w", "y", group=2, strides=[2, 2])],
        {"x": [1, 4, 3, 3]},
        {"w": noise(4, 2, 2, 2)},
    )
    yield case(
        "ConvTranspose shape",
        [n("ConvTranspose", "x w", "y", strides=[2, 2], output_shape=[10, 11])],
        IMAGE,
        {"w": noise(3, 2, 3, 3)},
    )
    yield case(
        "ConvTranspose 1-D",
        [n("ConvTranspose", "x w", "y", strides=[2], dilations=[2])],
        {"x": [2, 3, 5]},
        {"w": noise(3, 2, 3)},
    )
    pool = {"kernel_shape": [3, 2], "strides": [2, 2]}
    yield case("MaxPool", [n("MaxPool", "x", "y", **pool, pads=[1, 0, 1, 1])], IMAGE)
    yield case("MaxPool up", [n("MaxPool", "x", "y", **pool, ceil_mode=1)], IMAGE)
    yield case("MaxPool dilated", [n("MaxPool", "x", "y", kernel_shape=[2, 2], dilations=[2, 3])], IMAGE)
    yield case("MaxPool 1-D", [n("MaxPool", "x", "y", kernel_shape=[3], strides=[3])], {"x": [2, 3, 9]})
    yield case("AveragePool", [n("AveragePool", "x", "y", **pool, pads=[1, 0, 1, 1])], IMAGE)
    yield case("AveragePool padded", [n("AveragePool", "x", "y", **pool, pads=[1, 0, 1, 1], count_include_pad=1)], IMAGE)
    yield case("AveragePool up", [n("AveragePool", "x", "y", **pool, ceil_mode=1, pads=[1, 0, 1, 1])], IMAGE)
    yield case("GlobalAveragePool", [n("GlobalAveragePool", "x", "y")], IMAGE)
    yield case("GlobalMaxPool", [n("GlobalMaxPool", "x", "y")], {"x": [2, 3, 9]})


def matrices() -> Iterator[Case]:
    yield case("MatMul", [n("MatMul", "x w", "y")], {"x": [2, 3, 4]}, {"w": noise(4, 5)})
    yield case("MatMul vectors", [n("MatMul", "x w", "y")], {"x": [4]}, {"w": noise(4)})
    yield case("MatMul matrix vector", [n("MatMul", "x w", "y")], {"x": [3, 4]}, {"w": noise(4)})
    yield case("MatMul batches", [n("MatMul", "x z", "y")], {"x": [2, 1, 3, 4], "z": [5, 4, 2]})
    yield case("MatMul constant first", [n("MatMul", "w x", "y")], {"x": [2, 4, 3]}, {"w": noise(5, 4)})
    yield case("Gemm", [n("Gemm", "x w b", "y", transB=1)], {"x": [2, 4]}, {"w": noise(5, 4), "b": noise(5)})
    yield case(
        "Gemm alpha", [n("Gemm", "x w b", "y", alpha=0.5, beta=2.0)], {"x": [2, 4]}, {"w": noise(4, 5), "b": noise(1, 5)}
    )
    yield case("Gemm full C", [n("Gemm", "x w b", "y", transA=1)], {"x": [4, 2]}, {"w": noise(4, 5), "b": noise(2, 1)})
    yield case("Gemm run time", [n("Gemm", "x z b", "y", transB=1)], {"x": [2, 4], "z": [3, 4], "b": [3]})


def reductions() -> Iterator[Case]:
    for kind in ("L1", "L2", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare"):
        yield case(f"Reduce{kind}", [n(f"Reduce{kind}", "x a", "y", keepdims=0)], IMAGE, {"a": ints(1, -1)})
    for type in (I64, TensorProto.INT32):
        yield case(f"ReduceMean {type}", [n("ReduceMean", "x a", "y", keepdims=0)], {"x": (type, [3, 4, 5])}, {"a": ints(0, 2)})
    yield case("ReduceL1 int64", [n("ReduceL1", "x a", "y")], {"x": (I64, [3, 4])}, {"a": ints(1)})
    yield case("ReduceMean 13", [n("ReduceMean", "x", "y", axes=[2, 3])], IMAGE, opset=13)
    yield case("ReduceSum all", [n("ReduceSum", "x", "y")], IMAGE)
    yield case("ReduceSum nothing", [n("ReduceSum", "x", "s", noop_with_empty_axes=1), n("Neg", "s", "y")], IMAGE)
    yield case("ReduceLogSum", [n("Abs", "x", "b"), n("ReduceLogSum", "b a", "y")], IMAGE, {"a": ints(2)})
    yield case("Softmax", [n("Softmax", "x", "y", axis=1)], IMAGE)
    yield case("Softmax 11", [n("Softmax", "x", "y", axis=2)], IMAGE, opset=11)
    yield case("LogSoftmax", [n("LogSoftmax", "x", "y")], IMAGE)
    yield case("ArgMax", [n("ArgMax", "x", "y", axis=1)], IMAGE)
    yield case("ArgMin", [n("ArgMin", "x", "y", axis=-1, keepdims=0)], IMAGE)
    yield case("TopK", [n("TopK", "x k", "y i")], {"x": [2, 7]}, {"k": ints(3)}, outputs="y i")
    yield case("CumSum", [n("CumSum", "x a", "y", reverse=1)], {"x": [2, 7]}, {"a": np.int64(1)})
    statistics = {"s": noise(3), "b": noise(3, seed=1), "m": noise(3, seed=2), "v": np.abs(noise(3, seed=3))}
    yield case("BatchNormalization", [n("BatchNormalization", "x s b m v", "y", epsilon=1e-3)], IMAGE, statistics)


def networks() -> Iterator[Case]:
    """Layouts: what must cancel, what must not."""
    residual = [
        n("Conv", "x w b", "a", pads=[1, 1, 1, 1]),
        n("Relu", "a", "r"),
        n("Conv", "r w b", "c", pads=[1, 1, 1, 1]),
        n("Add", "c x", "s"),
        n("GlobalAveragePool", "s", "g"),
        n("Flatten", "g", "f"),
        n("Gemm", "f d", "y"),
    ]
    yield case("residual", residual, {"x": [1, 3, 6, 5]}, {"w": noise(3, 3, 3, 3), "b": noise(3), "d": noise(3, 4)})
    flatten = [n("Conv", "x w", "a"), n("Reshape", "a s", "f"), n("Relu", "f", "r"), n("Gemm", "r d", "y")]
    yield case("flatten", flatten, {"x": [2, 3, 6, 5]}, {"w": noise(4, 3, 3, 3), "s": ints(0, -1), "d": noise(48, 5)})
    shuffle = [
        n("Conv", "x w", "a"),
        n("Reshape", "a s", "b"),
        n("Transpose", "b", "t", perm=[0, 2, 1, 3, 4]),
        n("Reshape", "t q", "c"),
        n("Conv", "c v", "y", group=6),
    ]
    yield case(
        "shuffle",
        shuffle,
        {"x": [1, 3, 6, 5]},
        {"w": noise(6, 3, 3, 3), "s": ints(1, 2, 3, 4, 3), "q": ints(1, 6, 4, 3), "v": noise(6, 1, 2, 2)},
    )
    squeeze = [
        n("Conv", "x w", "a"),
        n("GlobalAveragePool", "a", "g"),
        n("Conv", "g v", "h"),
        n("Sigmoid", "h", "s"),
        n("Mul", "a s", "m"),
        n("Concat", "m a", "c", axis=1),
        n("Split", "c", "p q", axis=1, num_outputs=2),
        n("Sub", "p q", "d"),
        n("Slice", "d b e k", "y"),
    ]
    yield case(
        "squeeze and excite",
        squeeze,
        {"x": [1, 3, 6, 5]},
        {"w": noise(4, 3, 3, 3), "v": noise(4, 4, 1, 1), "b": ints(1), "e": ints(3), "k": ints(2)},
    )
    attention = [
        n("MatMul", "x w", "a"),
        n("Reshape", "a s", "h"),
        n("Transpose", "h", "q", perm=[0, 2, 1, 3]),
        n("Transpose", "h", "k", perm=[0, 2, 3, 1]),
        n("MatMul", "q k", "m"),
        n("Softmax", "m", "p"),
        n("MatMul", "p q", "o"),
        n("Transpose", "o", "t", perm=[0, 2, 1, 3]),
        n("Reshape", "t z", "y"),
    ]
    yield case("attention", attention, {"x": [1, 5, 6]}, {"w": noise(6, 6), "s": ints(1, 5, 2, 3), "z": ints(1, 5, 6)})
    segmentation = [n("Conv", "x w", "a"), n("Softmax", "a", "s", axis=1), n("ArgMax", "s", "y", axis=1, keepdims=0)]
    yield case("segmentation", segmentation, {"x": [2, 3, 6, 5]}, {"w": noise(4, 3, 3, 3)})
    temporal = [
        n("Conv", "x w", "a", pads=[2, 0]),
        n("Relu", "a", "r"),
        n("MaxPool", "r", "m", kernel_shape=[2], strides=[2]),
        n("Transpose", "m", "t", perm=[0, 2, 1]),
        n("MatMul", "t d", "e"),
        n("ReduceMean", "e k", "y", keepdims=0),
    ]
    yield case("temporal", temporal, {"x": [2, 3, 12]}, {"w": noise(4, 3, 3), "d": noise(4, 5), "k": ints(1)})


def more() -> Iterator[Case]:
    """What becomes several operators."""
    for kind in (
        "Erf",
        "Tan",
        "Sinh",
        "Cosh",
        "Atan",
        "Asinh",
        "Softplus",
        "Softsign",
        "Selu",
        "Celu",
        "Mish",
        "ThresholdedRelu",
        "IsNaN",
    ):
        yield case(kind, [n(kind, "x", "y")], IMAGE)
    yield case(
        "Asin, Acos, Atanh",
        [n("Clip", "x l h", "c"), n("Asin", "c", "a"), n("Acos", "c", "b"), n("Atanh", "c", "d"), n("Sum", "a b d", "y")],
        IMAGE,
        {"l": np.float32(-0.9), "h": np.float32(0.9)},
    )
    yield case("Acosh", [n("Exp", "x", "e"), n("Add", "e o", "p"), n("Acosh", "p", "y")], IMAGE, {"o": np.float32(1)})
    yield case("Swish", [n("Swish", "x", "y", alpha=0.5)], IMAGE, opset=24, oracle="reference")
    yield case("Mod", [n("Mod", "x c", "y")], {"x": (I64, [4])}, {"c": ints(3)})
    yield case("Xor", [n("Xor", "x z", "y")], {"x": (BOOL, [4]), "z": (BOOL, [1])})
    weights = {"s": noise(6), "b": noise(6, seed=1)}
    yield case("LayerNormalization", [n("LayerNormalization", "x s b", "y")], IMAGE, weights)
    yield case("RMSNormalization", [n("RMSNormalization", "x s", "y")], IMAGE, weights, opset=23)
    channels = {"s": noise(4), "b": noise(4, seed=1)}
    yield case("InstanceNormalization", [n("InstanceNormalization", "x s b", "y")], {"x": [2, 4, 3, 3]}, channels)
    yield case("GroupNormalization", [n("GroupNormalization", "x s b", "y", num_groups=2)], {"x": [2, 4, 3, 3]}, channels)
    yield case("LpNormalization", [n("LpNormalization", "x", "y", axis=1)], IMAGE)
    for mode in ("constant", "reflect", "edge", "wrap"):
        yield case(
            f"Pad {mode}",
            [n("Pad", "x p v", "y", mode=mode)],
            IMAGE,
            {"p": ints(0, 1, 2, 3, 0, 2, 1, 0), "v": np.float32(0.5)},
            opset=19,
        )
    yield case("Pad negative", [n("Pad", "x p - a", "y")], IMAGE, {"p": ints(-1, 2, 1, -2), "a": ints(2, 3)})
    for mode in ("DCR", "CRD"):
        yield case(f"DepthToSpace {mode}", [n("DepthToSpace", "x", "y", blocksize=2, mode=mode)], {"x": [2, 8, 3, 2]})
    yield case("SpaceToDepth", [n("SpaceToDepth", "x", "y", blocksize=2)], {"x": [2, 3, 4, 6]})
    yield case("EyeLike", [n("EyeLike", "x", "e"), n("Add", "e x", "y")], {"x": [3, 4]})
    yield case("GatherND", [n("GatherND", "x i", "y")], IMAGE, {"i": np.asarray([[0, -1], [1, 0]], np.int64)})
    for mode, scheme in (
        ("nearest", "asymmetric"),
        ("nearest", "half_pixel"),
        ("linear", "half_pixel"),
        ("linear", "align_corners"),
        ("linear", "asymmetric"),
        ("linear", "pytorch_half_pixel"),
    ):
        rounding = {"nearest_mode": "floor"} if scheme == "asymmetric" else {}
        options = {"mode": mode, "coordinate_transformation_mode": scheme, **rounding}
        yield case(f"Resize {mode} {scheme}", [n("Resize", "x - - s", "y", **options)], IMAGE, {"s": ints(2, 3, 8, 9)})
    yield case(
        "Resize scales",
        [n("Resize", "x - s", "y", mode="linear")],
        {"x": [1, 2, 7]},
        {"s": np.asarray([1, 1, 1.7], np.float32)},
    )
    for name, scheme, shape in (
        ("INT8", "half_pixel", [1, 2, 3, 4]),
        ("UINT8", "align_corners", [1, 2, 3, 4]),
        ("INT32", "asymmetric", [3, 5]),
        ("INT8", "pytorch_half_pixel", [1, 3, 5]),
        ("UINT8", "asymmetric", [1, 2, 2, 3, 4]),
    ):
        made = n("Resize", "x - s", "y", mode="linear", coordinate_transformation_mode=scheme)
        scales = np.asarray([1.0] * (len(shape) - 2) + ([1.5, 2.0] if len(shape) != 3 else [1.0, 1.7]), np.float32)
        inputs = {"x": (getattr(TensorProto, name), shape)}
        yield case(f"Resize linear {scheme} {name} {len(shape)}", [made], inputs, {"s": scales})
    yield case(
        "Upsample", [n("Upsample", "x s", "y", mode="nearest")], IMAGE, {"s": np.asarray([1, 1, 2, 3], np.float32)}, opset=9
    )


def gated() -> Iterator[Case]:
    """Functions of gates that are told numbers, which follow one another, and bounds of what they are given."""
    told = {"activation_alpha": [0.3, 0.4, 0.6], "activation_beta": [0.2, 0.25, 0.7]}
    usual = ["HardSigmoid", "LeakyRelu", "Elu", "Softsign", "Softplus", "Relu"]
    for kind, gates, count in (("RNN", 1, 1), ("GRU", 3, 2), ("LSTM", 4, 3)):
        constants = {"w": noise(1, gates * 5, 3), "r": noise(1, gates * 5, 5), "b": noise(1, 2 * gates * 5)}
        ways: dict[str, dict[str, Any]] = {
            "clip": {"clip": 0.3},
            "numbers": {"activations": ["Affine", "HardSigmoid", "ScaledTanh"][:count], **told},
            "thresholds": {"activations": ["ThresholdedRelu", "LeakyRelu", "Tanh"][:count], **told},
            **{name: {"activations": [name, "HardSigmoid", "Tanh"][:count]} for name in usual},
        }
        for name, attributes in ways.items():
            made = n(kind, "x w r b", "y h", hidden_size=5, **attributes)
            yield case(f"{kind} {name}", [made], {"x": [4, 2, 3]}, constants, outputs="y h")


def recurrent() -> Iterator[Case]:
    inputs = {"x": [4, 2, 3]}
    for kind, gates in (("RNN", 1), ("GRU", 3), ("LSTM", 4)):
        for direction, count in (("forward", 1), ("reverse", 1), ("bidirectional", 2)):
            constants = {"w": noise(count, gates * 5, 3), "r": noise(count, gates * 5, 5), "b": noise(count, 2 * gates * 5)}
            made = n(kind, "x w r b", "y h", hidden_size=5, direction=direction)
            yield case(f"{kind} {direction}", [made], inputs, constants, outputs="y h")
    yield from gated()
    constants = {"w": noise(1, 15, 3), "r": noise(1, 15, 5), "b": noise(1, 30)}
    yield case(
        "GRU linear_before_reset",
        [n("GRU", "x w r b - i", "y h", hidden_size=5, linear_before_reset=1)],
        {**inputs, "i": [1, 2, 5]},
        constants,
        outputs="y h",
    )
    constants = {"w": noise(1, 20, 3), "r": noise(1, 20, 5), "p": noise(1, 15)}
    yield case(
        "LSTM peepholes, states",
        [n("LSTM", "x w r - - h0 c0 p", "y h c", hidden_size=5)],
        {**inputs, "h0": [1, 2, 5], "c0": [1, 2, 5]},
        constants,
        outputs="y h c",
    )


def quantized() -> Iterator[Case]:
    for dtype, zero in (("int8", 3), ("uint8", 130), ("int16", 0)):
        constants = {"s": np.float32(0.02), "z": np.asarray(zero, dtype)}
        yield case(f"Q, DQ {dtype}", [n("QuantizeLinear", "x s z", "q"), n("DequantizeLinear", "q s z", "y")], IMAGE, constants)
    constants = {"s": np.float32(0.02), "z": np.uint8(130), "t": np.float32(0.5)}
    yield case("Q uint8 out", [n("QuantizeLinear", "x s z", "y")], IMAGE, constants)
    yield case("DQ uint8 in", [n("DequantizeLinear", "x s z", "y")], {"x": (TensorProto.UINT8, [2, 3])}, constants)
    yield case("Q of halves", [n("QuantizeLinear", "x t", "q"), n("DequantizeLinear", "q t", "y")], {"x": [64]}, constants)
    codes = np.arange(-6, 6, dtype=np.int8).reshape(3, 2, 2, 1)
    weights = {"w": codes, "ws": np.asarray([0.1, 0.2, 0.3], np.float32), "wz": np.zeros(3, np.int8)}
    layer = [
        n("QuantizeLinear", "x s z", "q"),
        n("DequantizeLinear", "q s z", "d"),
        n("DequantizeLinear", "w ws wz", "f", axis=0),
        n("Conv", "d f", "c"),
        n("Relu", "c", "r"),
        n("QuantizeLinear", "r t", "p"),
        n("DequantizeLinear", "p t", "y"),
    ]
    yield case("Conv", layer, {"x": [1, 2, 4, 4]}, {**constants, **weights})
    yield integers(
        "Conv bias, strides",
        [n("Conv", "d f b", "c", strides=[2, 1], pads=[1, 0, 1, 2])],
        [2, 3, 5, 6],
        [4, 3, 3, 2],
        bias=True,
    )
    yield integers("Conv depthwise", [n("Conv", "d f", "c", group=3, auto_pad="SAME_UPPER")], [1, 3, 5, 5], [3, 1, 3, 3])
    yield integers("Conv groups", [n("Conv", "d f", "c", group=2)], [1, 4, 5, 5], [6, 2, 3, 3])
    yield integers("Conv 1-D", [n("Conv", "d f", "c", dilations=[2])], [2, 3, 9], [4, 3, 3])
    yield integers("Gemm", [n("Gemm", "d f b", "c", transB=1)], [2, 12], [5, 12], bias=True)
    yield integers("Gemm asymmetric", [n("Gemm", "d f", "c", transB=1)], [2, 12], [5, 12], zero=7)
    halves = {"s": np.float32(0.5), "ws": np.float32(0.25), "bs": np.float32(0.125), "t": np.float32(4.0)}
    ties = [n("Conv", "d f b", "c", pads=[1, 1, 1, 1])]
    yield integers("Conv ties", ties, [1, 2, 5, 6], [4, 2, 3, 3], bias=True, single=True, constants=halves)
    ties = [n("Conv", "d f b", "c", group=4, pads=[1, 1, 1, 1])]
    yield integers("Conv depthwise ties", ties, [1, 4, 5, 6], [4, 1, 3, 3], bias=True, single=True, constants=halves)
    yield integers(
        "MaxPool",
        [
            n("Conv", "d f", "e"),
            n("Relu", "e", "r"),
            n("QuantizeLinear", "r t o", "q1"),
            n("DequantizeLinear", "q1 t o", "d1"),
            n("MaxPool", "d1", "c", kernel_shape=[2, 2]),
        ],
        [1, 2, 5, 5],
        [3, 2, 2, 2],
    )
    flat = [
        n("Conv", "d f", "e"),
        n("QuantizeLinear", "e t o", "q1"),
        n("DequantizeLinear", "q1 t o", "d1"),
        n("Flatten", "d1", "c"),
    ]
    yield integers("Flatten", flat, [2, 2, 5, 5], [3, 2, 2, 2])
    table = [n("Sigmoid", "d", "g"), n("Mul", "g k", "m"), n("Add", "m k", "c")]
    yield integers("table", table, [2, 30], [1], constants={"k": np.float32(1.5)})


def integers(
    name: str,
    nodes: list[Any],
    x: list[int],
    w: list[int],
    *,
    bias: bool = False,
    zero: int = 0,
    single: bool = False,
    constants: dict[str, np.ndarray] | None = None,
    domains: Mapping[str, int] | None = None,
) -> Case:
    """Nodes from d to c, between DequantizeLinear and QuantizeLinear; f are dequantized weights, b a dequantized bias."""
    drawn = np.random.default_rng(w)
    single = single or bool(zero) or len(w) == 1
    scale = np.float32(0.0137) if single else drawn.uniform(0.008, 0.02, w[0]).astype(np.float32)
    known = {
        **{"s": np.float32(0.0313), "z": np.int8(-5), "t": np.float32(0.0519), "o": np.int8(11)},
        **{"w": drawn.integers(-127, 128, w).astype(np.int8), "ws": scale, "wz": np.full(scale.shape, zero, np.int8)},
        **{"bi": drawn.integers(-900, 900, w[0]).astype(np.int32), "bs": (np.float32(0.0313) * scale).astype(np.float32)},
        **(constants or {}),
    }
    axis = {} if single else {"axis": 0}
    before = [
        n("QuantizeLinear", "x s z", "q"),
        n("DequantizeLinear", "q s z", "d"),
        n("DequantizeLinear", "w ws wz", "f", **axis),
    ]
    after = [n("QuantizeLinear", "c t o", "p"), n("DequantizeLinear", "p t o", "y")]
    extra = [n("DequantizeLinear", "bi bs", "b", **axis)] if bias else []
    return case(name, [*before, *extra, *nodes, *after], {"x": x}, known, domains=domains)


FAMILIES = {
    "quantized": quantized,
    "more": more,
    "recurrent": recurrent,
    "elementwise": elementwise,
    "shapes": shapes,
    "windows": windows,
    "matrices": matrices,
    "reductions": reductions,
    "networks": networks,
}
