# SPDX-License-Identifier: Apache-2.0
"""Operators that work element by element."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import partial
from typing import TypeVar

from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.rows.base import Row
from tinycc.ir import DType
from tinycc.ops.base import UNBOUNDED, Activation, Range, clamp_range, is_quantized
from tinycc.ops.elementwise.activations import HardSwish, LeakyRelu, Logistic, Relu, Sigmoid, Tanh
from tinycc.ops.elementwise.add_n import AddN
from tinycc.ops.elementwise.arithmetic import Add, Mul, Sub, Sum
from tinycc.ops.elementwise.bitwise import BitwiseXor, RightShift
from tinycc.ops.elementwise.broadcast import Broadcast
from tinycc.ops.elementwise.bucketize import Bucketize
from tinycc.ops.elementwise.comparison import Comparison, Equality, Order
from tinycc.ops.elementwise.division import Div, FloorDiv, FloorMod
from tinycc.ops.elementwise.fake_quant import FakeQuant
from tinycc.ops.elementwise.functions import (
    Abs,
    Ceil,
    Cos,
    Elu,
    Exp,
    Floor,
    Function,
    Gelu,
    Log,
    Neg,
    Round,
    Rsqrt,
    Sign,
    Sin,
    Sqrt,
    Square,
)
from tinycc.ops.elementwise.logical import LogicalAnd, LogicalNot, LogicalOr
from tinycc.ops.elementwise.maximum import Maximum, Minimum
from tinycc.ops.elementwise.power import Atan2, Pow, SquaredDifference
from tinycc.ops.elementwise.prelu import Prelu
from tinycc.ops.elementwise.select import Select

SumT = TypeVar("SumT", bound=Sum)


def add_n(node: Node) -> AddN:
    xs = tuple(node.input(position) for position in range(max(len(node.inputs), 2)))
    return AddN(xs=xs, outputs=node.outputs, origin=node.origin)


def clamped_sum(cls: type[SumT], node: Node) -> SumT:
    return cls(
        x1=node.input(0),
        x2=node.input(1),
        range=clamp_range(node.activation, node.outputs[0].type),
        outputs=node.outputs,
        origin=node.origin,
    )


def add(node: Node) -> Add:
    op = clamped_sum(Add, node)
    clamped, everything = op.y.dtype is not DType.INT32 or node.numerics.clamped_int32_add, Range(*DType.INT32.limits)
    return op if clamped or op.range == everything else replace(op, range=everything, unclamped=True)


def mul(node: Node) -> Mul:
    return Mul(
        x1=node.input(0),
        x2=node.input(1),
        range=clamp_range(node.activation, node.outputs[0].type),
        numerics=node.numerics,
        outputs=node.outputs,
        origin=node.origin,
    )


def two_operands(cls: type[Broadcast], node: Node) -> Broadcast:
    return cls(x1=node.input(0), x2=node.input(1), outputs=node.outputs, origin=node.origin)


def comparison(cls: type[Comparison], node: Node) -> Comparison:
    x1, x2 = node.input(0), node.input(1)
    return cls(x1=x1, x2=x2, relation=node.origin.kind, outputs=node.outputs, origin=node.origin)


def order(node: Node) -> Order:
    x1, x2 = node.input(0), node.input(1)
    scaled = node.numerics.scaled_order and x1.dtype is DType.INT16 and is_quantized(x1) and is_quantized(x2)
    return Order(x1=x1, x2=x2, relation=node.origin.kind, scaled=scaled, outputs=node.outputs, origin=node.origin)


def div(node: Node) -> Div:
    return Div(
        x1=node.input(0),
        x2=node.input(1),
        range=clamp_range(node.activation, node.outputs[0].type),
        outputs=node.outputs,
        origin=node.origin,
    )


MAX_BOUNDARIES = 2**16


def fake_quant(node: Node) -> FakeQuant:
    return FakeQuant(
        x=node.input(0),
        low=float(node.option("min")),
        high=float(node.option("max")),
        bits=int(node.option("num_bits")),
        narrow=bool(node.options.get("narrow_range", False)),
        outputs=node.outputs,
        origin=node.origin,
    )


def bucketize(node: Node) -> Bucketize:
    boundaries = tuple(float(number) for number in node.option("boundaries"))
    rising = all(a <= b for a, b in itertools.pairwise(boundaries))
    if not rising or not 0 < len(boundaries) <= MAX_BOUNDARIES or any(map(math.isnan, boundaries)):
        raise node.error(f"{len(boundaries)} boundaries", f"1 to {MAX_BOUNDARIES:,}, in rising order")
    return Bucketize(x=node.input(0), boundaries=boundaries, outputs=node.outputs, origin=node.origin)


def function(cls: type[Function], node: Node) -> Function:
    return cls(x=node.input(0), outputs=node.outputs, origin=node.origin)


def absolute(node: Node) -> Abs:
    return Abs(x=node.input(0), numerics=node.numerics, outputs=node.outputs, origin=node.origin)


def rsqrt(node: Node) -> Rsqrt:
    return Rsqrt(x=node.input(0), numerics=node.numerics, outputs=node.outputs, origin=node.origin)


def gelu(node: Node) -> Gelu:
    approximate = bool(node.options.get("approximate", False))
    return Gelu(x=node.input(0), approximate=approximate, outputs=node.outputs, origin=node.origin)


def logical_not(node: Node) -> LogicalNot:
    return LogicalNot(x=node.input(0), outputs=node.outputs, origin=node.origin)


def prelu(node: Node) -> Prelu:
    return Prelu(x1=node.input(0), x2=node.input(1), numerics=node.numerics, outputs=node.outputs, origin=node.origin)


def select(node: Node) -> Select:
    condition, x1, x2 = (node.input(position) for position in range(3))
    leading = node.origin.kind == "SELECT" and len(condition.shape) == 1 < len(x1.shape)
    return Select(condition=condition, x1=x1, x2=x2, leading=leading, outputs=node.outputs, origin=node.origin)


def relu(node: Node) -> Relu:
    x, y = node.input(0), node.outputs[0]
    kind = Activation[node.origin.kind]
    rescaled = kind is not Activation.RELU6 or node.numerics.rescaled_relu6
    bounds = clamp_range(kind, y.type if rescaled else x.type, UNBOUNDED)
    return Relu(x=x, range=bounds, rescaled=rescaled, numerics=node.numerics, outputs=node.outputs, origin=node.origin)


def leaky_relu(node: Node) -> LeakyRelu:
    x, alpha = node.input(0), float(node.option("alpha"))
    return LeakyRelu(x=x, alpha=alpha, numerics=node.numerics, outputs=node.outputs, origin=node.origin)


def hard_swish(node: Node) -> HardSwish:
    return HardSwish(x=node.input(0), numerics=node.numerics, outputs=node.outputs, origin=node.origin)


def sigmoid(cls: type[Sigmoid], node: Node) -> Sigmoid:
    return cls(x=node.input(0), numerics=node.numerics, outputs=node.outputs, origin=node.origin)


ROWS = {
    "FAKE_QUANT": Row(fake_quant, (FakeQuant,)),
    "BUCKETIZE": Row(bucketize, (Bucketize,)),
    "ADD_N": Row(add_n, (AddN,)),
    "ADD": Row(add, (Add,)),
    "SUB": Row(partial(clamped_sum, Sub), (Sub,)),
    "MUL": Row(mul, (Mul,)),
    "EQUAL": Row(partial(comparison, Equality), (Equality,)),
    "NOT_EQUAL": Row(partial(comparison, Equality), (Equality,)),
    "GREATER": Row(order, (Order,)),
    "GREATER_EQUAL": Row(order, (Order,)),
    "LESS": Row(order, (Order,)),
    "LESS_EQUAL": Row(order, (Order,)),
    "DIV": Row(div, (Div,)),
    "FLOOR_DIV": Row(partial(two_operands, FloorDiv), (FloorDiv,)),
    "FLOOR_MOD": Row(partial(two_operands, FloorMod), (FloorMod,)),
    "ABS": Row(absolute, (Abs,)),
    "RSQRT": Row(rsqrt, (Rsqrt,)),
    "SQRT": Row(partial(function, Sqrt), (Sqrt,)),
    "EXP": Row(partial(function, Exp), (Exp,)),
    "LOG": Row(partial(function, Log), (Log,)),
    "ELU": Row(partial(function, Elu), (Elu,)),
    "GELU": Row(gelu, (Gelu,)),
    "SIN": Row(partial(function, Sin), (Sin,)),
    "COS": Row(partial(function, Cos), (Cos,)),
    "SQUARE": Row(partial(function, Square), (Square,)),
    "CEIL": Row(partial(function, Ceil), (Ceil,)),
    "FLOOR": Row(partial(function, Floor), (Floor,)),
    "ROUND": Row(partial(function, Round), (Round,)),
    "NEG": Row(partial(function, Neg), (Neg,)),
    "SIGN": Row(partial(function, Sign), (Sign,)),
    "LOGICAL_AND": Row(partial(two_operands, LogicalAnd), (LogicalAnd,)),
    "LOGICAL_OR": Row(partial(two_operands, LogicalOr), (LogicalOr,)),
    "LOGICAL_NOT": Row(logical_not, (LogicalNot,)),
    "BITWISE_XOR": Row(partial(two_operands, BitwiseXor), (BitwiseXor,)),
    "RIGHT_SHIFT": Row(partial(two_operands, RightShift), (RightShift,)),
    "MAXIMUM": Row(partial(two_operands, Maximum), (Maximum,)),
    "MINIMUM": Row(partial(two_operands, Minimum), (Minimum,)),
    "POW": Row(partial(two_operands, Pow), (Pow,)),
    "ATAN2": Row(partial(two_operands, Atan2), (Atan2,)),
    "SQUARED_DIFFERENCE": Row(partial(two_operands, SquaredDifference), (SquaredDifference,)),
    "PRELU": Row(prelu, (Prelu,)),
    "SELECT_V2": Row(select, (Select,)),
    "SELECT": Row(select, (Select,)),
    "RELU": Row(relu, (Relu,)),
    "RELU6": Row(relu, (Relu,)),
    "RELU_N1_TO_1": Row(relu, (Relu,)),
    "RELU_0_TO_1": Row(relu, (Relu,)),
    "LEAKY_RELU": Row(leaky_relu, (LeakyRelu,)),
    "HARD_SWISH": Row(hard_swish, (HardSwish,)),
    "LOGISTIC": Row(partial(sigmoid, Logistic), (Logistic,)),
    "TANH": Row(partial(sigmoid, Tanh), (Tanh,)),
}
