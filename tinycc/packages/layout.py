# SPDX-License-Identifier: Apache-2.0
"""Compilations -> the files of a package: sources flat, names made safe for the linker, build files of each kind."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tinycc import __version__
from tinycc.codegen.emit import Bank, arena_bytes, banks_of
from tinycc.codegen.files import write_files
from tinycc.codegen.made import Made
from tinycc.codegen.manifest import FOLDER
from tinycc.codegen.shared import Shared, User, share
from tinycc.codegen.templates import arena_header, render
from tinycc.compiler import Compilation, made_of
from tinycc.errors import CompileError, Problem, fail
from tinycc.packages import PACKAGES, SEVERAL, Package
from tinycc.packages.avr import AVR_BESIDE, AVR_RAM, boards_with
from tinycc.packages.symbols import HEADER, symbols, with_symbols
from tinycc.program.copied import copied_bytes
from tinycc.program.types import Port
from tinycc.provider import Kind
from tinycc.runtime import FOLDERS, SOURCES

NAME = re.compile(r"(?=.{1,63}$)[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
"""What every ecosystem takes for a name: Arduino at most 63 characters, Kconfig and CMake no others, ESP-IDF no `__`."""
VERSION = re.compile(r"\d{1,5}\.\d{1,5}\.\d{1,5}")
ARMS_LIBRARY = ("cmake", "zephyr")
"""Kinds whose builds know Arm's library by a name."""
NOT_PACKAGED = ("CMakeLists.txt", "example_main.c")
"""Files of a plain output folder that a package has in a form of its own."""


@dataclass(frozen=True)
class PackagedTensor:
    """An input or output, as examples name it. `callers`: it is a buffer of theirs."""

    index: int
    direction: str
    ctype: str
    scaled: bool
    shape: str
    elements: int
    callers: bool


@dataclass(frozen=True)
class PackagedModel:
    """A model of a package: its C prefix, what the file was called; bytes of its memory, all of it (`arena_bytes`) and that of
    its instance (`own_bytes`), of constants, and of what is copied to RAM on an AVR; whether its instance has a section; its
    ports; the type of an arena that it shares; whether its weights are handed in; its memories beside the instance's."""

    name: str
    source: str
    own_bytes: int
    arena_bytes: int
    constant_bytes: int
    copied_bytes: int
    has_section: bool
    inputs: tuple[PackagedTensor, ...]
    outputs: tuple[PackagedTensor, ...]
    arena_type: str | None = None
    block: bool = False
    banks: tuple[Bank, ...] = ()

    @property
    def weights(self) -> str | None:
        """What its init is given of them, in an example."""
        return f"{self.name}_bin.bytes, sizeof {self.name}_bin.bytes" if self.block else None

    @property
    def avr_bytes(self) -> int:
        """What it needs of the RAM of an AVR, with what others take of it in a sketch."""
        return self.arena_bytes + self.copied_bytes + AVR_BESIDE

    @property
    def avr_boards(self) -> str:
        return boards_with(self.avr_bytes)

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
) -> dict[str, str | bytes]:
    """The files of a package of `kinds` with all models, path -> text, or bytes.

    With the provider `either`, the build may link Arm's CMSIS-NN in place of the bundled functions; with `cmsis-nn` it does,
    where the build system can. Raises CompileError for names and kinds that no package has, and for models that do not go
    together.
    """
    _check_invoked(compilations, kinds)
    external = any(compilation.options.provider.kind is Kind.EITHER for compilation in compilations)
    arms = any(compilation.options.provider.kind is Kind.CMSIS_NN for compilation in compilations)
    packages = [_package(kind) for kind in dict.fromkeys(kinds)]
    if arms:
        _check_library(packages)
    title = _name(compilations, name)
    if not VERSION.fullmatch(version):
        raise fail("--package-version", repr(version), "three numbers, such as 1.0.0")
    common = shared_constants(compilations, name)
    sources = _sources(compilations, common)
    compiled = sorted(path for path in sources if path.endswith(SOURCES))
    arm = [path for path in compiled if path.startswith("arm_")]
    shared = arenas(compilations)
    sources |= shared
    public = [*shared, *(f"{compilation.name}.h" for compilation in compilations)]
    variables: dict[str, object] = {
        "version": version,
        "tinycc": __version__,
        "name": title,
        "NAME": title.upper(),
        "models": [_described(compilation) for compilation in compilations],
        "common": common,
        "shared": _shared_bytes(compilations),
        "headers": public,
        "sources": [path for path in compiled if not (external and path in arm)],
        "arm_sources": arm if external else [],
        "links_arm": arms,
        "all_sources": compiled,
        "has_assembly": any(path.endswith(".S") for path in compiled),
        "libm": any("<math.h>" in text for text in sources.values()),
        "kinds": [package.kind for package in packages],
        "beside": AVR_BESIDE,
    }
    files: dict[str, str | bytes] = {
        f"src/{path}": text if path in public else with_symbols(text) for path, text in sources.items()
    }
    files[f"src/{HEADER}"] = render(
        "packages/tinycc_symbols.h.j2", parts=AVR_RAM, **symbols(sources, optional=external), **variables
    )
    if any(package.include for package in packages):
        files |= {f"include/{header}": _forwarding(header) for header in public}
    templates = {path: template for package in packages for path, template in package.files.items()}
    files |= {path.format(name=title): render(f"packages/{template}", **variables) for path, template in templates.items()}
    files |= _profile(compilations, kinds, title, variables)
    files |= _weights(compilations, [path for path in files if path.endswith((".ino", "/main.c"))])
    return {**files, "README.md": render("packages/README.md.j2", packages=packages, **variables)}


