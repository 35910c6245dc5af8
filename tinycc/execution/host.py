# SPDX-License-Identifier: Apache-2.0
"""The emitted C on this machine: built as a shared library, called through cffi."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import cffi
import numpy as np

from tinycc.codegen.emit import banks_of, tensors, waited_for
from tinycc.codegen.files import workspace, write_files
from tinycc.codegen.templates import render
from tinycc.compiler import Compilation
from tinycc.data import data_path
from tinycc.errors import fail
from tinycc.execution.inputs import InputSet
from tinycc.ir import Array, Value
from tinycc.program.types import Port, Stage

FLAGS = ("-std=c99", "-O2", "-fPIC", "-shared", "-ffp-contract=off")
GUARD = 64
"""Bytes before and after the instance that must stay untouched."""
POISON = 0xA5

PREFIX = "tinycc_model"
"""Of the adapter's functions."""

_INTERFACE = """
uint32_t tinycc_model_bytes(void);
int tinycc_model_init(void *model);
int tinycc_model_invoke(void *model);
void *tinycc_model_input(void *model, int index);
const void *tinycc_model_output(const void *model, int index);
int tinycc_model_watch(void (*watcher)(int layer, const void *data, uint32_t bytes));
"""


@dataclass(frozen=True)
class Run:
    """Outputs of one inference, and the bytes of each layer's result if the model was compiled to be watched."""

    outputs: list[Array]
    layers: list[bytes]


def find_compiler() -> list[str]:
    """The C compiler's command: $CC, which may have arguments, or else the first of cc, gcc, clang."""
    if asked := os.environ.get("CC"):
        try:
            command = shlex.split(asked)
        except ValueError as error:
            raise fail("$CC", repr(asked), "a command", str(error)) from error
        if not command or not shutil.which(command[0]):
            raise fail("$CC", repr(asked), "a compiler that can be run", "Unset CC to take cc, gcc or clang.")
        return command
    for name in ("cc", "gcc", "clang"):
        if shutil.which(name):
            return [name]
    raise fail("host compiler", "none of $CC, cc, gcc, clang", "a C compiler", "Install one, e.g. apt-get install gcc.")


def adapter(compilation: Compilation, *, watched: bool, prefix: str = PREFIX) -> dict[str, str]:
    """The files that give the model's interface fixed names, path -> text. `watched`: layers are shown to a watcher.

    Another `prefix` lets several models live in one library.
    """
    options = compilation.options
    inputs, outputs = (tensors(compilation.layout, direction) for direction in ("input", "output"))
    banks = banks_of(compilation.layout)
    source = render(
        "adapter.c.j2",
        name=compilation.name,
        inputs=inputs,
        outputs=outputs,
        banks=banks,
        needs_buffers=waited_for(inputs, outputs, banks),
        watched=watched,
        pushed=_row_type(compilation.program.inputs, compilation.program.arrival),
        pulled=_row_type(compilation.program.outputs, compilation.program.departure),
        arena_type=f"{options.share_arena}_arena" if options.share_arena is not None else None,
        block=options.external_weights,
        weights=f"{compilation.name}_bin.bytes, sizeof {compilation.name}_bin.bytes" if options.external_weights else None,
    )
    header = (data_path("runtime") / "board" / "tinycc_adapter.h").read_text(encoding="utf-8")
    return {"tinycc_adapter.c": source.replace(f"{PREFIX}_", f"{prefix}_"), "tinycc_adapter.h": header}


def _row_type(ports: tuple[Port, ...], caller: Stage | None) -> str | None:
    """The C type of the port that comes or goes row by row."""
    return ports[0].type.dtype.ctype if caller is not None else None


def build_library(
    compilation: Compilation,
    folder: Path,
    *,
    archive: Path | None = None,
    flags: Sequence[str] = (),
) -> Path:
    """Compile the emitted C and the host shim in `folder`; the path of the shared library. Raises CompileError.

    `archive` holds the runtime compiled before, for those who build many models; else the emitted kernels are compiled.
    `flags` are for the C compiler, beside FLAGS.
    """
    provider = compilation.options.provider.linked
    compilation.write(folder)
    write_files(folder, adapter(compilation, watched=compilation.has_self_test))
    kernels = [path for path in provider.sources(compilation.sources) if "/" in path]
    model = [path for path in compilation.sources if "/" not in path]
    sources = ["tinycc_adapter.c", *model, *(kernels if archive is None else [str(archive)]), *provider.libraries]
    library = folder / "libmodel.so"
    command = [
        *find_compiler(),
        *FLAGS,
        *flags,
        "-I.",
        *provider.include_flags,
        "-Ikernels",
        *sources,
        "-o",
        library.name,
        "-lm",
    ]
    try:
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise fail(
            "host compiler", f"{command[0]}: {error.strerror}", "a C compiler", "Install gcc or clang, or name one in CC."
        ) from error
    if result.returncode:
        lines = result.stderr.strip().splitlines()
        first = next((line for line in lines if "error" in line), lines[0] if lines else "no message")
        raise fail("host build", first, "the emitted C to compile", provider.hint)
    return library


