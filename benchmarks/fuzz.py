# SPDX-License-Identifier: Apache-2.0
"""Damaged models by the million: each compiles or is refused with a CompileError, within limits of memory and time.

Seeds are the cases of the tests, the models of corpora, and earlier failures; `benchmarks.mutators` damages them. A process
tries a batch of files and is forked anew, all modules loaded, from one that holds the seeds: nothing is sent but what fails.
A file that reads as a graph that was compiled before, but for the numbers in its constants, is not compiled again.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import random
import resource
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import click

from benchmarks import TESTS, use_test_code
from benchmarks.mutators import MATCHES, is_tflite, mutate

MEMORY_BYTES, SECONDS = 2**29, 10
LARGEST_SEED = 2**13
"""Bytes of a file that is mutated: small files are read quickly, and every byte of them means something."""
BATCH = 2000
"""Files for one process, which is a new one then."""
AGAIN = 20
"""One in so many files is compiled although its graph is known: for the numbers in its constants."""
FINE = ("compiled", "read", "refused")


@dataclass(frozen=True)
class Mutant:
    """A damaged file and the runtime that it is compiled for."""

    data: bytes
    match: str | None

    @property
    def name(self) -> str:
        ending = f"{self.match}.tflite" if is_tflite(self.data) or self.match else "ort.onnx"
        return f"{hashlib.sha256(self.data).hexdigest()[:12]}_{ending}"


def mutant(seeds: Sequence[bytes], key: str) -> Mutant:
    """The same for the same seeds and key."""
    rng = random.Random(key)
    data = rng.choice(seeds)
    return Mutant(mutate(data, rng), rng.choice(MATCHES[is_tflite(data)]))


def attempt(data: bytes, match: str | None, wanted: Callable[[str], bool] = lambda graph: True) -> str:
    """What becomes of a file: "compiled", "refused", "read" if its graph is not wanted, or what went wrong."""
    from tinycc.compiler import compile, load
    from tinycc.errors import CompileError
    from tinycc.ir import print_graph

    try:
        loaded = load(data, match=match)
        if not wanted(print_graph(loaded.graph)):
            return "read"
        compile(loaded, name="model")
    except CompileError:
        return "refused"
    except BaseException as error:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f" at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
        return f"{type(error).__name__}{where}: {str(error)[:200]}"
    return "compiled"


class Known(set[bytes]):
    """Digests of the graphs that were compiled."""

    def wants(self, graph: str, number: int) -> bool:
        """Whether to compile a graph: it is new, which it is no more, or the number has its turn."""
        digest = hashlib.sha256(graph.encode()).digest()[:8]
        new = digest not in self
        self.add(digest)
        return new or number % AGAIN == 0


def _try_batch(seeds: Sequence[bytes], batch: str, first: int, known: Known, results: Connection) -> None:
    """In a process of its own, under the limits of memory and time: say what became of each file from `first` on, and which
    graphs are known at the end."""
    warnings.simplefilter("error", RuntimeWarning)
    gc.freeze()
    before = frozenset(known)
    resource.setrlimit(resource.RLIMIT_AS, (_used() + MEMORY_BYTES, resource.RLIM_INFINITY))
    for number in range(first, BATCH):
        item = mutant(seeds, f"{batch} {number}")
        signal.setitimer(signal.ITIMER_PROF, 3 * SECONDS)  # of this process's time, however busy the machine is
        start = time.process_time()
        outcome = attempt(item.data, item.match, lambda graph, number=number: known.wants(graph, number))
        taken = time.process_time() - start
        signal.setitimer(signal.ITIMER_PROF, 0)
        results.send(f"{taken:.0f} s" if taken > SECONDS and outcome in FINE else outcome)
    results.send(known - before)


def _used() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def outcomes(seeds: Sequence[bytes], batch: str, known: Known) -> Iterator[tuple[int, str]]:
    """(number, what became of it) for a batch of files. A process that dies is an outcome, and another one goes on."""
    number = 0
    while number < BATCH:
        results, other = multiprocessing.Pipe(duplex=False)
        arguments = (seeds, batch, number, known, other)
        process = multiprocessing.get_context("fork").Process(target=_try_batch, args=arguments)
        process.start()
        other.close()
        try:
            while number < BATCH:
                outcome = results.recv()
                yield number, outcome
                number += 1
            known |= results.recv()
            process.join()
        except EOFError:
            process.join()
            yield number, f"the process died with status {process.exitcode}"
            number += 1


def seed_files(*corpora: Path) -> list[bytes]:
    """The cases of the tests' tables, small models of corpora, earlier failures: each content once, TFLite first."""
    use_test_code()
    import importlib

    found: dict[bytes, None] = {}
    for table in sorted(path.stem for path in (TESTS / "cases").glob("opcases*.py")):
        for cases in importlib.import_module(table).all_cases().values():
            found.update({case.model: None for case in cases})
    for table in sorted(path.stem for path in (TESTS / "cases").glob("onnx_*cases.py")):
        families = importlib.import_module(table).FAMILIES
        found.update({case.data: None for family in families.values() for case in family()})
    for folder in (TESTS / "models", TESTS / "fuzz", *corpora):
        for path in sorted((*folder.rglob("*.tflite"), *folder.rglob("*.onnx"))) if folder.is_dir() else ():
            if path.stat().st_size <= LARGEST_SEED:
                found[path.read_bytes()] = None
    return sorted((data for data in found if len(data) <= LARGEST_SEED), key=is_tflite, reverse=True)


