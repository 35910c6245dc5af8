/* SPDX-License-Identifier: Apache-2.0 */
/* What two numbers can be to each other: a comparison is the set of those cases in which it holds. Internal. */
#ifndef TK_COMPARE_H
#define TK_COMPARE_H

enum { TK_LESS = 1, TK_EQUAL = 2, TK_GREATER = 4, TK_UNORDERED = 8 };

#endif
