# SPDX-License-Identifier: Apache-2.0
"""Candidates -> rows, by a pool of processes on this machine or by a Dask cluster; what is in the store is not made again."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tinycc.batch.rows import Candidate, Keywords, Row, measure
from tinycc.batch.store import Store
from tinycc.errors import CompileError, Problem, fail
from tinycc.model_cost import unbeaten

SUFFIXES = (".tflite", ".onnx")
AHEAD = 4
"""Tasks for each worker that wait: enough to keep it busy, and few enough to fit in memory."""
TOGETHER = 32
"""Rows of a cluster that are written at once."""
Advance = Callable[[int, int], None]


def models_below(folder: Path) -> list[Candidate]:
    """Every model of a folder, by its path in it. Raises CompileError if there is none."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    if not paths:
        raise fail(str(folder), "no model", f"a folder with files that end in {' or '.join(SUFFIXES)}")
    return [Candidate(path.relative_to(folder).as_posix(), path=str(path)) for path in paths]


def candidates_of(where: str) -> list[Candidate]:
    """Of a folder, or of `FILE.py:FUNCTION`, which yields (name, bytes of a model or path). Raises CompileError."""
    path, mark, function = where.rpartition(":")
    if not mark or not path.endswith(".py"):
        if not Path(where).is_dir():
            raise fail("candidates", repr(where), "a folder of models, or FILE.py:FUNCTION that yields (name, bytes or path)")
        return models_below(Path(where))
    spec = importlib.util.spec_from_file_location("tinycc_candidates", path)
    if spec is None or spec.loader is None or not Path(path).is_file():
        raise fail("candidates", f"{path!r}, which is no Python file", "FILE.py:FUNCTION")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = getattr(module, function, None)
    if not callable(made):
        raise fail("candidates", f"no function {function!r} in {path}", "FILE.py:FUNCTION")
    found = [_candidate(name, model) for name, model in made()]
    if len({candidate.name for candidate in found}) < len(found):
        raise fail("candidates", "two of one name", "a name each")
    return found


def _candidate(name: object, model: object) -> Candidate:
    if isinstance(model, bytes):
        return Candidate(str(name), data=model)
    if isinstance(model, (str, os.PathLike)):
        return Candidate(str(name), path=os.fspath(model))
    raise fail("candidates", f"{name!r}: a {type(model).__name__}", "bytes or a path")


def run(
    candidates: Sequence[Candidate],
    store: Store,
    keywords: Keywords,
    *,
    verify: bool = False,
    jobs: int | None = None,
    advance: Advance = lambda done, total: None,
) -> list[Row]:
    """Rows of all candidates, in their order, by `jobs` processes (None: one a processor). A model that kills its process has a
    row that says so."""
    workers = jobs or os.cpu_count() or 1

    def rows(waiting: Iterator[Candidate]) -> Iterator[Row]:
        return _pooled(waiting, keywords, verify, workers)

    return _collect(candidates, store, keywords, verify, rows, advance, together=1)


def sweep(
    candidates: Sequence[Candidate],
    store: Store,
    keywords: Keywords,
    *,
    verify: bool = False,
    scheduler: str | None = None,
    workers: int = 2,
    advance: Advance = lambda done, total: None,
) -> list[Row]:
    """The same on a Dask cluster: that of the address `scheduler`, or one of `workers` processes on this machine.

    Raises CompileError without Dask, or if nobody answers at the address.
    """
    with _client(scheduler, workers) as client:

        def rows(waiting: Iterator[Candidate]) -> Iterator[Row]:
            return _clustered(client, waiting, keywords, verify)

        return _collect(candidates, store, keywords, verify, rows, advance, together=TOGETHER)


def _collect(
    candidates: Sequence[Candidate],
    store: Store,
    keywords: Keywords,
    verify: bool,
    rows: Callable[[Iterator[Candidate]], Iterator[Row]],
    advance: Advance,
    *,
    together: int,
) -> list[Row]:
    keys = [candidate.key(keywords, verify=verify) for candidate in candidates]
    found = {key: row for key, row in store.rows().items() if key in set(keys)}
    advance(len(found), len(keys))
    fresh: list[Row] = []
    missing = (candidate for key, candidate in zip(keys, candidates, strict=True) if key not in found)
    for row in rows(missing):
        fresh.append(row)
        found[row.key] = row
        if len(fresh) >= together:
            store.add(fresh)
            fresh = []
        advance(len(found), len(keys))
    store.add(fresh)
    return [found[key] for key in keys]


def _pooled(waiting: Iterator[Candidate], keywords: Keywords, verify: bool, workers: int) -> Iterator[Row]:
    """When a process dies all that wait in its pool are lost with it: each of them gets a pool of its own then."""
    running: dict[Future[Row], Candidate] = {}
    lost: list[Candidate] = []
    pool = _pool(workers)
    try:
        while True:
            while len(running) < workers * AHEAD and (candidate := next(waiting, None)) is not None:
                running[pool.submit(measure, candidate, keywords, verify=verify)] = candidate
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                candidate = running.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    lost.append(candidate)
            if lost and not running:
                pool = _pool(workers)
                yield from (_alone(candidate, keywords, verify) for candidate in lost)
                lost = []
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _alone(candidate: Candidate, keywords: Keywords, verify: bool) -> Row:
    with _pool(1) as pool:
        try:
            return pool.submit(measure, candidate, keywords, verify=verify).result()
        except BrokenProcessPool:
            said = "the process that compiled it was killed (memory?)"
            return Row(candidate.key(keywords, verify=verify), candidate.name, "crashed", said)


@contextmanager
def _client(scheduler: str | None, workers: int) -> Iterator[Any]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        problem = Problem("sweep", "no dask", "Dask's distributed scheduler", "pip install 'tinycc-ml[sweep]'")
        raise CompileError([problem]) from error
    with ExitStack() as opened:
        if scheduler is None:
            cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, processes=True)
            address = opened.enter_context(cluster)
        else:
            address = scheduler
        try:
            client = Client(address, timeout=10, set_as_default=False)
        except (OSError, ValueError) as error:
            raise fail("--scheduler", f"no answer from {scheduler!r} ({error})", "the address of a Dask scheduler") from error
        yield opened.enter_context(client)


def _clustered(client: Any, waiting: Iterator[Candidate], keywords: Keywords, verify: bool) -> Iterator[Row]:
    from distributed import as_completed

    def submitted(candidate: Candidate) -> Any:
        return client.submit(measure, candidate, keywords, verify=verify, pure=False, retries=2)

    workers = max(1, len(client.scheduler_info()["workers"]))
    started = [submitted(candidate) for _, candidate in zip(range(workers * AHEAD), waiting, strict=False)]
    queue = as_completed(started, loop=client.loop)
    for future in queue:
        yield future.result()
        if (candidate := next(waiting, None)) is not None:
            queue.add(submitted(candidate))


def pareto(rows: Iterable[Row]) -> list[Row]:
    """Those of which no other takes as little RAM, flash and cycles, and less of one; in the order of their RAM."""
    fine = [row for row in rows if row.fine and row.costs is not None]
    return unbeaten(fine, lambda row: row.costs or ())
