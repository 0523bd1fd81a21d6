#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/golden/data/weights-*.safetensors: a state_dict of an nn.Sequential VAE as PyTorch
and the safetensors package save it, in four dtypes, and what the numbers are as doubles. Run by
hand, in an environment that has both; the tests only read the files. Equal files from every run."""

import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

DATA = pathlib.Path(__file__).parent / "data"
DTYPES = {"f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}


class VAE(nn.Module):
    """5-4-3-2 and back, activations counted among the layers: encoder.0, encoder.2, decoder.4."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3), nn.ReLU())
        self.mean = nn.Linear(3, 2)
        self.logvar = nn.Linear(3, 2)
        self.decoder = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 4), nn.ReLU(),
                                     nn.Linear(4, 5))


def weights(dtype):
    torch.manual_seed(3)
    model = VAE().double()
    with torch.no_grad():
        first = model.encoder[0].weight.view(-1)
        # normal and subnormal edges, and ties, of the narrower types
        first[:12] = torch.tensor([0.0, -0.0, 65504.0, 2.0**-14, -(2.0**-24), 3 * 2.0**-24,
                                   1 + 2.0**-24, 1 + 3 * 2.0**-24, 1 + 2.0**-24 + 2.0**-50,
                                   2.0**-149, 3 * 2.0**-150, -(2.0**-126) + 2.0**-149],
                                  dtype=torch.float64)
    return {name: tensor.to(dtype).contiguous() for name, tensor in model.state_dict().items()}


if __name__ == "__main__":
    expected = {}
    for label, dtype in DTYPES.items():
        saved = weights(dtype)
        save_file(saved, DATA / f"weights-{label}.safetensors")
        expected.update({f"{label}.{name}": t.float().double() for name, t in saved.items()})
    save_file(expected, DATA / "weights-expected.safetensors", metadata={"values": "as float32"})
