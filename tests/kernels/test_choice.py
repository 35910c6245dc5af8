# SPDX-License-Identifier: Apache-2.0
"""How a variant is chosen: by what is proved, by the instruction set, by cost; and what is said of the others."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fake_kernels import ONE, RELU, context, declare, never, relus, taken, variant
from model_builder import ModelBuilder
from opcases_stateful import all_cases

from tinycc.compiler import load
from tinycc.errors import CompileError
from tinycc.kernels import candidate as counting
from tinycc.kernels import choice as choosing
from tinycc.kernels.base import Context, Origin, Variant, variants
from tinycc.kernels.calls import Call, Scratch, Table, Tensor
from tinycc.kernels.choice import choose
from tinycc.kernels.code import code_of
from tinycc.ops.base import Operator, operators, paragraphs
from tinycc.ops.conversion.quantize import Dequantize, Quantize
from tinycc.ops.convolution.volume import VolumeSum
from tinycc.ops.elementwise.bitwise import Bitwise
from tinycc.ops.elementwise.pointwise import Pointwise
from tinycc.ops.known import BroadcastArgs, Range, Rank, ShapeOf, Where, ZerosLike
from tinycc.ops.reduction.extremes import ArgExtreme, ArgMax, ArgMin
from tinycc.ops.signal.complex import OfComplex
from tinycc.ops.signal.fourier import RealTransform
from tinycc.preferences import Goal, Policy
from tinycc.program.types import Content
from tinycc.provider import parse_provider
from tinycc.report.choices import choices_text
from tinycc.target import Feature

KNOWN = (BroadcastArgs, Range, Rank, ShapeOf, Where, ZerosLike)
ABSTRACT = (Bitwise, OfComplex, RealTransform, VolumeSum)
CONSTANTS: dict[type[Operator], set[str]] = {
    Quantize: {"float32 to uint8"},
    Dequantize: {"uint8 to float32", "float16 to float32", "int4 to float32"},
    **{cls: {"int64 to int32", "int64 to int64"} for cls in (ArgExtreme, ArgMax, ArgMin)},
}
"""Types of operands that are constants, so that the operator is folded, or of results that become a table."""


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> list[Variant[Any]]:
    return declare(monkeypatch)


def test_the_cheapest_and_among_equals_the_first(declared: list[Variant[Any]]) -> None:
    assert taken(declared, context(), variant("dear", 9), variant("cheap", 8), variant("late", 8)) == "cheap"


def test_the_goal_says_what_is_cheap(declared: list[Variant[Any]]) -> None:
    fast = variant("fast", 1, bind=lambda op, context: (Call("tk_softmax_s8", (Scratch("work", 8),)),))
    small = variant("small", 2, bind=lambda op, context: (Call("tk_clamp_f32", ()),))
    for goal, name in ((Goal.SPEED, "fast"), (Goal.SIZE, "small"), (Goal.RAM, "small")):
        assert taken(declared, context(goal=goal), fast, small) == name
    assert code_bytes("tk_softmax_s8") > code_bytes("tk_clamp_f32")


def code_bytes(*symbols: str) -> int:
    return sum(code_of(frozenset(symbols)).values())


def test_code_that_several_operators_need_is_paid_once(declared: list[Variant[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """`own` takes less constants for every operator, `shared` less code: which is smaller turns with the number of operators;
    and what another operator needs anyway costs nothing more."""
    sizes = {"little": {"little.c": 100}, "much": {"much.c": 400}, "both": {"little.c": 100, "much.c": 400}}
    monkeypatch.setattr(counting, "code_of", lambda symbols: {k: v for symbol in symbols for k, v in sizes[symbol].items()})
    table = [np.zeros(size, np.int8) for size in (100, 20)]

    def using(symbol: str, data: Any) -> Any:
        return lambda op, context: (Call(symbol, (Table("table", data, Content.TABLE),)),)

    declared[:] = [variant("wordy", bind=using("little", table[0])), variant("coded", 1, bind=using("much", table[1]))]
    size = context(goal=Goal.SIZE)
    for count, name in ((1, "wordy"), (3, "wordy"), (4, "coded"), (9, "coded")):
        assert {choice.taken.name for choice in choose(relus(count), size).values()} == {name}, count
    needs_both = variant("needs both", bind=using("both", table[1]), facts=(first_alone,))
    declared[0] = replace(declared[0], facts=(not_first,))
    declared[1] = replace(declared[1], facts=(not_first,))
    declared.append(needs_both)
    assert [choice.taken.name for choice in choose(relus(2), size).values()] == ["needs both", "coded"]


def first_alone(op: Operator, context: Context) -> str | None:
    """it is the first"""
    return None if op.origin.index == 0 else "another"


def not_first(op: Operator, context: Context) -> str | None:
    """it is not the first"""
    return "the first" if op.origin.index == 0 else None


def test_ram_is_saved_where_the_peak_is(declared: list[Variant[Any]]) -> None:
    """Of 4 elements and then of 400, both there from the beginning: scratch beside the small tensors costs no RAM, unless the
    peak can go below it."""
    net = ModelBuilder()
    x, y, z = net.input((4,)), net.tensor((4,)), net.input((400,))
    end = net.tensor((400,))
    net.op("RELU", [x], [y])
    net.op("RELU", [z], [end])
    graph = load(net.build(outputs=[end])).graph
    fast = variant("fast", 1, bind=lambda op, context: (Call("tk_clamp_f32", (Scratch("work", 16),)),))
    declared[:] = [fast, variant("lean", 2)]
    assert [choice.taken.name for choice in choose(graph, context(goal=Goal.RAM)).values()] == ["fast", "lean"]
    declared.append(variant("over", 3, in_place=("x",)))
    assert [choice.taken.name for choice in choose(graph, context(goal=Goal.RAM)).values()] == ["over", "over"]


def test_other_types_are_no_candidates(declared: list[Variant[Any]]) -> None:
    declared[:] = [variant("bytes", signatures=("int8",)), variant("floats")]
    choice = choose(ONE, context())[RELU]
    assert (choice.taken.name, choice.rejected) == ("floats", ())


def test_why_the_others_were_not_taken(declared: list[Variant[Any]]) -> None:
    declared[:] = [
        variant("helium", features=frozenset({Feature.DSP, Feature.MVE})),
        variant("unproved", facts=(never,)),
        variant("taken", 5),
        variant("slow", 1234, flash=5678),
    ]
    choice = choose(ONE, context("cortex-m4"))[RELU]
    assert (choice.taken.name, choice.cost.cycles) == ("taken", 5)
    assert choice.rejected == (
        ("helium", "needs Helium (MVE)"),
        ("unproved", "needs that it rains: found sunshine"),
        ("slow", "costs 1,234 cycles"),
    )
    assert choice.reason == "5 cycles; slow 1,234 cycles"
    assert choose(ONE, context("cortex-m55"))[RELU].taken.name == "helium"
    del declared[3:]
    assert choose(ONE, context("cortex-m4"))[RELU].reason == "5 cycles; helium needs Helium (MVE)"
    del declared[:2]
    assert choose(ONE, context("cortex-m4"))[RELU].reason == "5 cycles; there is no other kernel"


def test_generic_has_no_extension(declared: list[Variant[Any]]) -> None:
    declared[:] = [variant("dsp", features=frozenset({Feature.DSP})), variant("plain", 9)]
    assert choose(ONE, context())[RELU].taken.name == "plain"


def test_a_policy_prefers_but_does_not_forbid(declared: list[Variant[Any]]) -> None:
    arm, own = variant("arm", 1, origin=Origin.CMSIS_NN), variant("own", 2)
    assert taken(declared, context(policy=Policy.TINYCC), arm, own) == "own"
    assert choose(ONE, context(policy=Policy.TINYCC))[RELU].rejected == (("arm", "not asked for by --kernels tinycc"),)
    assert taken(declared, context(policy=Policy.CMSIS_NN), own, arm) == "arm"
    assert taken(declared, context(policy=Policy.TINYCC), arm) == "arm"
    fast = variant("fast", features=frozenset({Feature.DSP}))
    assert taken(declared, context("cortex-m4", policy=Policy.PORTABLE), fast, own) == "own"


def test_an_op_that_nothing_computes_is_refused(declared: list[Variant[Any]]) -> None:
    declared[:] = [variant("unproved", facts=(never,))]
    with pytest.raises(CompileError, match=r"RELU.*no kernel for float32\[4\] on cortex-m0"):
        choose(ONE, context("cortex-m0"))


def test_inspect_kernels() -> None:
    """`inspect --kernels` tells every choice with its cost and the reasons against the others: each once, costs first."""
    net = ModelBuilder()
    x, y = net.input((1, 4, 4, 2), "int8", scale=0.5), net.tensor((1, 4, 4, 2), "int8", scale=0.5)
    w = net.const(np.ones((1, 3, 3, 2), np.int8), scale=0.5)
    net.op("DEPTHWISE_CONV_2D", [x, w, -1], [y], padding="SAME", stride_h=1, stride_w=1, depth_multiplier=1)
    text = choices_text(load(net.build(outputs=[y])).graph, context("cortex-m4"))
    assert "takes tk_depthwise_columns_dsp_s8: " in text
    assert "not tk_depthwise_conv_asymmetric_s8: needs that the weights have a zero point" in text
    assert re.search(r"not (.*, )?arm_depthwise_conv_s8(, .*)?: costs [0-9,]+ cycles", text)
    assert re.search(r"not (.*, )?tk_mve_depthwise_by1_s8(, .*)?: needs Helium", text)
    whys = [line.split(": ", 1)[1] for line in text.splitlines() if line.startswith("    not ")]
    assert len(set(whys)) == len(whys)
    assert whys == sorted(whys, key=lambda why: not why.startswith("costs"))


@pytest.mark.parametrize("cls", operators(), ids=lambda cls: cls.__name__)
def test_declarations_agree(cls: type[Operator]) -> None:
    """A variant serves signatures that its operator has; of one name there is one for a signature; facts say what they are."""
    names = {signature.name for signature in cls.signatures}
    served = [(found.name, name) for found in variants(cls) for name in found.signatures]
    for found in variants(cls):
        assert found.op is not cls or names.issuperset(found.signatures), found.name
        assert all(paragraphs(fact)[0] for fact in found.facts), found.name
    assert len(served) == len(set(served))


@pytest.mark.parametrize("cls", operators(), ids=lambda cls: cls.__name__)
def test_every_type_is_served(cls: type[Operator]) -> None:
    """But for bytes, of which tables are made, for what is known when the model is read, and for views."""
    served = {name for variant in variants(cls) for name in variant.signatures}
    left = [signature for signature in cls.signatures if signature.name not in served]
    if cls in KNOWN or cls in ABSTRACT:
        assert not served
    elif cls.view:
        return
    elif issubclass(cls, Pointwise):
        assert all(dtype.bytes == 1 for signature in left for dtype in (*signature.operands.values(), *signature.outputs))
    else:
        assert {signature.name for signature in left} == CONSTANTS.get(cls, set())


def test_a_refusal_names_an_older_library(declared: list[Variant[Any]]) -> None:
    with pytest.raises(CompileError) as raised:
        choose(ONE, context("cortex-m4", provider=parse_provider("cmsis-nn=6")))
    assert "on cortex-m4 with CMSIS-NN 6" in str(raised.value)
    with pytest.raises(CompileError) as raised:
        choose(ONE, context("cortex-m4", provider=parse_provider("cmsis-nn")))
    assert "with CMSIS-NN" not in str(raised.value)


@pytest.mark.parametrize(
    ("goal", "second"),
    [(Goal.SPEED, "quick"), (Goal.BALANCED, "quick"), (Goal.SIZE, "small"), (Goal.RAM, "frugal")],
)
def test_the_next_best_is_that_of_the_goal(
    goal: Goal, second: str, declared: list[Variant[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = {"best": 1, "quick": 900, "small": 2, "frugal": 800}
    monkeypatch.setattr(counting, "code_of", lambda symbols: {f"{name}.c": code[name] for name in symbols})

    def needing(name: str, scratch: int) -> Any:
        return lambda op, context: (Call(name, (Scratch("s", scratch),) if scratch else ()),)

    declared += [
        variant("best", 1, bind=needing("best", 0)),
        variant("quick", 2, bind=needing("quick", 900)),
        variant("small", 90, bind=needing("small", 800)),
        variant("frugal", 91, bind=needing("frugal", 8)),
    ]
    taken = choose(ONE, context(goal=goal))[RELU]
    assert taken.taken.name == "best"
    assert f"; {second} " in taken.reason


def test_memory_is_taken_over_only_from_what_nothing_reads_again(declared: list[Variant[Any]]) -> None:
    """Both operators read the input, so that only the second may write where it is."""
    net = ModelBuilder()
    x, a, b = net.input((4,)), net.tensor((4,)), net.tensor((4,))
    net.op("RELU", [x], [a])
    net.op("RELU", [x], [b])
    graph = load(net.build(outputs=[a, b])).graph
    declared += [
        variant("slow", 9, in_place=("x",)),
        variant("fast", 1, in_place=("x",), bind=lambda op, context: (Call("fast", (Scratch("s", 8),)),)),
    ]
    found = choose(graph, context(goal=Goal.RAM))
    assert [found[op].taken.name for op in graph.ops] == ["slow", "slow"]
    beyond = choose(graph, context(goal=Goal.BALANCED))
    assert [beyond[op].taken.name for op in graph.ops] == ["fast", "fast"]


def test_code_that_only_one_operator_needs_is_its_own(declared: list[Variant[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "code_of", lambda symbols: {f"{name}.c": 100 for name in symbols})
    declared.append(variant("a"))
    alone, together = relus(1), relus(2)
    told = {count: choose(graph, context(goal=Goal.SIZE)) for count, graph in ((1, alone), (2, together))}
    assert [choice.reason.split(";")[0] for choice in told[1].values()] == ["100 bytes"]
    assert [choice.reason.split(";")[0] for choice in told[2].values()] == ["0 bytes", "0 bytes"]


def test_only_a_balanced_choice_says_that_a_faster_one_wants_memory(declared: list[Variant[Any]]) -> None:
    declared += [
        variant("frugal", 9),
        variant("fast", 1, bind=lambda op, context: (Call("fast", (Scratch("s", 900_000),)),)),
    ]
    chosen = {goal: choose(ONE, context(goal=goal))[RELU] for goal in (Goal.BALANCED, Goal.RAM)}
    assert {goal: choice.taken.name for goal, choice in chosen.items()} == {Goal.BALANCED: "frugal", Goal.RAM: "frugal"}
    assert "1 cycles, but 900,000 bytes of scratch" in chosen[Goal.BALANCED].reason
    assert "but" not in chosen[Goal.RAM].reason


def test_constants_are_what_lies_in_flash() -> None:
    found = choosing.Candidate(
        variant("v", bind=lambda op, context: (Call("v", (Tensor(op.x), Tensor(op.y))),)), RELU, context()
    )
    assert found.constants == 0


def test_a_state_is_in_memory_once() -> None:
    """What an operator leaves in it lies where it was found."""
    graph = load(all_cases()["SVDF"][0].model).graph
    (op,) = graph.ops
    ((before, after),) = op.updated
    assert after in op.outputs
    there = {*op.inputs, *op.outputs, before} - {after}
    assert choosing._alive(graph)[op][0] == sum(value.type.bytes for value in there if not value.constant)
