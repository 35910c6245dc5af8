/* SPDX-License-Identifier: Apache-2.0 */
/* Is somebody there? A camera's frame is shrunk, made grey and given to the network; two frames are shown to it. */
#include <stdio.h>

#include "camera.h"
#include "frame_nobody.h"
#include "frame_person.h"
#include "person.h"

enum { WIDTH = 160, HEIGHT = 120, SIZE = 96 };
enum { NOBODY = 0, PERSON = 1 };
enum { ENOUGH = 60 }; /* percent */

static person_instance net;
static uint8_t grey[SIZE * SIZE];

/* How sure the network is that somebody is in the frame, in percent; -1 on an error. */
static int somebody(const uint16_t *frame)
{
    camera_to_grey(frame, WIDTH, HEIGHT, grey, SIZE);
    for (int32_t i = 0; i < PERSON_INPUT_0_SIZE; ++i) {
        person_input_0(&net)[i] = person_input_0_quantize((float)grey[i] / 127.5f - 1.0f); /* it was trained on -1 to 1 */
    }
    if (person_invoke(&net) != PERSON_OK) {
        return -1;
    }
    return (int)(100.0f * person_output_0_dequantize(person_output_0(&net)[PERSON]) + 0.5f);
}

int main(void)
{
    const uint16_t *const frames[] = {frame_person, frame_nobody};
    if (person_init(&net) != PERSON_OK) {
        return 1;
    }
    for (int i = 0; i < 2; ++i) {
        const int percent = somebody(frames[i]);
        if (percent < 0) {
            return 1;
        }
        printf("frame %d: %s (%d %%)\n", i, percent >= ENOUGH ? "somebody" : "nobody", percent);
    }
    return 0;
}
