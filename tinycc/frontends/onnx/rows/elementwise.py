# SPDX-License-Identifier: Apache-2.0
"""Functions of one element, or of one element of each operand."""

from __future__ import annotations

import math
from functools import partial, reduce

import numpy as np
from onnx import TensorProto

from tinycc.frontends.onnx.builder import Builder
from tinycc.frontends.onnx.node import Node
from tinycc.frontends.onnx.rows import row
from tinycc.frontends.onnx.rows.quantized import CODES, OFFSET, TO_UINT8, signed_codes
from tinycc.frontends.onnx.tensors import TEXT, TYPES, type_name
from tinycc.ir import DType, TensorType, Value
from tinycc.ops.base import Operator, Range
from tinycc.ops.conversion.bits import BitCast
from tinycc.ops.elementwise.activations import HardSwish, LeakyRelu, Logistic, Relu, Tanh
from tinycc.ops.elementwise.arithmetic import Add, Mul, Sub
from tinycc.ops.elementwise.bitwise import BitwiseAnd, BitwiseOr, BitwiseXor, LeftShift, RightShift
from tinycc.ops.elementwise.comparison import Equality, Order
from tinycc.ops.elementwise.division import Div, FloorMod
from tinycc.ops.elementwise.functions import Abs, Ceil, Cos, Elu, Exp, Floor, Gelu, Log, Neg, Round, Sign, Sin, Sqrt
from tinycc.ops.elementwise.logical import LogicalAnd, LogicalNot, LogicalOr
from tinycc.ops.elementwise.maximum import Maximum, Minimum
from tinycc.ops.elementwise.pointwise import Lookup
from tinycc.ops.elementwise.power import Pow
from tinycc.ops.elementwise.prelu import Prelu
from tinycc.ops.elementwise.select import Select
from tinycc.ops.elementwise.transcendental import Acos, Acosh, Asin, Asinh, Atan, Atanh, Cosh, Erf, Sinh, Softplus, Tan

UNARY: dict[str, type[Operator]] = {
    "Erf": Erf,
    "Tan": Tan,
    "Sinh": Sinh,
    "Cosh": Cosh,
    "Asin": Asin,
    "Acos": Acos,
    "Atan": Atan,
    "Asinh": Asinh,
    "Acosh": Acosh,
    "Atanh": Atanh,
    "Softplus": Softplus,
    "Ceil": Ceil,
    "Cos": Cos,
    "Exp": Exp,
    "Floor": Floor,
    "HardSwish": HardSwish,
    "Log": Log,
    "Not": LogicalNot,
    "Round": Round,
    "Sigmoid": Logistic,
    "Sin": Sin,
    "Sqrt": Sqrt,
    "Tanh": Tanh,
}
BINARY: dict[str, type[Operator]] = {
    "Add": Add,
    "And": LogicalAnd,
    "BitwiseAnd": BitwiseAnd,
    "BitwiseOr": BitwiseOr,
    "BitwiseXor": BitwiseXor,
    "Div": Div,
    "Mul": Mul,
    "Or": LogicalOr,
    "Sub": Sub,
}
MANY: dict[str, type[Operator]] = {"Max": Maximum, "Min": Minimum, "Sum": Add}
RELATIONS: dict[str, tuple[type[Operator], str]] = {
    "Equal": (Equality, "EQUAL"),
    "Xor": (Equality, "NOT_EQUAL"),
    "Greater": (Order, "GREATER"),
    "GreaterOrEqual": (Order, "GREATER_EQUAL"),
    "Less": (Order, "LESS"),
    "LessOrEqual": (Order, "LESS_EQUAL"),
}


def _unary(cls: type[Operator], node: Node, build: Builder) -> Value:
    return build.op(cls, x=node.x)


def _binary(cls: type[Operator], node: Node, build: Builder) -> Value:
    return build.binary(cls, node.input(0), node.input(1))


def _many(cls: type[Operator], node: Node, build: Builder) -> Value:
    return reduce(partial(build.binary, cls), node.given)


AS_NUMBERS = (DType.FLOAT32, DType.INT32)
"""Types that every operator of one number takes; the smaller ones are codes there."""


def negative(build: Builder, x: Value) -> Value:
    """-x; the lowest integer stays."""
    return build.op(Neg, x=x) if x.dtype in AS_NUMBERS else build.binary(Sub, build.like(x, 0), x)


