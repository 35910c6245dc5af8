/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What ESP8266 has in its ROM, and the compiler's library for its core therefore lacks: products and quotients of integers, and
 * floats. IEEE 754, to nearest, halves to even; every NaN is the same one. For emulators: on the part the ROM's own are called.
 */
#include <stdint.h>

/* A finite number: (-1)^negative * significand * 2^exponent. */
typedef struct {
    int negative;
    int exponent;
    uint64_t significand;
} number;

typedef union {
    double real;
    uint64_t bits;
} wide;

typedef union {
    float real;
    uint32_t bits;
} narrow;

enum { FRACTION = 52, BIAS = 1023, SPECIAL = 2047 };
enum { FRACTION32 = 23, BIAS32 = 127, SPECIAL32 = 255 };

#define NOT_A_NUMBER ((uint64_t)0x7ff8 << 48)
#define TOP ((uint64_t)1 << 63)

uint64_t __umulsidi3(uint32_t a, uint32_t b);
uint64_t __muldi3(uint64_t a, uint64_t b);
uint32_t __udivsi3(uint32_t a, uint32_t b);
uint32_t __umodsi3(uint32_t a, uint32_t b);
int32_t __divsi3(int32_t a, int32_t b);
uint64_t __udivdi3(uint64_t a, uint64_t b);
uint64_t __umoddi3(uint64_t a, uint64_t b);
int64_t __divdi3(int64_t a, int64_t b);
double __adddf3(double a, double b);
double __subdf3(double a, double b);
double __muldf3(double a, double b);
double __divdf3(double a, double b);
double __extendsfdf2(float a);
float __truncdfsf2(double a);
double __floatsidf(int32_t a);
double __floatunsidf(uint32_t a);
float __floatsisf(int32_t a);
float __floatunsisf(uint32_t a);
int32_t __fixdfsi(double a);
uint32_t __fixunsdfsi(double a);
uint32_t __fixunssfsi(float a);
float __addsf3(float a, float b);
float __subsf3(float a, float b);
float __mulsf3(float a, float b);

/* Integers. */

uint64_t __umulsidi3(uint32_t a, uint32_t b)
{
    const uint32_t a0 = a & 0xffffu, a1 = a >> 16, b0 = b & 0xffffu, b1 = b >> 16;
    const uint32_t low = a0 * b0;
    const uint32_t middle = a1 * b0 + (low >> 16);
    const uint32_t other = a0 * b1 + (middle & 0xffffu);
    return (uint64_t)(a1 * b1 + (middle >> 16) + (other >> 16)) << 32 | (other << 16 | (low & 0xffffu));
}

uint64_t __muldi3(uint64_t a, uint64_t b)
{
    const uint32_t low_a = (uint32_t)a, low_b = (uint32_t)b;
    const uint32_t cross = low_a * (uint32_t)(b >> 32) + (uint32_t)(a >> 32) * low_b;
    return __umulsidi3(low_a, low_b) + ((uint64_t)cross << 32);
}

static uint32_t divide(uint32_t a, uint32_t b, uint32_t *rest)
{
    uint32_t quotient = 0, remainder = 0;
    for (int bit = 31; bit >= 0; --bit) {
        const uint32_t carry = remainder >> 31;
        remainder = remainder << 1 | ((a >> bit) & 1u);
        if (carry != 0 || remainder >= b) {
            remainder -= b;
            quotient |= (uint32_t)1 << bit;
        }
    }
    *rest = remainder;
    return quotient;
}

uint32_t __udivsi3(uint32_t a, uint32_t b)
{
    uint32_t rest;
    return divide(a, b, &rest);
}

uint32_t __umodsi3(uint32_t a, uint32_t b)
{
    uint32_t rest;
    (void)divide(a, b, &rest);
    return rest;
}

int32_t __divsi3(int32_t a, int32_t b)
{
    const uint32_t quotient = __udivsi3(a < 0 ? 0u - (uint32_t)a : (uint32_t)a, b < 0 ? 0u - (uint32_t)b : (uint32_t)b);
    return (int32_t)((a < 0) != (b < 0) ? 0u - quotient : quotient);
}

static uint64_t divide_wide(uint64_t a, uint64_t b, uint64_t *rest)
{
    uint64_t quotient = 0, remainder = 0;
    for (int bit = 63; bit >= 0; --bit) {
        const int carry = (remainder & TOP) != 0;
        remainder = remainder << 1 | ((a >> bit) & 1u);
        quotient <<= 1;
        if (carry || remainder >= b) {
            remainder -= b;
            quotient |= 1u;
        }
    }
    *rest = remainder;
    return quotient;
}

uint64_t __udivdi3(uint64_t a, uint64_t b)
{
    uint64_t rest;
    return divide_wide(a, b, &rest);
}

uint64_t __umoddi3(uint64_t a, uint64_t b)
{
    uint64_t rest;
    (void)divide_wide(a, b, &rest);
    return rest;
}

