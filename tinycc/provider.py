# SPDX-License-Identifier: Apache-2.0
"""Whose CMSIS-NN functions are linked, which is decided before kernels are chosen and memory is planned.

`bundled`: those that come with the C, which take no scratch but what SVDF keeps. `cmsis-nn`: Arm's library, of a version, built
by its own build for the core; functions that an older one lacks are tinycc's own kernels instead. `either`: decided by the
build of the firmware, so that memory is planned for the more demanding one.

The emitted code calls the functions of CMSIS-NN 7: the leaf that fits the shape, not the `_wrapper` that would link them all.
Variants in `tinycc/kernels` say which, and where one is wrong or unsafe. Never called: arm_relu*, since activations are clamps
of the function before; arm_softmax_u8, since uint8 tensors are read as int8.

For older libraries the C includes cmsis_nn_versions.h, which adapts calls whose signatures changed; functions that came later
are told by SINCE.
Source: Include/arm_nnfunctions.h at the tags v4.0.0 to v7.0.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from tinycc.errors import fail
from tinycc.target import Target, Unit

MADE_FOR = 7
"""The CMSIS-NN version whose signatures the emitted code has."""
OLDEST = 4
VERSIONS = "cmsis_nn_versions.h"
"""The header of `runtime/` that adapts calls to older versions."""
SINCE = {
    "arm_batch_matmul_s16": 7,
    "arm_batch_matmul_s8": 7,
    "arm_convolve_1x1_s4": 7,
    "arm_convolve_1x1_s4_fast": 7,
    "arm_convolve_s4": 7,
    "arm_depthwise_conv_s4": 7,
    "arm_depthwise_conv_s4_opt": 7,
    "arm_fully_connected_per_channel_s8": 7,
    "arm_fully_connected_s4": 7,
    "arm_maximum_s8": 7,
    "arm_minimum_s8": 7,
    "arm_pad_s8": 7,
    "arm_transpose_conv_s8": 7,  # 5 and 6 want a second buffer
    "arm_transpose_s8": 7,
    "arm_vector_sum_s8": 7,
}
"""Function -> the first version that has it as it is called; 4 if not listed. With int4 weights: the first that was checked."""


class Kind(Enum):
    BUNDLED = "bundled"
    CMSIS_NN = "cmsis-nn"
    EITHER = "either"


@dataclass(frozen=True)
class Provider:
    """`version` is that of Arm's library. `include` and `library`: its headers and its archive, for programs that are built
    here; None where only the C is made."""

    kind: Kind = Kind.BUNDLED
    version: tuple[int, ...] = (MADE_FOR,)
    include: Path | None = None
    library: Path | None = None

    def __str__(self) -> str:
        """As --provider has it."""
        old = self.kind is Kind.CMSIS_NN and self.version != (MADE_FOR,)
        return f"{self.kind.value}={'.'.join(map(str, self.version))}" if old else self.kind.value

    @property
    def name(self) -> str:
        """For reports."""
        return {
            Kind.BUNDLED: "bundled",
            Kind.CMSIS_NN: f"CMSIS-NN {'.'.join(map(str, self.version))}",
            Kind.EITHER: "bundled or CMSIS-NN 7",
        }[self.kind]

    @property
    def older(self) -> bool:
        """Whether calls need the adapter `VERSIONS`."""
        return self.version[0] < MADE_FOR

    def units(self, target: Target) -> tuple[Unit, ...]:
        """The vector units of those of Arm's implementations that may be linked: not Helium's of before version 7, in which
        what their buffers hold changed."""
        if self.kind is Kind.BUNDLED:
            return ()
        return tuple(unit for unit in target.units if not (unit is Unit.MVE and self.older))

    def has(self, version: int) -> bool:
        """Whether what will be linked is of that version or newer."""
        return self.version[0] >= version

    def lacks(self, symbol: str) -> bool:
        """Whether what will be linked has no function of this name in the form in which it is called."""
        return not self.has(SINCE.get(symbol, OLDEST))

    def check(self, target: Target) -> None:
        """Raise CompileError where no version of the code would do."""
        if self.kind is Kind.CMSIS_NN and not self.units(target):
            hint = f"What its buffers for Helium hold changed with version {MADE_FOR}."
            raise fail("--provider", f"{self.name} for {target.name}", f"CMSIS-NN {MADE_FOR}, or bundled", hint)

    # -- building here

    @property
    def linked(self) -> Provider:
        """Those functions that are linked here: a Provider that is not `either`. Raises CompileError if they are not known."""
        if self.kind is Kind.CMSIS_NN and self.library is None:
            expected = "--cmsis-nn-include and --cmsis-nn-lib, to build with"
            raise fail(f"--provider {self}", "no library", expected, "Without them the C can be made, but not run.")
        return replace(self, kind=Kind.CMSIS_NN if self.library is not None else Kind.BUNDLED)

    @property
    def include_flags(self) -> tuple[str, ...]:
        if self.include is None:
            return ("-Icmsis_nn",)
        return ("-DTINYCC_EXTERNAL_CMSIS_NN", "-isystem", str(self.include.resolve()))

    @property
    def libraries(self) -> tuple[str, ...]:
        return () if self.library is None else (str(self.library.resolve()),)

    def sources(self, paths: Iterable[str]) -> list[str]:
        """C files of an output folder, without the bundled provider's if another one is linked."""
        return [path for path in paths if not (self.library is not None and path.startswith("cmsis_nn/"))]

    @property
    def hint(self) -> str:
        """What may be wrong if the C does not build."""
        if self.library is not None:
            return f"The C was made for {self.name}: link that version, or name yours with --provider cmsis-nn=VERSION."
        return "This is a defect of tinycc: please report it."


