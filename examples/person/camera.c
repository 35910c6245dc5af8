/* SPDX-License-Identifier: Apache-2.0 */
#include "camera.h"

/* Brightness as eyes have it (ITU-R BT.601), of 5, 6 and 5 bits. */
static uint32_t brightness(uint16_t pixel)
{
    const uint32_t red = (uint32_t)pixel >> 11, green = ((uint32_t)pixel >> 5) & 63u, blue = (uint32_t)pixel & 31u;
    return (77u * (red * 255u / 31u) + 150u * (green * 255u / 63u) + 29u * (blue * 255u / 31u)) >> 8;
}

void camera_to_grey(const uint16_t *pixels, int32_t width, int32_t height, uint8_t *grey, int32_t size)
{
    const int32_t square = width < height ? width : height;
    const int32_t left = (width - square) / 2, top = (height - square) / 2;
    for (int32_t y = 0; y < size; ++y) {
        const int32_t y0 = y * square / size, y1 = (y + 1) * square / size;
        for (int32_t x = 0; x < size; ++x) {
            const int32_t x0 = x * square / size, x1 = (x + 1) * square / size;
            uint32_t sum = 0;
            for (int32_t row = y0; row < y1; ++row) {
                for (int32_t column = x0; column < x1; ++column) {
                    sum += brightness(pixels[(top + row) * width + left + column]);
                }
            }
            grey[y * size + x] = (uint8_t)(sum / (uint32_t)((y1 - y0) * (x1 - x0)));
        }
    }
}
