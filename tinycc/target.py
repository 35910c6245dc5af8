# SPDX-License-Identifier: Apache-2.0
"""What the generated code will run on: ONE table, a row for every core. `generic` is safe on all of them.

A row says all that is known of a core: the extensions of its instruction set, what an instruction costs, which compilers make
code for it and with which flags, and the emulated boards that stand for it, with their memories. A core that is added is a row.

Boards. Addresses: QEMU's hw/arm/{mps2,mps2-tz,armsse,nrf51_soc}.c and hw/riscv/virt.c, and Arm's application notes AN385,
AN386, AN500, AN505 and AN547. Boards that start in Secure state use the Secure aliases of their memories. Xtensa:
target/xtensa/core-lx106 and the memory map of ESP8266's Technical Reference (80 KiB of data RAM for users). AVR: data sheets.

Cycles. Sources: the instruction timing chapters of the Technical Reference Manuals of Cortex-M0 (DDI 0432), Cortex-M0+
(DDI 0484), Cortex-M3 (DDI 0337) and Cortex-M4 (DDI 0439); for Cortex-M33 the same figures as for Cortex-M4, for Cortex-M7 and
Cortex-M55 one instruction at a time where the cores can do two; for Cortex-M85, which does more at a time, those of Cortex-M55;
for RISC-V a core of two stages such as Ibex; for Xtensa the five stages of "Xtensa LX Microprocessor Overview", where a taken
branch costs two more and a load that is used at once waits one (not counted). AVR: counted by simavr; the model is for kernels'
costs.

Long: one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

CALL_GRAPH, STACK_USAGE = "-fcallgraph-info=su", "-fstack-usage"
"""How GCC tells the frames of functions: with who calls whom, or alone."""


class Unit(Enum):
    """The vector unit that decides which of Arm's implementations, and so which scratch sizes, are in force."""

    PLAIN = "plain C"
    DSP = "DSP extension"
    MVE = "Helium (MVE)"


class Feature(Enum):
    """An extension of the instruction set that a kernel may need."""

    DSP = "the DSP extension"
    MVE = "Helium (MVE)"
    FPU = "a floating-point unit"


@dataclass(frozen=True)
class Architecture:
    """What cores of a family share. `start`: the board's start code; `emulator`, `emulator_options`: the program that runs
    boards; `disassembly`: options of objdump, besides those for all; `packages`: Debian's, for compiler and emulator;
    `largest_object`: bytes that one array can have, if that is less than a memory; `constants_in_ram`: no byte can be loaded
    from where code lies, so that constants are copied to RAM at reset; `rom`: a file with what the part has in its ROM."""

    name: str
    start: str
    emulator: str
    packages: tuple[str, ...]
    emulator_options: tuple[str, ...] = ()
    disassembly: tuple[str, ...] = ()
    largest_object: int | None = None
    constants_in_ram: bool = False
    rom: str = ""


@dataclass(frozen=True)
class Compiler:
    """A way to make code for a core. `flags` choose the core. `oldest`: the oldest version that will do.

    `is_gcc`: it has a C library; `frames`: the option by which it tells frame sizes. `module`: it is run as a Python package.
    """

    name: str
    flags: tuple[str, ...]
    link: tuple[str, ...] = ()
    oldest: tuple[int, ...] = ()
    is_gcc: bool = True
    frames: str = CALL_GRAPH
    module: str = ""


@dataclass(frozen=True)
class Memory:
    """A range of addresses, in bytes. `wait_states`: cycles that an access waits beyond the first."""

    origin: int
    bytes: int
    wait_states: int = 0


@dataclass(frozen=True)
class Board:
    """An emulated machine. `vectors` is where it looks for the vector table, if that is not the start of `flash`; `boot`, where
    it begins, if it does not know the program's entry; `stack_bytes` are reserved in `ram`. `flags` are the compiler's for this
    board, beside those for the core; `label` is what people call it, if that is not the emulator's name."""

    machine: str
    flash: Memory
    ram: Memory
    vectors: Memory | None = None
    boot: Memory | None = None
    stack_bytes: int = 8 * 1024
    flags: tuple[str, ...] = ()
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or self.machine


