# SPDX-License-Identifier: MIT
"""PyTorch's time for a training step and for encoding: see peer.py. Needs torch and numpy in a
virtual environment; neither building nor testing libvae does."""
import torch
from torch import nn
from torch.nn import functional as F

import peer


class VAE(nn.Module):
    def __init__(self, encoder, latent, decoder, dim=peer.DIM):
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

    def encode(self, x):
        h = self.encoder(x)
        return self.mean(h), self.logvar(h)

    def forward(self, x):
        mu, logvar = self.encode(x)
        z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
        logits = self.output(self.decoder(z))
        nll = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = 0.5 * torch.sum(mu.square() + logvar.exp() - logvar - 1)
        return (nll + kl) / x.shape[0]


def cycle(items):
    i = -1

    def following():
        nonlocal i
        i = (i + 1) % len(items)
        return items[i]
    return following


class Torch(peer.Peer):
    name = f"PyTorch {torch.__version__.split('+')[0]}"
    # Before 2.0 there is no compiler, and no fused Adam on a CPU.
    modern = hasattr(torch, "compile")
    modes = ["eager, foreach Adam"] + ["eager, fused Adam", "compiled, fused Adam"] * modern
    encode_modes = ["eager"] + ["compiled"] * modern

    def __init__(self, threads):
        super().__init__(threads)
        torch.set_num_threads(threads)
        torch.set_flush_denormal(True)
        if self.modern:
            torch._dynamo.config.recompile_limit = 64

    def step(self, shape, mode):
        encoder, latent, decoder, batch = peer.SHAPES[shape]
        torch.manual_seed(1)
        model = VAE(encoder, latent, decoder)
        adam = {"fused": True} if "fused" in mode else {"foreach": True}
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **adam)
        loss_of = torch.compile(model, dynamic=False) if "compiled" in mode else model
        rows = cycle([torch.from_numpy(b) for b in peer.batches(batch)])

        def step():
            optimizer.zero_grad()
            loss_of(rows()).backward()
            optimizer.step()
        return step, 1

    def encode(self, rows, mode):
        torch.manual_seed(1)
        model = VAE([400], 20, [400])
        encode = torch.compile(model.encode, dynamic=False) if mode == "compiled" else model.encode
        x = torch.from_numpy(peer.batches(rows)[0])

        def call():
            with torch.inference_mode():
                encode(x)
        return call, 1


if __name__ == "__main__":
    peer.main(Torch)