def magnitude(build: Builder, x: Value) -> Value:
    """|x|; the lowest integer stays."""
    if x.dtype in AS_NUMBERS or not x.dtype.is_integer:
        return build.op(Abs, x=x)
    return build.binary(Maximum, x, negative(build, x)) if x.dtype.limits[0] else x


@row("Neg")
def neg(node: Node, build: Builder) -> Value:
    return negative(build, node.x)


@row("Abs")
def absolute(node: Node, build: Builder) -> Value:
    return magnitude(build, node.x)


@row("Sign")
def sign(node: Node, build: Builder) -> Value:
    x = node.x
    if x.dtype in AS_NUMBERS or not x.dtype.is_integer:
        return build.op(Sign, x=x)
    above, below = (build.binary(Order, x, build.like(x, 0), relation=name) for name in ("GREATER", "LESS"))
    return build.binary(Sub, build.cast(above, x.dtype), build.cast(below, x.dtype))


@row("Mean")
def mean(node: Node, build: Builder) -> Value:
    total = reduce(partial(build.binary, Add), node.given)
    return total if len(node.given) == 1 else build.binary(Mul, total, build.like(total, 1 / len(node.given)))


@row("BitwiseNot")
def bitwise_not(node: Node, build: Builder) -> Value:
    ones = build.constant(np.array(-1).astype(node.x.dtype.numpy))
    return build.binary(BitwiseXor, node.x, ones)


@row("BitShift")
def bit_shift(node: Node, build: Builder) -> Value:
    direction = node.attr_text("direction", "")
    cls = {"LEFT": LeftShift, "RIGHT": RightShift}.get(direction)
    if cls is None:
        raise node.error(f"direction {direction!r}", "LEFT or RIGHT")
    x, count = node.input(0), node.input(1)
    if cls is RightShift and count.dtype in (DType.INT8, DType.INT16, DType.INT32, DType.INT64):
        outside = build.binary(Order, count, build.like(count, 0), relation="LESS")
        count = build.op(Select, condition=outside, x1=build.like(count, 8 * x.dtype.bytes - 1), x2=count, leading=False)
    return build.binary(cls, x, count)


@row("BitCast")
def bit_cast(node: Node, build: Builder) -> Value:
    dtype = TYPES.get(node.attr_int("to", 0), node.x.dtype)
    return build.op(BitCast, x=node.x, types=(TensorType(node.x.shape, dtype),))


def _relation(cls: type[Operator], relation: str, node: Node, build: Builder) -> Value:
    return build.binary(cls, node.input(0), node.input(1), relation=relation)


for _kind, _cls in UNARY.items():
    row(_kind)(partial(_unary, _cls))
for _kind, _cls in BINARY.items():
    row(_kind)(partial(_binary, _cls))
for _kind, _cls in MANY.items():
    row(_kind)(partial(_many, _cls))
for _kind, (_cls, _relation_name) in RELATIONS.items():
    row(_kind)(partial(_relation, _cls, _relation_name))


@row("Identity", "Dropout")
def identity(node: Node, build: Builder) -> tuple[Value, ...]:
    """The operand; of a Dropout also which elements are kept: all."""
    node.read.update(("ratio", "seed"))  # of training
    if node.optional(2) is not None and bool(node.constant(2).any()) and node.scalar(1, 0.5) != 0:
        raise node.error("training_mode", "an inference", "Export the model in evaluation mode.")
    if len(node.outputs) == 1 or not node.outputs[1]:
        return (node.x,)
    dtype = DType.BOOL if node.version >= 10 else node.x.dtype
    return node.x, build.constant(np.ones(node.x.shape), dtype)


def clamp(build: Builder, x: Value, low: float, high: float) -> Value:
    """min(max(x, low), high)."""
    if x.dtype in (DType.INT8, DType.UINT8):
        codes = signed_codes(build, x) if x.dtype is DType.UINT8 else x
        start = OFFSET if x.dtype is DType.UINT8 else 0
        table = np.clip(CODES.view(np.int8), max(low - start, -OFFSET), min(high - start, OFFSET - 1)).astype(np.int8)
        clamped = build.op(Lookup, x=codes, table=table)
        return build.op(Lookup, x=clamped, table=TO_UINT8) if start else clamped
    if x.dtype.is_integer:
        for cls, bound, limit in ((Maximum, low, x.dtype.limits[0]), (Minimum, high, x.dtype.limits[1])):
            x = x if bound == limit or math.isinf(bound) else build.binary(cls, x, build.like(x, bound))
        return x
    return build.op(Relu, x=x, range=Range(low, high), rescaled=True)


