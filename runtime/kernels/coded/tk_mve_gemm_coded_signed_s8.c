/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_gemm_coded_signed_s8.h"

#include "tk_mve_gemm_signed_s8.h"

void tk_mve_gemm_coded_signed_s8(const int8_t *x, int8_t *y, int32_t pixels, const tk_mve_gemm_coded *layer, int32_t *tile, uint16_t *lookup)
{
    tk_mve_gemm_in_tiles(tk_mve_gemm_signed_s8, x, y, pixels, layer, tile, lookup);
}
