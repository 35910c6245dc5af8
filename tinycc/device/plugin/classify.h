/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What an instruction is, as far as a cycle estimate wants to know. Thumb: "Armv8-M Architecture Reference Manual", C2.3;
 * RISC-V: "The RISC-V Instruction Set Manual", volume I, chapters 24 and 16; Xtensa: "Xtensa Instruction Set Architecture
 * Reference Manual", 7.3.
 */
#ifndef TINYCC_CLASSIFY_H
#define TINYCC_CLASSIFY_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    ALU,
    LOAD,
    STORE,
    MULTIPLE, /* loads or stores more than one register */
    BRANCH,
    MULTIPLY,
    MULTIPLY_LONG,
    DIVIDE,
    DSP,
    FLOAT,
    FLOAT_MAC,
    FLOAT_DIVIDE,
    FLOAT_MEMORY,
    VECTOR,
    VECTOR_MAC,
    VECTOR_MEMORY,
    OTHER,
    CLASSES
} insn_class;

static const char *const class_names[CLASSES] = {
    "alu",   "load",      "store",        "multiple",     "branch", "multiply",   "multiply_long", "divide", "dsp",
    "float", "float_mac", "float_divide", "float_memory", "vector", "vector_mac", "vector_memory", "other",
};

typedef struct {
    insn_class kind;
    unsigned words; /* moved by MULTIPLE */
} insn_info;

static inline insn_info info(insn_class kind)
{
    return (insn_info){kind, 0};
}

static inline insn_info multiple(uint32_t registers)
{
    return (insn_info){MULTIPLE, (unsigned)__builtin_popcount(registers)};
}

static inline insn_info thumb16(uint32_t h)
{
    if ((h & 0xf800) == 0x4800) return info(LOAD);                                            /* LDR literal */
    if ((h & 0xf000) == 0x5000) return info(((h >> 9) & 7) >= 3 ? LOAD : STORE);              /* register offset */
    if (h >= 0x6000 && h < 0xa000) return info(h & 0x0800 ? LOAD : STORE);                    /* immediate offset */
    if ((h & 0xf600) == 0xb400) return multiple(h & 0x01ff);                                  /* PUSH, POP */
    if ((h & 0xf000) == 0xc000) return multiple(h & 0x00ff);                                  /* STM, LDM */
    if ((h & 0xffc0) == 0x4340) return info(MULTIPLY);
    if ((h & 0xf000) == 0xd000) return info((h & 0x0f00) >= 0x0e00 ? OTHER : BRANCH);         /* B<c>; UDF, SVC */
    if ((h & 0xf800) == 0xe000 || (h & 0xff00) == 0x4700 || (h & 0xf500) == 0xb100) return info(BRANCH);
    if ((h & 0xff00) == 0xbf00 || (h & 0xff00) == 0xbe00) return info(OTHER);                 /* IT, hints, BKPT */
    return info(ALU);
}

static inline insn_info coprocessor(uint32_t h, uint32_t l)
{
    uint32_t number = (l >> 8) & 15;
    if (number >= 9 && number <= 11) {
        if ((h & 0xee00) == 0xec00) return info(FLOAT_MEMORY); /* VLDR, VSTR, VLDM, VPUSH, VMOV of two */
        if ((h & 0xff80) == 0xee80 && !(h & 0x0030)) return info(FLOAT_DIVIDE);
        if ((h & 0xffbf) == 0xeeb1 && (l & 0x00c0) == 0x00c0) return info(FLOAT_DIVIDE); /* VSQRT */
        if ((h & 0xffb0) == 0xee00 || (h & 0xffb0) == 0xee10 || (h & 0xffb0) == 0xeea0 || (h & 0xffb0) == 0xee90)
            return info(l & 0x0010 ? FLOAT : FLOAT_MAC);
        return info(FLOAT);
    }
    if ((h & 0xee00) == 0xec00 && (number & 14) == 14) return info(VECTOR_MEMORY);
    if ((h & 0xef80) == 0xee80 && number >= 14 && !(l & 0x1000 && l & 1)) return info(VECTOR_MAC);
    return info(VECTOR);
}

