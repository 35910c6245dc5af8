/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Hyperbolic tangents for compilers without a C library: for emulators, exact to a few units in the last place.
 */
#include <math.h>

double tanh(double x)
{
    if (fabs(x) < 1e-4) {
        return x - x * x * x / 3.0; /* the next term is below 1e-21 */
    }
    if (fabs(x) > 20.0) {
        return x > 0.0 ? 1.0 : -1.0;
    }
    const double e = exp(2.0 * x);
    return (e - 1.0) / (e + 1.0);
}

float tanhf(float x)
{
    return (float)tanh((double)x);
}