BUNDLED = Provider()
EITHER = Provider(Kind.EITHER)


def parse_provider(text: str) -> Provider:
    """`bundled`, `cmsis-nn`, `cmsis-nn=4.1`, `either`. Raises CompileError for anything else."""
    word, _, version = text.partition("=")
    if word not in [kind.value for kind in Kind] or (("=" in text) and word != Kind.CMSIS_NN.value):
        raise fail("--provider", repr(text), "bundled, cmsis-nn, cmsis-nn=VERSION or either")
    return Provider(Kind(word), parse_version(version) if "=" in text else (MADE_FOR,))


def parse_version(text: str) -> tuple[int, ...]:
    """(4, 1) out of "4.1", "4.1.0" or "v4.1"."""
    found = re.fullmatch(r"v?(\d{1,3})((?:\.\d{1,3}){0,2})", text)
    if not found or not OLDEST <= int(found[1]) <= MADE_FOR:
        raise fail("--provider", repr(f"cmsis-nn={text}"), f"a version of CMSIS-NN from {OLDEST}.0 to {MADE_FOR}")
    numbers = [int(found[1]), *map(int, found[2].split(".")[1:])]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def with_library(provider: Provider, include: str | None, library: str | None) -> Provider:
    """`provider` with Arm's library to build with, which makes `cmsis-nn` of the default. Raises CompileError."""
    if include is None and library is None:
        return provider
    if include is None or library is None:
        raise fail("--cmsis-nn-include, --cmsis-nn-lib", "one of them", "both", "Headers and library belong together.")
    folder, file = Path(include), Path(library)
    if not (folder / "arm_nnfunctions.h").is_file():
        raise fail("--cmsis-nn-include", f"no arm_nnfunctions.h in {include}", "the folder Include of CMSIS-NN")
    if not file.is_file():
        raise fail("--cmsis-nn-lib", f"no file {library}", "the library libcmsis-nn.a")
    kind = Kind.CMSIS_NN if provider.kind is Kind.BUNDLED else provider.kind
    return replace(provider, kind=kind, include=folder, library=file)
