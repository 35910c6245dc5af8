/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stand-ins for ESP8266's ROM against this machine's own arithmetic, over drawn numbers: exit status 1 at the first difference.
 */
#include <math.h>
#include <stdio.h>

#include "rom_lx106.c"

static uint64_t state = 88172645463325252u;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Of all exponents, of near ones, subnormal, infinite and zero, and whole numbers. */
static double draw_double(void)
{
    const uint64_t bits = draw();
    switch (draw() % 6) {
    case 0: return from_bits(bits & (TOP | (((uint64_t)1 << FRACTION) - 1)));
    case 1: return from_bits((bits & ~((uint64_t)SPECIAL << FRACTION)) | (1000 + draw() % 50) << FRACTION);
    case 2: return from_bits((bits & TOP) | (draw() % 3 == 0 ? (uint64_t)SPECIAL << FRACTION : 0));
    case 3: return (double)(float)(int32_t)bits;
    case 4: return from_bits((bits & TOP) | (draw() % 60) << FRACTION | (bits & 0xfff));
    default: return from_bits(bits);
    }
}

static int differ(double found, double expected)
{
    return !(isnan(found) && isnan(expected)) && bits_of(found) != bits_of(expected);
}

static int differ32(float found, float expected)
{
    const narrow one = {found}, two = {expected};
    return !(isnan(found) && isnan(expected)) && one.bits != two.bits;
}

static int doubles_differ(void)
{
    const double a = draw_double(), b = draw_double();
    return differ(__adddf3(a, b), a + b) || differ(__subdf3(a, b), a - b) || differ(__muldf3(a, b), a * b) ||
           differ(__divdf3(a, b), a / b) || differ32(__truncdfsf2(a), (float)a);
}

static int floats_differ(void)
{
    narrow a, b;
    a.bits = (uint32_t)draw();
    b.bits = draw() % 3 == 0 ? ((uint32_t)draw() & 0x807fffffu) | (a.bits & 0x7f800000u) : (uint32_t)draw();
    const double near = (double)a.real * (1 + (double)(draw() % 1000) * 1e-9);
    return differ(__extendsfdf2(a.real), (double)a.real) || differ32(__addsf3(a.real, b.real), a.real + b.real) ||
           differ32(__subsf3(a.real, b.real), a.real - b.real) || differ32(__mulsf3(a.real, b.real), a.real * b.real) ||
           differ32(__truncdfsf2(near), (float)near);
}

static int conversions_differ(void)
{
    const int32_t n = (int32_t)draw();
    const double real = (double)n / (double)(draw() % 1000 + 1), positive = real < 0 ? -real : real;
    return differ(__floatsidf(n), n) || differ(__floatunsidf((uint32_t)n), (uint32_t)n) || differ32(__floatsisf(n), (float)n) ||
           differ32(__floatunsisf((uint32_t)n), (float)(uint32_t)n) || __fixdfsi(real) != (int32_t)real ||
           __fixunsdfsi(positive) != (uint32_t)positive || __fixunssfsi((float)positive) != (uint32_t)(float)positive;
}

static int integers_differ(void)
{
    const uint64_t a = draw() >> draw() % 64, b = (draw() >> draw() % 64) | 1;
    const uint32_t c = (uint32_t)a, d = (uint32_t)b | 1u;
    const int32_t signed_c = (int32_t)(c >> 1) - 0x20000000, signed_d = (int32_t)(d >> 1) - 0x20000001;
    const int64_t wide_c = (int64_t)(a >> 1) - ((int64_t)1 << 61), wide_d = (int64_t)signed_d * 7 + 1;
    return __muldi3(a, b) != a * b || __udivdi3(a, b) != a / b || __umoddi3(a, b) != a % b || __udivsi3(c, d) != c / d ||
           __umodsi3(c, d) != c % d || __umulsidi3(c, d) != (uint64_t)c * d ||
           (signed_d != 0 && __divsi3(signed_c, signed_d) != signed_c / signed_d) ||
           (wide_d != 0 && __divdi3(wide_c, wide_d) != wide_c / wide_d);
}

int main(void)
{
    for (long i = 0; i < 300000; ++i) {
        if (doubles_differ() || floats_differ() || conversions_differ() || integers_differ()) {
            printf("a difference in round %ld\n", i);
            return 1;
        }
    }
    return 0;
}
