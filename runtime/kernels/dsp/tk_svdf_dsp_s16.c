/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_svdf_dsp_s16.h"

#include "tk_codes_s8.h"
#include "tk_dense_sums_s8.h"
#include "tk_remember_s16.h"
#include "tk_rescale_s16.h"
#include "tk_widen_s8.h"

#define TK_STATE int16_t
#define TK_REMEMBER tk_remember_s16
#include "tk_svdf_dsp_body.h"

void tk_svdf_dsp_s16(const int8_t *restrict x, int16_t *restrict state, int8_t *restrict y, const tk_svdf_dsp *layer,
                    int32_t *restrict sums)
{
    tk_svdf_dsp_batch(x, state, y, layer, sums);
}
