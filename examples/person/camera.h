/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMERA_H
#define CAMERA_H

#include <stdint.h>

/*
 * Shrinks the middle square of a frame in RGB565 to size x size grey pixels, 0 to 255: each is the mean of the pixels that it covers.
 * Frames have up to 1,024 x 1,024 pixels, and the square at least `size` in each direction.
 */
void camera_to_grey(const uint16_t *pixels, int32_t width, int32_t height, uint8_t *grey, int32_t size);

#endif
