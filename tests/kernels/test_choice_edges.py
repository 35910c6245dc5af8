# SPDX-License-Identifier: Apache-2.0
"""The choice of kernels within limits, at both sides of each: room for scratch, turns, memory, constants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fake_kernels import ONE, RELU, context, declare, never, relus, taken, variant

from tinycc.errors import CompileError
from tinycc.kernels import candidate as counting
from tinycc.kernels import choice as choosing
from tinycc.kernels.base import Context, Origin, Variant
from tinycc.kernels.calls import Call, Scratch, Table
from tinycc.kernels.choice import LITTLE, choose
from tinycc.ops.base import Operator
from tinycc.preferences import Goal
from tinycc.program.types import Content
from tinycc.provider import Kind, Provider


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> list[Variant[Any]]:
    return declare(monkeypatch)


def lean(name: str, cycles: int, scratch: int) -> Variant[Any]:
    return variant(name, cycles, bind=lambda op, context: (Call(name, (Scratch("s", scratch),)),))


def test_scratch_that_an_operator_may_take(declared: list[Variant[Any]]) -> None:
    """Of room, for speed: what fits, or what takes the least."""
    declared += [lean("fast", 1, 90), lean("slow", 5, 40)]
    for room, name in ((90, "fast"), (89, "slow"), (40, "slow"), (0, "slow")):
        assert choose(ONE, context(goal=Goal.SPEED), room={RELU: room})[RELU].taken.name == name
    other = relus(1)
    assert choose(ONE, context(goal=Goal.SPEED), room={other.ops[0]: 0})[RELU].taken.name == "fast"


def test_kernels_that_are_chosen_already(declared: list[Variant[Any]]) -> None:
    declared += [lean("fast", 1, 90), lean("slow", 5, 40), variant("unproved", facts=(never,)), variant("bytes", signatures=())]
    assert choose(ONE, context(), pinned={RELU: "slow"})[RELU].taken.name == "slow"
    assert choose(ONE, context(), pinned={relus(1).ops[0]: "slow"})[RELU].taken.name == "fast"
    for name, said in (("unproved", "unproved needs that it rains: found sunshine"), ("bytes", "bytes is no kernel for it")):
        with pytest.raises(CompileError, match=said):
            choose(ONE, context(), pinned={RELU: name})


def test_what_is_known_of_an_operator_is_known_of_a_core_and_of_how_often_it_runs() -> None:
    (op,) = relus(1).ops
    assert isinstance(op, Operator)
    _, known = choosing._judged(op, context(), 1)
    assert choosing._judged(op, context(), 1)[1] is known
    assert choosing._judged(op, context("cortex-m4"), 1)[1] is not known
    assert {item.times for item in choosing._judged(op, context(), 3)[1]} == {3}


@pytest.mark.parametrize(
    ("room", "name", "turns"),
    [
        ([90] * 3, "fast", range(3)),
        ([89] * 3, "middle", range(3)),
        ([90, 89, 89], "middle", range(3)),
        ([90, 0, 0], "fast", range(1)),
        ([0, 60, 60, 0, 60, 60], "middle", range(1, 3)),
        ([60, 0, 60, 60], "middle", range(2, 4)),
        ([59] * 3, None, None),
        ([], None, None),
    ],
)
def test_turns_with_more_room(room: list[int], name: str | None, turns: range | None, declared: list[Variant[Any]]) -> None:
    """What saves most of what it takes now, in a run of turns: the first that is longest."""
    declared += [lean("fast", 1, 90), lean("middle", 4, 60), lean("now", 9, 0), lean("slow", 99, 0)]
    core = context(goal=Goal.SPEED)
    now = choose(ONE, core, room={RELU: 0})[RELU]
    assert now.taken.name == "now"
    found = choosing.roomier(RELU, core, now, room)
    assert (found and (found[0].taken.name, found[1])) == (name and (name, turns))
    declared[:] = [lean("now", 9, 0)]
    assert choosing.roomier(RELU, core, now, room) is None


def test_of_equal_savings_the_one_that_takes_less(declared: list[Variant[Any]]) -> None:
    declared += [lean("much", 4, 90), lean("little", 4, 60), lean("now", 9, 0)]
    core = context(goal=Goal.SPEED)
    found = choosing.roomier(RELU, core, choose(ONE, core, room={RELU: 0})[RELU], [90])
    assert found is not None
    assert found[0].taken.name == "little"


def storing(name: str, cycles: int, constants: int, scratch: int = 0, **fields: Any) -> Variant[Any]:
    table = Table("table", np.zeros(constants, np.int8), Content.TABLE)
    return variant(name, cycles, bind=lambda op, context: (Call(name, (table, Scratch("s", scratch))),), **fields)


def test_what_saves_flash_comes_in_for_that_alone(declared: list[Variant[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Not as it is faster, if not three times; but where there is nothing else, and where it saves enough; and that is said."""
    monkeypatch.setattr(counting, "code_of", lambda symbols: {})
    core = context(goal=Goal.BALANCED, thrift=0.1)
    plain, zeros = storing("plain", 100, 1000), storing("zeros", 34, 2000, thrifty=True)
    assert taken(declared, core, plain, zeros) == "plain"
    assert taken(declared, core, storing("slow", 102, 1000), zeros) == "zeros"
    assert taken(declared, core, zeros) == "zeros"
    for saving in (True, False):
        assert taken(declared, core, plain, storing("few", 104, 500, thrifty=saving)) == "few"
        told = "1,000 bytes of constants" if saving else "0 bytes of scratch"
        assert f"; plain 100 cycles, but {told}" in choose(ONE, core)[RELU].reason
    wide = storing("wide", 1, 500, 900_000, thrifty=True)
    assert taken(declared, core, wide, storing("few", 104, 500, thrifty=True)) == "few"
    assert "; wide 1 cycles, but 900,000 bytes of scratch" in choose(ONE, core)[RELU].reason


