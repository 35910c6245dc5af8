# SPDX-License-Identifier: Apache-2.0
"""What an operator declares, and the registry that finds the declarations.

An operator is one class in this package: operands and attributes (dataclass fields), its formula (docstring), `signatures`
(accepted element types), `conditions` (functions whose docstrings say what is required), `infer` and `eval`. Which file
operators become it is said in a front end (`tinycc.frontends.tflite.rows`), how it is computed in `tinycc.kernels`.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, ClassVar

import numpy as np

from tinycc.errors import Problem
from tinycc.ir import Array, DType, Op, TensorType, Value
from tinycc.numerics.fixedpoint import round_half_away


class Activation(Enum):
    """A fused activation, as the bounds it puts on real values."""

    NONE = (None, None)
    RELU = (0.0, None)
    RELU_N1_TO_1 = (-1.0, 1.0)
    RELU6 = (0.0, 6.0)
    RELU_0_TO_1 = (0.0, 1.0)

    def __init__(self, low: float | None, high: float | None) -> None:
        self.bounds = (low, high)


@dataclass(frozen=True)
class Range:
    """Inclusive bounds of an output, in units of what is stored: integer codes, or floats."""

    min: float
    max: float

    def __str__(self) -> str:
        return f"[{self.min:g},{self.max:g}]"

    def intersect(self, other: Range) -> Range:
        """Clamping by `self` and then by `other`."""
        return Range(min(max(self.min, other.min), other.max), max(min(self.max, other.max), other.min))


FLOAT_RANGE = Range(-float(np.finfo(np.float32).max), float(np.finfo(np.float32).max))
"""What TFLite clamps a float32 output to when there is no activation."""


def quantized(value: float, scale: float, zero_point: int) -> int:
    """zero_point + round(value / scale), the division in float32. Source: TFLite kernel_util.cc `Quantize`."""
    with np.errstate(all="ignore"):
        real = float(np.float32(value) / np.float32(scale))
    return zero_point + round_half_away(real)  # OverflowError, ValueError where the scale is next to nothing


UNBOUNDED = Range(-math.inf, math.inf)
"""Of the operators that clamp nothing without an activation, so that infinities pass."""


def clamp_range(activation: Activation, y: TensorType, reals: Range = FLOAT_RANGE) -> Range:
    """The stored-value bounds of a fused activation, those of float32 within `reals`. Source: TFLite
    `CalculateActivationRangeQuantized`, `CalculateActivationRange`.

    For a type that no operator accepts, which is told later, any bounds will do.
    """
    low, high = activation.bounds
    if not y.dtype.is_integer:
        return Range(reals.min if low is None else low, reals.max if high is None else high)
    minimum, maximum = y.dtype.limits
    if y.quantization is not None and not y.quantization.per_channel:
        scale, zero_point = y.quantization.scale, y.quantization.zero_point
        if low is not None:
            minimum = max(minimum, quantized(low, scale, zero_point))
        if high is not None:
            maximum = min(maximum, quantized(high, scale, zero_point))
    elif y.quantization is None:
        minimum = minimum if low is None else int(low)
        maximum = maximum if high is None else int(high)
    return Range(minimum, maximum)


@dataclass(frozen=True, eq=False, kw_only=True)
class Clamped(Op):
    """An op whose result is clamped to `range` last: a following activation can be fused into it."""

    range: Range


@dataclass(frozen=True)
class Signature:
    """A combination of element types that an operator accepts, under the name the documentation uses for it."""

    name: str
    operands: Mapping[str, DType]
    outputs: tuple[DType, ...]

    def matches(self, op: Op) -> bool:
        """Whether every operand that is present, and every output, has the declared type."""
        return all(self.operands.get(name, value.dtype) is value.dtype for name, value in op.operands) and all(
            value.dtype is dtype for value, dtype in zip(op.outputs, self.outputs, strict=False)
        )


def signature(name: str, y: DType, **operands: DType) -> Signature:
    return Signature(name, operands, (y,))


Condition = Callable[[Any], str | None]
"""Takes the op; returns None if it holds, else what was found. The docstring's first line is the requirement in words,
a second paragraph (optional) is the hint."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Operator(Op):
    """An Op with its declarations. `litert_rule` says, for a reader, where LiteRT's arithmetic differs from TFLM's.

    `blockwise` names the operands that may be quantized in blocks, `biases` those that are added to its sums.
    """

    signatures: ClassVar[tuple[Signature, ...]] = ()
    conditions: ClassVar[tuple[Condition, ...]] = ()
    litert_rule: ClassVar[str] = ""
    blockwise: ClassVar[tuple[str, ...]] = ()
    biases: ClassVar[tuple[str, ...]] = ("bias",)

    def written(self, outputs: tuple[Array, ...]) -> tuple[Array, ...] | None:
        """Which elements of `outputs` the reference runtimes write; None: all. The others hold whatever lay there before."""
        return None


