# SPDX-License-Identifier: Apache-2.0
"""What the quantizers of others have in common for us: one per format, behind one face."""

from __future__ import annotations

import contextlib
import importlib
import io
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Protocol

from tinycc.errors import CompileError, fail
from tinycc.ir import Array
from tinycc.quantize.recipe import Layer, Plan

EXTRA = "pip install 'tinycc-ml[quantize]'"


class Quantizer(Protocol):
    """A float model, and what calibration has seen of it."""

    @property
    def layers(self) -> Sequence[Layer]:
        """What can be quantized, in order."""

    @property
    def float_model(self) -> bytes:
        """The model as it was, perhaps with constants folded."""

    def quantized(self, plan: Plan) -> bytes:
        """The model file with the layers as `plan` says. Raises CompileError."""

    def run(self, model: bytes, inputs: Sequence[tuple[Array, ...]]) -> list[list[Array]]:
        """The outputs of a model that `quantized` gave, or of the float one, in real numbers, sample by sample."""


def required(module: str, package: str) -> ModuleType:
    """A module of a library that the extra brings. Raises CompileError that says how to get it."""
    try:
        with hushed():
            return importlib.import_module(module)
    except ImportError as error:
        name = getattr(error, "name", None) or module
        raise fail("tinycc quantize", f"no package {package} ({name} is missing)", "the extra quantize", f"{EXTRA}.") from error


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """Without what a library prints of its progress, and its advice on how to call it."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), _native_silence():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def _native_silence() -> Iterator[None]:
    """The same for what a library's C++ prints, past Python."""
    kept = os.dup(2)
    try:
        with warnings.catch_warnings(), open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextlib.contextmanager
def working(library: str, what: str) -> Iterator[None]:
    """A library at work: what it raises becomes a CompileError."""
    try:
        with hushed():
            yield
    except (CompileError, KeyboardInterrupt):
        raise
    except Exception as error:  # Whatever a library of others raises at a model that it does not take.
        text = " ".join(str(error).split()) or type(error).__name__
        raise fail(what, f"{library}: {text}", "a float model that it quantizes") from error
