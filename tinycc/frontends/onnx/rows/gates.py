# SPDX-License-Identifier: Apache-2.0
"""The functions that gates and outputs of RNN, GRU and LSTM may have, with their numbers and before them a clip."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import rows
from tinycc.frontends.onnx.rows.elementwise import clamp
from tinycc.ir import Value
from tinycc.ops.elementwise.activations import Tanh
from tinycc.ops.elementwise.arithmetic import Add, Mul

Function = Callable[[Builder, Value], Value]

GATED = 2
"""Functions of sums of products, which a clip bounds; the third is that of an LSTM's cell."""
DEFAULTS = {"RNN": ("Tanh",), "GRU": ("Sigmoid", "Tanh"), "LSTM": ("Sigmoid", "Tanh", "Tanh")}
NUMBERS: dict[str, dict[str, float | None]] = {
    "Relu": {},
    "Tanh": {},
    "Sigmoid": {},
    "Softsign": {},
    "Softplus": {},
    "LeakyRelu": {"alpha": 0.01},
    "ThresholdedRelu": {"alpha": None},
    "Elu": {"alpha": 1.0},
    "HardSigmoid": {"alpha": 0.2, "beta": 0.5},
    "Affine": {"alpha": None, "beta": None},
    "ScaledTanh": {"alpha": None, "beta": None},
}
"""What a function is told, and what it is where nothing is said; None where runtimes do not agree on it."""


def functions(node: Node, kind: str, number: int, directions: int) -> tuple[Function, ...]:
    """Those of the direction `number` of a node that computes as `kind`, in its order. Raises CompileError."""
    kinds = {kind.lower(): kind for kind in NUMBERS}
    given = [name.decode("utf-8", "replace") for name in node.attribute("activations", None, list) or ()]
    named = given or [*DEFAULTS[kind]] * directions
    count = len(DEFAULTS[kind])
    if len(named) != count * directions:
        raise node.error(f"{len(named)} activations", f"{count * directions}")
    if strange := [name for name in named if name.lower() not in kinds]:
        raise node.error(f"activation {strange[0]}", " or ".join(NUMBERS))
    told = {role: iter(node.attr_floats(f"activation_{role}") or ()) for role in ("alpha", "beta")}
    made = [_function(node, kinds[name.lower()], told) for name in named]
    clip = node.attr_float("clip", 0.0)
    if clip < 0:
        raise node.error(f"clip {clip:g}", "a positive number")
    mine = made[number * count : (number + 1) * count]
    return tuple(_clipped(function, clip) if clip and at < GATED else function for at, function in enumerate(mine))


def _function(node: Node, kind: str, told: dict[str, Iterator[float]]) -> Function:
    """The numbers that functions are told follow one another."""
    numbers: dict[str, float] = {}
    for role, usual in NUMBERS[kind].items():
        number = next(told[role], usual)
        if number is None:
            raise node.error(f"activation {kind} without activation_{role}", "its numbers")
        numbers[role] = number

    def made(build: Builder, x: Value) -> Value:
        if kind == "Affine":
            return _affine(build, x, numbers["alpha"], numbers["beta"])
        if kind == "ScaledTanh":
            return _scaled(build, build.op(Tanh, x=_scaled(build, x, numbers["beta"])), numbers["alpha"])
        (result,) = _results(rows()["", kind](Node(build.origin, kind, 21, (x,), ("",), dict(numbers)), build))
        return result

    return made


def _results(made: Value | tuple[Value, ...]) -> tuple[Value, ...]:
    return made if isinstance(made, tuple) else (made,)


def _scaled(build: Builder, x: Value, factor: float) -> Value:
    return x if factor == 1.0 else build.binary(Mul, x, build.like(x, factor))


def _affine(build: Builder, x: Value, factor: float, addend: float) -> Value:
    product = _scaled(build, x, factor)
    return build.binary(Add, product, build.like(x, addend)) if addend else product


def _clipped(function: Function, most: float) -> Function:
    """Of what lies between -most and most."""
    return lambda build, x: function(build, clamp(build, x, -most, most))