def _check_library(packages: Iterable[Package]) -> None:
    """Refuse kinds whose builds do not know Arm's library."""
    for package in packages:
        if package.kind not in ARMS_LIBRARY:
            hint = "Leave --provider out: the bundled functions have names of their own for the linker."
            raise fail(f"--package {package.kind}", "--provider cmsis-nn", f"one of {', '.join(ARMS_LIBRARY)} with it", hint)


def _check_invoked(compilations: Sequence[Compilation], kinds: Sequence[str]) -> None:
    """Raise CompileError for models that take rows: sketches and samples would just invoke them."""
    if pushed := [
        item.name
        for item in compilations
        if (item.program.arrival or item.program.departure) is not None and set(kinds) - {"cmake"}
    ]:
        hint = "Without --package, or as cmake: its sketches and samples are for models that are invoked."
        raise fail(
            "--stream-input, --stream-output",
            f"a package for {', '.join(sorted(set(kinds)))} of {', '.join(pushed)}",
            "none",
            hint,
        )


def _profile(
    compilations: Sequence[Compilation], kinds: Sequence[str], title: str, variables: Mapping[str, object]
) -> dict[str, str]:
    """The sketch that times the layers of models which are compiled to be timed."""
    profiled = [compilation.name for compilation in compilations if compilation.options.profile]
    if not profiled or "arduino" not in kinds:
        return {}
    sketch = f"examples/{title}_profile/{title}_profile.ino"
    return {sketch: render("packages/profile.ino.j2", profiled=profiled, **variables)}


def _weights(compilations: Sequence[Compilation], programs: Sequence[str]) -> dict[str, str | bytes]:
    """Blocks of weights that are not in the C; as arrays beside the examples, which are `programs`."""
    files: dict[str, str | bytes] = {}
    for compilation in compilations:
        if kept := compilation.weights_files:
            files |= {path: content for path, content in kept.items() if not path.endswith(".h")}
            folders = sorted({PurePosixPath(path).parent for path in programs})
            files |= {f"{folder}/{compilation.name}_bin.h": compilation.weights_array for folder in folders}
    return files


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
        raise fail("--package-name", repr(title), "a letter, then at most 62 letters, digits and single underscores")
    return title