def describe_types(op: Op) -> str:
    operands = ", ".join(f"{name}={value.dtype.value}" for name, value in op.operands)
    return f"{operands} -> {', '.join(value.dtype.value for value in op.outputs)}"


def paragraphs(documented: object) -> tuple[str, str]:
    """(requirement, hint) out of a condition's docstring; the first and the second paragraph of any."""
    text = (documented.__doc__ or "").strip()
    requirement, _, hint = text.partition("\n\n")
    return " ".join(requirement.split()).rstrip("."), " ".join(hint.split())


UNREAL = (DType.COMPLEX64, DType.BOOL)
"""Element types that are no codes of real numbers whatever a converter does."""


def _quantizing_helps(op: Operator) -> bool:
    """Whether what no signature takes may be a matter of quantization, and not of what the model computes with."""
    taken = {dtype for signature in op.signatures for dtype in (*signature.operands.values(), *signature.outputs)}
    types = [*(value.dtype for _, value in op.operands), *(value.dtype for value in op.outputs)]
    return not any(dtype in UNREAL and dtype not in taken for dtype in types)


def problems(op: Operator) -> list[Problem]:
    """Everything that keeps `op` from being compiled."""
    where = str(op.origin)
    if not any(signature.matches(op) for signature in op.signatures):
        accepted = "; or ".join(_signature_text(signature) for signature in op.signatures)
        hint = "Convert with full int8 quantization or as float32." if _quantizing_helps(op) else ""
        return [Problem(where, f"types {describe_types(op)}", accepted, hint, op.origin.kind)]
    for name, value in op.operands:
        if value.type.quantization is not None and value.type.quantization.block is not None and name not in op.blockwise:
            expected = "one scale, or one per channel"
            return [Problem(where, f"{name} %{value.name} quantized in blocks", expected, "", op.origin.kind)]
    found = []
    if not_finite := [f"{name} %{value.name}" for name, value in op.operands if _has_gaps(value) and op.macs and not op.graphs]:
        gaps = f"NaN or infinity in {', '.join(not_finite)}"
        expected = "weights and biases that are numbers"
        found.append(Problem(where, gaps, expected, "Has the training diverged?", op.origin.kind))
    for condition in op.conditions:
        if (what := condition(op)) is not None:
            requirement, hint = paragraphs(condition)
            found.append(Problem(where, what, f"that {requirement}", hint, op.origin.kind))
    return found


def _has_gaps(value: Value) -> bool:
    """Whether it is a constant with elements that are no finite numbers."""
    return value.data is not None and value.dtype in (DType.FLOAT32, DType.FLOAT16) and not np.isfinite(value.data).all()


def _signature_text(signature: Signature) -> str:
    operands = ", ".join(f"{name}={dtype.value}" for name, dtype in signature.operands.items())
    return f"{operands} -> {', '.join(dtype.value for dtype in signature.outputs)}"


@cache
def operators() -> tuple[type[Operator], ...]:
    """Every operator class of this package, by name."""
    package = importlib.import_module("tinycc.ops")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)

    def below(cls: type[Operator]) -> set[type[Operator]]:
        return {cls}.union(*(below(sub) for sub in cls.__subclasses__()))

    return tuple(sorted((cls for cls in below(Operator) if cls.signatures), key=lambda cls: cls.__name__))


def is_quantized(value: Value) -> bool:
    return value.dtype.is_integer and value.type.quantization is not None


def every_type(operand: str) -> tuple[Signature, ...]:
    """The signatures of an operator that only moves the elements of `operand`."""
    return tuple(signature(dtype.value, dtype, **{operand: dtype}) for dtype in DType)


EVERY_TYPE = every_type("x")
RUN_TIME_TYPES = (
    *(DType.BOOL, DType.INT8, DType.UINT8, DType.INT16),
    *(DType.INT32, DType.INT64, DType.FLOAT32, DType.UINT32),
)
"""Element types of tensors that are computed at run time; the others are those of constants."""
