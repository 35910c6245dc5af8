/* SPDX-License-Identifier: Apache-2.0 */
/* How much two boxes overlap. Internal. */
#ifndef TK_OVERLAP_H
#define TK_OVERLAP_H

#ifdef __cplusplus
extern "C" {
#endif

/* Intersection over union of two boxes (ymin, xmin, ymax, xmax); 0 if one has no area. */
static inline float tk_overlap(const float *a, const float *b)
{
    const float area_a = (a[2] - a[0]) * (a[3] - a[1]);
    const float area_b = (b[2] - b[0]) * (b[3] - b[1]);
    const float height = (b[2] < a[2] ? b[2] : a[2]) - (a[0] < b[0] ? b[0] : a[0]);
    const float width = (b[3] < a[3] ? b[3] : a[3]) - (a[1] < b[1] ? b[1] : a[1]);
    const float common = (height < 0.0f ? 0.0f : height) * (width < 0.0f ? 0.0f : width);

    return area_a <= 0.0f || area_b <= 0.0f ? 0.0f : common / (area_a + area_b - common);
}

#ifdef __cplusplus
}
#endif

#endif
