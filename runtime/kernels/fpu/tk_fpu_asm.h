/* SPDX-License-Identifier: Apache-2.0 */
/* What tk_fpu_gemm_f32.S and tk_fpu_taps_f32.S share: eight sums in s0-s7. */
#ifdef __ASSEMBLER__
    .syntax unified
    .thumb

.macro TKR_ZERO scratch
    movs    \scratch, #0
    vmov    s0, s1, \scratch, \scratch
    vmov    s2, s3, \scratch, \scratch
    vmov    s4, s5, \scratch, \scratch
    vmov    s6, s7, \scratch, \scratch
.endm
.macro TKR_BY x /* the eight weights times one input */
    vmul.f32 s16, s8, \x
    vmul.f32 s17, s9, \x
    vmul.f32 s18, s10, \x
    vmul.f32 s19, s11, \x
    vmul.f32 s20, s12, \x
    vmul.f32 s21, s13, \x
    vmul.f32 s22, s14, \x
    vmul.f32 s23, s15, \x
.endm
.macro TKR_EACH /* the eight weights times an input each */
    vmul.f32 s16, s8, s24
    vmul.f32 s17, s9, s25
    vmul.f32 s18, s10, s26
    vmul.f32 s19, s11, s27
    vmul.f32 s20, s12, s28
    vmul.f32 s21, s13, s29
    vmul.f32 s22, s14, s30
    vmul.f32 s23, s15, s31
.endm
.macro TKR_ADD
    vadd.f32 s0, s0, s16
    vadd.f32 s1, s1, s17
    vadd.f32 s2, s2, s18
    vadd.f32 s3, s3, s19
    vadd.f32 s4, s4, s20
    vadd.f32 s5, s5, s21
    vadd.f32 s6, s6, s22
    vadd.f32 s7, s7, s23
.endm
/* Biases, then the clamp, where min is not -infinity and max not infinity. A comparison with NaN is not "mi". */
.macro TKR_FINISH weights, min, max
    vldmia  \weights!, {s8-s15}
    vadd.f32 s0, s0, s8
    vadd.f32 s1, s1, s9
    vadd.f32 s2, s2, s10
    vadd.f32 s3, s3, s11
    vadd.f32 s4, s4, s12
    vadd.f32 s5, s5, s13
    vadd.f32 s6, s6, s14
    vadd.f32 s7, s7, s15
    cmn     \min, #0x800000
    beq     8f
    vmov    s8, \min
    vcmp.f32 s0, s8
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s0, s8
    vcmp.f32 s1, s8
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s1, s8
    vcmp.f32 s2, s8
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s2, s8
    vcmp.f32 s3, s8
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s3, s8
    vcmp.f32 s4, s8
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s4, s8
    vcmp.f32 s5, s8
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s5, s8
    vcmp.f32 s6, s8
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s6, s8
    vcmp.f32 s7, s8
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s7, s8
8:
    cmp     \max, #0x7f800000
    beq     8f
    vmov    s9, \max
    vcmp.f32 s9, s0
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s0, s9
    vcmp.f32 s9, s1
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s1, s9
    vcmp.f32 s9, s2
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s2, s9
    vcmp.f32 s9, s3
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s3, s9
    vcmp.f32 s9, s4
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s4, s9
    vcmp.f32 s9, s5
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s5, s9
    vcmp.f32 s9, s6
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s6, s9
    vcmp.f32 s9, s7
    vmrs    APSR_nzcv, fpscr
    it      mi
    vmovmi.f32 s7, s9
8:
.endm
.macro TKR_STORE_REST y, left /* the first 1 to 7 */
    vstr    s0, [\y, #0]
    cmp     \left, #2
    blt     8f
    vstr    s1, [\y, #4]
    cmp     \left, #3
    blt     8f
    vstr    s2, [\y, #8]
    cmp     \left, #4
    blt     8f
    vstr    s3, [\y, #12]
    cmp     \left, #5
    blt     8f
    vstr    s4, [\y, #16]
    cmp     \left, #6
    blt     8f
    vstr    s5, [\y, #20]
    cmp     \left, #7
    blt     8f
    vstr    s6, [\y, #24]
8:
.endm
#endif
