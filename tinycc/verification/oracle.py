# SPDX-License-Identifier: Apache-2.0
"""Reference runtimes behind one interface: what a TFLite model really computes, value by value.

`tflm` runs TensorFlow Lite Micro's own kernels and is the exact answer; `litert` runs LiteRT's reference kernels.
Both take the file as it is, save for the edits of patch.py. A live oracle owns a process (worker.py), because models can
kill the runtimes (TFLM reads a damaged file astray, LiteRT aborts on an int8 ADD without quantization) or keep them busy
forever (a WHILE). Processes are reused, so a further oracle costs a few milliseconds.

A model that TFLM accepts need not be valid: it checks far less than LiteRT (a stride of 0 runs and gives nonsense).
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from tinycc.ir import Array
from tinycc.verification.patch import UNREADABLE, PatchError, patch_model, readable_tensors

TIMEOUT_S = 120.0

_NO_SHAPES: Mapping[int, tuple[int, ...]] = MappingProxyType({})


class OracleUnavailable(Exception):  # noqa: N818 - a state of affairs, not always an error
    """The runtime is not installed, or it refuses, fails on or does not survive the model; the message says which."""


class Oracle(Protocol):
    """A model loaded into a reference runtime. Stateful models carry their state from one invocation to the next.

    Inputs and outputs are arrays in the order, shapes and dtypes of subgraph 0. A failed invocation raises OracleUnavailable.
    """

    @property
    def name(self) -> str:
        """ "tflm" or "litert"."""

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """One invocation; the outputs."""

    def tensors(self, inputs: Sequence[Array], indices: Sequence[int]) -> dict[int, Array]:
        """One invocation; the tensors of subgraph 0 with these indices (inputs, constants, results), by index."""

    def reset(self) -> None:
        """Back to the state of a freshly loaded model."""


def tflm(model: bytes, shapes: Mapping[int, tuple[int, ...]] = _NO_SHAPES) -> Oracle:
    """TensorFlow Lite Micro's reference kernels, from the package tflite-micro.

    `shapes`: new static shapes by tensor index of subgraph 0, for every tensor that changes, since
    TFLM does not propagate shapes. This is how a model runs with another batch size.
    """
    return _Remote("tflm", model, shapes)


def litert(model: bytes, shapes: Mapping[int, tuple[int, ...]] = _NO_SHAPES) -> Oracle:
    """LiteRT's reference kernels (no XNNPACK), from the package ai-edge-litert. `shapes` as for `tflm`."""
    return _Remote("litert", model, shapes)


class _Remote:
    """An oracle whose interpreter lives in another process."""

    def __init__(self, name: str, model: bytes, shapes: Mapping[int, tuple[int, ...]]) -> None:
        self.name = name
        try:
            self._model = patch_model(model, shapes, propagates=name == "litert")
            self._readable = readable_tensors(self._model)
        except PatchError as error:
            raise OracleUnavailable(str(error)) from error
        except UNREADABLE as error:
            raise OracleUnavailable(f"not a readable .tflite file ({error})") from error
        self._start()

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        outputs: list[Array] = self._invoke(inputs, ())[0]
        return outputs

    def tensors(self, inputs: Sequence[Array], indices: Sequence[int]) -> dict[int, Array]:
        without_value = sorted(set(indices) - self._readable)
        if without_value:
            raise ValueError(f"tensors {without_value} of subgraph 0 are never computed")
        return dict(zip(indices, self._invoke(inputs, indices)[1], strict=True))

    def reset(self) -> None:
        if self._child.alive:
            self._load()
        else:
            self._start()

    def _start(self) -> None:
        self._child = _acquire()
        release = weakref.finalize(self, _release, self._child)
        release.atexit = False
        try:
            self._load()
        except OracleUnavailable:
            release()
            raise

    def _load(self) -> None:
        self._child.ask("load", self.name, self._model)

    def _invoke(self, inputs: Sequence[Array], indices: Sequence[int]) -> Any:
        return self._child.ask("run", [np.asarray(value) for value in inputs], list(indices))


class _Child:
    """A worker process and the pipes to it."""

    def __init__(self) -> None:
        self._log = tempfile.TemporaryFile("a+b")  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("worker.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        atexit.register(self.close)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, *request: Any) -> Any:
        """The worker's answer. Raises OracleUnavailable if it reports an error, dies or takes longer than TIMEOUT_S."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._log.seek(0)  # For the worker too: it shares the position in the file.
        self._log.truncate()
        deadline = time.monotonic() + TIMEOUT_S
        timer = threading.Timer(TIMEOUT_S, self._process.kill)
        timer.start()
        try:
            self._process.stdin.write(pickle.dumps(request, protocol=pickle.HIGHEST_PROTOCOL))
            self._process.stdin.flush()
            verdict, value = pickle.load(self._process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            death = self._death()
            late = time.monotonic() >= deadline
            raise OracleUnavailable(self._reason(f"no answer after {TIMEOUT_S:g} s" if late else death)) from None
        except BaseException:
            self._process.kill()  # Interrupted: the answer would be taken for that of the next request.
            raise
        finally:
            timer.cancel()
        if verdict != "ok":
            raise OracleUnavailable(self._reason(value))
        return value

    def close(self) -> None:
        """Ends the process. A second call does nothing."""
        atexit.unregister(self.close)
        if not self._log.closed:
            self._process.communicate()
            self._log.close()

    def _death(self) -> str:
        status = self._process.wait()
        cause = signal.Signals(-status).name if status < 0 else f"exit status {status}"
        return f"the runtime's process died of {cause}"

    def _reason(self, what: str) -> str:
        """`what`, and the lines that the runtime printed meanwhile."""
        self._log.seek(0)
        text = what + "\n" + self._log.read().decode(errors="replace")
        lines = dict.fromkeys(line.strip() for line in text.splitlines())
        return "; ".join(filter(None, lines))[:1000]


_idle: list[_Child] = []


def _acquire() -> _Child:
    return _idle.pop() if _idle else _Child()


def _release(child: _Child) -> None:
    """Keeps the process for the next oracle, if it is in order."""
    try:
        child.ask("unload")
        _idle.append(child)
    except OracleUnavailable:
        child.close()