int64_t __divdi3(int64_t a, int64_t b)
{
    const uint64_t quotient = __udivdi3(a < 0 ? 0u - (uint64_t)a : (uint64_t)a, b < 0 ? 0u - (uint64_t)b : (uint64_t)b);
    return (int64_t)((a < 0) != (b < 0) ? 0u - quotient : quotient);
}

/* Floats. */

static uint64_t bits_of(double a)
{
    const wide made = {a};
    return made.bits;
}

static double from_bits(uint64_t bits)
{
    wide made;
    made.bits = bits;
    return made.real;
}

static int exponent_field(double a)
{
    return (int)(bits_of(a) >> FRACTION) & SPECIAL;
}

static int is_nan(double a)
{
    return (bits_of(a) << 1) > (uint64_t)SPECIAL << (FRACTION + 1);
}

static int is_infinite(double a)
{
    return bits_of(a) << 1 == (uint64_t)SPECIAL << (FRACTION + 1);
}

static int is_negative(double a)
{
    return (bits_of(a) & TOP) != 0;
}

static double signed_infinity(int negative)
{
    return from_bits((negative ? TOP : 0) | (uint64_t)SPECIAL << FRACTION);
}

static number unpack(double a)
{
    const uint64_t fraction = bits_of(a) & (((uint64_t)1 << FRACTION) - 1);
    const int field = exponent_field(a);
    number made;
    made.negative = is_negative(a);
    made.exponent = (field == 0 ? 1 : field) - BIAS - FRACTION;
    made.significand = field == 0 ? fraction : fraction | (uint64_t)1 << FRACTION;
    return made;
}

/* Shifted right; the lowest bit is set if any that is lost was. */
static uint64_t sticky_shift(uint64_t a, int count)
{
    if (count <= 0) {
        return a;
    }
    return count > 63 ? a != 0 : a >> count | ((a << (64 - count)) != 0);
}

/* With the highest bit of the significand set; it is not 0. */
static number normalized(number a)
{
    const int count = __builtin_clzll(a.significand);
    a.significand <<= count;
    a.exponent -= count;
    return a;
}

/* The bits of the nearest float with so many bits of fraction, without its sign. */
static uint64_t rounded(number a, int fraction, int bias)
{
    if (a.significand == 0) {
        return 0;
    }
    a = normalized(a);
    int field = a.exponent + 63 + bias;
    if (field > 2 * bias) {
        return (uint64_t)(2 * bias + 1) << fraction;
    }
    if (field <= 0) {
        a.significand = sticky_shift(a.significand, 1 - field);
        field = 1; /* becomes 0 below, where the highest bit is missing */
    }
    const int lost = 63 - fraction;
    const uint64_t half = (uint64_t)1 << (lost - 1), low = a.significand & (2 * half - 1);
    uint64_t kept = a.significand >> lost;
    kept += low > half || (low == half && (kept & 1u) != 0);
    return ((uint64_t)(field - 1) << fraction) + kept;
}

static double pack(number a)
{
    return from_bits((a.negative ? TOP : 0) | rounded(a, FRACTION, BIAS));
}

static double add(double a, double b)
{
    if (is_nan(a) || is_nan(b) || (is_infinite(a) && is_infinite(b) && is_negative(a) != is_negative(b))) {
        return from_bits(NOT_A_NUMBER);
    }
    if (is_infinite(a) || is_infinite(b)) {
        return is_infinite(a) ? a : b;
    }
    number x = unpack(a), y = unpack(b);
    if (x.exponent < y.exponent) {
        const number other = x;
        x = y;
        y = other;
    }
    const uint64_t big = x.significand << 9;
    const uint64_t small = sticky_shift(y.significand << 9, x.exponent - y.exponent);
    number sum = {x.negative, x.exponent - 9, big + small};
    if (x.negative != y.negative) {
        sum.negative = big == small ? 0 : big > small ? x.negative : y.negative;
        sum.significand = big > small ? big - small : small - big;
    }
    return pack(sum);
}

double __adddf3(double a, double b)
{
    return add(a, b);
}

double __subdf3(double a, double b)
{
    return add(a, from_bits(bits_of(b) ^ TOP));
}

/* The upper half of the product, its lowest bit set if the lower half is not 0. */
static uint64_t upper_product(uint64_t a, uint64_t b)
{
    const uint32_t a0 = (uint32_t)a, a1 = (uint32_t)(a >> 32), b0 = (uint32_t)b, b1 = (uint32_t)(b >> 32);
    const uint64_t low = __umulsidi3(a0, b0);
    const uint64_t middle = __umulsidi3(a1, b0) + (low >> 32);
    const uint64_t other = __umulsidi3(a0, b1) + (uint32_t)middle;
    const uint64_t rest = (uint32_t)low | (uint32_t)other;
    return (__umulsidi3(a1, b1) + (middle >> 32) + (other >> 32)) | (rest != 0);
}

