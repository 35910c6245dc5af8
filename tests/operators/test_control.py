# SPDX-License-Identifier: Apache-2.0
"""IF, WHILE, STABLEHLO_COMPOSITE: what is decided while compiling, what is refused, and who shares memory with whom.

That they compute what TFLM computes is in opcases_control.py.

Long: one family.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from emitted import compile_objects, emit_to, run, tool
from harness import agree
from model_builder import GraphBuilder, ModelBuilder
from opcases_control import all_cases, boolean, branch, f32, increment, less, loop, make, subgraph, unary
from random_control import random_model

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.frontends.tflite.oracle import litert_ref
from tinycc.interpret import Interpreter
from tinycc.ir import print_graph
from tinycc.ops.movement.copy import Copy
from tinycc.oracles import OracleUnavailable
from tinycc.passes import run_passes
from tinycc.summary import Layer
from tinycc.verification import verify

CASES = {case.name: case.model for cases in all_cases().values() for case in cases}


def kinds(model: bytes) -> list[str]:
    """The ops after all passes, inner ones included."""
    return [type(op).__name__ for op in run_passes(load(model).graph).all_ops]


# What the passes make of it.


def test_printed() -> None:
    m = ModelBuilder()
    c, x = boolean(m), m.input((2, 3), name="x")
    branch(m, c, [x], [m.tensor((2, 3), name="y")], subgraph(m, unary("NEG")), subgraph(m, unary("EXP")))
    text = print_graph(load(m.build(outputs=[2])).graph)
    assert text.split("\n", 4)[4] == (
        "    %y: float32[2,3] = If(args=%x, condition=%t0)\n"
        "        then: graph subgraph_1(\n"
        "            %t0: float32[2,3],\n"
        "        ) {\n"
        "            %t1: float32[2,3] = Neg(x=%t0)\n"
        "            return %t1\n"
        "        }\n"
        "        otherwise: graph subgraph_2(\n"
        "            %t0: float32[2,3],\n"
        "        ) {\n"
        "            %t1: float32[2,3] = Exp(x=%t0)\n"
        "            return %t1\n"
        "        }\n"
        "    return %y\n"
        "}"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("known_condition", ["Exp"]),
        ("false_at_once", ["Reshape", "Copy"]),
        ("an_output_that_nobody_reads", ["If", "Add", "Exp"]),
        ("passes_its_operand_through", ["If", "Copy", "Tanh"]),
        ("gives_views", ["If", "Exp", "Reshape", "Copy", "Reshape", "Copy", "Copy"]),
        ("values_that_nobody_needs", ["Copy", "While", "Order", "Add", "Tanh", "Copy", "Copy"]),
        ("condition_on_a_float", ["While", "Mul", "ReduceSum", "Order", "Mul", "Add"]),
        ("filter_in_a_branch", ["If", "Svdf", "Copy"]),
        ("decomposed", ["Mul", "Add", "Mul", "Add", "Reshape"]),
    ],
)
def test_passes(name: str, expected: list[str]) -> None:
    assert kinds(CASES[name]) == expected


def test_a_condition_that_becomes_known_in_a_branch() -> None:
    """A constant that is handed over decides what is inside."""
    m = ModelBuilder()
    tanh, exp = subgraph(m, unary("TANH")), subgraph(m, unary("EXP"))

    def inner(g: GraphBuilder) -> Sequence[int]:
        d, x = boolean(g), f32(g)
        y = g.tensor((2, 3))
        g.op("IF", [d, x], [y], then_subgraph_index=tanh, else_subgraph_index=exp)
        return [y]

    c, x = boolean(m), f32(m)
    nested = subgraph(m, inner)
    outputs = branch(m, c, [m.const(np.array([True])), x], [m.tensor((2, 3))], nested, nested)
    assert kinds(m.build(outputs=outputs)) == ["If", "Tanh", "Tanh"]


def test_state_stays_in_its_memory() -> None:
    """A branch that does not touch a state moves no byte of it."""
    compilation = compile(CASES["filter_in_a_branch"], name="model")
    (state,) = compilation.program.states
    assert state.before.buffer is state.after.buffer
    moved = [op.y.type.bytes for op in compilation.graph.all_ops if isinstance(op, Copy)]
    assert state.type.bytes not in moved


def test_branches_share_memory() -> None:
    """What only one branch needs lies where the other has its own."""
    arena = compile(CASES["convolutions_of_two_kinds"], name="model").report.arena_bytes
    parts = [48 + 48, 48, 48]  # the input and the condition; what the first branch makes on the way; the output
    assert arena < sum(parts) + 1024


# Random models: numpy before the passes, after them, and the C.


@pytest.mark.parametrize("seed", [3, 11, 28, 57, 93, 465])
def test_random(seed: int, runtime_archive: Path) -> None:
    compilation = compile(random_model(seed), name="model")
    before, after = Interpreter(compilation.model.graph), Interpreter(compilation.graph)
    rng = np.random.default_rng(seed)
    with HostModel(compilation, archive=runtime_archive) as host:
        for flags in range(4):
            values = [rng.integers(-5, 5, value.shape).astype(np.float32) for value in compilation.graph.inputs[2:]]
            inputs = [np.array([flags % 2 == 1]), np.array([flags // 2 == 1]), *values]
            expected = before.run(inputs)
            for found in (after.run(inputs), host.run(inputs).outputs):
                for array, reference in zip(found, expected, strict=True):
                    np.testing.assert_array_equal(array, reference)


# The C, and the tools around it.


@pytest.mark.parametrize("name", ["if_in_while", "while_in_if", "convolution_in_the_body", "gives_a_value_twice"])
def test_compiles_without_a_warning(name: str, tmp_path: Path) -> None:
    emitted = emit_to(tmp_path / "out", CASES[name], "model")
    for command in (["gcc"], ["clang"], ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"]):
        compile_objects(command, emitted, tmp_path / Path(command[0]).name)
    assert max(map(len, emitted.compilation.files["model.c"].splitlines())) <= 128


def test_structure_of_the_c() -> None:
    text = compile(CASES["if_in_while"], name="model").files["model.c"]
    lines = [line.strip() for line in text[text.index("while (1)") :].splitlines() if line.endswith(("{", "}", "break;"))]
    assert lines[:5] == ["while (1) {", "if (!*y3) {", "break;", "}", "if (*y5) {"]


def test_sanitizers(tmp_path: Path) -> None:
    """Every step of the self-test with its memory watched."""
    compilation = compile(CASES["convolution_in_the_body"], tmp_path, name="net", self_test=True)
    main_c = '#include <stdio.h>\n#include "net_selftest.h"\nstatic void put(char c) { putchar(c); }\n'
    (tmp_path / "run.c").write_text(main_c + "int main(void) { net_selftest(put); return 0; }\n")
    flags = ["-std=c99", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-I.", "-Icmsis_nn", "-Ikernels"]
    run([tool("gcc"), *flags, *compilation.sources, "run.c", "-o", "run", "-lm"], tmp_path)
    assert run(["./run"], tmp_path).stdout.endswith(b"\nPASS\n")


def test_report() -> None:
    report = compile(CASES["convolution_in_the_body"], name="model").report

    def rows(operator: str) -> list[Layer]:
        return [layer for layer in report.layers if layer.operator == operator]

    (convolution,), (called,) = rows("CONV_2D"), rows("WHILE")
    assert (convolution.subgraph, called.subgraph) == (2, 0)
    assert convolution.macs == report.macs > 0 == called.macs


def test_verified_layer_by_layer() -> None:
    verdict = verify(CASES["between_convolutions"], runs=2, layers=True)
    assert verdict.passed
    assert [row.operator.split()[2] for row in verdict.layers] == ["CONV_2D", "IF", "CONV_2D", "RELU"]


def test_on_a_board() -> None:
    tool("arm-none-eabi-gcc"), tool("qemu-system-arm")
    verdict = verify(CASES["if_in_while"], on="cortex-m4", oracle="numpy", runs=1)
    assert verdict.passed
    assert verdict.self_test == "PASS"


def test_counted_on_a_board() -> None:
    from tinycc.device.bench import bench

    tool("arm-none-eabi-gcc"), tool("qemu-system-arm")
    found = bench(load(CASES["convolution_in_the_body"]), on="cortex-m4")
    assert found.stack_bound_bytes is not None
    assert found.stack_bytes <= found.stack_bound_bytes
    assert sum(layer.instructions for layer in found.layers) > 0.9 * found.instructions


@pytest.mark.parametrize("name", ["litert__simple_group_norm_op", "litert__odml_sdpa_composite_mha"])
def test_composites_of_the_corpus(name: str, corpus: Path, runtime_archive: Path) -> None:
    data = (corpus / "models" / f"{name}.tflite").read_bytes()
    try:
        agree(data, litert_ref(data), runtime_archive, match="litert", runs=1)
    except OracleUnavailable as error:
        pytest.skip(str(error))


# Loops that do not end.


def endless() -> bytes:
    """while x == x: x = -x, but not with NaN."""
    m = ModelBuilder()

    def same(g: GraphBuilder) -> Sequence[int]:
        x = f32(g)
        equal = make(g, "EQUAL", [x, x], (2, 3), "bool")
        number = make(g, "CAST", [equal], (2, 3), "int32")
        total = make(g, "SUM", [number, g.const(np.array([0, 1], np.int32))], (), "int32")
        return [make(g, "GREATER", [total, g.const(np.array(0, np.int32))], (), "bool")]

    outputs = loop(m, [f32(m)], [m.tensor((2, 3))], subgraph(m, same), subgraph(m, unary("NEG")))
    return m.build(outputs=outputs)


def test_numpy_gives_up() -> None:
    graph = load(endless()).graph
    assert np.isnan(Interpreter(graph).run([np.full((2, 3), np.nan, np.float32)])[0]).all()
    with pytest.raises(CompileError, match=r'op 0 WHILE "t1": found no end after .* expected a loop that ends'):
        Interpreter(graph).run([np.zeros((2, 3), np.float32)])


def test_verify_leaves_out_what_does_not_end(corpus: Path, tmp_path: Path) -> None:
    verdict = verify(corpus / "models" / "litert__nested_while.tflite", runs=2)
    assert verdict.passed
    assert verdict.runs == 4
    assert "left out, as a WHILE does not end for them: all zero" in verdict.notes
    inputs = tmp_path / "inputs.npz"
    np.savez(inputs, in0=np.zeros((2, 3), np.float32))
    with pytest.raises(CompileError, match="no end after"):
        verify(endless(), inputs=inputs)


# What is refused.


def calling(kind: str, args: int = 1, outputs: int = 1, **options: int) -> Callable[[ModelBuilder], bytes]:
    """A model that calls subgraphs 1 (float32[2,3] to the same), 2 (to a boolean), 3 (itself), 4 (int32), 5 (4 elements)."""

    def build(m: ModelBuilder) -> bytes:
        subgraph(m, unary("TANH"))
        subgraph(m, lambda g: [(f32(g), g.const(np.array(True)))[1]])
        g = m.subgraph("again")
        y = g.tensor((2, 3))
        g.op("STABLEHLO_COMPOSITE", [f32(g)], [y], decomposition_subgraph_index=4 if options.pop("far", 0) else 3)
        g.outputs = [y]
        g = m.subgraph("back")
        y = g.tensor((2, 3))
        g.op("STABLEHLO_COMPOSITE", [f32(g)], [y], decomposition_subgraph_index=3)
        g.outputs = [y]
        subgraph(m, lambda g: [g.input((1,), "int32")])
        subgraph(m, lambda g: [g.input((4,))])
        subgraph(m, lambda g: [f32(g), f32(g)])
        condition = [boolean(m)] if kind == "IF" else []
        made = [m.tensor((2, 3)) for _ in range(outputs)]
        m.op(kind, [*condition, *(f32(m) for _ in range(args))], made, **options)
        return m.build(outputs=made)

    return build


REFUSED = [
    (calling("IF", then_subgraph_index=1, else_subgraph_index=9), "found subgraph 9; expected 1 to 7"),
    (calling("IF", then_subgraph_index=1, else_subgraph_index=-1), "found subgraph -1; expected 1 to 7"),
    (calling("IF", then_subgraph_index=1, else_subgraph_index=0), "found subgraph 0, which calls itself: 0 > 0"),
    (calling("IF", then_subgraph_index=1, else_subgraph_index=3), "subgraph 3, op 0 .*: found subgraph 3, which calls itself"),
    (calling("IF", then_subgraph_index=3, else_subgraph_index=3, far=1), "which calls itself: 0 > 3 > 4 > 3"),
    (calling("IF", args=2, then_subgraph_index=1, else_subgraph_index=1), "found 2 operands to hand over; expected as many as"),
    (calling("IF", outputs=2, then_subgraph_index=1, else_subgraph_index=1), "found 2 outputs; expected 1, as subgraph 1 has"),
    (calling("IF", then_subgraph_index=1, else_subgraph_index=2), r"found bool\[\] from subgraph 2 for tensor 1"),
    (calling("IF", then_subgraph_index=5, else_subgraph_index=1), r"subgraph 5, tensor 0 .*: found float32\[2,3\] as argument"),
    (calling("IF", then_subgraph_index=6, else_subgraph_index=1), r"found float32\[2,3\] as argument; expected float32\[4\]"),
    (
        calling("WHILE", cond_subgraph_index=1, body_subgraph_index=1),
        "found float32.*expected that the condition gives one boolean",
    ),
    (calling("WHILE", cond_subgraph_index=2, body_subgraph_index=2), r"found bool\[\] from subgraph 2"),
    (calling("WHILE", cond_subgraph_index=2, body_subgraph_index=1), "found a condition that is always true"),
    (calling("WHILE", args=2, outputs=1, cond_subgraph_index=2, body_subgraph_index=1), "2 operands to hand over"),
    (
        calling("WHILE", args=2, outputs=2, cond_subgraph_index=7, body_subgraph_index=7),
        "expected that the condition gives one",
    ),
    (calling("STABLEHLO_COMPOSITE", decomposition_subgraph_index=8), "found subgraph 8"),
]


@pytest.mark.parametrize(("build", "message"), REFUSED)
def test_refused(build: Callable[[ModelBuilder], bytes], message: str) -> None:
    with pytest.raises(CompileError, match=message):
        compile(build(ModelBuilder()), name="model")


def test_a_condition_that_is_no_boolean() -> None:
    m = ModelBuilder()
    index, y = subgraph(m, unary("TANH")), m.tensor((2, 3))
    branch(m, m.input((1,), "int32"), [f32(m)], [y], index, index)
    with pytest.raises(CompileError, match=r"op 0 IF .*: found condition int32\[1\]; expected one boolean as operand 0"):
        load(m.build(outputs=[y]))


def test_without_options() -> None:
    m = ModelBuilder()
    y = m.tensor((2, 3))
    m.custom("IF", [boolean(m), f32(m)], [y])
    data = m.build(outputs=[y])
    with pytest.raises(CompileError, match="CUSTOM:IF"):
        load(data)


def test_problems_inside_name_the_subgraph() -> None:
    """All of them, with the tensor or the operator."""
    m = ModelBuilder()

    def wrong(g: GraphBuilder) -> Sequence[int]:
        y = g.tensor((2, 3))
        g.op("SOFTMAX", [f32(g), f32(g)], [y])
        return [make(g, "STABLEHLO_SORT", [y], (2, 3))]

    c, a, b = boolean(m), f32(m), f32(m)
    index, y = subgraph(m, wrong), m.tensor((2, 3))
    branch(m, c, [a, b], [y], index, index)
    with pytest.raises(CompileError, match="subgraph 1, op 1 STABLEHLO_SORT"):
        load(m.build(outputs=[y]))


def test_calls_too_deep() -> None:
    m = ModelBuilder()
    inner = subgraph(m, unary("TANH"))
    for _ in range(20):

        def build(g: GraphBuilder, callee: int = inner) -> Sequence[int]:
            y = g.tensor((2, 3))
            g.op("STABLEHLO_COMPOSITE", [f32(g)], [y], decomposition_subgraph_index=callee)
            return [y]

        inner = subgraph(m, build)
    c, x, y = boolean(m), f32(m), m.tensor((2, 3))
    branch(m, c, [x], [y], inner, inner)
    with pytest.raises(CompileError, match="calls 17 deep; expected at most 16"):
        load(m.build(outputs=[y]))


def test_calls_that_multiply() -> None:
    """Ten subgraphs that each call the one before ten times are ten thousand million operators."""
    m = ModelBuilder()
    inner = subgraph(m, unary("TANH"))
    for _ in range(10):

        def build(g: GraphBuilder, callee: int = inner) -> Sequence[int]:
            x = f32(g)
            for _ in range(10):
                y = g.tensor((2, 3))
                g.op("STABLEHLO_COMPOSITE", [x], [y], decomposition_subgraph_index=callee)
                x = y
            return [x]

        inner = subgraph(m, build)
    y = m.tensor((2, 3))
    m.op("STABLEHLO_COMPOSITE", [f32(m)], [y], decomposition_subgraph_index=inner)
    with pytest.raises(CompileError, match="operators; expected at most 20,000"):
        load(m.build(outputs=[y]))


def test_a_condition_that_changes_a_variable() -> None:
    m = ModelBuilder()

    def condition(g: GraphBuilder) -> Sequence[int]:
        handle, x = g.tensor((1,), "resource"), f32(g)
        g.op("VAR_HANDLE", [], [handle], container="", shared_name="s")
        g.op("ASSIGN_VARIABLE", [handle, x], [])
        return [g.const(np.array(False))]

    y = m.tensor((2, 3))
    loop(m, [f32(m)], [y], subgraph(m, condition), subgraph(m, unary("TANH")))
    with pytest.raises(
        CompileError, match=r"found a condition that changes variable .*; expected variables changed in the body"
    ):
        load(m.build(outputs=[y]))


def test_a_body_that_changes_the_shape() -> None:
    m = ModelBuilder()

    def grows(g: GraphBuilder) -> Sequence[int]:
        i, x = g.input((1,), "int32"), f32(g)
        return [increment(g, i), make(g, "CONCATENATION", [x, x], (4, 3), axis=0)]

    outputs = [m.tensor((1,), "int32"), m.tensor((2, 3))]
    loop(m, [m.input((1,), "int32"), f32(m)], outputs, less(m, limit=3, others=[f32]), subgraph(m, grows))
    with pytest.raises(CompileError, match=r"found float32\[4,3\] from subgraph 2 for tensor 1 .*; expected float32\[2,3\]"):
        load(m.build(outputs=outputs))
