/* SPDX-License-Identifier: Apache-2.0 */
/* A heap with the largest key on top. Equal keys leave it in the order that GNU's C++ library gives them, which the
 * reference runtimes show to the world. Internal. */
#ifndef TK_HEAP_H
#define TK_HEAP_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    float key;
    int32_t index; /* what the key is of */
    int32_t seen;  /* free for the user */
} tk_heap_item;

/* Puts an item into `hole`, or above it, up to `top`. */
static inline void tk_heap_raise(tk_heap_item *items, int32_t top, int32_t hole, tk_heap_item item)
{
    while (hole > top && items[(hole - 1) / 2].key < item.key) {
        items[hole] = items[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    items[hole] = item;
}

/* Puts an item in place of `top`, of a heap of `count`: the hole sinks to the bottom, then the item rises. */
static inline void tk_heap_replace(tk_heap_item *items, int32_t count, int32_t top, tk_heap_item item)
{
    int32_t hole = top;

    for (int32_t child = 2 * hole + 1; child < count; child = 2 * hole + 1) {
        child += child + 1 < count && !(items[child + 1].key < items[child].key);
        items[hole] = items[child];
        hole = child;
    }
    tk_heap_raise(items, top, hole, item);
}

/* Adds an item to `*count` others. */
static inline void tk_heap_push(tk_heap_item *items, int32_t *count, tk_heap_item item)
{
    tk_heap_raise(items, 0, *count, item);
    ++*count;
}

/* Takes the item with the largest key out of `*count` >= 1. */
static inline tk_heap_item tk_heap_pop(tk_heap_item *items, int32_t *count)
{
    const tk_heap_item best = items[0];

    --*count;
    if (*count > 0) {
        tk_heap_replace(items, *count, 0, items[*count]);
    }
    return best;
}

#ifdef __cplusplus
}
#endif

#endif
