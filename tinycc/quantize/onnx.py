# SPDX-License-Identifier: Apache-2.0
"""ONNX models through ONNX Runtime's quantizer: QuantizeLinear and DequantizeLinear around every operator."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import onnx
import onnx.version_converter

from tinycc.errors import fail
from tinycc.ir import Array, Value
from tinycc.oracles.process import Remote
from tinycc.quantize.library import hushed, required, working
from tinycc.quantize.ranges import BINS, CODES
from tinycc.quantize.recipe import Activations, Layer, Method, Plan, Recipe, Weights
from tinycc.quantize.samples import Samples

LIBRARY = "onnxruntime"
WHAT = "onnxruntime.quantization"
CLAMPS = ("Relu", "Clip")
"""Operators that become part of the one before."""
MOVES = frozenset(
    "Concat DepthToSpace Expand Flatten Gather Identity MaxPool Pad Reshape Slice SpaceToDepth Split Squeeze Tile Transpose "
    "Unsqueeze".split()
)
"""Operators that lose nothing: the results have the codes of the operands."""
OLDEST, WIDE = 13, 21
"""Operator sets: with scales per channel, with 16-bit activations and 4-bit weights."""


class OnnxQuantizer:
    """See `tinycc.quantize.library.Quantizer`."""

    def __init__(self, model: Any, inputs: Sequence[Value], samples: Samples, recipe: Recipe) -> None:
        self._library = required(WHAT, LIBRARY)
        self._recipe, self._names = recipe, [value.name for value in inputs]
        with TemporaryDirectory() as folder:
            self.model = _named(_converted(self._prepared(_fixed(model, inputs), Path(folder)), _operator_set(recipe)))
            self._groups = dict(_groups(self.model.graph, self._kinds))
            self._ranges = self._calibrated(samples, Path(folder))
        self.layers = tuple(Layer(name, nodes[0].op_type) for name, nodes in self._groups.items())

    @property
    def _kinds(self) -> list[str]:
        registry = required(f"{WHAT}.registry", LIBRARY)
        return sorted({*registry.QLinearOpsRegistry, *registry.QDQRegistry})

    def _prepared(self, model: Any, folder: Path) -> Any:
        """With constants folded, batch normalizations in the convolutions, and the shapes of all values."""
        source, made = folder / "float.onnx", folder / "prepared.onnx"
        onnx.save(model, str(source))
        shapes = required(f"{WHAT}.shape_inference", LIBRARY)
        try:
            with hushed():
                shapes.quant_pre_process(str(source), str(made), skip_symbolic_shape=True)
                return onnx.load(str(made))
        except Exception:  # It optimises more than it must; the model as it is will do.
            return onnx.shape_inference.infer_shapes(model)

    def _calibrated(self, samples: Samples, folder: Path) -> Any:
        calibrate = required(f"{WHAT}.calibrate", LIBRARY)
        methods = calibrate.CalibrationMethod
        method = {
            Method.MINMAX: methods.MinMax,
            Method.ENTROPY: methods.Entropy,
            Method.PERCENTILE: methods.Percentile,
        }[self._recipe.method]
        path = folder / "calibrated.onnx"
        onnx.save(self.model, str(path))
        reader = iter(dict(zip(self._names, sample, strict=True)) for sample in samples)
        options: dict[str, Any] = {"symmetric": False, "percentile": self._recipe.percentile, "num_quantized_bins": CODES}
        options |= {"num_bins": BINS[self._recipe.method]} if self._recipe.method in BINS else {}

        class Reader(calibrate.CalibrationDataReader):  # type: ignore[misc, name-defined]
            def get_next(self) -> Any:
                return next(reader, None)

        with working(LIBRARY, "calibration"):
            calibrator = calibrate.create_calibrator(
                str(path),
                self._kinds,
                augmented_model_path=str(folder / "augmented.onnx"),
                calibrate_method=method,
                extra_options=options,
            )
            calibrator.collect_data(Reader())
            return calibrator.compute_data()

    def quantized(self, plan: Plan) -> bytes:
        types = self._library.QuantType
        activations = types.QInt16 if self._recipe.activations is Activations.INT16 else types.QInt8
        weights = types.QInt4 if self._recipe.weights is Weights.INT4 else types.QInt8
        taken = self._groups if plan.only is None else plan.only
        names = [node.name for layer in self._groups if layer in taken for node in self._groups[layer]]
        others = [node.name for node in self.model.graph.node if node.op_type in MOVES] if plan.only is None else []
        options: dict[str, Any] = {
            "ActivationSymmetric": activations is types.QInt16,
            "WeightSymmetric": True,
            "QDQKeepRemovableActivations": True,  # Symmetric codes, of some layers perhaps, do not clamp.
        }
        if plan.wide:
            options["TensorQuantOverrides"] = self._overrides(plan.wide)
        with working(LIBRARY, "quantization"):
            quantizer = self._library.QDQQuantizer(
                copy.deepcopy(self.model),
                True,  # per_channel
                False,  # reduce_range
                weights,
                activations,
                self._ranges,
                names + others,
                [node.name for layer in plan.floats for node in self._groups[layer]],
                self._kinds,
                options,
            )
            quantizer.quantize_model()
            made = _clamped(quantizer.model.model)
        data: bytes = made.SerializeToString(deterministic=True)
        return data

    def _overrides(self, wide: frozenset[str]) -> dict[str, Any]:
        """16 bits for what the layers read and give, and conversions where others are on the other side."""
        types = self._library.QuantType
        kinds: dict[bool, dict[str, Any]] = {
            True: {"quant_type": types.QInt16, "symmetric": True},
            False: {"quant_type": types.QInt8},
        }
        inside = {node.name for layer in wide for node in self._groups[layer]}
        makers = {name: node.name for node in self.model.graph.node for name in node.output}
        constants = {item.name for item in self.model.graph.initializer}
        found = {}
        for name, readers in _readers(self.model.graph).items():
            here = makers.get(name) in inside
            others = {node.name for node in readers if (node.name in inside) != here}
            if name not in constants and (here or others):
                found[name] = [kinds[here] | ({"convert": kinds[not here] | {"recv_nodes": others}} if others else {})]
        return found | {name: [kinds[True]] for name, maker in makers.items() if maker in inside and name not in found}

    def run(self, model: bytes, inputs: Sequence[tuple[Array, ...]]) -> list[list[Array]]:
        remote = Remote("ort", model)
        return [remote.run(sample)[0] for sample in inputs]

    @property
    def float_model(self) -> bytes:
        data: bytes = self.model.SerializeToString(deterministic=True)
        return data


def _fixed(model: Any, inputs: Sequence[Value]) -> Any:
    """With the shapes that the inputs have here."""
    fixed = copy.deepcopy(model)
    known = {value.name: value for value in inputs}
    for item in fixed.graph.input:
        if item.name in known:
            type = item.type.tensor_type
            type.ClearField("shape")
            for size in known[item.name].shape:
                type.shape.dim.add().dim_value = size
    return fixed


def _operator_set(recipe: Recipe) -> int:
    wide = recipe.activations is Activations.INT16 or recipe.weights is Weights.INT4 or recipe.mixed
    return WIDE if wide else OLDEST


def _converted(model: Any, version: int) -> Any:
    """At least in this version of the operator set."""
    found = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=1)
    if found >= version:
        return model
    try:
        return onnx.shape_inference.infer_shapes(onnx.version_converter.convert_version(model, version))
    except Exception as error:  # Of whatever kind: onnx raises RuntimeErrors, and errors of its own, out of C++.
        hint = f"Export the model with operator set {version}."
        raise fail("operator set", f"version {found}", f"{version}, which holds what is asked for", hint) from error


def _named(model: Any) -> Any:
    """Every node by a name of its own."""
    taken = Counter(node.name for node in model.graph.node)
    for index, node in enumerate(model.graph.node):
        if not node.name or taken[node.name] > 1:
            node.name = f"{node.op_type}_{index}_of_model"
    return model


def _groups(graph: Any, kinds: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    """Layer by layer: the nodes that it is made of, under the name of what they give."""
    readers = _readers(graph)
    inside: set[str] = set()
    for node in graph.node:
        if node.op_type not in kinds or node.op_type in MOVES or node.name in inside:
            continue
        behind = readers.get(node.output[0], [])
        clamped = len(behind) == 1 and behind[0].op_type in CLAMPS and node.op_type not in CLAMPS
        nodes = [node, behind[0]] if clamped else [node]
        inside.update(item.name for item in nodes)
        yield nodes[-1].output[0], nodes


def _readers(graph: Any) -> dict[str, list[Any]]:
    """Tensor -> the nodes that read it."""
    found: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in dict.fromkeys(filter(None, node.input)):
            found.setdefault(name, []).append(node)
    return found


def _clamped(model: Any) -> Any:
    """Without codes between a layer and the clamp behind it, which loses nothing: one rounding less, and one operator."""
    readers = _readers(model.graph)
    makers = {name: node for node in model.graph.node for name in node.output}
    outputs = {item.name for item in model.graph.output}
    gone: list[Any] = []
    for node in model.graph.node:
        back = makers.get(node.input[0]) if node.op_type in CLAMPS else None
        to = makers.get(back.input[0]) if back is not None and back.op_type == "DequantizeLinear" else None
        if back is None or to is None or to.op_type != "QuantizeLinear":
            continue
        alone = all(len(readers[name]) == 1 and name not in outputs for name in (to.input[0], to.output[0], back.output[0]))
        if alone and to.input[0] in makers:
            node.input[0] = to.input[0]
            gone += [to, back]
    for node in gone:
        model.graph.node.remove(node)
    read = {name for node in model.graph.node for name in node.input}
    for item in [item for item in model.graph.initializer if item.name not in read]:
        model.graph.initializer.remove(item)
    return model
