# SPDX-License-Identifier: Apache-2.0
"""A model file's bytes, wherever they come from, and what they are: by content first, by suffix where that says nothing."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from tinycc.errors import CompileError, fail

MAX_BYTES = 2**27
"""Of a file: more than any microcontroller holds."""
STDIN = "-"


@dataclass(frozen=True)
class ModelFile:
    """What was given. `name` is for messages: the path as it was given. `folder`: where files lie that it refers to."""

    data: bytes
    name: str = "model"
    folder: Path | None = None

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Format:
    """A format that is read. `source` is where its Source is: `module:class`, imported when a file needs it."""

    name: str
    source: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]


def _version(data: bytes) -> int:
    """The first field of a protobuf, if that is a small number under the tag 1: the version in ONNX and SavedModel files."""
    return data[1] if len(data) > 2 and data[0] == 8 and data[1] < 128 else 0


def is_onnx(data: bytes) -> bool:
    """ONNX files begin with an `ir_version` of 3 or more; SavedModels with `saved_model_schema_version` 1."""
    return _version(data) >= 3


FORMATS = (
    Format("TFLite", "tinycc.frontends.tflite.source:TfliteSource", (".tflite", ".lite"), lambda d: d[4:8] == b"TFL3"),
    Format("ONNX", "tinycc.frontends.onnx.source:OnnxSource", (".onnx",), is_onnx),
)

_TO_TFLITE = "Convert it with tf.lite.TFLiteConverter"
_OTHERS: tuple[tuple[Callable[[bytes], bool], str, str], ...] = (
    (lambda d: _version(d) == 1, "a TensorFlow SavedModel", f"{_TO_TFLITE}.from_saved_model, which takes its folder."),
    (lambda d: d.startswith(b"version https://git-lfs"), "a Git LFS pointer", "Run `git lfs pull` to get what it stands for."),
    (lambda d: d.startswith(b"\x89HDF"), "an HDF5 file (Keras)", f"{_TO_TFLITE}.from_keras_model."),
    (
        lambda d: d.startswith(b"PK\x03\x04") and b"config.json" in d[:4096],
        "a Keras model (.keras)",
        f"{_TO_TFLITE}.from_keras_model.",
    ),
    (
        lambda d: (d.startswith(b"PK\x03\x04") and b"data.pkl" in d[:4096]) or d.startswith((b"\x80\x02\x8a", b"\x80\x02}q")),
        "a PyTorch file (.pt, .pth)",
        "Export the module to ONNX with torch.onnx.export, or to TFLite with litert-torch.",
    ),
    (lambda d: d.startswith(b"PK\x03\x04"), "a zip archive", "Unpack it, and give the model in it."),
    (lambda d: d.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")), "a compressed file", "Unpack it."),
    (lambda d: d[4:8] == b"ORTM", "an ONNX Runtime file (.ort)", "Give the .onnx file that it was made from."),
    (lambda d: d[4:6] == b"ET", "an ExecuTorch program (.pte)", "Export the module to TFLite with litert-torch."),
    (lambda d: d[4:8] == b"CIR0", "a circle file (ONE)", "Give the .tflite file that it was made from."),
    (lambda d: d.startswith(b"GGUF"), "a GGUF file", "Such models do not fit into a microcontroller."),
    (lambda d: d[8:10] == b'{"' and d[2:8] == bytes(6), "a safetensors file", "It holds weights without a model: export that."),
    (lambda d: d.lstrip()[:1] == b"<", "an HTML or XML page", "Download the file itself, not the page that shows it."),
    (lambda d: d.lstrip()[:1] == b"{", "a JSON file", "Give the binary model."),
)
"""Whether a file is one, what it is, what to do."""


def formats() -> str:
    """The names of the formats, for messages."""
    return " or ".join(f"{'an' if form.name[0] in 'AEIO' else 'a'} {form.name} model" for form in FORMATS)


def format_of(file: ModelFile) -> Format:
    """The format of a file. Raises CompileError for one of none."""
    if not file.data:
        raise fail("file", "0 bytes", formats(), "Was the download or the conversion cut short?")
    if len(file.data) > MAX_BYTES:
        raise fail("file", f"more than {MAX_BYTES:,} bytes", "a model for a microcontroller")
    by_content = next((form for form in FORMATS if form.recognises(file.data)), None)
    if by_content is not None:
        return by_content
    for is_one, found, hint in _OTHERS:
        if is_one(file.data):
            raise fail("file", found, formats(), hint)
    suffix = Path(file.name).suffix.lower()
    return next((form for form in FORMATS if suffix in form.suffixes), FORMATS[0])


def read_model(model: str | os.PathLike[str] | bytes | ModelFile) -> ModelFile:
    """A model file's bytes, read once: a path (which may be a FIFO), `-` for the standard input, or the bytes themselves.

    Raises CompileError that says why not.
    """
    if isinstance(model, ModelFile):
        return model
    if isinstance(model, (bytes, bytearray, memoryview)):
        return ModelFile(bytes(model))
    if not isinstance(model, (str, os.PathLike)):
        raise fail("model", f"a {type(model).__name__}", "a path, the bytes of a model, or what tinycc.load gives")
    path = os.fspath(model)
    if path == STDIN:
        return ModelFile(_read(sys.stdin.buffer))
    name = printable(path)
    try:
        if stat.S_ISDIR(os.stat(path).st_mode):
            raise _folder(Path(path))
        with open(path, "rb") as file:
            return ModelFile(_read(file), name, Path(path).parent)
    except CompileError as error:
        raise CompileError(error.problems, name) from None
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or str(error)
        raise CompileError(fail("file", found, "a readable model file", "Check the path.").problems, name) from error


def _read(file: BinaryIO) -> bytes:
    return file.read(MAX_BYTES + 1)


def _folder(path: Path) -> CompileError:
    """Why a folder is no model file, and which of its files might be one."""
    if (path / "saved_model.pb").is_file() or (path / "saved_model.pbtxt").is_file():
        return fail("file", "a SavedModel folder", formats(), f"{_TO_TFLITE}.from_saved_model.")
    suffixes = tuple(suffix for form in FORMATS for suffix in form.suffixes)
    inside = sorted(item.name for item in path.iterdir() if item.suffix.lower() in suffixes)
    hint = f"Give the file: {', '.join(printable(path / name) for name in inside[:3])}." if inside else "Give the model's file."
    return fail("file", "a folder", "a model file", hint)


def printable(path: str | os.PathLike[str]) -> str:
    """A path as text for messages and comments: what is not UTF-8, or no letter of any script, shows as a replacement."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
