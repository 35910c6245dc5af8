/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_conv_signed_s8.h"

#include "tk_mve_conv_row_signed_s8.h"
#include "tk_mve_gemm_signed_s8.h"

#define TK_VALUE int8_t
#define TK_COLUMNS tk_mve_columns_s8
#define TK_GEMM tk_mve_gemm_signed_s8
#define TK_ROW tk_mve_conv_row_signed_s8
#include "tk_mve_conv_body.h"

void tk_mve_conv_signed_s8(const int8_t *x, int8_t *y, int8_t *scratch, const tk_mve_conv *layer)
{
    tk_mve_conv_images(x, y, scratch, layer);
}
