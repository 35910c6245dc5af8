# SPDX-License-Identifier: Apache-2.0
"""Layers with coded weights equal plain ones bit for bit: in C here, and in emulators; and when they are taken."""

from __future__ import annotations

from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest
from boards import absent
from dsp_models import Drawn, conv, extreme, fully_connected
from harness import build_many, prefix_of

from tinycc.compiler import Compilation, compile
from tinycc.device.bench import bench
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.kernels.stored.coded import FORMS
from tinycc.kernels.stored.coding import CODINGS
from tinycc.shrink.tflite import TfliteWeights

UNDEFINED = ("-fsanitize=undefined", "-fno-sanitize-recover=undefined")
FORM_OF = {form.name: form for form in FORMS}
VALUES = {
    "mask": (0, 0, 0, 0, 1, -127, 99),
    "palette2": (-3, 0, 5, 127),
    "palette4": tuple(range(-120, 120, 15)),
    "widths": tuple(range(-7, 8)),
    "huffman": (0, 0, 0, 0, 0, 1, -1, *range(-20, 20)),
}
EACH = 2
TARGETS = {
    "tk_conv_coded_dsp_s8": "cortex-m4",
    "tk_conv_coded_dsp_any_s8": "cortex-m4",
    "tk_conv_coded_paired_wide_s8": "rv32imc",
    "tk_conv_coded_paired_s8": "cortex-m0",
}
"""Cores on which a form may be taken; else Cortex-M3."""


def drawn(form: str, coding: str, seed: int) -> Drawn:
    """A layer whose weights the coding makes smaller."""
    layer = (fully_connected if "fully" in form else conv)(seed)
    file, rng = TfliteWeights(layer.model), np.random.default_rng(seed)
    arrays = {item.name: rng.choice(np.asarray(VALUES[coding], np.int8), item.array.shape) for item in file.weights}
    return layer._replace(model=file.replaced(arrays), label=f"{layer.label} {coding}")


def pinned(model: bytes, kernel: str, target: str, name: str = "model") -> Compilation | None:
    try:
        return compile(model, name=name, target=target, pinned=[(1, kernel)], without=["stream"])
    except CompileError:
        return None


def layers(form: str, coding: str, number: int) -> list[tuple[Drawn, Compilation]]:
    kernel, items = f"{form} by {coding}", (drawn(form, coding, seed) for seed in count())
    made = ((item, pinned(item.model, kernel, TARGETS.get(form, "cortex-m3"), f"{coding}{i}")) for i, item in enumerate(items))
    return list(islice(((item, found) for item, found in made if found is not None), number))


@pytest.mark.parametrize("form", FORM_OF)
def test_drawn_layers_equal_numpy(form: str, runtime_archive: Path, tmp_path: Path) -> None:
    found = [item for coding in CODINGS for item in layers(form, coding.name, EACH)]
    library = build_many([compilation for _, compilation in found], tmp_path, runtime_archive, UNDEFINED)
    wrong = []
    for item, compilation in found:
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as host:
            for how in range(3):
                arrays = [extreme(value.shape, how, i) for i, value in enumerate(compilation.graph.inputs)]
                if (host.run(arrays).outputs[0] != interpret(compilation.graph, arrays)[0]).any():
                    wrong.append(f"{item.label} inputs {how}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("form", "coding", "target"),
    [
        ("tk_convolve_coded_s8", "palette4", "cortex-m0"),
        ("tk_conv_coded_paired_s8", "mask", "cortex-m0"),
        ("tk_conv_coded_long_s8", "palette2", "cortex-m3"),
        ("tk_conv_coded_dsp_s8", "mask", "cortex-m4"),
        ("tk_conv_coded_dsp_any_s8", "huffman", "cortex-m4"),
        ("tk_conv_coded_paired_wide_s8", "widths", "rv32imc"),
    ],
)
def test_layers_in_emulators(form: str, coding: str, target: str) -> None:
    if why := absent(target):
        pytest.skip(why)
    ((item, _),) = layers(form, coding, 1)
    assert bench(item.model, on=target, pinned=[(1, f"{form} by {coding}")]).instructions > 0