double __muldf3(double a, double b)
{
    const int negative = is_negative(a) != is_negative(b);
    number x = unpack(a), y = unpack(b);
    if (is_nan(a) || is_nan(b)) {
        return from_bits(NOT_A_NUMBER);
    }
    if (is_infinite(a) || is_infinite(b)) {
        const int zero = (bits_of(a) << 1) == 0 || (bits_of(b) << 1) == 0;
        return zero ? from_bits(NOT_A_NUMBER) : signed_infinity(negative);
    }
    number product = {negative, 0, 0};
    if (x.significand != 0 && y.significand != 0) {
        x = normalized(x);
        y = normalized(y);
        product.exponent = x.exponent + y.exponent + 64;
        product.significand = upper_product(x.significand, y.significand);
    }
    return pack(product);
}

double __divdf3(double a, double b)
{
    const int negative = is_negative(a) != is_negative(b);
    const int nothing = (bits_of(a) << 1) == 0, by_nothing = (bits_of(b) << 1) == 0;
    if (is_nan(a) || is_nan(b) || (nothing && by_nothing) || (is_infinite(a) && is_infinite(b))) {
        return from_bits(NOT_A_NUMBER);
    }
    if (is_infinite(a) || by_nothing) {
        return signed_infinity(negative);
    }
    number quotient = {negative, 0, 0};
    if (!nothing && !is_infinite(b)) {
        const number x = normalized(unpack(a)), y = normalized(unpack(b));
        const uint64_t divisor = y.significand >> 1;
        uint64_t rest = x.significand >> 1;
        for (int bit = 63; bit >= 0; --bit) {
            quotient.significand <<= 1;
            if (rest >= divisor) {
                rest -= divisor;
                quotient.significand |= 1u;
            }
            rest <<= 1;
        }
        quotient.significand |= rest != 0;
        quotient.exponent = x.exponent - y.exponent - 63;
    }
    return pack(quotient);
}

double __extendsfdf2(float a)
{
    const narrow from = {a};
    const uint64_t sign = (uint64_t)(from.bits >> 31) << 63;
    const uint32_t field = (from.bits >> FRACTION32) & SPECIAL32, fraction = from.bits & (((uint32_t)1 << FRACTION32) - 1u);
    if (field == SPECIAL32) {
        return from_bits(fraction != 0 ? NOT_A_NUMBER : sign | (uint64_t)SPECIAL << FRACTION);
    }
    const uint32_t significand = field == 0 ? fraction : fraction | (uint32_t)1 << FRACTION32;
    const number made = {sign != 0, (int)(field == 0 ? 1u : field) - BIAS32 - FRACTION32, significand};
    return pack(made);
}

float __truncdfsf2(double a)
{
    narrow made;
    const uint32_t sign = is_negative(a) ? (uint32_t)1 << 31 : 0;
    if (exponent_field(a) == SPECIAL) {
        made.bits = is_nan(a) ? (uint32_t)0x7fc0 << 16 : sign | (uint32_t)SPECIAL32 << FRACTION32;
    } else {
        made.bits = sign | (uint32_t)rounded(unpack(a), FRACTION32, BIAS32);
    }
    return made.real;
}

double __floatunsidf(uint32_t a)
{
    const number made = {0, 0, a};
    return pack(made);
}

double __floatsidf(int32_t a)
{
    const number made = {a < 0, 0, a < 0 ? 0u - (uint32_t)a : (uint32_t)a};
    return pack(made);
}

float __floatsisf(int32_t a)
{
    return __truncdfsf2(__floatsidf(a));
}

float __floatunsisf(uint32_t a)
{
    return __truncdfsf2(__floatunsidf(a));
}

/* Towards zero; what does not fit is not asked for. */
static uint32_t magnitude(double a)
{
    const number from = unpack(a);
    if (from.exponent >= 0) {
        return from.exponent > 31 ? 0 : (uint32_t)(from.significand << from.exponent);
    }
    return from.exponent < -63 ? 0 : (uint32_t)(from.significand >> -from.exponent);
}

int32_t __fixdfsi(double a)
{
    return (int32_t)(is_negative(a) ? 0u - magnitude(a) : magnitude(a));
}

uint32_t __fixunsdfsi(double a)
{
    return is_negative(a) ? 0u : magnitude(a);
}

uint32_t __fixunssfsi(float a)
{
    return __fixunsdfsi(__extendsfdf2(a));
}

/* A double holds sums and products of floats well enough that to round twice is to round once. */
float __addsf3(float a, float b)
{
    return __truncdfsf2(add(__extendsfdf2(a), __extendsfdf2(b)));
}

float __subsf3(float a, float b)
{
    return __truncdfsf2(__subdf3(__extendsfdf2(a), __extendsfdf2(b)));
}

float __mulsf3(float a, float b)
{
    return __truncdfsf2(__muldf3(__extendsfdf2(a), __extendsfdf2(b)));
}
