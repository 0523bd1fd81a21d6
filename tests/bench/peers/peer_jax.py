# SPDX-License-Identifier: MIT
"""JAX's time for a training step and for encoding: see peer.py. Needs jax and numpy in a virtual
environment. XLA takes as many threads as CPUs it is allowed, so fewer are asked for by affinity."""
import os
import sys

if "--threads" in sys.argv:
    wanted = int(sys.argv[sys.argv.index("--threads") + 1])
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-wanted:])

import functools

import jax
from jax import numpy as jnp

import peer

STEPS = 16  # of a call in the mode that loops on the device


def init(widths, key):
    layers = []
    for a, b in zip(widths, widths[1:]):
        key, k = jax.random.split(key)
        bound = a ** -0.5
        layers.append((jax.random.uniform(k, (a, b), minval=-bound, maxval=bound), jnp.zeros(b)))
    return layers


def mlp(layers, x):
    for w, b in layers[:-1]:
        x = jax.nn.relu(x @ w + b)
    w, b = layers[-1]
    return x @ w + b


def encode(parameters, x):
    return jnp.split(mlp(parameters["encoder"], x), 2, axis=-1)


def loss(parameters, x, key):
    mu, logvar = encode(parameters, x)
    z = mu + jnp.exp(0.5 * logvar) * jax.random.normal(key, mu.shape)
    logits = mlp(parameters["decoder"], z)
    nll = jnp.sum(jax.nn.softplus(logits) - x * logits)
    kl = 0.5 * jnp.sum(mu ** 2 + jnp.exp(logvar) - logvar - 1)
    return (nll + kl) / x.shape[0]


def adam_step(state, x):
    parameters, m, v, t, key = state
    key, noise = jax.random.split(key)
    value, g = jax.value_and_grad(loss)(parameters, x, noise)
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
    rate, root = 1e-3 / (1 - 0.9 ** t), 1 / jnp.sqrt(1 - 0.999 ** t)
    parameters = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) * root + 1e-8),
                              parameters, m, v)
    return (parameters, m, v, t, key), value


def make_parameters(shape):
    encoder, latent, decoder, _ = peer.SHAPES[shape]
    return {"encoder": init([peer.DIM] + encoder + [2 * latent], jax.random.key(1)),
            "decoder": init([latent] + decoder + [peer.DIM], jax.random.key(2))}


class Jax(peer.Peer):
    name = f"JAX {jax.__version__}"
    modes = ["jit, a call a step", f"jit, scan of {STEPS} steps"]
    encode_modes = ["jit"]

    def step(self, shape, mode):
        parameters = make_parameters(shape)
        zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
        rows = peer.batches(peer.SHAPES[shape][3])
        many = "scan" in mode
        if many:
            stack = jnp.stack([jnp.asarray(rows[i % len(rows)]) for i in range(STEPS)])
            run = jax.jit(lambda state: jax.lax.scan(adam_step, state, stack), donate_argnums=0)
        else:
            rows = [jnp.asarray(r) for r in rows]
            run = jax.jit(adam_step, donate_argnums=0)
        state = [(parameters, zeros(), zeros(), jnp.float32(0), jax.random.key(3))]
        count = [0]

        def step():
            count[0] += 1
            state[0], value = run(state[0]) if many else run(state[0], rows[count[0] % len(rows)])
            value.block_until_ready()
        return step, STEPS if many else 1

    def encode(self, rows, mode):
        parameters = make_parameters("400-20/128")
        x = jnp.asarray(peer.batches(rows)[0])
        run = jax.jit(functools.partial(encode, parameters))
        return lambda: jax.block_until_ready(run(x)), 1


if __name__ == "__main__":
    peer.main(Jax)
