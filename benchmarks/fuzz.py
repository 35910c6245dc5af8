# SPDX-License-Identifier: Apache-2.0
"""Damaged .tflite files by the thousand: each compiles or is refused with a CompileError, within limits of memory and time.

A mutator that knows the format changes what the tables hold (shapes, indices, scales, options, types, codes), not bytes alone,
so that most files get past the reader. Seeds are the cases of the tests, the models of a corpus, and earlier failures.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import resource
import signal
import struct
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import tflite

from benchmarks import TESTS, use_test_code

MEMORY_BYTES, SECONDS = 2**29, 10

LARGEST_SEED = 2**16
"""Bytes of a file that is mutated: small files are read quickly, and every byte of them means something."""
BATCH = 200
"""Files for one process, which is a new one then."""
WORDS = (
    *(
        0,
        1,
        2,
        3,
        5,
        8,
        127,
        128,
        255,
        256,
        32767,
        65535,
        65536,
        2**20,
        2**24,
        2**27,
        2**30,
        2**31 - 1,
        2**31,
        2**32 - 1,
        2**32 - 2,
    ),
    *struct.unpack("<9I", struct.pack("<9f", 0.0, 1e-45, 1e-40, 1e-30, 1e30, 3e38, float("inf"), float("-inf"), float("nan"))),
)
"""Sizes, indices and (as bits) float32 numbers at which something breaks."""


@dataclass(frozen=True)
class Spot:
    """A number in a file: where, how `struct` packs it, and numbers of the same meaning elsewhere in the file."""

    offset: int
    code: str
    likely: tuple[int, ...] = ()


def spots(data: bytes) -> list[Spot]:
    """The numbers of a file that mean something: what its tables point to and hold. Raises whatever a damaged file raises."""
    model = tflite.Model.GetRootAs(data, 0)
    found: list[Spot] = []
    codes = [model.OperatorCodes(i) for i in range(model.OperatorCodesLength())]
    for code in codes:
        found += _fields(code, {4: "b", 8: "i", 10: "i"}, tuple(range(0, 208, 7)))
    for number in range(model.SubgraphsLength()):
        graph = model.Subgraphs(number)
        indices = tuple(range(-1, graph.TensorsLength()))
        found += _vector(graph, 6, "i", indices) + _vector(graph, 8, "i", indices)
        for position in range(graph.TensorsLength()):
            tensor = graph.Tensors(position)
            found += _vector(tensor, 4, "i", (0, 1, 2, 3, 4, 7, -1)) + _vector(tensor, 18, "i", (-1, 0, 1))
            found += _fields(tensor, {6: "b", 8: "I", 14: "?"}, tuple(range(19)))
            quantization = tensor.Quantization()
            if quantization is not None:
                found += _vector(quantization, 8, "f") + _vector(quantization, 10, "q", (-128, 0, 127, 128))
                found += _fields(quantization, {12: "B", 16: "i"}, (0, 1, 2, 3))
        for position in range(graph.OperatorsLength()):
            operator = graph.Operators(position)
            found += _vector(operator, 6, "i", indices) + _vector(operator, 8, "i", indices)
            found += _fields(operator, {4: "I", 10: "B"}, tuple(range(len(codes))))
            options = operator.BuiltinOptions() or operator.BuiltinOptions2()
            if options is not None:
                found += _options(options)
    for number in range(model.BuffersLength()):
        found += _vector(model.Buffers(number), 4, "B")[:64]
    return found


def _fields(table: Any, slots: dict[int, str], likely: tuple[int, ...] = ()) -> list[Spot]:
    tab = table._tab
    places = ((tab.Offset(slot), code) for slot, code in slots.items())
    return [Spot(tab.Pos + place, code, likely) for place, code in places if place]


def _vector(table: Any, slot: int, code: str, likely: tuple[int, ...] = ()) -> list[Spot]:
    """The entries of a vector, and its length."""
    tab = table._tab
    place = tab.Offset(slot)
    if not place:
        return []
    start, size = tab.Vector(place), struct.calcsize(code)
    entries = [Spot(start + size * index, code, likely) for index in range(min(tab.VectorLen(place), 1000))]
    return [*entries, Spot(start - 4, "I", (0, 1, 2, len(entries) + 1))]


def _options(table: Any) -> list[Spot]:
    """The fields of an options table, whose types the file does not say: as bytes and as words."""
    (back,) = struct.unpack_from("<i", table.Bytes, table.Pos)
    (size,) = struct.unpack_from("<H", table.Bytes, table.Pos - back)
    found = []
    for slot in range(4, size, 2):
        (place,) = struct.unpack_from("<H", table.Bytes, table.Pos - back + slot)
        if place:
            found += [Spot(table.Pos + place, code, (0, 1, 2, 3, 4, -1)) for code in ("b", "i", "f")]
    return found


def mutate(data: bytes, rng: random.Random) -> bytes:
    """The file with one to four changes."""
    changed = bytearray(data)
    try:
        known = spots(data)
    except Exception:  # A damaged file: only bytes are left to change.
        known = []
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        if known and rng.random() < 0.85:
            _change(changed, rng.choice(known), known, rng)
        else:
            _change_bytes(changed, rng)
    return bytes(changed)


def _change(data: bytearray, spot: Spot, known: Sequence[Spot], rng: random.Random) -> None:
    size = struct.calcsize(spot.code)
    if not 0 <= spot.offset <= len(data) - size:
        return
    way = rng.random()
    if spot.likely and way < 0.5 and spot.code != "f":
        raw = struct.pack("<q", rng.choice(spot.likely))[:size]
    elif way < 0.65:
        other = rng.choice(known)
        raw = bytes(data[other.offset : other.offset + size]).ljust(size, b"\0")
    elif way < 0.75:
        number = int.from_bytes(data[spot.offset : spot.offset + size], "little") + rng.choice((-1, 1, -2, 2, 64))
        raw = (number % 256**size).to_bytes(size, "little")
    else:
        raw = (rng.choice(WORDS) if rng.random() < 0.9 else rng.getrandbits(32)).to_bytes(8, "little")[:size]
    data[spot.offset : spot.offset + size] = raw


def _change_bytes(data: bytearray, rng: random.Random) -> None:
    place = rng.randrange(len(data))
    way = rng.random()
    if way < 0.5:
        data[place] ^= 1 << rng.randrange(8)
    elif way < 0.9:
        place = min(place, max(len(data) - 4, 0)) & ~3
        data[place : place + 4] = struct.pack("<I", rng.choice(WORDS))
    else:
        del data[place:]
        data += bytes(8)


def attempt(data: bytes, match: str) -> str:
    """What becomes of a file: "compiled", "refused", or what went wrong."""
    from tinycc.compiler import compile, load
    from tinycc.errors import CompileError

    try:
        compile(load(data, match=match), name="model")
    except CompileError:
        return "refused"
    except BaseException as error:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f" at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
        return f"{type(error).__name__}{where}: {str(error)[:200]}"
    return "compiled"


def _limited(job: tuple[str, list[bytes]], results: Any) -> None:
    """In a process of its own: try the files that a seed says, under the limits of memory and time."""
    name, seeds = job
    import tinycc.compiler  # noqa: F401 - before the limit is set

    warnings.simplefilter("error", RuntimeWarning)
    resource.setrlimit(resource.RLIMIT_AS, (_used() + MEMORY_BYTES, resource.RLIM_INFINITY))
    rng = random.Random(name)
    for number in range(BATCH):
        data, match = mutate(rng.choice(seeds), rng), ("tflm", "litert")[number % 2]
        results.put(("begun", data, match))
        signal.alarm(2 * SECONDS)
        start = time.monotonic()
        outcome = attempt(data, match)
        if time.monotonic() - start > SECONDS and outcome in ("compiled", "refused"):
            outcome = f"{time.monotonic() - start:.0f} s"
        signal.alarm(0)
        results.put(("done", outcome, b""))
    results.put(("end", "", b""))


def _used() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def batches(count: int, seed: int, seeds: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    yield from ((f"{seed} {number}", seeds) for number in range(-(-count // BATCH)))


def run_batch(job: tuple[str, list[bytes]], report: Callable[[str, bytes, str], None]) -> None:
    """One process's worth of files; `report` gets (outcome, file, match) for each. A process that dies is an outcome, too."""
    results: Any = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=_limited, args=(job, results))
    process.start()
    data, match = b"", ""
    while True:
        while results.empty() and process.is_alive():
            time.sleep(0.001)
        if results.empty():
            process.join()
            report(f"the process died with status {process.exitcode}", data, match)
            return
        kind, first, second = results.get()
        if kind == "end":
            process.join()
            return
        if kind == "begun":
            data, match = first, second
        else:
            report(first, data, match)