@dataclass(frozen=True)
class CycleModel:
    """An ESTIMATE of cycles from counts of instructions, for memories without wait states.

    `costs`: cycles by instruction class (1 if not listed). `taken`: more for a taken branch. `word`: more for each register
    that a multiple load or store moves. `pair`: less for a load right after a load. Flash that is slower than the core, caches,
    dual issue and interlocks are not in it: expect 10 to 30 % from a real part, more if its flash has wait states.
    """

    costs: Mapping[str, int] = field(default_factory=dict, hash=False)
    taken: int = 2
    word: int = 1
    pair: int = 0

    def cycles(self, classes: Mapping[str, int], *, words: int = 0, pairs: int = 0, taken: int = 0) -> int:
        """The estimate for instructions by class, words moved by multiples, adjacent loads and taken branches."""
        base = sum(self.costs.get(name, 1) * number for name, number in classes.items())
        return base + self.taken * taken + self.word * words - self.pair * pairs


@dataclass(frozen=True)
class Target:
    """A core. `any_core`: it stands for all of them, so the code may meet every vector unit.

    `boards` and `compilers` in order of preference: the first on which the program fits, the first that is installed.
    `cycles` is None where nothing is known. `instructions`: of plain C, for one on Cortex-M3; `code_bytes`: how much longer
    its code is than on the core on which kernels were measured. `multiplies_long`: without SIMD, but with an instruction that
    accumulates products of 64 bits. `loads_anywhere`: words need not be aligned. `unicorn`: the name of the core in Unicorn,
    if it has it.
    """

    name: str
    description: str
    features: frozenset[Feature] = frozenset()
    any_core: bool = False
    architecture: Architecture | None = None
    compilers: tuple[Compiler, ...] = ()
    boards: tuple[Board, ...] = ()
    cycles: CycleModel | None = None
    instructions: float = 1.0
    code_bytes: float = 1.25
    multiplies_long: bool = False
    loads_anywhere: bool = True
    unicorn: str = ""

    @property
    def short(self) -> str:
        """The name without the maker's prefix, which is accepted, too."""
        return self.name.removeprefix("cortex-")

    @property
    def constants_in_ram(self) -> bool:
        """Whether constants take RAM, besides the flash that they come from."""
        return self.architecture is not None and self.architecture.constants_in_ram

    @property
    def units(self) -> tuple[Unit, ...]:
        """Every vector unit that the code may meet: one for a real core."""
        if self.any_core:
            return tuple(Unit)
        if Feature.MVE in self.features:
            return (Unit.MVE,)
        return (Unit.DSP,) if Feature.DSP in self.features else (Unit.PLAIN,)

    @property
    def may_use_mve(self) -> bool:
        return Unit.MVE in self.units

    def scratch(self, *, plain: int = 0, dsp: int = 0, mve: int = 0) -> int:
        """Scratch bytes that suffice on this target, given what each of CMSIS-NN's implementations asks for."""
        need = {Unit.PLAIN: plain, Unit.DSP: dsp, Unit.MVE: mve}
        return max(need[unit] for unit in self.units)


_DSP_FPU = frozenset({Feature.DSP, Feature.FPU})
_HELIUM = frozenset({Feature.DSP, Feature.MVE, Feature.FPU})

