# SPDX-License-Identifier: Apache-2.0
"""Small ONNX models whose loops and branches are decided at run time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from onnx_models import Case, case, noise
from onnx_models import node as n
from onnx_wider_cases import BOOL, I64, graph, ints

STEPS = {"lo": ints(0).reshape(()), "hi": ints(7).reshape(())}
COUNTED = [n("Max", "n lo", "n0"), n("Min", "n0 hi", "m")]
"""A number of steps that comes at run time."""


def loops() -> Iterator[Case]:
    zero = {"z": np.zeros((2, 3), np.float32)}
    body = graph([n("Identity", "go", "on"), n("Add", "s x", "t"), n("Tanh", "t", "r")], ["i:i", "go:b", "s:f"], "on t r")
    yield case("Loop rows", [n("Loop", "m - z", "e y", body=body)], {"x": [2, 3]}, {"m": ints(40)[0], **zero}, outputs="e y")
    plain = graph([n("Identity", "go", "on"), n("Mul", "s x", "p"), n("Add", "p x", "t")], ["i:i", "go:b", "s:f"], "on t")
    yield case(
        "Loop counted", [*COUNTED, n("Loop", "m - z", "y", body=plain)], {"x": [2, 3], "n": (I64, [])}, {**zero, **STEPS}
    )
    stops = [n("Add", "s x", "t"), n("ReduceSum", "t", "u", keepdims=0), n("Less", "u l", "on")]
    until = graph(stops, ["i:i", "go:b", "s:f"], "on t")
    start = [n("Abs", "w", "v"), n("Add", "v one", "x")]
    given = {"l": np.float32(99), "one": np.float32(0.5), "go": np.array(True), **zero}
    yield case("Loop until", [*start, n("Loop", "- go z", "y", body=until)], {"w": [2, 3]}, given)
    yield case(
        "Loop from a condition",
        [*start, n("Loop", "m c z", "y", body=until)],
        {"w": [2, 3], "c": (BOOL, [])},
        {**given, "m": ints(50)[0]},
    )
    inner = graph([n("Identity", "go2", "on2"), n("Add", "s2 t", "t2")], ["j:i", "go2:b", "s2:f"], "on2 t2")
    nested = [n("Identity", "go", "on"), n("Mul", "s x", "t"), n("Loop", "k - t", "w", body=inner)]
    yield case(
        "Loop in a loop",
        [n("Loop", "m - x", "y", body=graph(nested, ["i:i", "go:b", "s:f"], "on w"))],
        {"x": [2, 3]},
        {"m": ints(9)[0], "k": ints(70)[0]},
    )
    yield from scans()


def scans() -> Iterator[Case]:
    step = graph([n("Add", "s p", "t"), n("Mul", "t p", "q"), n("Tanh", "q", "r")], ["s:f", "p:f"], "t r", (3,))
    for axis, way, place, turned in ((0, 0, 0, 0), (1, 1, 1, 1)):
        scan = n(
            "Scan",
            "z x",
            "e y",
            body=step,
            num_scan_inputs=1,
            scan_input_axes=[axis],
            scan_input_directions=[way],
            scan_output_axes=[place],
            scan_output_directions=[turned],
        )
        yield case(f"Scan {axis}", [scan], {"x": [[30, 3], [3, 30]][axis]}, {"z": noise(3)}, outputs="e y")


def branches() -> Iterator[Case]:
    made = {
        name: graph([n(kind, "x", "h"), n("Add", f"h {other}", name)], [], name)
        for name, kind, other in (
            ("a", "Neg", "x"),
            ("b", "Exp", "w"),
        )
    }
    chosen = n("If", "c", "y", then_branch=made["a"], else_branch=made["b"])
    yield case("If", [n("Abs", "v", "x"), chosen], {"v": [2, 3], "c": (BOOL, [1])}, {"w": noise(2, 3)})
    same = {name: graph([n("Identity", source, name)], [], name) for name, source in (("a", "x"), ("b", "w"))}
    yield case(
        "If without operators",
        [n("If", "c", "y", then_branch=same["a"], else_branch=same["b"])],
        {"x": [2, 3], "c": (BOOL, [1])},
        {"w": noise(2, 3)},
    )
    inside = [
        n("Identity", "go", "on"),
        n("Less", "i half", "c"),
        n(
            "If",
            "c",
            "t",
            then_branch=graph([n("Add", "s x", "a")], [], "a"),
            else_branch=graph([n("Sub", "s x", "b")], [], "b"),
        ),
    ]
    body = graph(inside, ["i:i", "go:b", "s:f"], "on t")
    yield case("If in a loop", [n("Loop", "m - x", "y", body=body)], {"x": [2, 3]}, {"m": ints(31)[0], "half": ints(9)[0]})


def layers() -> Iterator[Case]:
    """Recurrent layers of so many steps that they are loops."""
    lengths = {"n": np.array([12, 7], np.int32)}
    for kind, gates in (("RNN", 1), ("GRU", 3), ("LSTM", 4)):
        given = {"w": noise(2, gates * 5, 3), "r": noise(2, gates * 5, 5), "b": noise(2, gates * 10)}
        attributes = {"hidden_size": 5, "direction": "bidirectional"}
        yield case(f"{kind} loop", [n(kind, "x w r b", "y h", **attributes)], {"x": [12, 2, 3]}, given, outputs="y h")
        uneven = n(kind, "x w r b n", "y h", **attributes)
        yield case(f"{kind} loop of lengths", [uneven], {"x": [12, 2, 3]}, {**given, **lengths}, outputs="y h")
    rng = np.random.default_rng(3)
    codes = {"w": rng.integers(-127, 128, (2, 3, 20)), "r": rng.integers(-127, 128, (2, 5, 20))}
    scales = {"ws": np.float32([0.01, 0.007]), "wz": np.zeros(2, np.int8), "rs": np.float32([0.006, 0.008])}
    given = {**{name: item.astype(np.int8) for name, item in codes.items()}, **scales, "b": noise(2, 40)}
    inputs = "x w r b - - - - ws wz rs wz"
    layer = n("DynamicQuantizeLSTM", inputs, "y h c", domain="com.microsoft", hidden_size=5, direction="bidirectional")
    yield case("DynamicQuantizeLSTM", [layer], {"x": [12, 1, 3]}, given, outputs="y h c", domains={"com.microsoft": 1})


FAMILIES = {"layers": layers, "loops": loops, "branches": branches}
