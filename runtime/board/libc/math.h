/* SPDX-License-Identifier: Apache-2.0 */
/* For compilers without a C library: what the compiler's own support library has, and the hyperbolic functions of math.c. */
#ifndef TINYCC_BOARD_MATH_H
#define TINYCC_BOARD_MATH_H

#define NAN __builtin_nanf("")
#define INFINITY __builtin_inff()
#define isnan(x) __builtin_isnan(x)
#define isinf(x) __builtin_isinf(x)
#define isfinite(x) __builtin_isfinite(x)
#define signbit(x) __builtin_signbit(x)

double ceil(double x);
double cos(double x);
double exp(double x);
double fabs(double x);
double floor(double x);
double fmax(double x, double y);
double fmin(double x, double y);
double fmod(double x, double y);
double log(double x);
double log2(double x);
double round(double x);
double sin(double x);
double sqrt(double x);
double tan(double x);
double tanh(double x);
double trunc(double x);
float ceilf(float x);
float cosf(float x);
float expf(float x);
float fabsf(float x);
float floorf(float x);
float fmaxf(float x, float y);
float fminf(float x, float y);
float fmodf(float x, float y);
float logf(float x);
float log2f(float x);
float roundf(float x);
float sinf(float x);
float sqrtf(float x);
float tanf(float x);
float tanhf(float x);
float truncf(float x);

#endif
