# SPDX-License-Identifier: Apache-2.0
"""Whose CMSIS-NN functions are linked: the bundled ones, or Arm's library built by its own build.

The emitted code calls the functions of CMSIS-NN 7: the leaf that fits the shape, not the `_wrapper` that would link them all.
An operator's `kernels` say which, and where one is wrong or unsafe. Never called: arm_relu*, since activations are clamps of
the function before; arm_softmax_u8, since uint8 tensors are read as int8.

For older libraries, runtime/board/cmsis_nn_versions.h adapts calls whose signatures changed; functions that came later are told
by SINCE. Source: Include/arm_nnfunctions.h at the tags v4.1.0 to v7.0.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tinycc.data import data_path
from tinycc.errors import CompileError, Problem, fail
from tinycc.target import Target

MADE_FOR = 7
"""The CMSIS-NN version whose signatures the emitted code has."""
OLDEST = 4
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


@dataclass(frozen=True)
class Provider:
    """`include` and `library` are Arm's headers and its archive; None for the bundled provider. `version`: the library's."""

    include: Path | None = None
    library: Path | None = None
    version: int = MADE_FOR

    @property
    def external(self) -> bool:
        return self.library is not None

    @property
    def name(self) -> str:
        return "external" if self.external else "bundled"

    @property
    def include_flags(self) -> tuple[str, ...]:
        if self.include is None:
            return ("-Icmsis_nn",)
        headers = ("-isystem", str(self.include.resolve()))
        if self.version >= MADE_FOR:
            return headers
        adapted = data_path("runtime") / "board" / "cmsis_nn_versions.h"
        return (*headers, f"-DTINYCC_CMSIS_NN_VERSION={self.version}", "-include", str(adapted))

    @property
    def libraries(self) -> tuple[str, ...]:
        return () if self.library is None else (str(self.library.resolve()),)

    def sources(self, paths: Iterable[str]) -> list[str]:
        """C files of an output folder, without the bundled provider's if another one is linked."""
        return [path for path in paths if not (self.external and path.startswith("cmsis_nn/"))]

    def check(self, symbols: Iterable[str], target: Target) -> None:
        """Raise CompileError for functions that the library does not have in the form in which they are called."""
        if self.version >= MADE_FOR:
            return
        expected = f"CMSIS-NN {MADE_FOR}, for which the C is made"
        problems = [
            Problem(symbol, f"CMSIS-NN {self.version}, which lacks it or its present form", expected, kind=symbol)
            for symbol in sorted(set(symbols))
            if SINCE.get(symbol, OLDEST) > self.version
        ]
        if target.may_use_mve:
            hint = "What the buffers for Helium hold changed with version 7."
            problems.append(Problem(target.name, f"CMSIS-NN {self.version}", expected, hint))
        if problems:
            raise CompileError(problems)

    @property
    def hint(self) -> str:
        if self.external:
            return f"The C was made for CMSIS-NN {MADE_FOR}: link that version, or name yours with --cmsis-nn-version."
        return "This is a defect of tinycc: please report it."


BUNDLED = Provider()


def find_provider(include: str | None, library: str | None, version: str | None) -> Provider:
    """The provider that the command line names. Raises CompileError if what it names is not there."""
    if include is None and library is None:
        if version is not None:
            raise fail("--cmsis-nn-version", "no library", "--cmsis-nn-include and --cmsis-nn-lib with it")
        return BUNDLED
    if include is None or library is None:
        raise fail("--cmsis-nn-include, --cmsis-nn-lib", "one of them", "both", "Headers and library belong together.")
    folder, file = Path(include), Path(library)
    if not (folder / "arm_nnfunctions.h").is_file():
        raise fail("--cmsis-nn-include", f"no arm_nnfunctions.h in {include}", "the folder Include of CMSIS-NN")
    if not file.is_file():
        raise fail("--cmsis-nn-lib", f"no file {library}", "the library libcmsis-nn.a")
    return Provider(folder, file, _number(version))


def _number(version: str | None) -> int:
    """7 out of "7", "7.0" or "v7.0.0"."""
    if version is None:
        return MADE_FOR
    found = re.fullmatch(r"v?(\d{1,3})(?:\.\d{1,3}){0,2}", version)
    if not found or int(found[1]) < OLDEST:
        raise fail("--cmsis-nn-version", repr(version), f"a version from {OLDEST}.1 on, such as {MADE_FOR}.0")
    return int(found[1])
