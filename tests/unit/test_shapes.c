/* SPDX-License-Identifier: MIT */
/* Shapes nobody chose: any number of layers, units, rows, samples and threads has the oracle's
 * gradient. An edge of a tile or a shard that is handled wrongly shows here. */
#include <stdio.h>

#include "support/check_main.h"
#include "support/fixtures.h"
#include "support/truth.h"

#define SHAPES 60

/* The next of a stream of numbers in [least, most]. */
static size_t pick(uint64_t *stream, size_t least, size_t most)
{
    float u;
    fixture_uniform(&u, 1, 0, 1, (*stream)++);
    return least + (size_t)((double)u * (double)(most - least + 1) * 0.999999);
}

/* Up to three widths. */
static void pick_widths(uint64_t *stream, char text[32])
{
    size_t layers = pick(stream, 0, 3), used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < layers; i++) {
        int n = snprintf(text + used, 32 - used, i ? ",%zu" : "%zu", pick(stream, 1, 70));
        used += (size_t)n;
    }
}

static const char *pick_kind(uint64_t *stream, const char *family)
{
    return vae_kind(family, pick(stream, 0, (size_t)fixture_kind_count(family) - 1));
}

START_TEST(any_shape_has_the_oracles_gradient)
{
    uint64_t stream = (uint64_t)_i * 1000;
    char encoder[32], decoder[32], label[256];
    fixture f;
    fixture_case c = {.encoder = encoder, .decoder = decoder};

    pick_widths(&stream, encoder);
    pick_widths(&stream, decoder);
    c.input = pick(&stream, 2, 90);
    c.output = pick(&stream, 0, 1) ? 0 : pick(&stream, 2, 90);
    c.latent = pick(&stream, 2, 40);
    c.condition = pick(&stream, 0, 1) ? 0 : pick(&stream, 1, 20);
    c.rows = pick(&stream, 2, 200);
    c.samples = pick(&stream, 1, 4);
    c.beta = (double)pick(&stream, 0, 4) / 2;
    c.reduction = pick(&stream, 0, 1) ? "mean" : "sum";
    c.activation = pick_kind(&stream, "activation");
    c.likelihood = pick_kind(&stream, "likelihood");
    (void)snprintf(label, sizeof label, "%zu+%zu-(%s)-%zu-(%s)-%zu, %s, %s, %zu rows, L = %zu, %s",
                   c.input, c.condition, encoder, c.latent, decoder, c.output, c.activation,
                   c.likelihood, c.rows, c.samples, c.reduction);
    fixture_new(&f, &c, NULL);
    truth_expect_gradient(&f, &c, pick(&stream, 1, 5), 1e-5, label);
    fixture_free(&f);
}
END_TEST

/* The size of a real model, where layers are cut into many tiles and padded past 1 KiB. */
START_TEST(a_model_of_real_size_has_the_oracles_gradient)
{
    fixture_case c = {.name = "784-256,100-20-400-784",
                      .input = 784,
                      .latent = 20,
                      .encoder = "256,100",
                      .decoder = "400",
                      .rows = 100,
                      .beta = 1};
    fixture f;

    fixture_new(&f, &c, NULL);
    truth_expect_gradient(&f, &c, 2, 1e-5, c.name);
    fixture_free(&f);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, any_shape_has_the_oracles_gradient, 0, SHAPES);
    tcase_add_test(tests, a_model_of_real_size_has_the_oracles_gradient);
}

int main(void)
{
    return check_run("shapes", add);
}