@row("Relu")
def relu(node: Node, build: Builder) -> Value:
    return clamp(build, node.x, 0, math.inf)


@row("Clip")
def clip(node: Node, build: Builder) -> Value:
    if node.version < 11:
        return clamp(build, node.x, node.attr_float("min", -math.inf), node.attr_float("max", math.inf))
    x, low, high = node.x, node.optional(1), node.optional(2)
    if all(bound is None or bound.constant for bound in (low, high)):
        most = node.scalar(2, math.inf)
        return clamp(build, x, min(node.scalar(1, -math.inf), most), most)
    for cls, bound in ((Maximum, low), (Minimum, high)):
        x = x if bound is None else build.binary(cls, x, bound)
    return x


@row("LeakyRelu")
def leaky_relu(node: Node, build: Builder) -> Value:
    return build.op(LeakyRelu, x=node.x, alpha=node.attr_float("alpha", 0.01))


@row("PRelu")
def prelu(node: Node, build: Builder) -> Value:
    return build.binary(Prelu, node.input(0), node.input(1))


@row("Elu")
def elu(node: Node, build: Builder) -> Value:
    if (alpha := node.attr_float("alpha", 1.0)) == 1.0:
        return build.op(Elu, x=node.x)
    below = build.binary(Mul, build.op(Elu, x=clamp(build, node.x, -math.inf, 0)), build.constant(np.float32(alpha)))
    return build.binary(Add, clamp(build, node.x, 0, math.inf), below)


@row("Gelu")
def gelu(node: Node, build: Builder) -> Value:
    approximate = node.attr_text("approximate", "none")
    if approximate not in ("none", "tanh"):
        raise node.error(f"attribute approximate {approximate!r}", "none or tanh")
    return build.op(Gelu, x=node.x, approximate=approximate == "tanh")


@row("HardSigmoid")
def hard_sigmoid(node: Node, build: Builder) -> Value:
    alpha, beta = node.attr_float("alpha", 0.2), node.attr_float("beta", 0.5)
    scaled = build.binary(Mul, node.x, build.like(node.x, alpha))
    return build.binary(Add, scaled, build.like(node.x, beta), range=Range(0.0, 1.0))


@row("Reciprocal")
def reciprocal(node: Node, build: Builder) -> Value:
    return build.binary(Div, build.like(node.x, 1), node.x)


@row("Pow")
def power(node: Node, build: Builder) -> Value:
    x, exponent = node.input(0), node.input(1)
    if exponent.dtype is DType.FLOAT32 and x.dtype is not DType.FLOAT32:
        return build.cast(build.binary(Pow, build.cast(x, DType.FLOAT32), exponent), x.dtype)
    exponent = build.cast(exponent, x.dtype)
    if exponent.data is not None and exponent.type.elements == 1 and len(exponent.shape) <= len(x.shape):
        if exponent.data.item() == 2:
            return build.binary(Mul, x, x)
        if exponent.data.item() == 0.5 and x.dtype is DType.FLOAT32:
            return build.op(Sqrt, x=x)
    return build.binary(Pow, x, exponent)


@row("Where")
def where(node: Node, build: Builder) -> Value:
    return build.op(Select, condition=node.input(0), x1=node.input(1), x2=node.input(2), leading=False)


@row("Cast", "CastLike")
def cast(node: Node, build: Builder) -> Value:
    node.read.update(("saturate", "round_mode"))  # of 8-bit floats alone
    if node.kind == "CastLike":
        return build.cast(node.x, node.input(1).dtype)
    number = node.attr_int("to", 0)
    if number == TEXT and node.x.labels is not None:
        return node.x
    if number == TensorProto.DOUBLE:
        return build.cast(node.x, DType.FLOAT32)  # what can be had; outputs of double are refused
    if number not in TYPES:
        raise node.error(f"a cast to {type_name(number)}", f"one of {', '.join(dtype.value for dtype in TYPES.values())}")
    return build.cast(node.x, TYPES[number])