def _sources(compilations: Iterable[Compilation], common: Shared | None) -> dict[str, str]:
    """Every source and header by file name. Kernels of several models are the same files, and so are `common` constants."""
    found: dict[str, str] = common.files() if common is not None else {}
    for compilation in compilations:
        made = compilation if common is None else compilation.sharing(common)
        for path, text in made.files.items():
            place = PurePosixPath(path)
            if path in NOT_PACKAGED or place.parts[0] == FOLDER or place.suffix not in (".h", *SOURCES):
                continue
            assert found.setdefault(place.name, text) == text or place.parts[0] not in FOLDERS, f"two kernels {place.name}"
    return found


def _described(compilation: Compilation) -> PackagedModel:
    program, options, banks = compilation.program, compilation.options, banks_of(compilation.layout)
    elsewhere = sum(bank.bytes for bank in banks)
    elsewhere += arena_bytes(compilation.layout) if options.share_arena is not None else 0
    return PackagedModel(
        name=compilation.name,
        source=Path(compilation.model.name).name,
        own_bytes=max(compilation.report.arena_bytes - elsewhere, 0),
        arena_bytes=compilation.report.arena_bytes,
        constant_bytes=compilation.report.constant_bytes,
        copied_bytes=copied_bytes(program),
        has_section=compilation.options.sections.arena is not None,
        inputs=tuple(_port(index, "input", port) for index, port in enumerate(program.inputs)),
        outputs=tuple(_port(index, "output", port) for index, port in enumerate(program.outputs)),
        arena_type=f"{options.share_arena}_arena" if options.share_arena is not None else None,
        block=options.external_weights,
        banks=tuple(banks),
    )


def _port(index: int, direction: str, port: Port) -> PackagedTensor:
    type, dtype = port.type, port.type.dtype
    quantization = type.quantization if dtype.is_integer else None
    scaled = quantization is not None and not quantization.per_channel and dtype.bytes <= 2
    shape = "x".join(map(str, type.shape)) or "1"
    callers = port.span.buffer.callers
    return PackagedTensor(index, direction, dtype.ctype, scaled, shape, type.elements * dtype.parts, callers)


def arenas(compilations: Sequence[Compilation]) -> dict[str, str]:
    """The files of the arenas that models share, each as large as the one that takes the most of it."""
    users = _users(compilations)
    return {path: text for arena, models in users.items() for path, text in arena_header(arena, models).items()}


def _users(compilations: Sequence[Compilation]) -> dict[str, list[tuple[str, int]]]:
    """Arenas that are shared -> the models that do it, and the bytes that each needs."""
    users: dict[str, list[tuple[str, int]]] = {}
    for item in compilations:
        if item.options.share_arena is not None:
            users.setdefault(item.options.share_arena, []).append((item.name, arena_bytes(item.layout)))
    return users


def _shared_bytes(compilations: Sequence[Compilation]) -> dict[str, int]:
    """The type of each arena that is shared -> its bytes."""
    return {f"{arena}_arena": max(size for _, size in models) for arena, models in _users(compilations).items()}


def shared_constants(compilations: Sequence[Compilation], name: str | None) -> Shared | None:
    """What several models of the package called `name` have in common, which it holds once. Constants that the firmware hands
    in are each model's own."""
    title = _name(compilations, name)
    users = [User(item.name, item.program, item.options.sections) for item in compilations if not item.options.external_weights]
    common = share(title, users)
    if common is not None and any(item.name == common.name for item in compilations):
        raise fail("--package-name", repr(title), f"another, as {common.name} is the C prefix of a model")
    return common


def _forwarding(header: str) -> str:
    guard = re.sub(r"\W", "_", f"TINYCC_INCLUDE_{header}").upper()
    return f"""/* SPDX-License-Identifier: Apache-2.0 */
#ifndef {guard}
#define {guard}

#include "../src/{header}"

#endif
"""
