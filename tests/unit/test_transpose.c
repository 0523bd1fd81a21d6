/* SPDX-License-Identifier: MIT */
#include "math/gemm.h"
#include "support/check_main.h"

START_TEST(a_transpose_moves_every_element_and_no_other)
{
    enum { MOST = 37, LD = 41 };
    static float from[MOST * LD], to[MOST * LD];
    for (size_t i = 0; i < MOST * LD; i++) from[i] = (float)i;
    for (size_t rows = 0; rows <= MOST; rows++)
        for (size_t columns = 0; columns <= MOST; columns++) {
            for (size_t i = 0; i < MOST * LD; i++) to[i] = -1.0f;
            vae__transpose(rows, columns, from, LD, to, LD);
            for (size_t i = 0; i < MOST * LD; i++) {
                size_t row = i % LD, column = i / LD;
                int inside = row < rows && column < columns;
                if (to[i] != (inside ? from[row * LD + column] : -1.0f))
                    ck_abort_msg("%zu x %zu: row %zu, column %zu", rows, columns, row, column);
            }
        }
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, a_transpose_moves_every_element_and_no_other);
}

int main(void)
{
    return check_run("transpose", add);
}
