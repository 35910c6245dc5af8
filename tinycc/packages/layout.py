# SPDX-License-Identifier: Apache-2.0
"""Compilations -> the files of a package: sources flat, names made safe for the linker, build files of each kind."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tinycc import __version__
from tinycc.codegen.emit import render
from tinycc.codegen.files import write_files
from tinycc.codegen.made import Made
from tinycc.compiler import Compilation, made_of
from tinycc.errors import CompileError, Problem, fail
from tinycc.ir import Value
from tinycc.packages import PACKAGES, Package
from tinycc.packages.symbols import HEADER, symbols, with_symbols
from tinycc.provider import Kind
from tinycc.runtime import FOLDERS, SOURCES

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
"""What every ecosystem takes for a package's name: Arduino allows 63 characters, Kconfig and CMake no others."""
VERSION = re.compile(r"\d{1,5}\.\d{1,5}\.\d{1,5}")
SEVERAL = "tinycc_models"
"""The name of a package of several models that has no other."""
AVR_RAM = (512, 1024, 2048, 2560, 4096, 6144, 8192, 16384)
"""Bytes of RAM that AVR parts have."""
ARMS_LIBRARY = ("cmake", "zephyr")
"""Kinds whose builds know Arm's library by a name."""
NOT_PACKAGED = ("CMakeLists.txt", "example_main.c")
"""Files of a plain output folder that a package has in a form of its own."""


@dataclass(frozen=True)
class PackagedTensor:
    """An input or output, as examples name it."""

    index: int
    ctype: str
    scaled: bool
    shape: str


@dataclass(frozen=True)
class PackagedModel:
    """A model of a package: its C prefix, what the file was called, bytes of memory and of constants, whether its
    instance has a section, its ports."""

    name: str
    source: str
    arena_bytes: int
    constant_bytes: int
    has_section: bool
    inputs: tuple[PackagedTensor, ...]
    outputs: tuple[PackagedTensor, ...]

    @property
    def avr_bytes(self) -> int:
        """What it takes of the RAM of an AVR, which has constants there, too."""
        return self.arena_bytes + self.constant_bytes

    @property
    def upper(self) -> str:
        return self.name.upper()


def write_package(
    compilations: Sequence[Compilation],
    kinds: Sequence[str],
    out: str | os.PathLike[str],
    *,
    name: str | None = None,
    version: str = "1.0.0",
    replace: bool = False,
) -> None:
    """Put a package into the folder `out`: all of its files or, on failure, none. `replace`: as in `Compilation.write`.

    Raises CompileError.
    """
    files = lay_out(compilations, kinds, name=name, version=version)
    package = {"kinds": list(kinds), "name": name, "version": version}
    made = Made(_name(compilations, None), "+".join(sorted(set(kinds))), made_of(compilations, package=package))
    write_files(Path(out), files, made, replace=replace)


