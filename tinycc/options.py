# SPDX-License-Identifier: Apache-2.0
"""What a user can ask for, in one value that the command line and the Python API share.

Long, as every option is a field, a keyword and a check, and they belong together.
"""

from __future__ import annotations

import difflib
import math
import operator
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, TypedDict

from tinycc.apart import Apart
from tinycc.errors import fail
from tinycc.preferences import Goal, Policy, Streaming, parse_streaming
from tinycc.provider import BUNDLED, Provider, parse_provider
from tinycc.sections import NO_SECTIONS, Sections, parse_sections
from tinycc.target import GENERIC, TARGETS, Target, find_target

if TYPE_CHECKING:
    from tinycc.numerics.rules import Numerics

Shapes = Mapping[str, tuple[int, ...]]
MAX_RUNS = 100_000
MAX_SECONDS = 86_400
MAX_RAM = 2**40
TAKEN = frozenset({"arena", "states", "weights", "instance", "status", "input", "output"})
"""What no memory of the user's can be called."""
CONSTANT_CHANNELS = "prune-channels"
"""The pass that leaves out channels whose values cannot vary."""


@dataclass(frozen=True)
class Options:
    """Of reading a model:

    `shapes` of inputs with dynamic dimensions (1 otherwise), by name; `match`, the runtime whose arithmetic the C shall have
    (None: the first of the format's `Source.runtimes`); `fixes`, names of its defects that the C shall not have;
    `signature`, the entry point, in a file that has several; `io_layout`, in which order the dimensions of ONNX images come and
    go: `file`, or `nhwc` for channels last.

    Of compiling it: `name`, the prefix of all C names (None: from the file name); `target`; `provider`, whose CMSIS-NN is
    linked; `optimize`, what is made small first; `kernels`, whose are preferred; `ram` and `flash`, bytes to stay within where
    that can be had for time (none of them changes a bit of the results); `stream_input`, whether the input arrives row by row,
    `max_push`, cycles that a row may take at most, `stream_output`, whether the output goes row by row; `streaming`, along
    which frames it becomes a model of steps; `memories`, by name with their bytes, the nearest first, where buffers lie by how
    often they are touched; `without`, names of passes to leave out; `sections`, where constants and instance are linked;
    `external_io`: inputs and outputs are buffers of the caller's; `external_weights`: constants are a file that the firmware
    hands in; `share_arena`, the name of an arena that several models work in, one at a time; `pinned`: kernels by step, which
    new weights for old code must take; `self_test` emits a test for the user's own board beside the model, `watched` the same
    without cases, for verification; `profile` emits what times layers.

    Of running it: `on`, a target to emulate (None: this machine); `oracle`, the runtime to compare with (None: the one of
    `match`, or the next that can run the model); `require`, a runtime that must be installed;
    `runs` seeded random input sets from `seed` on, or the sets of an .npz file `inputs`; `layers`: compare every tensor that
    the C computes, not only the outputs; `seconds` that an emulator may take (None: by the model's size).
    """

    shapes: Shapes = field(default_factory=dict, hash=False)
    match: Numerics | None = None
    fixes: frozenset[str] = frozenset()
    signature: str | None = None
    io_layout: str = "file"

    name: str | None = None
    target: Target = GENERIC
    provider: Provider = BUNDLED
    optimize: Goal = Goal.BALANCED
    kernels: Policy = Policy.AUTO
    ram: int | None = None
    flash: int | None = None
    stream_input: bool = False
    max_push: int | None = None
    stream_output: bool = False
    streaming: Streaming | None = None
    memories: tuple[tuple[str, int], ...] = ()
    without: frozenset[str] = frozenset()
    sections: Sections = NO_SECTIONS
    external_io: bool = False
    external_weights: bool = False
    share_arena: str | None = None
    pinned: tuple[tuple[int, str], ...] = ()
    self_test: bool = False
    watched: bool = False
    profile: bool = False

    on: Target | None = None
    oracle: str | None = None
    require: str | None = None
    runs: int = 10
    seed: int = 0
    inputs: str | None = None
    layers: bool = False
    seconds: float | None = None

    @property
    def apart(self) -> Apart:
        return Apart(self.external_io, self.external_weights, self.share_arena)

    @property
    def left_out(self) -> frozenset[str]:
        """Names of the passes that do not run: those of `without`, and where new weights may come, the one that leaves out what
        is constant with the weights of today."""
        return self.without | {CONSTANT_CHANNELS} if self.external_weights else self.without

    def recorded(self) -> dict[str, Any]:
        """What of reading and compiling is not the default, as JSON holds it and `updated` takes it: the same C comes of it."""
        default = Options()
        changed = [name for name in READING + COMPILING if getattr(self, name) != getattr(default, name)]
        return {name: _plain(getattr(self, name)) for name in changed}

    def updated(self, **keywords: Any) -> Options:
        """These options with those that `keywords` give, as the Python API takes them. Raises CompileError for what is none."""
        return replace(self, **{name: _parsed(name, value) for name, value in keywords.items()})