def seed_files(corpus: Path | None) -> list[bytes]:
    """The cases of the tests' tables, small models of a corpus, earlier failures: each content once."""
    use_test_code()
    import importlib

    found: dict[bytes, None] = {}
    for table in sorted(path.stem for path in (TESTS / "cases").glob("opcases*.py")):
        for cases in importlib.import_module(table).all_cases().values():
            found.update({case.model: None for case in cases})
    folders = [TESTS / "models", TESTS / "fuzz", *([corpus] if corpus is not None else [])]
    for folder in folders:
        for path in sorted(folder.rglob("*.tflite")) if folder.is_dir() else ():
            if path.stat().st_size <= LARGEST_SEED:
                found[path.read_bytes()] = None
    return [data for data in found if len(data) <= LARGEST_SEED]


def fuzz(count: int, seed: int, corpus: Path | None, keep: Path | None) -> int:
    """Try `count` files; say what became of them, and put failures into the folder `keep`. The number of kinds of failures."""
    seeds = seed_files(corpus)
    click.echo(f"{len(seeds):,} seeds, {count:,} files, {MEMORY_BYTES:,} bytes and {SECONDS} s each")
    tally: Counter[str] = Counter()
    failures: Counter[str] = Counter()

    def report(outcome: str, data: bytes, match: str) -> None:
        tally[outcome if outcome in ("compiled", "refused") else "failed"] += 1
        if outcome in ("compiled", "refused"):
            return
        kind = outcome.partition(":")[0] if " at " not in outcome else outcome.split(": ")[0]
        failures[kind] += 1
        if failures[kind] == 1:
            name = f"{hashlib.sha256(data).hexdigest()[:12]}_{match}.tflite"
            click.echo(f"{name}: {outcome}")
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / name).write_bytes(data)

    start = time.monotonic()
    for job in batches(count, seed, seeds):
        run_batch(job, report)
    counts = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(tally.items()))
    click.echo(f"{counts}; {time.monotonic() - start:.0f} s")
    return len(failures)
