# SPDX-License-Identifier: Apache-2.0
"""What C computes in an int of 16 bits, and whether that holds it.

C computes in int whatever is not wider, so `a * b` of two int16_t is right where int has 32 bits and overflows where it has 16.
No warning of gcc or clang tells all of these. This reads clang's syntax tree for AVR and evaluates every expression whose type
is int or unsigned int by intervals: a variable holds anything that its type does, a literal its value. What may leave the
type is a finding. Intervals of types only: what is right for another reason is written so that it can be seen.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Node = dict[str, Any]
Interval = tuple[int, int]

TARGET = ("--target=avr", "-mmcu=atmega2560", "-isystem", "/usr/lib/avr/include")
TYPES: dict[str, Interval] = {
    "bool": (0, 1),
    "_Bool": (0, 1),
    "char": (-128, 127),
    "signed char": (-128, 127),
    "unsigned char": (0, 255),
    "short": (-(1 << 15), (1 << 15) - 1),
    "unsigned short": (0, (1 << 16) - 1),
    "int": (-(1 << 15), (1 << 15) - 1),
    "unsigned int": (0, (1 << 16) - 1),
    "long": (-(1 << 31), (1 << 31) - 1),
    "unsigned long": (0, (1 << 32) - 1),
    "long long": (-(1 << 63), (1 << 63) - 1),
    "unsigned long long": (0, (1 << 64) - 1),
}
"""Of AVR. int16_t is an int there, too."""
NARROW = ("int", "unsigned int")
COMPARISONS = ("<", ">", "<=", ">=", "==", "!=", "&&", "||")


@dataclass(frozen=True)
class Finding:
    """An expression that may not hold its value. `place` is file and line as far as clang tells them."""

    place: str
    function: str
    operator: str
    interval: Interval

    def __str__(self) -> str:
        return f"{self.place}: {self.function}: '{self.operator}' in 16 bits gives {self.interval[0]} .. {self.interval[1]}"


def findings(source: str, flags: Sequence[str] = ()) -> list[Finding]:
    """Of a C file, the functions in its headers included."""
    command = ["clang", *TARGET, "-std=c99", *flags, "-fsyntax-only", "-Xclang", "-ast-dump=json", source]
    tree = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    reader = _Reader(source)
    for node in tree.get("inner", ()):
        reader.look_at(node)
    return reader.found


class _Reader:
    """Walks the tree. Clang gives a file and a line only where they differ from the node before, so both are carried along."""

    def __init__(self, source: str) -> None:
        self.file, self.line, self.function = source, 0, ""
        self.found: list[Finding] = []

    def look_at(self, node: Node) -> None:
        """Every expression of `node` on its own: the outermost ones are evaluated, which evaluates what is in them."""
        self._go_to(node)
        if node.get("kind") == "FunctionDecl":
            self.function = node.get("name", "")
        if _type(node) in TYPES and node.get("kind", "").endswith(("Operator", "Expr", "Literal")):
            self._value(node)
        else:
            for child in node.get("inner", ()):
                self.look_at(child)

    def _go_to(self, node: Node) -> None:
        for place in (node.get("loc", {}), node.get("range", {}).get("begin", {})):
            spot = place.get("expansionLoc", place)
            self.file = spot.get("file", self.file)
            self.line = spot.get("line", self.line)

    def _value(self, node: Node) -> Interval:
        """What an arithmetic expression can be."""
        self._go_to(node)
        kind, own = node.get("kind"), TYPES[_type(node)]
        inner = [child for child in node.get("inner", ()) if child]
        if kind == "IntegerLiteral" or (kind == "ConstantExpr" and "value" in node):
            for child in inner:
                self.look_at(child)
            return int(node["value"]), int(node["value"])
        if kind == "CharacterLiteral":
            return int(node["value"]), int(node["value"])
        if kind in ("ParenExpr", "ConstantExpr"):
            return self._value(inner[0])
        if kind in ("ImplicitCastExpr", "CStyleCastExpr") and _type(inner[0]) in TYPES:
            value = self._value(inner[0])
            return value if own[0] <= value[0] and value[1] <= own[1] else own
        if kind == "ConditionalOperator":
            self.look_at(inner[0])
            values = [self._value(child) for child in inner[1:]]
            return min(low for low, _ in values), max(high for _, high in values)
        if kind == "UnaryOperator" and node["opcode"] in ("-", "+", "~", "!"):
            return self._checked(node, self._unary(node["opcode"], self._value(inner[0])))
        if kind == "BinaryOperator" and node["opcode"] not in (*COMPARISONS, ",", "=") and _arithmetic(inner):
            left, right = (self._value(child) for child in inner)
            return self._checked(node, _binary(node["opcode"], left, right))
        if kind == "CompoundAssignOperator" and _arithmetic(inner):
            return self._compound(node, inner)
        for child in inner:
            self.look_at(child)
        return (0, 1) if kind == "BinaryOperator" and node["opcode"] in COMPARISONS else own

    def _compound(self, node: Node, inner: list[Node]) -> Interval:
        left, right = (self._value(child) for child in inner)
        computed = node["computeResultType"]
        wide = dict(node, type=computed, opcode=node["opcode"].removesuffix("="))
        self._checked(wide, _binary(wide["opcode"], left, right))
        return TYPES[_type(node)]

    @staticmethod
    def _unary(opcode: str, value: Interval) -> Interval:
        low, high = value
        return {"-": (-high, -low), "+": value, "~": (~high, ~low), "!": (0, 1)}[opcode]

    def _checked(self, node: Node, value: Interval) -> Interval:
        """`value`, as far as the type of the expression goes."""
        own = TYPES[_type(node)]
        if own[0] <= value[0] and value[1] <= own[1]:
            return value
        complement = _type(node) == "unsigned int" and node["opcode"] == "~"
        if _type(node) in NARROW and not complement and not _is_size(node):
            name = self.file.rsplit("/", 1)[-1]
            self.found.append(Finding(f"{name}:{self.line}", self.function, node["opcode"], value))
        return own


def _type(node: Node) -> str:
    written = node.get("type", {})
    name = str(written.get("desugaredQualType", written.get("qualType", "")))
    name = name.replace("const ", "").replace("volatile ", "").replace("restrict ", "").strip()
    return "unsigned int" if name.startswith("enum ") else name


def _is_size(node: Node) -> bool:
    """A number of bytes. Memory of more than 2^16 bytes is not there where int has 16 bits."""
    if node.get("kind") == "UnaryExprOrTypeTraitExpr" or node.get("type", {}).get("qualType") in ("size_t", "const size_t"):
        return True
    return _type(node) == "unsigned int" and any(_is_size(child) for child in node.get("inner", ()) if child)


def _arithmetic(nodes: list[Node]) -> bool:
    """Integers all of them, not pointers or floats."""
    return all(_type(node) in TYPES for node in nodes)


def _binary(opcode: str, left: Interval, right: Interval) -> Interval:
    """The interval of `left opcode right`; shifts by what is no shift are findings of a huge value."""
    corners = list(_corners(opcode, left, right))
    return min(corners), max(corners)


def _corners(opcode: str, left: Interval, right: Interval) -> Iterator[int]:
    if opcode in ("&", "|", "^"):
        yield from _bits(opcode, left, right)
    elif opcode == "%":
        most = max(abs(right[0]), abs(right[1]), 1) - 1
        yield from (-min(most, max(0, -left[0])), min(most, max(0, left[1])))
    elif opcode in ("<<", ">>"):
        for x in left:
            for count in (max(0, right[0]), min(64, right[1])):
                yield x << count if opcode == "<<" else x >> count
    elif opcode == "/":
        divisors = {d for d in (right[0], right[1], -1, 1) if d != 0 and right[0] <= d <= right[1]}
        for x in left:
            yield from (abs(x) // abs(d) * (1 if (x < 0) == (d < 0) else -1) for d in divisors)
        yield 0
    else:
        for x in left:
            for y in right:
                yield {"+": x + y, "-": x - y, "*": x * y}[opcode]


def _bits(opcode: str, left: Interval, right: Interval) -> Iterator[int]:
    """Bounds of the results of `&`, `|` and `^`."""
    if opcode == "&" and (left[0] >= 0 or right[0] >= 0):  # Not more than an operand that is not negative.
        yield from (0, min(side[1] for side in (left, right) if side[0] >= 0))
        return
    bits = max(abs(x).bit_length() for x in (*left, *right))
    yield (1 << bits) - 1
    yield 0 if left[0] >= 0 and right[0] >= 0 else -(1 << bits)
