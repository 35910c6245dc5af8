# SPDX-License-Identifier: Apache-2.0
"""Models in the making: a builder whose choices hypothesis draws. families.py says what is built with it, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from hypothesis import strategies as st
from model_builder import ModelBuilder
from numpy.typing import NDArray

from tinycc.execution.comparison import FLOAT_TOLERANCE

Array = NDArray[Any]
Shape = tuple[int, ...]
T = TypeVar("T")

ACTIVATIONS = ("NONE", "RELU", "RELU6", "RELU_N1_TO_1")
QUANTIZED = ("int8", "uint8", "int16")
ULPS = 4


class Q(NamedTuple):
    """Per-tensor quantization."""

    scale: float
    zero_point: int = 0


class Tensor(NamedTuple):
    """A tensor of the model: its number in the file, and what is in it."""

    index: int
    shape: Shape
    dtype: str
    q: Q | None = None

    @property
    def rank(self) -> int:
        return len(self.shape)

    def __str__(self) -> str:
        q = f" {self.q.scale:g}/{self.q.zero_point}" if self.q else ""
        return f"{self.dtype}[{','.join(map(str, self.shape))}]{q}"


@dataclass(frozen=True, repr=False)
class Sample:
    """A model to try, and how: floats within `ulps` of the reference each, or (None) within 1e-5 of the range as sums are.
    (The range of all runs, since a single sum may be next to nothing of what was added up.)

    Inputs of floats have a deviation of `magnitude`, of int32 and int64 lie in `span`.
    """

    text: str
    model: bytes
    ulps: int | None
    magnitude: float
    span: tuple[int, int]
    oracles: tuple[str, ...] = ("tflm", "litert")

    def __repr__(self) -> str:
        return self.text

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What hypothesis shows."""
        printer.text(self.text)

    def tolerance(self, reference: Array, span: float) -> Array:
        """How far floats may be from `reference`; `span` is the range of this output in all runs."""
        if self.ulps is None:
            return np.full(reference.shape, FLOAT_TOLERANCE * span)
        with np.errstate(invalid="ignore"):
            return self.ulps * np.spacing(np.abs(reference)).astype(np.float64)