@dataclass
class Campaign:
    """What became of the files so far, by format; failures by kind."""

    keep: Path | None

    def __post_init__(self) -> None:
        self.tally: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()

    def add(self, outcome: str, make: Callable[[], Mutant]) -> None:
        self.tally[outcome if outcome in FINE else "failed"] += 1
        if outcome in FINE:
            return
        kind = outcome.split(": ")[0]
        self.failures[kind] += 1
        if self.failures[kind] > 1:
            return
        item = make()
        click.echo(f"{item.name}: {outcome}")
        if self.keep is not None:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / item.name).write_bytes(item.data)

    def __str__(self) -> str:
        return ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(self.tally.items()))


FORMATS: Mapping[str, Callable[[bytes], bool]] = {"tflite": is_tflite, "onnx": lambda data: not is_tflite(data)}


def fuzz(count: int, seed: int, corpora: Sequence[Path], keep: Path | None, formats: Sequence[str] = ()) -> int:
    """Try `count` files, by turns of the formats, say what became of them, and put a failure of each kind into `keep`.

    Returns the number of kinds of failures.
    """
    import tinycc.compiler
    import tinycc.frontends.onnx.source
    import tinycc.frontends.tflite.source  # noqa: F401 - loaded once, before the forks

    seeds = seed_files(*corpora)
    pools = {name: [data for data in seeds if FORMATS[name](data)] for name in formats or FORMATS}
    sizes = ", ".join(f"{len(pool):,} {name}" for name, pool in pools.items())
    click.echo(f"seeds: {sizes}; {count:,} files, {MEMORY_BYTES:,} bytes and {SECONDS} s each")
    campaigns, known = {name: Campaign(keep) for name in pools}, Known()
    start = time.monotonic()
    for turn in range(-(-count // BATCH)):
        name = tuple(pools)[turn % len(pools)]
        batch = f"{seed} {turn}"
        for number, outcome in outcomes(pools[name], batch, known):
            campaigns[name].add(outcome, lambda key=f"{batch} {number}", pool=pools[name]: mutant(pool, key))
        if sys.stderr.isatty() or turn % 10 == 9:
            done = "; ".join(f"{name}: {campaign}" for name, campaign in campaigns.items())
            click.echo(f"{(turn + 1) * BATCH:,} files, {(turn + 1) * BATCH / (time.monotonic() - start):.0f} a second; {done}")
    for name, campaign in campaigns.items():
        click.echo(f"{name}: {campaign}; {time.monotonic() - start:.0f} s")
    return sum(len(campaign.failures) for campaign in campaigns.values())
