/* SPDX-License-Identifier: MIT */
/* The oracle's activations, likelihoods and clamps: docs/math.md, sections 3 and 4, a line each. */
#include <math.h>
#include <string.h>

#include "oracle.h"

#define LOG_2PI 1.8378770664093454836

static double sigmoid(double a)
{
    return 1 / (1 + exp(-a));
}

static double softplus(double a)
{
    return fmax(a, 0) + log1p(exp(-fabs(a)));
}

static double normal_cdf(double a)
{
    return 0.5 * erfc(-a * sqrt(0.5));
}

static double normal_pdf(double a)
{
    return exp(-0.5 * (a * a + LOG_2PI));
}

static double identity_value(double a, double unused)
{
    (void)unused;
    return a;
}

static double identity_slope(double a, double unused)
{
    (void)a, (void)unused;
    return 1;
}

static double relu_value(double a, double unused)
{
    (void)unused;
    return a > 0 ? a : 0;
}

static double relu_slope(double a, double unused)
{
    (void)unused;
    return a > 0 ? 1 : 0;
}

static double leaky_relu_value(double a, double slope)
{
    return a > 0 ? a : slope * a;
}

static double leaky_relu_slope(double a, double slope)
{
    return a > 0 ? 1 : slope;
}

static double elu_value(double a, double alpha)
{
    return a > 0 ? a : alpha * expm1(a);
}

static double elu_slope(double a, double alpha)
{
    return a > 0 ? 1 : alpha * exp(a);
}

static double gelu_value(double a, double unused)
{
    (void)unused;
    return a * normal_cdf(a);
}

static double gelu_slope(double a, double unused)
{
    (void)unused;
    return normal_cdf(a) + a * normal_pdf(a);
}

static double silu_value(double a, double unused)
{
    (void)unused;
    return a * sigmoid(a);
}

static double silu_slope(double a, double unused)
{
    (void)unused;
    return sigmoid(a) * (1 + a * (1 - sigmoid(a)));
}

static double tanh_value(double a, double unused)
{
    (void)unused;
    return tanh(a);
}

static double tanh_slope(double a, double unused)
{
    (void)unused;
    return 1 - tanh(a) * tanh(a);
}

static double sigmoid_value(double a, double unused)
{
    (void)unused;
    return sigmoid(a);
}

static double sigmoid_slope(double a, double unused)
{
    (void)unused;
    return sigmoid(a) * (1 - sigmoid(a));
}

static double softplus_value(double a, double unused)
{
    (void)unused;
    return softplus(a);
}

static double softplus_slope(double a, double unused)
{
    (void)unused;
    return sigmoid(a);
}

static const oracle_activation activations[] = {
    {"identity", identity_value, identity_slope, NULL},
    {"relu", relu_value, relu_slope, NULL},
    {"leaky_relu", leaky_relu_value, leaky_relu_slope, "leaky_relu_slope"},
    {"elu", elu_value, elu_slope, "elu_alpha"},
    {"gelu", gelu_value, gelu_slope, NULL},
    {"silu", silu_value, silu_slope, NULL},
    {"tanh", tanh_value, tanh_slope, NULL},
    {"sigmoid", sigmoid_value, sigmoid_slope, NULL},
    {"softplus", softplus_value, softplus_slope, NULL},
};

static double bernoulli_nll(double x, const double *logit, double unused, double *d)
{
    (void)unused;
    d[0] = sigmoid(logit[0]) - x;
    return softplus(logit[0]) - x * logit[0];
}

static void bernoulli_moments(const double *logit, double unused, double *mean, double *variance)
{
    (void)unused;
    *mean = sigmoid(logit[0]);
    *variance = *mean * (1 - *mean);
}

static double gaussian_nll(double x, const double *mean, double sigma, double *d)
{
    double u = (x - mean[0]) / sigma;
    d[0] = -u / sigma;
    return 0.5 * u * u + log(sigma) + 0.5 * LOG_2PI;
}

static void gaussian_moments(const double *parameters, double sigma, double *mean, double *variance)
{
    *mean = parameters[0];
    *variance = sigma * sigma;
}

static double gaussian_diag_nll(double x, const double *parameters, double unused, double *d)
{
    double u = x - parameters[0], precision = exp(-parameters[1]);
    (void)unused;
    d[0] = -u * precision;
    d[1] = 0.5 * (1 - u * u * precision);
    return 0.5 * (LOG_2PI + parameters[1] + u * u * precision);
}

static void gaussian_diag_moments(const double *parameters, double unused, double *mean,
                                  double *variance)
{
    (void)unused;
    *mean = parameters[0];
    *variance = exp(parameters[1]);
}

static const oracle_likelihood likelihoods[] = {
    {"bernoulli", 1, bernoulli_nll, bernoulli_moments, NULL, NULL, NULL},
    {"gaussian", 1, gaussian_nll, gaussian_moments, "gaussian_sigma", NULL, NULL},
    {"gaussian_diag", 2, gaussian_diag_nll, gaussian_diag_moments, NULL, "gaussian_diag_logvar_min",
     "gaussian_diag_logvar_max"},
};

const oracle_activation *oracle_find_activation(const char *name)
{
    for (size_t i = 0; i < sizeof activations / sizeof *activations; i++)
        if (strcmp(activations[i].name, name) == 0) return &activations[i];
    return NULL;
}

const oracle_likelihood *oracle_find_likelihood(const char *name)
{
    for (size_t i = 0; i < sizeof likelihoods / sizeof *likelihoods; i++)
        if (strcmp(likelihoods[i].name, name) == 0) return &likelihoods[i];
    return NULL;
}

double oracle_clamp(oracle_range range, double raw)
{
    return fmin(fmax(raw, range.min), range.max);
}

double oracle_clamp_gradient(oracle_range range, double raw, double g)
{
    int further_out = (raw >= range.max && g < 0) || (raw <= range.min && g > 0);
    return further_out ? 0 : g;
}