class Draft(ModelBuilder):
    """`kind` says what it is made of: an element type, "int16x8" (int16, int8 weights) or "hybrid" (float32, int8 weights).

    What shrinks, shrinks to the first choice, the smallest number, the plainest quantization.
    """

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], kind: str) -> None:
        super().__init__()
        self.draw, self.kind = draw, kind
        self.dtype = {"int16x8": "int16", "hybrid": "float32"}.get(kind, kind)
        self.rng = np.random.default_rng(draw(st.integers(0, 9999)))
        self.lines: list[str] = []
        self.made: list[Tensor] = []
        self.ulps: int | None = ULPS
        self.magnitude = 3.0
        self.span = (-1000, 1000)
        self.oracles: tuple[str, ...] = ("tflm", "litert")

    # Choices

    def one_of(self, *choices: T) -> T:
        drawn: T = self.draw(st.sampled_from(choices))
        return drawn

    def number(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def chance(self, one_in: int) -> bool:
        return self.number(0, one_in - 1) == one_in - 1

    def shape(self, low: int = 1, high: int = 5, *, size: int = 6) -> Shape:
        """Of `low` to `high` dimensions; now and then one is long."""
        dims = [self.number(1, size) for _ in range(self.number(low, high))]
        if dims and self.chance(8):
            dims[self.number(0, len(dims) - 1)] = self.number(1, 40)
        return tuple(dims)

    def image(self) -> Shape:
        channels = self.number(1, 6) if not self.chance(4) else self.number(1, 35)
        return (self.one_of(1, 1, 2, 3), self.number(1, 9), self.number(1, 9), channels)

    def axis(self, rank: int) -> int:
        """From the front or from the end."""
        return self.number(-rank, rank - 1)

    @property
    def quantized(self) -> bool:
        return self.dtype in QUANTIZED

    def zero_point(self, dtype: str) -> int:
        if dtype == "int16":
            return 0
        low = -128 if dtype == "int8" else 0
        return self.one_of(low + 128, low, low + 255, self.number(low, low + 255))

    def jitter(self, tenths: int) -> float:
        """10**(tenths / 10), or up to a quarter more, so that mantissas differ."""
        fraction = self.rng.random() / 4 if self.number(0, 3) else 0.0
        return float(np.float32(10 ** (tenths / 10) * (1 + fraction)))

    def quantization(self, dtype: str = "") -> Q | None:
        dtype = dtype or self.dtype
        if dtype not in QUANTIZED:
            return None
        scale = 2.0 ** self.number(-10, 3) if self.chance(6) else self.jitter(self.number(-25, 3))
        if self.chance(10):
            scale = self.jitter(self.number(-60, 20))
        return Q(scale / 256 if dtype == "int16" else scale, self.zero_point(dtype))

    def fitting(self, scale: float) -> Q | None:
        """For a result of some hundred times `scale`: mostly one that fits, now and then far too fine or coarse."""
        if not self.quantized:
            return None
        tenths = self.number(-30, 40) if self.chance(6) else self.number(-6, 6)
        return Q(scale * self.jitter(tenths), self.zero_point(self.dtype))

    # Tensors

    def note(self, tensor: Tensor) -> Tensor:
        self.made.append(tensor)
        return tensor

    def x(self, shape: Shape, dtype: str = "", q: Q | None = None) -> Tensor:
        """A further input. Quantized as drawn, if `q` is not given and the type is."""
        dtype = dtype or self.dtype
        q = q or self.quantization(dtype)
        return self.note(Tensor(self.input(shape, dtype, **fields(q)), shape, dtype, q))

    def plain(self, shape: Shape, dtype: str) -> Tensor:
        """An input that is not quantized."""
        return self.note(Tensor(self.input(shape, dtype), shape, dtype))

    def y(self, shape: Sequence[int], q: Q | None = None, dtype: str = "") -> Tensor:
        """A result."""
        shape, dtype = tuple(int(size) for size in shape), dtype or self.dtype
        return self.note(Tensor(self.tensor(shape, dtype, **fields(q)), shape, dtype, q))

    def like(self, x: Tensor, shape: Sequence[int]) -> Tensor:
        """A result in the type and quantization of `x`."""
        return self.y(shape, x.q, x.dtype)

    def filled(self, shape: Shape, dtype: str = "", q: Q | None = None) -> Tensor:
        """A constant of what inputs have."""
        dtype = dtype or self.dtype
        q = q or self.quantization(dtype)
        return Tensor(self.const(self.values(shape, dtype), **fields(q)), shape, dtype, q)

    def values(self, shape: Shape, dtype: str) -> Array:
        if dtype in ("float32", "float16"):
            return (self.magnitude * self.rng.standard_normal(shape)).astype(dtype)
        if dtype == "bool":
            return self.rng.integers(0, 2, shape).astype(np.bool_)
        low, high = self.span if dtype in ("int32", "int64") else (np.iinfo(dtype).min, np.iinfo(dtype).max)
        if dtype in QUANTIZED and self.chance(12):
            return np.full(shape, self.one_of(low, high, 0), dtype)
        return self.rng.integers(low, high, shape, dtype=np.dtype(dtype).type, endpoint=True)

    def ints(self, values: Any, dtype: str = "int32") -> int:
        """A constant operand of integers."""
        return self.const(np.asarray(values, dtype))

    def weights(self, shape: Shape, channels: int, axis: int) -> tuple[int, tuple[float, ...]]:
        """Constant weights as `kind` has them; the tensor's number, and the scales."""
        if self.kind == "float32":
            return self.const((self.rng.standard_normal(shape) / 3).astype(np.float32)), ()
        if self.kind == "uint8":
            q = Q(self.jitter(self.number(-25, -15)), self.zero_point("uint8"))
            return self.const(self.values(shape, "uint8"), **fields(q)), (q.scale,)
        count = channels if self.one_of(True, True, False) else 1
        base = self.jitter(self.number(-60, 0) if self.chance(10) else self.number(-25, -15))
        scales = tuple(float(np.float32(base * (0.3 + self.rng.random()))) for _ in range(count))
        limit = self.one_of(127, 127, 20, 1)
        codes = self.rng.integers(-limit, limit, shape, dtype=np.int8, endpoint=True)
        return self.const(codes, scale=scales, axis=axis if count > 1 else 0), scales

    def bias(self, channels: int, x: Tensor, scales: tuple[float, ...]) -> tuple[int, dict[str, int]]:
        """The bias operand, and the options that go with its type."""
        if self.dtype == "float32":
            return self.const(self.rng.standard_normal(channels).astype(np.float32)), {}
        assert x.q is not None
        wide = self.kind == "int16x8"
        dtype = self.one_of("int64", "int32") if wide else "int32"
        limit = self.one_of(20_000, 1_000_000 if not wide else 10**7, 0)
        values = self.rng.integers(-limit, limit, channels, endpoint=True).astype(dtype)
        options = {"quantized_bias_type": 2} if wide and dtype == "int32" else {}
        return self.const(values, scale=[x.q.scale * scale for scale in scales]), options

    # Results

    def apply(self, code: str, inputs: Sequence[Tensor | int], outputs: Sequence[Tensor], **options: Any) -> None:
        indices = [item if isinstance(item, int) else item.index for item in inputs]
        self.op(code, indices, [tensor.index for tensor in outputs], **options)
        shown = [str(item) if isinstance(item, Tensor) else self.shown(item) for item in inputs]
        said = "".join(f" {name}={value}" for name, value in options.items())
        self.lines.append(f"{code}({', '.join(shown)}) -> {', '.join(map(str, outputs))}{said}")

    def shown(self, index: int) -> str:
        """A constant operand, with its values if they are few."""
        if index < 0:
            return "-"
        tensor = self.tensors[index]
        data = self._file.buffers[tensor.buffer]
        text = f"{tensor.dtype}{list(tensor.shape)}"
        if tensor.dtype in ("int32", "int64") and 0 < len(data) <= 80:
            return f"{text}={np.frombuffer(data, tensor.dtype).tolist()}"
        zero = f"/{tensor.zero_points[0]}" if any(tensor.zero_points) else ""
        return text + (f" {tensor.scales[0]:g}{zero}{' ...' if len(tensor.scales) > 1 else ''}" if tensor.scales else "")

    def astray(self) -> None:
        """TFLM takes what is drawn, but reads it wrong: LiteRT settles it."""
        self.oracles = ("litert",)

    def sums(self) -> None:
        """From here on floats are compared as sums are."""
        self.ulps = None

    def sample(self, *outputs: Tensor) -> Sample:
        indices = list(dict.fromkeys(tensor.index for tensor in outputs))
        return Sample("; ".join(self.lines), self.build(indices), self.ulps, self.magnitude, self.span, self.oracles)


def fields(q: Q | None) -> dict[str, Any]:
    return {} if q is None else {"scale": q.scale, "zero_point": q.zero_point}
