# SPDX-License-Identifier: Apache-2.0
"""tinycc: an ahead-of-time compiler from TFLite and ONNX models to plain C for microcontrollers.

compilation = tinycc.compile("model.tflite", "out", target="cortex-m4")
verdict = tinycc.verify("model.tflite")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Bench",
    "Compilation",
    "CompileError",
    "Model",
    "ModelCost",
    "Options",
    "Verdict",
    "bench",
    "compile",
    "cost",
    "load",
    "verify",
]

if TYPE_CHECKING:
    from tinycc.compiler import Compilation, Model, compile, load
    from tinycc.device.bench import Bench, bench
    from tinycc.errors import CompileError
    from tinycc.model_cost import ModelCost, cost
    from tinycc.options import Options
    from tinycc.verification import Verdict, verify

_HOME = {
    "Bench": "tinycc.device.bench",
    "bench": "tinycc.device.bench",
    "Options": "tinycc.options",
    "CompileError": "tinycc.errors",
    "Compilation": "tinycc.compiler",
    "ModelCost": "tinycc.model_cost",
    "cost": "tinycc.model_cost",
    "Model": "tinycc.compiler",
    "compile": "tinycc.compiler",
    "load": "tinycc.compiler",
    "Verdict": "tinycc.verification.verdict",
    "verify": "tinycc.verification",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use: `tinycc --help` should not wait for numpy.
    if name not in _HOME:
        raise AttributeError(f"module 'tinycc' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
