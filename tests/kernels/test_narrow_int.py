# SPDX-License-Identifier: Apache-2.0
"""The C where int has 16 bits (AVR): compiled with all warnings, and every expression evaluated by intervals."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from avr import cover
from emitted import STRICT
from narrow_int import findings

from tinycc.compiler import compile
from tinycc.data import data_path
from tinycc.runtime import library, source_folders

AVR_HEADERS = Path("/usr/lib/avr/include/stdint.h")
SOURCES = {file.source for file in library().values() if file.name.endswith(".c")}
FOLDERS = sorted({path.parent.relative_to(data_path("runtime")).as_posix() for path in SOURCES})
INCLUDES = [f"-I{path}" for path in source_folders()]
ABSENT = "#include <math.h>\n" + "".join(
    f"float {name}(float);\n"
    for name in ("acoshf", "asinhf", "atanhf", "erfcf", "erff", "exp2f", "expm1f", "log1pf", "log2f", "nearbyintf", "rintf")
)
"""C99's functions that avr-libc lacks: what calls them compiles there, but does not link."""


@cache
def _clang_for_avr() -> bool:
    if shutil.which("clang") is None:
        return False
    return " avr " in subprocess.run(["clang", "--print-targets"], capture_output=True, text=True, check=False).stdout


DOUBLE = {path for path in SOURCES if '"tk_double.h"' in path.read_text(encoding="utf-8")}
"""What is exact in a double of 53 bits. avr-gcc 5 has none: there they must not compile."""


needs_avr = pytest.mark.skipif(not AVR_HEADERS.exists(), reason="avr-libc is not installed")
needs_clang = pytest.mark.skipif(not _clang_for_avr(), reason="clang is not installed, or does not know AVR")


def sources_in(folder: str) -> list[str]:
    return sorted(str(path) for path in SOURCES if path.parent == data_path("runtime") / folder)


@needs_avr
@pytest.mark.skipif(shutil.which("avr-gcc") is None, reason="avr-gcc is not installed")
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_runtime_compiles_without_warnings(folder: str, tmp_path: Path) -> None:
    (tmp_path / "absent.h").write_text(ABSENT)
    flags = ["-std=c99", "-Os", "-mmcu=atmega2560", *STRICT, "-include", "absent.h", *INCLUDES]
    sources = [source for source in sources_in(folder) if Path(source) not in DOUBLE]
    subprocess.run(["avr-gcc", *flags, "-c", *sources], cwd=tmp_path, check=True)


@needs_avr
@pytest.mark.skipif(shutil.which("avr-gcc") is None, reason="avr-gcc is not installed")
@pytest.mark.parametrize("source", sorted(DOUBLE), ids=lambda path: path.stem)
def test_a_kernel_that_needs_double_does_not_compile_without(source: Path, tmp_path: Path) -> None:
    command = ["avr-gcc", "-std=c99", "-mmcu=atmega2560", *INCLUDES, "-fsyntax-only", str(source)]
    narrow = "#include <float.h>\n#if DBL_MANT_DIG < 53\n#error narrow\n#endif\n"
    probe = subprocess.run(["avr-gcc", "-xc", "-fsyntax-only", "-"], input=narrow, text=True, capture_output=True, check=False)
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (result.returncode != 0) == (probe.returncode != 0)
    assert result.returncode == 0 or "computed in double" in result.stderr


@needs_avr
@needs_clang
@pytest.mark.parametrize("folder", FOLDERS)
def test_no_expression_of_the_runtime_outgrows_its_type(folder: str) -> None:
    found = {str(finding) for source in sources_in(folder) for finding in findings(source, [*INCLUDES, "-DTK_DOUBLE_H"])}
    assert not found, "\n".join(sorted(found))


@needs_avr
@needs_clang
def test_no_expression_of_the_emitted_code_outgrows_its_type(tmp_path: Path) -> None:
    """Of the model itself, for a few operators of every family."""
    found = set()
    for number, case in enumerate(list(cover().values())[::5]):
        folder = tmp_path / str(number)
        compilation = compile(case.model, folder, name="net", match=case.oracle)
        for path in compilation.sources:
            if "/" not in path:
                flags = [f"-I{folder / part}" for part in ("", "kernels", "cmsis_nn")]
                found |= {f"{case.id}: {finding}" for finding in findings(str(folder / path), flags)}
    assert not found, "\n".join(sorted(found))


RIGHT = [
    "int32_t f(int16_t a, int16_t b) { return (int32_t)a * b; }",
    "int32_t f(int8_t a, int8_t b) { return a * b; }",
    "int32_t f(int8_t a, int32_t b) { return a * b + (a & 127) * 256; }",
    "int32_t f(int32_t n) { return INT32_C(1) << n; }",
    "int32_t f(int16_t a) { return (a & 127) * (1 << 7); }",
    "int16_t f(int32_t a) { return (int16_t)(a / 2); }",
    "int32_t f(bool a, int32_t b) { return a ? b << 20 : -(a + 1); }",
    "uint32_t f(uint8_t a) { return (uint32_t)a << 24 | (uint32_t)~a; }",
    "void f(int16_t *y, int32_t n) { y += n; *y = 1; }",
    "size_t f(int32_t n) { return (size_t)n * sizeof(int32_t); }",
]
WRONG = [
    ("int32_t f(int16_t a, int16_t b) { return a * b; }", "'*' in 16 bits gives -1073709056 .. 1073741824"),
    ("int32_t f(void) { return 1 << 24; }", "'<<' in 16 bits gives 16777216 .. 16777216"),
    ("int32_t f(int32_t n) { return 1 << n; }", "'<<'"),
    ("int32_t f(void) { return 512 * 64; }", "'*' in 16 bits gives 32768 .. 32768"),
    ("int32_t f(int16_t a, int16_t b) { return a - b; }", "'-' in 16 bits gives -65535 .. 65535"),
    ("int32_t f(int16_t a) { return -a; }", "'-' in 16 bits gives -32767 .. 32768"),
    ("uint32_t f(uint16_t a, uint16_t b) { return a * b; }", "'*' in 16 bits gives 0 .. 4294836225"),
    ("int32_t f(uint8_t a, int32_t b) { return b + (a << 8); }", "'<<' in 16 bits gives 0 .. 65280"),
    ("bool f(int16_t a, int16_t b) { return a + 1 > b; }", "'+' in 16 bits gives -32767 .. 32768"),
    ("void f(uint8_t *a) { a[0] *= 255; a[1] += 1; }", "'*' in 16 bits gives 0 .. 65025"),
    ("int32_t f(const int16_t *t, int32_t i) { return t[(t[i] + t[i + 1])]; }", "'+' in 16 bits gives -65536 .. 65534"),
    ("enum { BIG = 300 * 300 }; int32_t f(void) { return BIG; }", "'*' in 16 bits gives 90000 .. 90000"),
]


@needs_avr
@needs_clang
@pytest.mark.parametrize(("code", "told"), [*((code, None) for code in RIGHT), *WRONG])
def test_what_is_found(code: str, told: str | None, tmp_path: Path) -> None:
    source = tmp_path / "code.c"
    source.write_text(f"#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n{code}\n")
    found = [str(finding) for finding in findings(str(source))]
    if told is None:
        assert not found
    else:
        assert len(found) == 1
        assert found[0].startswith("code.c:4: ")
        assert told in found[0]
