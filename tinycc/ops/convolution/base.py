# SPDX-License-Identifier: Apache-2.0
"""What convolutions, FULLY_CONNECTED and BATCH_MATMUL share: products of an input and weights, summed, and a bias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from tinycc.ir import Array, DType, Reader, Value
from tinycc.numerics.fixedpoint import (
    Multiplier,
    product_multipliers,
    quantize_multiplier,
    requantize,
    requantize64,
    requantize_even,
    requantize_even_long,
    rounded,
)
from tinycc.numerics.rules import Numerics, Precision, Requantization
from tinycc.ops.base import Clamped, Condition, Operator, Signature, is_quantized, signature
from tinycc.ops.conditions import activations_quantized, centred_int16
from tinycc.ops.hybrid import quantize_asymmetric, quantize_symmetric
from tinycc.ops.window import Window


def packed_int16(weights: DType) -> tuple[Signature, ...]:
    """int16 activations with weights of less than a byte."""
    name = f"int16x{weights.bits}"
    biases = (DType.INT64, DType.INT32)
    return tuple(signature(name, DType.INT16, x=DType.INT16, weights=weights, bias=bias) for bias in biases)


class HybridScheme(NamedTuple):
    """How float32 inputs meet int8 weights. `asymmetric`: inputs are quantized with a zero point; `weights_first`: sums are
    multiplied by the weights' scale and then by the input's, not by the product of both."""

    asymmetric: bool
    weights_first: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class WeightedSum(Clamped, Operator):
    """y = clamp(requantize(bias + sums of (x - x_zero_point) * (weights - weights_zero_point))).

    float32: without zero points and requantization. hybrid (float32 x, integer weights): see tinycc.ops.hybrid.
    How sums are requantized is the runtime's: `rounding`. ONNX: round(sum * (x_scale * weights_scale / y_scale)), ties to even,
    in float32; in channels that are `exact`, as real numbers, which those of 16-bit codes all are. Source: ONNX QLinearConv,
    QLinearMatMul; ONNX Runtime's `MlasRequantizeOutput`.
    """

    x: Value
    weights: Value
    bias: Value | None = None
    numerics: Numerics
    exact: Array | None = None
    """SINGLE: bool[channels], those with a `form` of their own; None: none."""
    forms: Array | None = None
    """int64[channels, 3], of exact channels: (multiplier, shift, rest), by which sums become round((sum * multiplier + rest) *
    2**(shift - 31)), ties to even."""

    channel_axis: ClassVar[int] = 0
    """The dimension of the weights that has the outputs; -1: none has them alone."""

    @property
    def channels(self) -> int:
        """Outputs with weights of their own."""
        raise NotImplementedError(type(self).__name__)

    def sums(self, x: Array, weights: Array) -> Array:
        """The sums of products, [..., channels]; operands without zero points."""
        raise NotImplementedError(type(self).__name__)

    @property
    def hybrid_scheme(self) -> HybridScheme:
        raise NotImplementedError(type(self).__name__)

    @property
    def hybrid(self) -> bool:
        return self.x.dtype is DType.FLOAT32 and self.weights.dtype in (DType.INT8, DType.INT4, DType.INT2)

    @property
    def packed(self) -> bool:
        """int8 activations and weights of less than a byte."""
        return self.x.dtype is DType.INT8 and self.weights.dtype.packed

    @property
    def asymmetric_weights(self) -> bool:
        """Whether int8 weights have a zero point, as those have that were quantized to uint8."""
        return self.x.dtype is DType.INT8 and any(self.weights.quantization.zero_points)

    @property
    def wide_accumulators(self) -> bool:
        """Whether sums have 64 bits: of int16 inputs without an int32 bias."""
        return self.x.dtype is DType.INT16 and (self.bias is None or self.bias.dtype is not DType.INT32)

    @property
    def rounds_long(self) -> bool:
        """Whether sums of 64 bits are rounded to even: of 16-bit codes in ONNX models, which may have any zero points."""
        return self.x.dtype is DType.INT16 and self.rounding is Requantization.SINGLE

    @property
    def rounding(self) -> Requantization:
        """How accumulators become codes."""
        return self.numerics.dense

    @property
    def real_scales(self) -> Array:
        """x_scale * weights_scale / y_scale in double, of SINGLE in float32: [1] or [channels]."""
        scales = np.asarray(self.weights.quantization.scales, np.float64)
        if self.rounding is Requantization.SINGLE:
            single: Array = np.float32(self.x.scale) * scales.astype(np.float32) / np.float32(self.y.scale)
            return single
        return self.x.scale * scales / self.y.scale

    @property
    def requantization(self) -> list[Multiplier]:
        """x_scale * weights_scale / y_scale for each scale of the weights (integers)."""
        if self.rounding is Requantization.SINGLE:
            return self.even_multipliers
        return product_multipliers(self.x.scale, self.weights.quantization.scales, self.y.scale)

    @property
    def even_multipliers(self) -> list[Multiplier]:
        """SINGLE: of the float32 scales, or of exact channels' forms; one for each scale, or for each channel."""
        entries = [quantize_multiplier(float(scale)) for scale in self.real_scales]
        if self.exact is None or self.forms is None:
            return entries
        repeated = entries * (len(self.forms) // len(entries))
        own = [Multiplier(int(multiplier), int(shift)) for multiplier, shift, _ in self.forms]
        return [form if exact else entry for form, exact, entry in zip(own, self.exact, repeated, strict=True)]

    @property
    def weights_scales(self) -> tuple[float, ...]:
        """hybrid: one scale, or one per output channel. LiteRT takes equal ones for a single one."""
        scales = self.weights.quantization.scales
        return scales if len(set(scales)) > 1 else scales[:1]

    def eval(self, read: Reader) -> tuple[Array, ...]:
        x = read(self.x)
        if self.hybrid:
            total = self.hybrid_sums(x, read(self.weights))
        else:
            total = self.sums(centred(self.x, x), centred(self.weights, read(self.weights)))
        if self.bias is not None:
            total = total + read(self.bias).ravel()
        if self.x.dtype.is_integer:
            total = self.codes(total)
        result: Array = np.clip(total, self.range.min, self.range.max).astype(self.y.dtype.numpy)
        return (result.reshape(self.infer()[0].shape),)

    def hybrid_sums(self, x: Array, weights: Array) -> Array:
        """The sums for float32 x [N,...], of which each slice is quantized by its own range."""
        q = (quantize_asymmetric if self.hybrid_scheme.asymmetric else quantize_symmetric)(x)
        start = (len(x), *(1,) * (x.ndim - 1))
        total = self.sums(q.codes - q.zero_point.reshape(start), weights.astype(np.int64)).astype(np.float32)
        weight_scales = np.asarray(self.weights_scales, np.float32)
        x_scale = q.scale.reshape(len(x), *(1,) * (total.ndim - 1))
        return total * weight_scales * x_scale if self.hybrid_scheme.weights_first else total * (x_scale * weight_scales)

    @property
    def rest_of_products(self) -> Array | int:
        """What exact channels add to products: int64[channels], or 0."""
        return 0 if self.exact is None or self.forms is None else np.where(self.exact, self.forms[:, 2], 0)

    def codes(self, total: Array) -> Array:
        """Accumulators [..., channels] as codes of y, before the clamp."""
        if self.rounding is Requantization.REAL:
            sums = total.astype(np.int32) if self.x.dtype.bytes == 1 else total  # wraps, as the runtime's
            scaled = rounded(sums * self.real_scales)
        elif self.rounding is Requantization.SINGLE:
            scaled = self._nearest_codes(total)
        else:
            scaled = (requantize64 if self.wide_accumulators else requantize)(total, *self._multipliers)
        codes: Array = scaled + self.y.zero_point
        return codes

    def _nearest_codes(self, total: Array) -> Array:
        """SINGLE: times the float32 scale, halves to even; of exact channels in integers."""
        if self.exact is not None and self.x.dtype is DType.INT16:
            return requantize_even_long(total, *self._multipliers, self.rest_of_products)
        nearest = nearest_even(total.astype(np.float32) * self.real_scales)
        if self.exact is None:
            return nearest
        return np.where(self.exact, requantize_even(total, *self._multipliers, self.rest_of_products), nearest)

    @property
    def _multipliers(self) -> tuple[Array, Array]:
        entries = self.requantization
        return np.asarray([m.multiplier for m in entries]), np.asarray([m.shift for m in entries])


@dataclass(frozen=True, eq=False, kw_only=True)
class Convolution(WeightedSum):
    """A WeightedSum over a window that slides over height and width, with a multiplier for each output channel."""

    window: Window

    @property
    def rounding(self) -> Requantization:
        return self.numerics.convolution

    @property
    def channel_scales(self) -> tuple[float, ...]:
        """One scale of the weights per channel, where the file may hold a single one for all."""
        scales = self.weights.quantization.scales
        return scales if len(scales) > 1 else scales * self.channels

    @property
    def requantization(self) -> list[Multiplier]:
        """One multiplier per output channel: x_scale * weights_scale / y_scale (integers).

        Source: TFLite kernel_util.cc `PopulateConvolutionQuantizationParams`, `GetQuantizedConvolutionMultipler`.
        """
        if self.rounding is Requantization.SINGLE:
            return super().requantization
        if self.numerics.channel_scales is Precision.DOUBLE:
            return product_multipliers(self.x.scale, self.channel_scales, self.y.scale)
        products = (float(np.float32(self.x.scale) * np.float32(scale)) for scale in self.channel_scales)
        return [quantize_multiplier(product / self.y.scale) for product in products]


def nearest_even(real: Array) -> Array:
    """float32 elements as int64, halves to even; saturated far outside int32."""
    return np.clip(np.rint(real.astype(np.float64)), -(2.0**40), 2.0**40).astype(np.int64)


def centred(value: Value, codes: Array) -> Array:
    """Codes without the value's zero point (the same for all channels), as int64; floats as they are."""
    return codes.astype(np.int64) - value.quantization.zero_point if value.dtype.is_integer else codes


def matching_bias(op: WeightedSum) -> str | None:
    """the bias has one entry per output channel"""
    if op.bias is not None and op.bias.type.elements != op.channels:
        return f"bias {op.bias.type} for {op.channels} output channels"
    return None


def symmetric_weights(op: WeightedSum) -> str | None:
    """integer weights have one scale or one per output channel, and zero point 0 but for a single one of uint8"""
    if not op.weights.dtype.is_integer or op.weights.type.quantization is None:
        return None
    q = op.weights.quantization
    if any(q.zero_points) and ((op.x.dtype is not DType.INT8 and not op.rounds_long) or q.per_channel):
        return f"weights with zero points {sorted(set(q.zero_points))[:4]}"
    if len(q.scales) not in (1, op.channels):
        return f"{len(q.scales)} weight scales for {op.channels} output channels"
    return None


def centred_sums(op: WeightedSum) -> str | None:
    """int16 tensors have zero point 0, but for ONNX's

    Convert with the option for 16x8 quantization, which writes them so.
    """
    return None if op.rounds_long else centred_int16(op)


def exact_sums(op: WeightedSum) -> str | None:
    """of int16 in ONNX models: every channel has an exact form, and products that stay below 2**45 together"""
    if not op.rounds_long:
        return None
    if op.exact is None or not op.exact.all():
        return "channels without one"
    most = op.macs // max(op.y.type.elements, 1) * (2**16 - 1) * (2**op.weights.dtype.bits - 1)
    return None if most < 2**45 else f"up to {most:,}"


def bounded_scales(op: WeightedSum) -> str | None:
    """the input scale times a weight scale is less than 2**30 (int16: 2**7, ONNX's 2**14) times the output scale

    Convert with a representative dataset whose values are like those in use.
    """
    if not is_quantized(op.x) or not is_quantized(op.weights) or activations_quantized(op):
        return None
    x, w, y = op.x.scale, max(op.weights.quantization.scales), op.y.scale
    limit = 2**14 if op.rounds_long else 2**7 if op.wide_accumulators else 2**30
    if x * w < limit * y and x * w <= np.finfo(np.float32).max:
        return None
    return f"scales {x:g} and {w:g} -> {y:g}"


WEIGHT_CONDITIONS: tuple[Condition, ...] = (
    *(matching_bias, symmetric_weights, activations_quantized),
    *(centred_sums, exact_sums, bounded_scales),
)
"""Conditions that every convolution shares."""
