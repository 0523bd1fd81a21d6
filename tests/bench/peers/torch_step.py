# SPDX-License-Identifier: MIT
"""PyTorch's time for one training step of the usual VAE, for comparison with bench-step.

Needs PyTorch in a virtual environment; neither building nor testing libvae does.
    python torch_step.py [--shape NAME] [--threads N] [--seconds S]
One JSON line for each shape and way of running it: ms per step (median) and rows per second.
"""
import argparse
import json
import os
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

SHAPES = {
    # name: (encoder widths, latent, decoder widths, batch)
    "400-20/1": ([400], 20, [400], 1),
    "400-20/20": ([400], 20, [400], 20),
    "400-20/128": ([400], 20, [400], 128),
    "400-20/1024": ([400], 20, [400], 1024),
    "200-200-50/20": ([200, 200], 50, [200, 200], 20),
    "200-200-50/128": ([200, 200], 50, [200, 200], 128),
    "article/256": ([128, 64, 32], 2, [256, 128, 64], 256),
    "1024-1024-64/512": ([1024, 1024], 64, [1024, 1024], 512),
}


class VAE(nn.Module):
    def __init__(self, encoder, latent, decoder, dim=784):
        super().__init__()
        self.encoder = self.mlp([dim] + encoder)
        self.mean = nn.Linear(encoder[-1], latent)
        self.logvar = nn.Linear(encoder[-1], latent)
        self.decoder = self.mlp([latent] + decoder)
        self.output = nn.Linear(decoder[-1], dim)

    @staticmethod
    def mlp(widths):
        layers = []
        for a, b in zip(widths, widths[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        return nn.Sequential(*layers)

    def forward(self, x):
        h = self.encoder(x)
        mu, logvar = self.mean(h), self.logvar(h)
        z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
        logits = self.output(self.decoder(z))
        nll = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = 0.5 * torch.sum(mu.square() + logvar.exp() - logvar - 1)
        return (nll + kl) / x.shape[0]


def time_steps(shape, adam, compiled, seconds):
    encoder, latent, decoder, batch = SHAPES[shape]
    torch.manual_seed(1)
    model = VAE(encoder, latent, decoder)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **{adam: True})
    loss_of = torch.compile(model) if compiled else model
    data = torch.rand(60 * batch if batch < 1024 else 10 * batch, 784)

    def step(i):
        rows = data[i * batch % len(data):][:batch]
        optimizer.zero_grad()
        loss_of(rows).backward()
        optimizer.step()

    for i in range(10):
        step(i)
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        step(len(times))
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", choices=SHAPES, action="append")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--compile", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    for shape in arguments.shape or SHAPES:
        for adam in ("foreach", "fused"):
            median = time_steps(shape, adam, arguments.compile, arguments.seconds)
            print(json.dumps({
                "peer": f"torch {torch.__version__}", "shape": shape, "adam": adam,
                "compile": arguments.compile, "threads": arguments.threads,
                "ms": round(median * 1e3, 4), "rows_per_second": round(SHAPES[shape][3] / median)}),
                flush=True)


if __name__ == "__main__":
    main()