@row("Softsign")
def softsign(node: Node, build: Builder) -> Value:
    return build.binary(Div, node.x, build.binary(Add, build.op(Abs, x=node.x), build.like(node.x, 1)))


def bent(build: Builder, x: Value, above: float, below: float, width: float = 1.0) -> Value:
    """above * x where x is positive, else below * (exp(x / width) - 1)."""
    negative = clamp(build, x, -math.inf, 0)
    scaled = negative if width == 1.0 else build.binary(Mul, negative, build.like(x, 1 / width))
    left = build.binary(Mul, build.op(Elu, x=scaled), build.like(x, below))
    right = clamp(build, x, 0, math.inf)
    return build.binary(Add, right if above == 1.0 else build.binary(Mul, right, build.like(x, above)), left)


@row("Selu")
def selu(node: Node, build: Builder) -> Value:
    alpha, gamma = node.attr_float("alpha", 1.67326319217681884765625), node.attr_float("gamma", 1.05070102214813232421875)
    return bent(build, node.x, gamma, gamma * alpha)


@row("Celu")
def celu(node: Node, build: Builder) -> Value:
    alpha = node.attr_float("alpha", 1.0)
    if not alpha:
        raise node.error("alpha 0", "another number")
    return bent(build, node.x, 1.0, alpha, alpha)


@row("Mish")
def mish(node: Node, build: Builder) -> Value:
    return build.binary(Mul, node.x, build.op(Tanh, x=build.op(Softplus, x=node.x)))


@row("Swish")
def swish(node: Node, build: Builder) -> Value:
    alpha = node.attr_float("alpha", 1.0)
    x = node.x if alpha == 1.0 else build.binary(Mul, node.x, build.like(node.x, alpha))
    return build.binary(Mul, node.x, build.op(Logistic, x=x))


@row("ThresholdedRelu")
def thresholded_relu(node: Node, build: Builder) -> Value:
    x = node.x
    above = build.binary(Order, x, build.like(x, node.attr_float("alpha", 1.0)), relation="GREATER")
    return build.op(Select, condition=above, x1=x, x2=build.like(x, 0), leading=False)


@row("IsNaN")
def is_nan(node: Node, build: Builder) -> Value:
    return build.binary(Equality, node.x, node.x, relation="NOT_EQUAL")


@row("Mod")
def mod(node: Node, build: Builder) -> Value:
    """The remainder with the sign of the divisor, or with `fmod` of the dividend."""
    x1, x2 = node.input(0), node.input(1)
    if not node.attr_int("fmod", 0):
        return build.binary(FloorMod, x1, x2)
    if x1.dtype.is_integer:
        return build.binary(Sub, x1, build.binary(Mul, build.binary(Div, x1, x2), x2))
    rest = build.binary(FloorMod, build.op(Abs, x=x1), build.op(Abs, x=x2))
    below = build.binary(Order, x1, build.like(x1, 0), relation="LESS")
    return build.op(Select, condition=below, x1=build.op(Neg, x=rest), x2=rest, leading=False)


@row("IsInf")
def is_inf(node: Node, build: Builder) -> Value:
    signs = (("detect_positive", math.inf), ("detect_negative", -math.inf))
    wanted = [value for name, value in signs if node.attr_int(name, 1)]
    if not wanted:
        return build.constant(np.zeros(node.x.shape), DType.BOOL)
    found = [build.binary(Equality, node.x, build.like(node.x, value), relation="EQUAL") for value in wanted]
    return reduce(partial(build.binary, LogicalOr), found)


@row("Shrink")
def shrink(node: Node, build: Builder) -> Value:
    """x + bias below -lambd, x - bias above lambd, 0 between."""
    x, bias, lambd = node.x, node.attr_float("bias", 0.0), node.attr_float("lambd", 0.5)
    above = build.binary(Order, x, build.like(x, lambd), relation="GREATER")
    below = build.binary(Order, x, build.like(x, -lambd), relation="LESS")
    less, more = (build.binary(cls, x, build.like(x, bias)) for cls in (Sub, Add))
    lower = build.op(Select, condition=below, x1=more, x2=build.like(x, 0), leading=False)
    return build.op(Select, condition=above, x1=less, x2=lower, leading=False)
