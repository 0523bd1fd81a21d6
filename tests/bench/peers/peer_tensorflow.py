# SPDX-License-Identifier: MIT
"""TensorFlow's and Keras's time for a training step and for encoding: see peer.py. Needs
tensorflow-cpu in a virtual environment."""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import tensorflow as tf

import peer


def mlp(widths, n_in):
    x = inputs = keras.Input((n_in,))
    for width in widths[:-1]:
        x = keras.layers.Dense(width, "relu")(x)
    return keras.Model(inputs, keras.layers.Dense(widths[-1])(x))


def make_coders(shape):
    encoder, latent, decoder, _ = peer.SHAPES[shape]
    keras.utils.set_random_seed(1)
    return mlp(encoder + [2 * latent], peer.DIM), mlp(decoder + [peer.DIM], latent)


class TensorFlow(peer.Peer):
    name = f"TensorFlow {tf.__version__}"
    modes = ["graph", "graph, XLA"]
    encode_modes = ["graph", "graph, XLA"]

    def __init__(self, threads):
        super().__init__(threads)
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)

    def step(self, shape, mode):
        encoder, decoder = make_coders(shape)
        weights = encoder.trainable_variables + decoder.trainable_variables
        adam = keras.optimizers.Adam(1e-3)
        adam.build(weights)
        batch = peer.SHAPES[shape][3]

        @tf.function(jit_compile="XLA" in mode)
        def train(x):
            with tf.GradientTape() as tape:
                mu, logvar = tf.split(encoder(x), 2, axis=-1)
                z = mu + tf.exp(0.5 * logvar) * tf.random.normal(tf.shape(mu))
                logits = decoder(z)
                nll = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(x, logits))
                kl = 0.5 * tf.reduce_sum(mu ** 2 + tf.exp(logvar) - logvar - 1)
                loss = (nll + kl) / batch
            gradients = tape.gradient(loss, [w.value for w in weights])
            adam.apply(gradients, weights)
            return loss

        rows = [tf.constant(b) for b in peer.batches(batch)]
        count = [0]

        def step():
            count[0] += 1
            train(rows[count[0] % len(rows)])
        return step, 1

    def encode(self, rows, mode):
        encoder, _ = make_coders("400-20/128")
        x = tf.constant(peer.batches(rows)[0])
        run = tf.function(lambda x: tf.split(encoder(x), 2, axis=-1), jit_compile="XLA" in mode)
        return lambda: run(x)[0].numpy(), 1


if __name__ == "__main__":
    peer.main(TensorFlow)
