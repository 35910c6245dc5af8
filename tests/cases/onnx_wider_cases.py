# SPDX-License-Identifier: Apache-2.0
"""Small ONNX models of what no image classifier needs: indices, loops, volumes, samples between pixels, transforms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from onnx import TensorProto, helper
from onnx_models import Case, case, noise
from onnx_models import node as n

I64, I32, U8, I8, BOOL = TensorProto.INT64, TensorProto.INT32, TensorProto.UINT8, TensorProto.INT8, TensorProto.BOOL
CROP = "tf_crop_and_resize"
IMAGE = {"x": [2, 3, 5, 6]}
VOLUME = {"x": [1, 4, 3, 5, 4]}


def ints(*items: Any) -> np.ndarray:
    return np.asarray(items, np.int64)


def places() -> Iterator[Case]:
    """Elements and rows taken from, and put to, where indices say."""
    rows, updates = {"r": ints([1], [-1], [1])}, noise(3, 4)
    for kind in ("none", "add", "mul", "max", "min"):
        yield case(f"ScatterND {kind}", [n("ScatterND", "x r u", "y", reduction=kind)], {"x": [5, 4]}, {**rows, "u": updates})
        yield case(
            f"ScatterElements {kind}",
            [n("ScatterElements", "x r u", "y", axis=1, reduction=kind)],
            {"x": [3, 6]},
            {"r": ints([5, 0], [-1, 2], [3, 3]), "u": noise(3, 2)},
        )
    cells = [n("ScatterND", "x r u", "y")]
    yield case("ScatterND cells", cells, {"x": (I32, [3, 4])}, {"r": ints([0, 1], [2, -1]), "u": np.array([7, 8], np.int32)})
    yield case("GatherElements", [n("GatherElements", "x i", "y", axis=1)], {"x": [3, 4]}, {"i": ints([0, -1], [2, 2], [1, 3])})
    yield case("GatherElements run time", [n("GatherElements", "t i", "y")], {"i": (I64, [2, 5])}, {"t": noise(4, 5)})
    yield case("GatherND", [n("GatherND", "x i", "y", batch_dims=1)], {"x": [2, 3, 4]}, {"i": ints([[2]], [[-1]])})
    yield case("GatherND run time", [n("GatherND", "t i", "y")], {"i": (I64, [3, 2])}, {"t": noise(4, 5, 2)})
    yield case("OneHot", [n("OneHot", "i d v", "y", axis=0)], {"i": (I64, [2, 3])}, {"d": ints(3), "v": np.float32([-1, 2])})
    for upper, k in ((0, 1), (1, -2)):
        yield case(f"Trilu {upper}", [n("Trilu", "x k", "y", upper=upper)], {"x": [2, 4, 5]}, {"k": ints(k).reshape(())})
    yield case("Compress", [n("Compress", "x c", "y", axis=1)], {"x": [2, 4]}, {"c": np.array([True, False, True, False])})
    for axis, largest in ((0, 1), (1, 0)):
        top = [n("TopK", "x k", "v i", axis=axis, largest=largest)]
        yield case(f"TopK {axis}", top, {"x": [5, 4]}, {"k": ints(2)}, outputs="v i")
    yield case("ArgMin last", [n("ArgMin", "x", "y", axis=1, select_last_index=1)], {"x": (I32, [3, 5])})
    yield case("Hardmax", [n("Hardmax", "x", "y", axis=1)], {"x": [2, 3, 4]})


def control() -> Iterator[Case]:
    """Graphs inside nodes."""
    branches = {name: graph([n(kind, "x", name)], [], name) for name, kind in (("a", "Neg"), ("b", "Exp"))}
    chosen = n("If", "c", "y", then_branch=branches["a"], else_branch=branches["b"])
    yield case("If known", [chosen], {"x": [2, 3]}, {"c": np.array(False)})
    yield case("If", [chosen], {"x": [2, 3], "c": (BOOL, [1])})
    body = graph([n("Identity", "go", "on"), n("Add", "s x", "t"), n("Tanh", "t", "r")], ["i:i", "go:b", "s:f"], "on t r")
    yield case(
        "Loop",
        [n("Loop", "m - z", "e y", body=body)],
        {"x": [2, 3]},
        {"m": ints(4).reshape(()), "z": noise(2, 3)},
        outputs="e y",
    )
    stops = [n("Identity", "s", "s2"), n("Add", "s2 x", "t"), n("ReduceSum", "t", "u", keepdims=0), n("Less", "u l", "on")]
    until = graph(stops, ["i:i", "go:b", "s:f"], "on t")
    yield case(
        "Loop until",
        [n("Abs", "w", "x"), n("Loop", "m - z", "y", body=until)],
        {"w": [2, 3]},
        {"m": ints(5).reshape(()), "z": np.zeros((2, 3), np.float32), "l": np.float32(9)},
    )
    step = graph([n("Add", "s p", "t"), n("Mul", "t p", "r")], ["s:f", "p:f"], "t r", (3,))
    yield case(
        "Scan",
        [n("Scan", "z x", "e y", body=step, num_scan_inputs=1, scan_input_directions=[1], scan_output_axes=[1])],
        {"x": [4, 3]},
        {"z": noise(3)},
        outputs="e y",
    )


def graph(nodes: list[Any], inputs: list[str], outputs: str, shape: tuple[int, ...] = (2, 3)) -> Any:
    """A body: inputs as name:type of f(loat), i(nt64), b(ool)."""
    types = {"f": (TensorProto.FLOAT, list(shape)), "i": (I64, []), "b": (BOOL, [])}
    given = [helper.make_tensor_value_info(item[:-2], *types[item[-1]]) for item in inputs]
    made = [helper.make_tensor_value_info(word, *types["b" if word.startswith("on") else "f"]) for word in outputs.split()]
    return helper.make_graph(nodes, "body", given, made)


def volumes() -> Iterator[Case]:
    """Windows over three dimensions."""
    padded = {"pads": [1, 0, 1, 0, 1, 1], "strides": [2, 1, 1]}
    yield case("Conv 3-D", [n("Conv", "x w b", "y", **padded)], VOLUME, {"w": noise(5, 4, 2, 3, 2), "b": noise(5)})
    yield case("Conv 3-D depthwise", [n("Conv", "x w", "y", group=4)], VOLUME, {"w": noise(4, 1, 2, 2, 2)})
    up = [n("ConvTranspose", "x w b", "y", strides=[2, 1, 2], pads=[1, 0, 0, 0, 1, 1])]
    yield case("ConvTranspose 3-D", up, VOLUME, {"w": noise(4, 3, 3, 2, 2), "b": noise(3)})
    size = {"kernel_shape": [2, 3, 2], **padded}
    yield case("MaxPool 3-D", [n("MaxPool", "x", "y", **size)], VOLUME)
    for counted in (0, 1):
        yield case(f"AveragePool 3-D {counted}", [n("AveragePool", "x", "y", count_include_pad=counted, **size)], VOLUME)
    layers = [n("Conv", "x w", "c"), n("Relu", "c", "r"), n("MaxPool", "r", "p", kernel_shape=[1, 2, 2]), n("Conv", "p v", "y")]
    yield case("network 3-D", layers, VOLUME, {"w": noise(6, 4, 2, 2, 2), "v": noise(2, 6, 1, 1, 1)})
    pool = [n("MaxPool", "x", "p i", kernel_shape=[2, 2], strides=[2, 2], pads=[1, 0, 0, 1]), n("Identity", "i", "y")]
    yield case("MaxPool places", pool, IMAGE, outputs="p y")
    yield case("LpPool", [n("LpPool", "x", "y", kernel_shape=[2, 3], pads=[1, 0, 0, 1], p=3)], IMAGE)
    yield case("LRN", [n("LRN", "x", "y", size=5, alpha=0.3, beta=0.6, bias=1.5)], {"x": [1, 7, 3, 2]})


def samples() -> Iterator[Case]:
    """Images read between their pixels."""
    grid = {"x": [1, 2, 4, 5], "g": [1, 3, 4, 2]}
    for mode in ("linear", "nearest", "cubic"):
        for padding, corners in (("zeros", 0), ("border", 1), ("reflection", 0)):
            node = n("GridSample", "x k", "y", mode=mode, padding_mode=padding, align_corners=corners)
            yield case(f"GridSample {mode} {padding}", [n("Mul", "g c", "k"), node], grid, {"c": np.float32(1.37)})
    rois = {"r": np.float32([[0, 0, 3, 3], [1.5, 0.5, 9, 7]]), "b": ints(0, 1)}
    for mode in ("avg", "max"):
        node = n("RoiAlign", "x r b", "y", mode=mode, output_height=2, output_width=3, sampling_ratio=2, spatial_scale=0.5)
        yield case(f"RoiAlign {mode}", [node], IMAGE, rois)
    sizes = {"s": np.float32([1, 1, 1.7, 0.6])}
    for attributes in ({}, {"exclude_outside": 1}, {"antialias": 1}, {"coordinate_transformation_mode": "asymmetric"}):
        node = n("Resize", "x - s", "y", mode="cubic", **attributes)
        yield case(f"Resize cubic {attributes}", [node], IMAGE, sizes)
    yield case("Resize antialias", [n("Resize", "x - s", "y", mode="linear", antialias=1)], IMAGE, sizes)
    crop = n("Resize", "x o - z", "y", mode="linear", coordinate_transformation_mode=CROP, extrapolation_value=3.0)
    region = {"o": np.float32([0, 0, 0.2, 0.4, 1, 1, 0.9, 1.3]), "z": ints(2, 3, 4, 4)}
    yield case("Resize crop", [crop], IMAGE, region)
    yield case("Shrink", [n("Shrink", "x", "y", lambd=0.3, bias=0.1)], IMAGE)


def transforms() -> Iterator[Case]:
    """Fourier transforms, and sums over named dimensions."""
    for length in (6, 24):
        yield case(f"DFT {length}", [n("DFT", "x", "y", onesided=1)], {"x": [2, length, 1]}, oracle="reference")
        yield case(f"DFT whole {length}", [n("DFT", "x", "y")], {"x": [2, length, 1]}, oracle="reference")
    yield case("DFT inverse", [n("DFT", "x", "y", inverse=1)], {"x": [2, 6, 2]}, oracle="reference")
    known = {"s": ints(4).reshape(()), "w": np.abs(noise(8))}
    yield case("STFT", [n("STFT", "x s w", "y")], {"x": [2, 20, 1]}, known, oracle="reference")
    yield case("Det", [n("Det", "x", "y")], {"x": [2, 4, 4]})
    for equation, shapes in (
        ("bij,bjk->bik", ([2, 3, 4], [2, 4, 5])),
        ("bhid,bhjd->bhij", ([1, 2, 3, 4], [1, 2, 5, 4])),
        ("ij,j->i", ([3, 4], [4])),
        ("i,j->ij", ([3], [4])),
        ("...ij->...ji", ([2, 3, 4],)),
        ("bii->b", ([2, 3, 3],)),
        ("abc,cd,bd->a", ([2, 3, 4], [4, 5], [3, 5])),
    ):
        names = "xyz"[: len(shapes)]
        given = dict(zip(names, shapes, strict=True))
        yield case(f"Einsum {equation}", [n("Einsum", " ".join(names), "o", equation=equation)], given, outputs="o")


def integers() -> Iterator[Case]:
    """Integers of all sizes as numbers."""
    for kind in ("Add", "Sub", "Mul", "Max", "Equal", "Greater"):
        for dtype, name in ((U8, "uint8"), (I8, "int8"), (TensorProto.UINT16, "uint16"), (TensorProto.UINT32, "uint32")):
            oracle = "reference" if dtype in (TensorProto.UINT16, I8) or kind in ("Equal", "Greater", "Max") else "ort"
            yield case(f"{kind} {name}", [n(kind, "x z", "y")], {"x": (dtype, [3, 4]), "z": (dtype, [4])}, oracle=oracle)
    yield case("Div int64", [n("Div", "x c", "y")], {"x": (I64, [3, 4])}, {"c": ints(3, -2, 7, 1)})
    yield case("Mod fmod", [n("Mod", "x c", "y", fmod=1)], {"x": [3, 4]}, {"c": np.float32([0.3, -0.7, 2, 1])})
    for kind in ("BitwiseAnd", "BitwiseOr", "BitwiseXor"):
        yield case(kind, [n(kind, "x z", "y")], {"x": (I32, [3, 4]), "z": (I32, [4])})
    for direction in ("LEFT", "RIGHT"):
        shift = [n("BitShift", "x c", "y", direction=direction)]
        yield case(f"BitShift {direction}", shift, {"x": (U8, [3, 4])}, {"c": np.array([0, 1, 3, 7], np.uint8)})
        wide = {"c": np.array([0, 1, 40, 63], np.int64)}
        yield case(f"BitShift {direction} 64", shift, {"x": (I64, [3, 4])}, wide, oracle="reference")
        as_they_lie = [n("Cast", "x", "u", to=TensorProto.UINT64), n("BitShift", "u c", "v", direction=direction)]
        as_they_lie.append(n("Cast", "v", "y", to=I64))
        yield case(f"BitShift {direction} uint64", as_they_lie, {"x": (I64, [3, 4])}, {"c": wide["c"].astype(np.uint64)})
    for kind in ("BitwiseAnd", "BitwiseOr", "BitwiseXor"):
        yield case(f"{kind} 64", [n(kind, "x c", "y")], {"x": (I64, [3, 4])}, {"c": ints(-5, 0, 1 << 40, 77)})
    yield case("Pow int64", [n("Pow", "x c", "y")], {"x": (I64, [3, 4])}, {"c": ints(3, 0, 1, 2)})


def fused() -> Iterator[Case]:
    """What ONNX Runtime's optimizer writes."""
    domain, imports = "com.microsoft", {"com.microsoft": 1}
    known = {"g": noise(6) + 1, "b": noise(6), "c": noise(6, seed=1), "w": noise(4, 3, 2, 2), "m": noise(6, 5)}
    rows = {"x": [2, 3, 6], "k": [2, 3, 6]}
    skip = n("SkipLayerNormalization", "x k g b c", "y", domain=domain, epsilon=1e-5)
    yield case("SkipLayerNormalization", [skip], rows, known, domains=imports)
    rms = n("SkipSimplifiedLayerNormalization", "x k g b", "y p q s", domain=domain)
    rms.output[1:3] = ["", ""]
    yield case("SkipSimplifiedLayerNormalization", [rms], rows, known, outputs="y s", domains=imports)
    for kind, operands in (("Gelu", "x"), ("FastGelu", "x b"), ("BiasGelu", "x b"), ("QuickGelu", "x")):
        yield case(f"{kind} fused", [n(kind, operands, "y", domain=domain)], {"x": [2, 3, 6]}, known, domains=imports)
    conv = n("FusedConv", "x w - z", "y", domain=domain, activation="Relu")
    yield case("FusedConv", [conv], {**IMAGE, "z": [2, 4, 4, 5]}, {"w": known["w"]}, domains=imports)
    matmul = n("FusedMatMul", "x m", "y", domain=domain, transA=1, alpha=0.5)
    yield case("FusedMatMul", [matmul], {"x": [2, 6, 3]}, {"m": known["m"]}, domains=imports)
    cell = n("LSTM", "x w r b", "y h c", hidden_size=3, direction="bidirectional")
    run_time = {"x": [4, 2, 5], "w": [2, 12, 5], "r": [2, 12, 3], "b": [2, 24]}
    yield case("LSTM run time", [cell], run_time, outputs="y h c")
    lengths = n("GRU", "x w r - l", "y h", hidden_size=3, direction="bidirectional", linear_before_reset=1)
    weights = {"w": noise(2, 9, 5), "r": noise(2, 9, 3), "l": np.array([4, 2], np.int32)}
    yield case("GRU lengths", [lengths], {"x": [4, 2, 5]}, weights, outputs="y h")


FAMILIES = {
    "fused": fused,
    "places": places,
    "control": control,
    "volumes": volumes,
    "samples": samples,
    "transforms": transforms,
    "integers": integers,
}