@pytest.mark.parametrize("saving", [False, True])
@pytest.mark.parametrize("fixed", [False, True])
def test_what_saves_flash_is_made_of_weights_that_stay(saving: bool, fixed: bool) -> None:
    refusal = variant("few", thrifty=saving).refusal(RELU, context(fixed=fixed))
    assert refusal == ("needs weights that do not change" if saving and not fixed else None)


@pytest.mark.parametrize(("target", "version", "may"), [("m4", 7, False), ("m55", 6, False), ("m55", 7, True)])
def test_what_may_use_helium(target: str, version: int, may: bool) -> None:
    assert context(f"cortex-{target}", provider=Provider(Kind.CMSIS_NN, (version,))).may_use_mve == may
    assert not context(f"cortex-{target}").may_use_mve


@pytest.mark.parametrize("origin", Origin)
@pytest.mark.parametrize("version", [6, 7])
def test_what_an_older_library_lacks_is_asked_of_arms_kernels_alone(origin: Origin, version: int) -> None:
    """No other is bound for it."""
    bound: list[str] = []

    def bind(symbol: str) -> Callable[[Operator, Context], tuple[Call, ...]]:
        def calls(op: Operator, context: Context) -> tuple[Call, ...]:
            bound.append(symbol)
            return (Call(symbol, ()),)

        return calls

    core = context("cortex-m4", provider=Provider(Kind.CMSIS_NN, (version,)))
    said = [variant("arm", origin=origin, bind=bind(symbol)).refusal(RELU, core) for symbol in ("arm_pad_s8", "arm_add_s8")]
    asked = origin is Origin.CMSIS_NN and version == 6
    assert said == ["CMSIS-NN 6 lacks arm_pad_s8 as it is called" if asked else None, None]
    assert bound == (["arm_pad_s8", "arm_add_s8"] if asked else [])


@pytest.mark.parametrize("saves", [False, True])
def test_a_balanced_choice_takes_little_more_memory(
    saves: bool, declared: list[Variant[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "code_of", lambda symbols: {})
    core = context(goal=Goal.BALANCED, thrift=0.1)
    for scratch, fits in ((LITTLE, True), (LITTLE + 1, False)):
        first, second = (1000, 500) if saves else (500, 500)
        more = storing("more", 95 if not saves else 104, second, scratch)
        assert taken(declared, core, storing("lean", 100, first), more) == ("more" if fits else "lean")


def test_how_often_operators_run_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    judged = choosing._judged

    def noted(op: Operator, core: Context, times: int) -> Any:
        asked.append(times)
        return judged(op, core, times)

    monkeypatch.setattr(choosing, "_judged", noted)
    graph = relus(2)
    choose(graph, context(), times={graph.ops[1]: 7})
    assert asked == [1, 7]