_ARM = Architecture(
    "Arm", "start_arm.c", "qemu-system-arm", ("gcc-arm-none-eabi", "libnewlib-arm-none-eabi", "qemu-system-arm")
)
_RISCV = Architecture(
    "RISC-V",
    "start_riscv.c",
    "qemu-system-riscv32",
    ("gcc-riscv64-unknown-elf", "picolibc-riscv64-unknown-elf", "qemu-system-misc"),
    emulator_options=("-bios", "none"),
    disassembly=("-M", "no-aliases"),
)
_XTENSA = Architecture(
    "Xtensa",
    "start_xtensa.c",
    "qemu-system-xtensa",
    ("gcc-xtensa-lx106", "picolibc-xtensa-lx106-elf", "qemu-system-misc"),
    emulator_options=("-cpu", "lx106"),
    constants_in_ram=True,
    rom="rom_lx106.c",
)
SIMAVR = "simavr"
_AVR = Architecture(
    "AVR",
    "start_avr.c",
    SIMAVR,
    ("gcc-avr", "avr-libc", "simavr", "libsimavr-dev"),
    largest_object=32_767,
    constants_in_ram=True,
)
EMULATORS: Mapping[str, tuple[int, ...]] = {
    "qemu-system-arm": (7, 0),
    "qemu-system-riscv32": (7, 0),
    "qemu-system-xtensa": (7, 0),
    SIMAVR: (),
}
"""Emulator -> the oldest version that has all the boards. simavr does not tell its own."""

_GCC_LINK = ("-nostartfiles", "-Wl,--no-warn-rwx-segments", "-lm", "-lc", "-lgcc")
_CALL_GRAPHS = (10,)
"""GCC since when it has -fcallgraph-info."""


def _arm_gcc(core: str, *float_flags: str) -> Compiler:
    return Compiler("arm-none-eabi-gcc", ("-mthumb", f"-mcpu={core}", *float_flags), _GCC_LINK, _CALL_GRAPHS)


_M85_GCC = Compiler(
    "arm-none-eabi-gcc", ("-mthumb", "-march=armv8.1-m.main+mve.fp+fp.dp", "-mfloat-abi=hard"), _GCC_LINK, _CALL_GRAPHS
)
"""By its architecture: GCC knows the core's name since version 13."""


def _zig(*flags: str) -> Compiler:
    """Soft float throughout: what is verified is the arithmetic, not the FPU."""
    return Compiler("zig cc", (*flags, "-Wno-unused-command-line-argument"), is_gcc=False, module="ziglang")


def _arm_zig(core: str) -> Compiler:
    return _zig("-target", "thumb-freestanding-eabi", f"-mcpu={core.replace('-', '_')}")


_RISCV_GCC = Compiler(
    "riscv64-unknown-elf-gcc",
    ("-march=rv32imc", "-mabi=ilp32", "-mcmodel=medany", "--specs=picolibc.specs"),
    _GCC_LINK,
    _CALL_GRAPHS,
)
_RISCV_ZIG = _zig("-target", "riscv32-freestanding-none", "-mcpu=generic_rv32+m+c", "-mcmodel=medany")
_XTENSA_GCC = Compiler("xtensa-lx106-elf-gcc", ("--specs=../picolibc.specs",), ("-Wl,--no-relax", *_GCC_LINK), _CALL_GRAPHS)
"""The specs lie beside the folder of libraries that the compiler knows. A linker that relaxes
has one literal for the model and the board, and their sizes could not be told apart."""
_AVR_GCC = Compiler("avr-gcc", (), ("-nostartfiles", "-lm", "-lc", "-lgcc"), frames=STACK_USAGE)

_K, _M = 1024, 1024 * 1024
_MICROBIT = Board("microbit", Memory(0, 256 * _K), Memory(0x20000000, 16 * _K), stack_bytes=2 * _K)


def _mps2(machine: str) -> tuple[Board, Board]:
    """Code in the first static RAM, or, if it is larger than that, in the pseudo-static RAM."""
    ram = Memory(0x20000000, 4 * _M)
    small = Board(machine, Memory(0, 4 * _M), ram)
    return small, Board(machine, Memory(0x21000000, 16 * _M), ram, vectors=Memory(0, _K))


