# SPDX-License-Identifier: Apache-2.0
"""The name of a compiled model: the prefix of all its C names, and the name of its files and of its CMake target."""

from __future__ import annotations

from pathlib import Path

from tinycc.errors import fail
from tinycc.program.names import identifier

MAX_LENGTH = 63
"""Characters of a C name that every C99 compiler tells apart."""
_SUFFIX = "_model"

_KEYWORDS = """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl concept const consteval constexpr
    constinit const_cast continue decltype default delete do double dynamic_cast else enum explicit export extern false float
    for friend goto if inline int long main mutable namespace new noexcept not not_eq nullptr operator or or_eq private
    protected public register reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast
    struct switch template this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile
    wchar_t while xor xor_eq
"""
_LIBRARY_HEADERS = """
    assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic stdbool
    stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype
"""
_THEIR_HEADERS = """
    alloca byteswap dirent endian fcntl features fnmatch getopt glob ieeefp libgen malloc memory newlib picolibc poll pthread
    reent regex sched search semaphore strings syscall termios unistd utime values xlocale
"""
"""What these include in turn, or stands beside them, in glibc, newlib and picolibc. NAME.h would be found in their place."""
_PLATFORMS = "adc arduino can esp gpio hal i2c k lv pwm rtc serial spi sys uart zephyr"
"""What has such macros and functions: ESP_OK, HAL_OK, gpio_init, lv_init."""
_CMAKE_TARGETS = "all all_build clean edit_cache help install package preinstall rebuild_cache run_tests test zero_check"
_OUTPUT_FILES = "example_main"
_TAKEN = frozenset(f"{_KEYWORDS} {_LIBRARY_HEADERS} {_THEIR_HEADERS} {_PLATFORMS} {_CMAKE_TARGETS} {_OUTPUT_FILES}".split())
_TAKEN_PREFIXES = ("arm_", "tk_", "tinycc_")
"""CMSIS-NN's, our kernels', and those of the adapter and the board that verification builds."""


def model_name(asked: str | None, source: str) -> str:
    """The name that was asked for, which must be usable; or else one out of the model file's name. Raises CompileError."""
    if asked is None:
        name = identifier(Path(source).stem).lower()[:MAX_LENGTH].rstrip("_")
        return _freed(name) if _is_taken(name) else name
    made = identifier(asked)[:MAX_LENGTH].rstrip("_")
    if asked != made:
        raise fail(
            "--name",
            repr(asked),
            f"a C identifier of at most {MAX_LENGTH} characters, with single underscores inside",
            f"Try --name {made}.",
        )
    if _is_taken(asked):
        raise fail("--name", repr(asked), "a name that C, C++, CMake and tinycc leave free", f"Try --name {_freed(asked)}.")
    return asked


def _is_taken(name: str) -> bool:
    return name.lower() in _TAKEN or name.lower().startswith(_TAKEN_PREFIXES)


def _freed(name: str) -> str:
    return f"my_{name}"[:MAX_LENGTH] if name.lower().startswith(_TAKEN_PREFIXES) else f"{name}{_SUFFIX}"
