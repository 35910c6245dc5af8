/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_conv_s16.h"

#include "tk_mve_conv_row_s16.h"
#include "tk_mve_gemm_s16.h"

#define TK_VALUE int16_t
#define TK_COLUMNS tk_mve_columns_s8
#define TK_GEMM tk_mve_gemm_s16
#define TK_ROW tk_mve_conv_row_s16
#include "tk_mve_conv_body.h"

void tk_mve_conv_s16(const int16_t *x, int16_t *y, int16_t *scratch, const tk_mve_conv *layer)
{
    tk_mve_conv_images(x, y, scratch, layer);
}