_SMALLEST = (_MICROBIT, *_mps2("mps2-an385"))
"""QEMU has one Cortex-M0, with 16 KiB of RAM; larger models run on a Cortex-M3, whose instruction set contains Armv6-M."""
_AN505 = Board("mps2-an505", Memory(0x10000000, 4 * _M), Memory(0x38000000, 4 * _M))
_AN547 = Board("mps3-an547", Memory(0x10000000, 512 * _K), Memory(0x31000000, 4 * _M))
_AN547_SRAM = Board("mps3-an547", Memory(0x11000000, 2 * _M), Memory(0x31000000, 4 * _M), vectors=Memory(0x10000000, _K))
_AN547_DDR = Board("mps3-an547", Memory(0x70000000, 64 * _M), Memory(0x31000000, 4 * _M), vectors=Memory(0x10000000, _K))
_LX106_VECTORS, _LX106_BOOT = Memory(0x40000000, _K), Memory(0x50000000, 4 * _K)
_ESP8266 = Board(
    "sim",
    Memory(0x40200000, 1 * _M),
    Memory(0x3FFC0000, 80 * _K),
    vectors=_LX106_VECTORS,
    boot=_LX106_BOOT,
    stack_bytes=4 * _K,
    label="sim with the memories of ESP8266",
)
_LX106 = Board("sim", Memory(0x50001000, 63 * _M), Memory(0x60000000, 64 * _M), vectors=_LX106_VECTORS, boot=_LX106_BOOT)


def _mega(machine: str, flash: int, ram: Memory, stack_bytes: int, label: str = "") -> Board:
    """A part of the megaAVR family; data addresses begin at 0x800000, as the linker has them."""
    return Board(machine, Memory(0, flash), ram, stack_bytes=stack_bytes, flags=(f"-mmcu={machine}",), label=label)


_MEGAS = (
    _mega("atmega328p", 32 * _K, Memory(0x800100, 2 * _K), _K),
    _mega("atmega2560", 256 * _K, Memory(0x800200, 8 * _K), 2 * _K),
    _mega("atmega1284p", 128 * _K, Memory(0x800100, 16 * _K), 2 * _K),
    _mega("atmega2560", 256 * _K, Memory(0x800200, 0xFE00), 4 * _K, "atmega2560 with external RAM"),
)
"""Those of Arduino Uno and Mega, the one with the most RAM, and one with RAM at its external bus up to the end of 16-bit
addresses (in one cycle, as simavr has it; a real one takes at least another)."""
_VIRT = Board("virt", Memory(0x80000000, 8 * _M), Memory(0x80800000, 8 * _M))

_M4_CYCLES = CycleModel(
    {"load": 2, "divide": 6, "float_mac": 3, "float_divide": 14, "float_memory": 2},
    pair=1,
)
_M55_CYCLES = CycleModel(
    {"divide": 6, "float_divide": 14, "vector": 2, "vector_mac": 2, "vector_memory": 2},
    taken=1,
    word=0,
)

