/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_GRID_SAMPLE_F32_H
#define TK_GRID_SAMPLE_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TK_SAMPLE_RANK 3 /* spatial dimensions at most */

/* What a result is made of: one, two or four pixels along each dimension. */
typedef enum { TK_SAMPLE_NEAREST = 0, TK_SAMPLE_LINEAR = 1, TK_SAMPLE_CUBIC = 2 } tk_sampling;

/* What lies beyond the image. */
typedef enum { TK_BEYOND_ZEROS = 0, TK_BEYOND_BORDER = 1, TK_BEYOND_REFLECTION = 2 } tk_beyond;

/* x: [batch, dims..., channels]; grid: [batch, points, rank], the last dimension's coordinate first; y: [batch, points, channels].
 * align_corners: -1 and 1 are the centres of the outer pixels, else their outer edges. relative: coordinates run from -1 to 1,
 * else they are pixels. mode: a tk_sampling; beyond: a tk_beyond. */
typedef struct {
    int32_t batch;
    int32_t rank;
    int32_t dims[TK_SAMPLE_RANK];
    int32_t channels;
    int32_t points;
    int32_t mode;
    int32_t beyond;
    int32_t align_corners;
    int32_t relative;
} tk_grid_shape;

/* GridSample: x read between its pixels at the places of the grid.
 * A coordinate that is no number, or too far away for int32, is read at the nearest pixel there is.
 * Aliasing: none. Scratch: none. Exact but for the order of sums. */
void tk_grid_sample_f32(const float *x, const float *grid, float *y, const tk_grid_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