class HostModel:
    """An instance of a compiled model on this machine. A context manager: the library is gone after it.

    `library` was built before, and has the adapter's functions under `prefix`.
    """

    def __init__(
        self,
        compilation: Compilation,
        *,
        archive: Path | None = None,
        flags: Sequence[str] = (),
        library: Path | None = None,
        prefix: str = PREFIX,
    ) -> None:
        self.graph = compilation.graph
        self._temporary = ExitStack()
        self._ffi: Any = cffi.FFI()
        self._ffi.cdef(_INTERFACE.replace(f"{PREFIX}_", f"{prefix}_"))
        if library is None:
            folder = self._temporary.enter_context(workspace())
            try:
                library = build_library(compilation, folder, archive=archive, flags=flags)
            except BaseException:
                self._temporary.close()
                raise
        self._library: Any = self._ffi.dlopen(str(library))
        self._prefix = prefix
        size = self._call("bytes")
        memory = np.full(size + 2 * GUARD + 16, POISON, np.uint8)
        start = GUARD + (-(memory.ctypes.data + GUARD)) % 16
        self._memory, self._start, self._size = memory, start, size
        self._self = self._ffi.cast("void *", memory.ctypes.data + start)
        self._layers: dict[int, bytes] = {}
        self._callback = self._ffi.callback("void(int, const void *, uint32_t)", self._record)
        self.reset()

    def __enter__(self) -> HostModel:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Unload the library and remove its folder."""
        self._ffi.dlclose(self._library)
        self._temporary.close()

    def reset(self) -> None:
        """Poison the instance, as RAM is after power-up, and initialise it."""
        self._memory[:] = POISON
        self._expect(self._call("init", self._self))
        self._call("watch", self._callback)

    def run_all(self, sets: Iterable[InputSet]) -> Iterator[Run]:
        """One inference per set; a set that is `fresh` begins with the initial state."""
        for item in sets:
            if item.fresh and self.graph.states:
                self.reset()
            yield self.run(item.arrays)

    def run(self, inputs: Sequence[Array]) -> Run:
        """One inference. `inputs` have the graph's shapes and dtypes."""
        self._layers = {}
        for index, (value, array) in enumerate(zip(self.graph.inputs, inputs, strict=True)):
            content = np.asarray(array, value.dtype.numpy, order="C")
            assert content.shape == value.shape, f"input {index}: {content.shape} for {value.type}"
            self._ffi.memmove(self._call("input", self._self, index), content.tobytes(), content.nbytes)
        self._expect(self._call("invoke", self._self))
        outputs = [self._output(index, value) for index, value in enumerate(self.graph.outputs)]
        self._check_guards()
        return Run(outputs, [self._layers[layer] for layer in sorted(self._layers)])

    def _call(self, name: str, *args: Any) -> Any:
        """A function of the adapter."""
        return getattr(self._library, f"{self._prefix}_{name}")(*args)

    def _output(self, index: int, value: Value) -> Array:
        pointer = self._call("output", self._self, index)
        raw = bytes(self._ffi.buffer(pointer, value.type.bytes)) if value.type.bytes else b""
        return np.frombuffer(raw, value.dtype.numpy).reshape(value.shape)

    def _record(self, layer: int, data: Any, size: int) -> None:
        """A layer, or the next rows of one."""
        self._layers[layer] = self._layers.get(layer, b"") + (bytes(self._ffi.buffer(data, size)) if size else b"")

    def _check_guards(self) -> None:
        before = self._memory[: self._start]
        after = self._memory[self._start + self._size :]
        if (before != POISON).any() or (after != POISON).any():
            raise fail("host run", "writes outside the instance", "none", "This is a defect of tinycc: please report it.")

    @staticmethod
    def _expect(status: int) -> None:
        if status:
            raise fail("host run", f"status {status}", "0 (OK)", "This is a defect of tinycc: please report it.")