def lay_out(
    compilations: Sequence[Compilation],
    kinds: Sequence[str],
    *,
    name: str | None = None,
    version: str = "1.0.0",
) -> dict[str, str]:
    """The files of a package of `kinds` with all models, path -> text.

    With the provider `either`, the build may link Arm's CMSIS-NN in place of the bundled functions; with `cmsis-nn` it does,
    where the build system can. Raises CompileError for names and kinds that no package has, and for models that do not go
    together.
    """
    if pushed := [item.name for item in compilations if item.program.arrival is not None and set(kinds) - {"cmake"}]:
        hint = "Without --package, or as cmake: its sketches and samples are for models that are invoked."
        raise fail("--stream-input", f"a package for {', '.join(sorted(set(kinds)))} of {', '.join(pushed)}", "none", hint)
    external = any(compilation.options.provider.kind is Kind.EITHER for compilation in compilations)
    arms = any(compilation.options.provider.kind is Kind.CMSIS_NN for compilation in compilations)
    packages = [_package(kind) for kind in dict.fromkeys(kinds)]
    for package in packages if arms else ():
        if package.kind not in ARMS_LIBRARY:
            hint = "Leave --provider out: the bundled functions have names of their own for the linker."
            raise fail(f"--package {package.kind}", "--provider cmsis-nn", f"one of {', '.join(ARMS_LIBRARY)} with it", hint)
    title = _name(compilations, name)
    if not VERSION.fullmatch(version):
        raise fail("--package-version", repr(version), "three numbers, such as 1.0.0")
    sources = _sources(compilations)
    compiled = sorted(path for path in sources if path.endswith(SOURCES))
    arm = [path for path in compiled if path.startswith("arm_")]
    public = [f"{compilation.name}.h" for compilation in compilations]
    variables: dict[str, object] = {
        "version": version,
        "tinycc": __version__,
        "name": title,
        "NAME": title.upper(),
        "models": [_described(compilation) for compilation in compilations],
        "headers": public,
        "sources": [path for path in compiled if not (external and path in arm)],
        "arm_sources": arm if external else [],
        "links_arm": arms,
        "all_sources": compiled,
        "has_assembly": any(path.endswith(".S") for path in compiled),
        "libm": any("<math.h>" in text for text in sources.values()),
        "kinds": [package.kind for package in packages],
    }
    files = {f"src/{path}": text if path in public else with_symbols(text) for path, text in sources.items()}
    files[f"src/{HEADER}"] = render(
        "packages/tinycc_symbols.h.j2", parts=AVR_RAM, **symbols(sources, optional=external), **variables
    )
    if any(package.include for package in packages):
        files |= {f"include/{header}": _forwarding(header) for header in public}
    templates = {path: template for package in packages for path, template in package.files.items()}
    files |= {path.format(name=title): render(f"packages/{template}", **variables) for path, template in templates.items()}
    profiled = [compilation.name for compilation in compilations if compilation.options.profile]
    if profiled and "arduino" in kinds:
        sketch = f"examples/{title}_profile/{title}_profile.ino"
        files[sketch] = render("packages/profile.ino.j2", profiled=profiled, **variables)
    return {**files, "README.md": render("packages/README.md.j2", packages=packages, **variables)}


def _package(kind: str) -> Package:
    if kind not in PACKAGES:
        raise fail("--package", repr(kind), f"one of {', '.join(PACKAGES)}")
    return PACKAGES[kind]


def _name(compilations: Sequence[Compilation], name: str | None) -> str:
    twice = sorted({c.name for i, c in enumerate(compilations) if c.name in {d.name for d in compilations[:i]}})
    if twice:
        hint = "Rename a file, or compile the models one by one with --name."
        raise CompileError([Problem("models", f"two with the C prefix {prefix}", "a prefix each", hint) for prefix in twice])
    title = name or (compilations[0].name if len(compilations) == 1 else SEVERAL)
    if not NAME.fullmatch(title):
        raise fail("--package-name", repr(title), "a letter, then at most 62 letters, digits and underscores")
    return title


def _sources(compilations: Iterable[Compilation]) -> dict[str, str]:
    """Every source and header by file name. Kernels of several models are the same files."""
    found: dict[str, str] = {}
    for compilation in compilations:
        for path, text in compilation.files.items():
            place = PurePosixPath(path)
            if path in NOT_PACKAGED or place.suffix not in (".h", *SOURCES):
                continue
            assert found.setdefault(place.name, text) == text or place.parts[0] not in FOLDERS, f"two kernels {place.name}"
    return found


def _described(compilation: Compilation) -> PackagedModel:
    graph = compilation.graph
    return PackagedModel(
        name=compilation.name,
        source=compilation.model.name,
        arena_bytes=compilation.report.arena_bytes,
        constant_bytes=compilation.report.constant_bytes,
        has_section=compilation.options.sections.arena is not None,
        inputs=tuple(map(_port, range(len(graph.inputs)), graph.inputs)),
        outputs=tuple(map(_port, range(len(graph.outputs)), graph.outputs)),
    )


def _port(index: int, value: Value) -> PackagedTensor:
    quantization = value.type.quantization if value.dtype.is_integer else None
    scaled = quantization is not None and not quantization.per_channel and value.dtype.bytes <= 2
    return PackagedTensor(index, value.dtype.ctype, scaled, "x".join(map(str, value.shape)) or "1")


def _forwarding(header: str) -> str:
    guard = re.sub(r"\W", "_", f"TINYCC_INCLUDE_{header}").upper()
    return f"""/* SPDX-License-Identifier: Apache-2.0 */
#ifndef {guard}
#define {guard}

#include "../src/{header}"

#endif
"""
