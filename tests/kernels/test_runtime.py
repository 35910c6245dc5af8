# SPDX-License-Identifier: Apache-2.0
"""Which runtime files a program needs is read from the files themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tinycc import runtime
from tinycc.runtime import closure, has_kernel, library


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime of a few files in folders, in place of the real one."""
    files = {
        "cmsis_nn/arm_nnfunctions.h": "",
        "cmsis_nn/arm_add.c": '#include "arm_nnfunctions.h"\n',
        "kernels/shared/tk_shape.h": "#include <stdint.h>\n",
        "kernels/movement/tk_copy.c": '#include "tk_copy.h"\nvoid tk_copy(void) { arm_add(); }\n',
        "kernels/movement/tk_copy.h": '#include "tk_shape.h"\n',
        "kernels/dsp/tk_dot.S": '#include "tk_macros.h"\nbl tk_copy\n',
        "kernels/dsp/tk_dot.c": "",
        "kernels/dsp/tk_dot.h": "",
        "kernels/dsp/tk_macros.h": "",
        "kernels/dsp/notes.txt": "tk_dot",
        "kernels/tk_alone.S": "",
        "kernels/tk_alone.h": "",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.setattr(runtime, "data_path", lambda _: tmp_path)
    library.cache_clear()
    yield tmp_path
    library.cache_clear()


@pytest.mark.parametrize(
    ("symbol", "paths"),
    [
        ("arm_add", ["cmsis_nn/arm_add.c", "cmsis_nn/arm_nnfunctions.h"]),
        ("tk_alone", ["kernels/tk_alone.h", "kernels/tk_alone_asm.S"]),
        (
            "tk_copy",
            [
                *["cmsis_nn/arm_add.c", "cmsis_nn/arm_nnfunctions.h", "kernels/tk_copy.c"],
                *["kernels/tk_copy.h", "kernels/tk_shape.h"],
            ],
        ),
    ],
)
@pytest.mark.usefixtures("drawn")
def test_a_function_is_found_by_its_name_wherever_it_lies(symbol: str, paths: list[str]) -> None:
    assert [file.path for file in closure([symbol])] == paths


@pytest.mark.usefixtures("drawn")
def test_assembly_and_its_twin_go_together_with_what_they_call() -> None:
    paths = {file.path for file in closure(["tk_dot"])}
    assert paths >= {"kernels/tk_dot_asm.S", "kernels/tk_dot.c", "kernels/tk_dot.h", "kernels/tk_macros.h", "kernels/tk_copy.c"}
    assert {file.path for file in closure(["tk_dot"]) if file.is_source} == {path for path in paths if not path.endswith(".h")}
    assert has_kernel("tk_dot")
    assert has_kernel("tk_alone")
    assert not has_kernel("tk_macros")


def test_two_files_of_one_name_are_noticed(drawn: Path) -> None:
    (drawn / "cmsis_nn" / "tk_copy.h").write_text("")
    with pytest.raises(AssertionError, match="two runtime files"):
        library()


def test_every_file_is_needed_by_a_function_of_its_own_name_or_included() -> None:
    """No file lies about: each is a function's, or a header that another file includes."""
    included = {name for file in library().values() for name in re.findall(r'#\s*include "([^"]+)"', file.text)}
    functions = {Path(file.name).stem for file in library().values() if file.is_source}
    for file in library().values():
        assert file.text.startswith("/* SPDX-License-Identifier: Apache-2.0 */\n"), file.source
        assert Path(file.name).stem in functions or file.name in included, file.source


def test_what_a_header_calls_of_the_bundled_functions_comes_along() -> None:
    """Code that kernels share lies in headers; a program would not link without what it calls."""
    names = {file.name for file in closure(["tk_convolve_1x1_packed_s8"])}
    assert "arm_nn_pointwise_row_s8" not in library()["tk_convolve_1x1_packed_s8.c"].text
    assert {"tk_pointwise_block.h", "arm_nn_pointwise_row_s8.c"} <= names
