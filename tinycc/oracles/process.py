# SPDX-License-Identifier: Apache-2.0
"""Processes with a reference runtime in them, since models can kill the runtimes (TFLM reads a damaged file astray, LiteRT
aborts on an int8 ADD without quantization) or keep them busy forever (a WHILE).

Processes are reused, so a further oracle costs a few milliseconds.
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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tinycc.ir import Array
from tinycc.oracles import OracleUnavailable

TIMEOUT_S = 120.0


class Remote:
    """A model in a runtime of another process. `name` is one of worker.RUNTIMES; `kernels` says what runs there, in words."""

    kernels = ""

    def __init__(self, name: str, model: bytes) -> None:
        self.name, self._model = name, model
        self._start()

    def run(self, inputs: Sequence[Array], tensors: Sequence[Any] = ()) -> tuple[list[Array], list[Array]]:
        """One invocation: the outputs, and `tensors`, named as the runtime does. Raises OracleUnavailable."""
        outputs, found = self._child.ask("run", [np.asarray(value) for value in inputs], list(tensors))
        return outputs, found

    def reset(self) -> None:
        """Back to the state of a freshly loaded model."""
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
        self.kernels = self._child.ask("load", self.name, self._model)


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