_ROWS = (
    Target("generic", "any core; scratch sized for the most demanding implementation", any_core=True),
    Target(
        "cortex-m0",
        "Armv6-M",
        architecture=_ARM,
        compilers=(_arm_gcc("cortex-m0", "-mfloat-abi=soft"), _arm_zig("cortex-m0")),
        boards=_SMALLEST,
        cycles=CycleModel({"load": 2, "store": 2}),
        instructions=2.3,  # few registers and forms of loads, no multiply-accumulate
        loads_anywhere=False,
        unicorn="UC_CPU_ARM_CORTEX_M0",
    ),
    Target(
        "cortex-m0plus",
        "Armv6-M",
        architecture=_ARM,
        compilers=(_arm_gcc("cortex-m0plus", "-mfloat-abi=soft"), _arm_zig("cortex-m0plus")),
        boards=_SMALLEST,
        cycles=CycleModel({"load": 2, "store": 2}, taken=1),
        instructions=2.3,
        loads_anywhere=False,
        unicorn="UC_CPU_ARM_CORTEX_M0",
    ),
    Target(
        "cortex-m3",
        "Armv7-M",
        architecture=_ARM,
        compilers=(_arm_gcc("cortex-m3", "-mfloat-abi=soft"), _arm_zig("cortex-m3")),
        boards=_mps2("mps2-an385"),
        cycles=CycleModel({"load": 2, "multiply_long": 4, "divide": 6}, pair=1),
        multiplies_long=True,
        unicorn="UC_CPU_ARM_CORTEX_M3",
    ),
    Target(
        "cortex-m4",
        "Armv7E-M",
        features=_DSP_FPU,
        architecture=_ARM,
        compilers=(_arm_gcc("cortex-m4", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"), _arm_zig("cortex-m4")),
        boards=_mps2("mps2-an386"),
        cycles=_M4_CYCLES,
        code_bytes=1.0,
        unicorn="UC_CPU_ARM_CORTEX_M4",
    ),
    Target(
        "cortex-m7",
        "Armv7E-M",
        features=_DSP_FPU,
        architecture=_ARM,
        compilers=(_arm_gcc("cortex-m7", "-mfloat-abi=hard", "-mfpu=fpv5-d16"), _arm_zig("cortex-m7")),
        boards=_mps2("mps2-an500"),
        cycles=CycleModel({"divide": 6, "float_divide": 14}, taken=1),
        code_bytes=1.0,
        unicorn="UC_CPU_ARM_CORTEX_M7",
    ),
    Target(
        "cortex-m33",
        "Armv8-M Mainline with DSP",
        features=_DSP_FPU,
        architecture=_ARM,
        compilers=(_arm_gcc("cortex-m33", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"), _arm_zig("cortex-m33")),
        boards=(_AN505,),
        cycles=_M4_CYCLES,
        code_bytes=1.0,
        unicorn="UC_CPU_ARM_CORTEX_M33",
    ),
    Target(
        "cortex-m55",
        "Armv8.1-M with Helium",
        features=_HELIUM,
        architecture=_ARM,
        compilers=(_arm_gcc("cortex-m55", "-mfloat-abi=hard"),),
        boards=(_AN547, _AN547_SRAM, _AN547_DDR),
        cycles=_M55_CYCLES,
        code_bytes=1.0,
    ),
    Target(
        "cortex-m85",
        "Armv8.1-M with Helium; compiled for, but run nowhere: no emulator has a board with it",
        features=_HELIUM,
        architecture=_ARM,
        compilers=(_M85_GCC,),
        cycles=_M55_CYCLES,
        code_bytes=1.0,
    ),
    Target(
        "rv32imc",
        "RISC-V, integer only",
        architecture=_RISCV,
        compilers=(_RISCV_GCC, _RISCV_ZIG),
        boards=(_VIRT,),
        cycles=CycleModel({"load": 2, "store": 2, "multiply_long": 2, "divide": 37}),
        instructions=1.3,
        loads_anywhere=False,
        unicorn="UC_CPU_RISCV32_ANY",
    ),
    Target(
        "lx106",
        "Xtensa LX106 of ESP8266, which has no floating-point unit and no division",
        architecture=_XTENSA,
        compilers=(_XTENSA_GCC,),
        boards=(_ESP8266, _LX106),
        cycles=CycleModel(),
        instructions=3.4,  # without the upper half of a product
        loads_anywhere=False,
    ),
    Target(
        "avr",
        "8-bit AVR with a multiplier (megaAVR); its cycles are counted, not estimated",
        architecture=_AVR,
        compilers=(_AVR_GCC,),
        boards=_MEGAS,
        cycles=CycleModel({"load": 2, "store": 2, "multiply": 2}, taken=1),
        instructions=20,  # registers of 8 bits
        loads_anywhere=False,
        code_bytes=4.1,
    ),
    Target("host", "the machine that compiles, for verification and simulation"),
)

TARGETS: Mapping[str, Target] = {target.name: target for target in _ROWS}
GENERIC = TARGETS["generic"]
EMULATED: Mapping[str, Target] = {target.name: target for target in _ROWS if target.boards}
"""Targets that a board stands for."""
_BY_SHORT_NAME = {target.short: target for target in _ROWS}


def find_target(name: str) -> Target | None:
    """The target of that name; `m4` is accepted for `cortex-m4`."""
    return TARGETS.get(name) or _BY_SHORT_NAME.get(name)
