# SPDX-License-Identifier: Apache-2.0
"""Runs the tests on mutants in forks of one process, in which the tests are collected and have run once.

That run tells which lines of the modules each test comes by and what it takes; a mutant meets the tests that come by it, the
quickest first, until one fails. The fork puts the changed code into the functions that are there, so nothing is imported
twice; what they had computed is forgotten by emptying all caches. A line that runs at import alone is met by the tests of its
module, with what the module makes at import made anew.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import os
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import _lru_cache_wrapper
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType, FunctionType, SimpleNamespace
from typing import Any, TextIO

import hypothesis
import pytest

from benchmarks.built_once import BuiltOnce
from benchmarks.mutant_log import KILLED, Log
from benchmarks.mutants import Mutant

BUDGET = 10.0
"""Seconds of processor time that the tests which a mutant meets take, at most."""
EXAMPLES = 40
"""That hypothesis draws for a test, at most."""
LATEST = 10
"""How much quicker than it is the test counts that noticed the mutant before, when it is asked which comes first."""
CALLS = 300
"""Of a function by a test, that are looked at to learn which lines it comes by."""
SLACK = 20.0
"""Seconds of processor time that they may take beyond ten times what they took before: it may hang."""
PATIENCE = 1800.0
"""Seconds on the clock, for what hangs without working; a busy machine is no reason."""

_MOMENT = struct.Struct("d")


@dataclass(frozen=True)
class Change:
    """What a fork changes: the code of functions; or what a module has made of functions when it was imported, its tables."""

    functions: Sequence[tuple[FunctionType, CodeType]] = ()
    module: str = ""
    code: CodeType | None = None

    def make(self) -> None:
        for function, code in self.functions:
            function.__code__ = code
        if self.code is not None:
            there = vars(sys.modules[self.module])
            anew = dict(there)
            exec(self.code, anew)
            there.update({name: value for name, value in anew.items() if not isinstance(value, FunctionType | type)})


def run(root: Path, tests: Sequence[str], drawn: Mapping[str, Sequence[Mutant]], log: Log, out: TextIO) -> int:
    """The number of mutants that survive; what happens is printed to `out`. What the log knows is not run again."""
    say = os.fdopen(os.dup(out.fileno()), "w")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os.chdir(root)
    sys.dont_write_bytecode = True
    hunt = _Hunt(root, drawn, log, say)
    with tempfile.TemporaryDirectory(prefix="tinycc-") as built:
        subprocess.run = BuiltOnce(Path(built))  # type: ignore[assignment]
        pytest.main(["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", *tests], plugins=[hunt])
    say.flush()
    return hunt.survived


class _Hunt:
    """A plugin of pytest, in place of its loop over the tests."""

    def __init__(self, root: Path, drawn: Mapping[str, Sequence[Mutant]], log: Log, say: TextIO) -> None:
        self.root, self.drawn, self.log, self.say = root, drawn, log, say
        self.survived, self.failed, self.reason = 0, False, ""
        self.seconds: dict[pytest.Item, float] = {}
        self.reached: dict[pytest.Item, set[tuple[str, int]]] = {}
        self.caches: list[_lru_cache_wrapper[Any]] = []
        self.tables: list[_lru_cache_wrapper[Any]] = []
        self.made_anew: dict[str, bool] = {}
        self.functions: dict[str, list[FunctionType]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed, self.reason = True, str(report.longrepr).strip().rpartition("\n")[2]

    def pytest_internalerror(self, excrepr: object) -> None:
        print(excrepr, file=self.say, flush=True)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if any(self.log.verdict(mutant) is None for mutants in self.drawn.values() for mutant in mutants):
            self._prepare(session)
        for module, mutants in self.drawn.items():
            self._module(module, mutants)
        return True

    def _prepare(self, session: pytest.Session) -> None:
        """Runs all tests once."""
        for module in self.drawn:
            importlib.import_module(_name(module))
        _search_less(session.items)
        for item, following in zip(session.items, [*session.items[1:], session.items[-1]], strict=True):
            self._trace(item, following)
        _tear_down(session)
        self._look_round()
        for item in self._fickle():
            print(f"{item.nodeid} fails when it runs again", file=self.say, flush=True)
            del self.seconds[item], self.reached[item]
        total = sum(self.seconds.values())
        print(f"{len(self.seconds)} tests, {total:.0f} s", file=self.say, flush=True)

    def _trace(self, item: pytest.Item, following: pytest.Item) -> None:
        files = {str(self.root / module): module for module in self.drawn}
        lines: set[tuple[str, int]] = set()
        times = Counter[CodeType]()

        def calls(frame: FrameType, event: str, argument: Any) -> Any:
            module = files.get(frame.f_code.co_filename)
            times[frame.f_code] += 1
            if module is None or times[frame.f_code] > CALLS:
                return None

            def local(frame: FrameType, event: str, argument: Any) -> Any:
                lines.add((module, frame.f_lineno))
                return local

            return local

        start, self.failed = _processor_seconds(), False
        sys.settrace(calls)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        sys.settrace(None)
        if self.failed:
            print(f"{item.nodeid} fails without a mutant: {self.reason}", file=self.say, flush=True)
        elif lines:
            self.seconds[item], self.reached[item] = _processor_seconds() - start, lines

    def _look_round(self) -> None:
        """What forks will ask for; and what is there by then they share."""
        gc.collect()
        for item in gc.get_objects():
            if isinstance(item, _lru_cache_wrapper) and item.__wrapped__.__code__.co_argcount:
                self.caches.append(item)
            elif isinstance(item, _lru_cache_wrapper) and item.__module__.startswith("tinycc."):
                self.tables.append(item)
            elif isinstance(item, FunctionType):
                self.functions.setdefault(item.__code__.co_filename, []).append(item)
        gc.freeze()

    def _fickle(self) -> Sequence[pytest.Item]:
        """The tests that fail in a fork where nothing is changed: they would seem to notice every mutant. What the others take
        is what they take there, untraced and with their C compiled before."""
        items, failing = list(self.seconds), []
        while items:
            noticed, spent = self._met(Change(), items, 3600.0)
            self.seconds.update(zip(items, spent, strict=False))
            if noticed is None:
                break
            failing.append(noticed)
            items = items[items.index(noticed) + 1 :]
        return failing

    def _module(self, module: str, mutants: Sequence[Mutant]) -> None:
        path = self.root / module
        original = _compiled(ast.parse(path.read_text(encoding="utf-8")), path)
        start, counts, latest = time.monotonic(), {KILLED: 0, "survives": 0, "unreached": 0}, None
        for mutant in mutants:
            verdict = self.log.verdict(mutant)
            if verdict is None:
                verdict, latest = self._verdict(mutant, original, latest)
                self.log.write(mutant, verdict)
            counts[verdict] += 1
            if verdict != KILLED:
                print(f"{verdict}: {mutant}", file=self.say, flush=True)
        self.survived += counts["survives"] + counts["unreached"]
        told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
        print(f"{module}: {told} ({time.monotonic() - start:.0f} s)", file=self.say, flush=True)

    def _verdict(self, mutant: Mutant, original: CodeType, latest: pytest.Item | None) -> tuple[str, pytest.Item | None]:
        """What becomes of a mutant, and the test that noticed it; `latest`: the one that noticed the mutant before."""
        code = _compiled(mutant.tree, self.root / mutant.path)
        swaps = dict(_pairs(original, code))
        pairs = [(function, swaps.get(function.__code__)) for function in self.functions.get(code.co_filename, [])]
        functions = [(function, other) for function, other in pairs if other is not None and other != function.__code__]
        tests = [item for item, lines in self.reached.items() if any((mutant.path, line) in lines for line in mutant.lines)]
        change = Change(functions)
        if not functions or not tests:  # what runs when the module is imported
            change = Change(module=_name(mutant.path), code=code)
            tests = [item for item, lines in self.reached.items() if any(path == mutant.path for path, _ in lines)]
            if mutant.path not in self.made_anew:
                self.made_anew[mutant.path] = bool(tests) and not self._met(replace(change, code=original), tests, BUDGET)[0]
            if not self.made_anew[mutant.path]:
                return "unreached", latest
        tests.sort(key=lambda item: self.seconds[item] / (LATEST if item is latest else 1))
        found, _ = self._met(change, tests, BUDGET)
        return (KILLED if found else "survives"), found

    def _met(self, change: Change, tests: Sequence[pytest.Item], budget: float) -> tuple[pytest.Item | None, Sequence[float]]:
        """The test that fails with the change, or that was to run when the time was over; and what those took that
        passed before it."""
        met: list[pytest.Item] = []
        spent = 0.0
        for item in tests:
            spent += self.seconds[item]
            if met and spent > budget:
                break
            met.append(item)
        come, go = os.pipe()
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            limit = int(10 * spent + SLACK)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            os._exit(self._try(change, met, go))
        os.close(go)
        _wait(child)
        with os.fdopen(come, "rb") as told:
            times = [moment for (moment,) in _MOMENT.iter_unpack(told.read())]
        assert times, "the fork did not come to its first test"
        taken = [after - before for before, after in pairwise(times)]
        return (None if len(taken) == len(met) else met[len(taken)]), taken

    def _try(self, change: Change, tests: Sequence[pytest.Item], go: int) -> int:
        """Writes when every test begins, and when all have passed."""
        change.make()
        for cached in (*self.caches, *(self.tables if change.code else ())):
            cached.cache_clear()
        self.failed = False
        for item, following in zip(tests, [*tests[1:], tests[-1]], strict=True):
            os.write(go, _MOMENT.pack(_processor_seconds()))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return 1
        os.write(go, _MOMENT.pack(_processor_seconds()))
        return 0


def _wait(child: int) -> None:
    """Until a fork has ended; by itself or because it hangs."""
    end = time.monotonic() + PATIENCE
    found, status = os.waitpid(child, os.WNOHANG)
    while not found and time.monotonic() < end:
        time.sleep(0.005)
        found, status = os.waitpid(child, os.WNOHANG)
    if not found or os.WIFSIGNALED(status):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        _forget_oracles()
    if not found:
        os.waitpid(child, 0)


def _processor_seconds() -> float:
    """Of this process and of those that it waited for: the clock says little on a busy machine."""
    return sum(os.times()[:4])


def _name(module: str) -> str:
    """As it is imported."""
    return module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _compiled(tree: ast.Module, path: Path) -> CodeType:
    return compile(tree, str(path), "exec", dont_inherit=True)


def _pairs(one: CodeType, other: CodeType) -> list[tuple[CodeType, CodeType]]:
    """The code of the functions of a module and of its mutant, one by one; none for a function that has lost a part."""
    found = [(one, other)] if one.co_freevars == other.co_freevars else []
    parts = [[part for part in code.co_consts if isinstance(part, CodeType)] for code in (one, other)]
    if len(parts[0]) == len(parts[1]):
        found += [pair for first, second in zip(*parts, strict=True) for pair in _pairs(first, second)]
    return found


def _tear_down(session: pytest.Session) -> None:
    """Ends every fixture but for those of the whole run: what others have made is made of the code without a mutant."""
    session._setupstate.teardown_exact(SimpleNamespace(listchain=lambda: [session]))  # type: ignore[arg-type]


def _search_less(items: Sequence[pytest.Item]) -> None:
    """Hypothesis draws fewer examples, and neither shrinks nor explains what fails: that it fails is enough."""
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    for item in items:
        function = getattr(item, "obj", None)
        asked = getattr(function, "_hypothesis_internal_use_settings", None)
        if asked is not None:
            fewer = hypothesis.settings(asked, max_examples=min(asked.max_examples, EXAMPLES), phases=phases, database=None)
            function._hypothesis_internal_use_settings = fewer  # type: ignore[union-attr]


def _forget_oracles() -> None:
    """A fork that was ended may have left half an answer in the pipes of an oracle's process."""
    from tinycc.oracles import process

    for child in process._idle:
        child._process.kill()
    process._idle.clear()