static inline insn_info thumb32(uint32_t h, uint32_t l)
{
    if ((h & 0xec00) == 0xec00) return coprocessor(h, l);
    switch (h >> 9) {
    case 0x74: /* E8, E9: LDM, STM, LDRD, STRD, exclusive, table branch */
        if ((h & 0xfff0) == 0xe8d0 && (l & 0xffe0) == 0xf000) return info(BRANCH);
        return h & 0x0040 ? (insn_info){MULTIPLE, 2} : multiple(l & 0xffff);
    case 0x7c: /* F8, F9: single loads and stores */
        return info(h & 0x10 ? LOAD : STORE);
    case 0x7d: /* FA, FB: extend, parallel, multiply */
        if ((h & 0xff00) == 0xfa00)
            return info((h & 0xff80) == 0xfa80 || ((h & 0xffe0) == 0xfa20 && (l & 0x80)) ? DSP : ALU);
        if ((h & 0xffd0) == 0xfb90) return info(DIVIDE);
        return info(h & 0x80 ? MULTIPLY_LONG : MULTIPLY);
    default:
        if ((h & 0xf800) == 0xf000 && (l & 0x8000)) {
            if (l & 0x5000) return info(BRANCH); /* B.W, BL, loops */
            return info((h & 0x0380) == 0x0380 ? OTHER : BRANCH);
        }
        return info(ALU);
    }
}

static inline insn_info riscv16(uint32_t w)
{
    switch ((w & 3) << 3 | w >> 13) {
    case 002: case 003: case 022: case 023: return info(LOAD);
    case 006: case 007: case 026: case 027: return info(STORE);
    case 011: case 015: case 016: case 017: return info(BRANCH); /* rv32: c.jal, c.j, c.beqz, c.bnez */
    case 024: return info((w & 0x7c) == 0 ? BRANCH : ALU);       /* c.jr, c.jalr; c.mv, c.add */
    default: return info(ALU);
    }
}

static inline insn_info riscv32(uint32_t w)
{
    switch (w & 0x7f) {
    case 0x03: return info(LOAD);
    case 0x23: return info(STORE);
    case 0x07: case 0x27: return info(FLOAT_MEMORY);
    case 0x63: case 0x67: case 0x6f: return info(BRANCH);
    case 0x33: return info(w >> 25 != 1 ? ALU : w & 0x4000 ? DIVIDE : (w & 0x3000) ? MULTIPLY_LONG : MULTIPLY);
    case 0x43: case 0x47: case 0x4b: case 0x4f: return info(FLOAT_MAC);
    case 0x53: return info((w >> 27) == 3 || (w >> 27) == 11 ? FLOAT_DIVIDE : FLOAT);
    case 0x73: case 0x0f: return info(OTHER);
    default: return info(ALU);
    }
}

static inline insn_info xtensa16(uint32_t w)
{
    switch (w & 15) {
    case 8: return info(LOAD);
    case 9: return info(STORE);
    case 12: return info(w & 0x80 ? BRANCH : ALU); /* BEQZ.N, BNEZ.N; MOVI.N */
    case 13: return info((w >> 12) != 15 ? ALU : (w & 0xf0) <= 0x10 ? BRANCH : OTHER); /* MOV.N; RET.N, RETW.N; NOP.N */
    default: return info(ALU);
    }
}

static inline insn_info xtensa24(uint32_t w)
{
    const uint32_t t = (w >> 4) & 15, r = (w >> 12) & 15, op1 = (w >> 16) & 15, op2 = (w >> 20) & 15;
    switch (w & 15) {
    case 0:
        if (op1 == 0 && op2 == 0) return info(r == 0 && t >= 8 ? BRANCH : r == 0 || r == 2 || r == 5 ? OTHER : ALU); /* RET, JX, CALLX */
        if (op1 == 1 && (op2 == 12 || op2 == 13)) return info(MULTIPLY); /* MUL16U, MUL16S */
        if (op1 == 2 && op2 >= 8) return info(op2 >= 12 ? DIVIDE : op2 >= 10 ? MULTIPLY_LONG : MULTIPLY);
        if (op1 >= 8) return info(op1 <= 9 ? FLOAT_MEMORY : FLOAT);
        return info(ALU);
    case 1: return info(LOAD); /* L32R */
    case 2:
        if (r <= 2 || r == 9 || r == 11) return info(LOAD);
        if ((r >= 4 && r <= 6) || r >= 14) return info(STORE);
        return info(r == 7 ? OTHER : ALU);
    case 3: return info(FLOAT_MEMORY);
    case 4: return info(MULTIPLY);
    case 5: case 7: return info(BRANCH);
    case 6: return info((t & 15) == 3 ? ALU : BRANCH); /* ENTRY */
    default: return info(OTHER);
    }
}

typedef enum { THUMB, RISCV, XTENSA } insn_set;

static inline insn_info classify(const uint8_t *bytes, size_t size, insn_set set)
{
    uint32_t low = bytes[0] | (uint32_t)bytes[1] << 8;
    if (set == XTENSA) return size == 2 ? xtensa16(low) : xtensa24(low | (uint32_t)bytes[2] << 16);
    if (size == 2) return set == RISCV ? riscv16(low) : thumb16(low);
    uint32_t high = bytes[2] | (uint32_t)bytes[3] << 8;
    return set == RISCV ? riscv32(low | high << 16) : thumb32(low, high);
}

#endif