class Keywords(TypedDict, total=False):
    """The options as keyword arguments."""

    shapes: Shapes | None
    match: str | Numerics | None
    fixes: Iterable[str]
    signature: str | None
    io_layout: str
    name: str | None
    target: str | Target
    provider: str | Provider
    optimize: str | Goal
    kernels: str | Policy
    ram: int | None
    flash: int | None
    stream_input: bool
    max_push: int | None
    stream_output: bool
    streaming: str | Streaming | None
    memories: Mapping[str, int] | Iterable[tuple[str, int]]
    without: Iterable[str]
    sections: Mapping[str, str] | Sections | None
    external_io: bool
    external_weights: bool
    share_arena: str | None
    pinned: Iterable[tuple[int, str]]
    self_test: bool
    watched: bool
    profile: bool
    on: str | Target | None
    oracle: str | None
    require: str | None
    runs: int
    seed: int
    inputs: str | os.PathLike[str] | None
    layers: bool
    seconds: float | None


LAYOUTS = ("file", "nhwc")
READING = ("shapes", "match", "fixes", "signature", "io_layout")
"""Options that a loaded model was read with."""
COMPILING = (
    "name",
    "target",
    "provider",
    "optimize",
    "kernels",
    "ram",
    "flash",
    "stream_input",
    "max_push",
    "stream_output",
    "streaming",
    "memories",
    "without",
    "sections",
    "external_io",
    "external_weights",
    "share_arena",
    "self_test",
    "watched",
    "profile",
)
"""Options on which the C depends beside the model as it was read."""
_FLAGS = {
    "shapes": "--input-shape",
    "seconds": "--time-limit",
    "fixes": "--fix",
    "sections": "--section",
    "memories": "--memory",
}
"""Names on the command line, where they differ."""


def flag(name: str) -> str:
    """The option as the command line and messages name it."""
    return _FLAGS.get(name, "--" + name.replace("_", "-"))


def merged(base: Options, options: Options | None, keywords: Mapping[str, Any]) -> Options:
    """The options of a call: `options` if given, else `base`, with `keywords`. Raises CompileError for bad ones."""
    if options is not None and not isinstance(options, Options):
        raise fail("options", f"a {type(options).__name__}", "a tinycc.Options")
    if options is not None:  # Whoever made them by hand has not been told yet.
        base = options.updated(**{item.name: getattr(options, item.name) for item in fields(Options)})
    return base.updated(**keywords)


def check_reading(loaded: Options, asked: Options) -> None:
    """Raise CompileError if a model that is loaded is asked for with other options than it was read with."""
    for name in READING:
        if getattr(asked, name) != getattr(loaded, name):
            found, expected = (repr(_plain(getattr(options, name))) for options in (asked, loaded))
            raise fail(flag(name), found, f"{expected}, as the model was loaded")


def _plain(value: Any) -> Any:
    """The value of an option as JSON holds it."""
    if isinstance(value, Target):
        return value.name
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Sections):
        return value.asked
    if isinstance(value, tuple):
        return dict(value)
    if isinstance(value, Mapping):
        return {str(key): list(shape) for key, shape in value.items()}
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _parsed(name: str, value: Any) -> Any:
    if name not in _PARSERS:
        known = ", ".join(item.name for item in fields(Options))
        near = difflib.get_close_matches(name, _PARSERS, 1)
        raise fail("options", f"an option {name!r}", f"one of {known}", f"Is {near[0]} meant?" if near else "")
    try:
        return _PARSERS[name](name, value)
    except (TypeError, ValueError, OverflowError) as error:  # An array has no truth value, for example.
        raise fail(flag(name), f"a {type(value).__name__}", "a value as tinycc.Options says") from error


