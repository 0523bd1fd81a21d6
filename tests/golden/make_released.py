#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make_released.py FOLDER: completes the files of a release, tests/golden/released/VERSION, after
tests/test_released of a build has written its own there. Adds models as other programs write them
(other dtypes, other order, options left out), then account.json, which says what is in every file.
It reads the container as docs/formats.md describes it, with nothing of libvae's. Equal files from
every run."""

import json
import pathlib
import struct
import sys

# What docs/formats.md and include/vae/config.h of 0.1.0 say of an option that is left out.
DEFAULTS = {
    "output_dim": "0", "condition_dim": "0", "encoder": "400", "decoder": "400",
    "encoder_activation": "relu", "decoder_activation": "relu", "likelihood": "bernoulli",
    "posterior": "gaussian_diag", "prior": "standard_normal", "init": "pytorch",
    "posterior_logvar_min": "-20", "posterior_logvar_max": "20", "leaky_relu_slope": "0.01",
    "elu_alpha": "1", "gaussian_sigma": "1", "gaussian_diag_logvar_min": "-10",
    "gaussian_diag_logvar_max": "10",
}
CONFIG = "libvae.config."


def single(value):
    """The nearest float32's bytes, ties to even."""
    return struct.pack("<f", value)


def bfloat(value):
    """The upper half of a float32."""
    return single(value)[2:]


DTYPES = {  # bytes of a number, number from them, them from a number
    "F64": (8, lambda b: struct.unpack("<d", b)[0], lambda v: struct.pack("<d", v)),
    "F32": (4, lambda b: struct.unpack("<f", b)[0], single),
    "F16": (2, lambda b: struct.unpack("<e", b)[0], lambda v: struct.pack("<e", v)),
    "BF16": (2, lambda b: struct.unpack("<f", b"\0\0" + b)[0], bfloat),
}


def read(path):
    """The metadata, and (name, dtype, shape, numbers) for each tensor."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8:8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = []
    for name, entry in header.items():
        size, number, _ = DTYPES[entry["dtype"]]
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        numbers = [number(content[at:at + size]) for at in range(begin, end, size)]
        tensors.append((name, entry["dtype"], entry["shape"], numbers))
    return metadata, tensors


def write(path, metadata, tensors):
    header, data = {"__metadata__": metadata}, b""
    for name, dtype, shape, numbers in tensors:
        begin = len(data)
        data += b"".join(DTYPES[dtype][2](value) for value in numbers)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, len(data)]}
    text = json.dumps(header, indent=1).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def foreign(folder):
    """One model as others might write it: what a reader must take, and no more than it needs."""
    metadata, tensors = read(folder / "model-relu.safetensors")
    needed = ["libvae.format"] + [CONFIG + key for key in
                                  ("input_dim", "latent_dim", "encoder", "decoder", "likelihood",
                                   "condition_dim", "output_dim")]
    metadata = {"author": "another program", **{key: metadata[key] for key in needed}}
    for dtype in DTYPES:
        # A little off what a float32 holds: F64 has to be rounded.
        changed = [(name, dtype, shape, [v * (1 + 2.0**-26) for v in numbers])
                   for name, _, shape, numbers in reversed(tensors)]
        changed.insert(1, ("train.other", "F16", [2], [0.5, 1.5]))
        write(folder / f"foreign-{dtype.lower()}.safetensors", metadata, changed)


def digest(numbers):
    """FNV-1a, 64 bits, of the numbers as float32 in little-endian order."""
    hashed = 0xcbf29ce484222325
    for byte in b"".join(map(single, numbers)):
        hashed = (hashed ^ byte) * 0x100000001b3 % 2**64
    return f"{hashed:016x}"


def account(folder):
    accounts = {}
    for path in sorted(folder.glob("*.safetensors")):
        metadata, tensors = read(path)
        options = {key[len(CONFIG):]: value for key, value in metadata.items()
                   if key.startswith(CONFIG)}
        digests = {name: digest(numbers) for name, _, _, numbers in tensors}
        accounts[path.name] = {"config": {**DEFAULTS, **options}, "tensors": digests}
        if "libvae.train.optimizer" in metadata:
            accounts[path.name]["end"] = path.stem + "-end.safetensors"
    lines = (f'"{name}": {json.dumps(told)}' for name, told in accounts.items())
    (folder / "account.json").write_text("{" + ",\n ".join(lines) + "}\n")


if __name__ == "__main__":
    released = pathlib.Path(sys.argv[1])
    foreign(released)
    account(released)