def _text(name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise fail(flag(name), repr(value), "a text")
    return value


def _runtime(name: str, value: Any) -> Numerics | None:
    from tinycc.numerics.rules import RUNTIMES, Numerics  # numpy, which --help does not wait for

    if value is None or isinstance(value, Numerics):
        return value
    if not isinstance(value, str) or value not in RUNTIMES:
        raise fail(flag(name), repr(value), "one of " + ", ".join(RUNTIMES))
    return RUNTIMES[value]


def _arena(name: str, value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]\w{0,50}", value, re.ASCII)):
        raise fail(flag(name), repr(value), "a C identifier that begins with a letter, of 51 characters at most")
    return value


def _layout(name: str, value: Any) -> str:
    if value not in LAYOUTS:
        raise fail(flag(name), repr(value), " or ".join(LAYOUTS))
    return str(value)


def _names(name: str, value: Any) -> frozenset[str]:
    """Names of passes, as the command line or as Python spells them."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise fail(flag(name), repr(value), "names of passes, such as ['fuse-pad']")
    return frozenset(str(item).replace("_", "-") for item in value)


def _path(name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, (str, os.PathLike)):
        raise fail(flag(name), repr(value), "a path")
    return None if value is None else os.fsdecode(value)


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise fail(flag(name), repr(value), "True or False")
    return value


def _number(least: int, most: int) -> Callable[[str, Any], int]:
    def parse(name: str, value: Any) -> int:
        if isinstance(value, bool) or not hasattr(value, "__index__") or not least <= value.__index__() <= most:
            raise fail(flag(name), repr(value), f"a number from {least:,} to {most:,}")
        return int(value.__index__())

    return parse


def _seconds(name: str, value: Any) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= MAX_SECONDS):
        raise fail(flag(name), repr(value), f"seconds, {MAX_SECONDS:,} at most")
    assert value is None or math.isfinite(value)
    return value


def _target(name: str, value: Any) -> Target:
    target = value if isinstance(value, Target) else find_target(value) if isinstance(value, str) else None
    if target is None:
        raise fail(flag(name), repr(value), "one of " + ", ".join(TARGETS))
    return target


def _provider(name: str, value: Any) -> Provider:
    if not isinstance(value, (str, Provider)):
        raise fail(flag(name), repr(value), "bundled, cmsis-nn, cmsis-nn=VERSION or either")
    return parse_provider(value) if isinstance(value, str) else value


def _streaming(name: str, value: Any) -> Streaming | None:
    found = parse_streaming(value) if isinstance(value, str) else value
    if (found is not None and not isinstance(found, Streaming)) or (found is None and value is not None):
        raise fail(flag(name), repr(value), "axis=1,hop=1, with an axis from 1 on")
    return found


def _memories(name: str, value: Any) -> tuple[tuple[str, int], ...]:
    """(name, bytes), the nearest first."""
    found = tuple((str(key), operator.index(size)) for key, size in (value.items() if isinstance(value, Mapping) else value))
    names = [key for key, _ in found]
    sound = all(re.fullmatch(r"[a-z][a-z0-9]{0,15}", key) and 0 < size <= MAX_RAM for key, size in found)
    if len(found) == 1 or len(set(names)) < len(names) or not sound or set(names) & TAKEN:
        expected = "two or more names of lower case letters, each once, with bytes: dtcm=64K, ram=256K (for one memory: --ram)"
        raise fail(flag(name), ", ".join(f"{key}={size}" for key, size in found), expected)
    return found


def _member(kind: type[Enum]) -> Callable[[str, Any], Enum]:
    """A member, or its value as the command line has it."""

    def parse(name: str, value: Any) -> Enum:
        found = value if isinstance(value, kind) else next((item for item in kind if item.value == value), None)
        if found is None:
            raise fail(flag(name), repr(value), "one of " + ", ".join(item.value for item in kind))
        return found

    return parse


def _sections(name: str, value: Any) -> Sections:
    if isinstance(value, Sections):
        return value
    if not isinstance(value or {}, Mapping):
        raise fail(flag(name), repr(value), "a mapping such as {'weights': '.ext_flash', 'arena': '.dtcm'}")
    return parse_sections(value or {})


def _shapes(name: str, value: Any) -> Shapes:
    """Input name -> dimensions, as plain tuples."""
    if not isinstance(value or {}, Mapping):
        raise fail(flag(name), repr(value), "a mapping from input names to shapes, such as {'x': (1, 49, 10, 1)}")
    found: dict[str, tuple[int, ...]] = {}
    for key, shape in (value or {}).items():
        try:
            found[str(key)] = tuple(int(dim.__index__()) for dim in shape)
        except (TypeError, AttributeError) as error:
            raise fail(f"{flag(name)} {key}", repr(shape), "a shape of integers, such as (1, 49, 10, 1)") from error
    return found


_PARSERS: Mapping[str, Callable[[str, Any], Any]] = {
    "shapes": _shapes,
    "match": _runtime,
    "fixes": _names,
    "signature": _text,
    "io_layout": _layout,
    "name": _text,
    "target": _target,
    "provider": _provider,
    "optimize": _member(Goal),
    "kernels": _member(Policy),
    "ram": lambda name, value: None if value is None else _number(0, MAX_RAM)(name, value),
    "flash": lambda name, value: None if value is None else _number(0, MAX_RAM)(name, value),
    "stream_input": _switch,
    "stream_output": _switch,
    "streaming": _streaming,
    "memories": _memories,
    "max_push": lambda name, value: None if value is None else _number(1, MAX_RAM)(name, value),
    "without": _names,
    "sections": _sections,
    "external_io": _switch,
    "external_weights": _switch,
    "share_arena": _arena,
    "pinned": lambda name, value: tuple((int(step), str(kernel)) for step, kernel in value),
    "self_test": _switch,
    "profile": _switch,
    "watched": _switch,
    "on": lambda name, value: None if value is None else _target(name, value),
    "oracle": _text,
    "require": _text,
    "runs": _number(0, MAX_RUNS),
    "seed": _number(0, 2**63 - 1),
    "inputs": _path,
    "layers": _switch,
    "seconds": _seconds,
}
"""What a keyword argument of an option may be."""
