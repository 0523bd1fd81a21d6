#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the seeds of tests/fuzz/corpus, all but the checkpoints (vae_trainer_save wrote those, one
is edited here): small files that reach every branch of the reader. Run by hand; what a fuzzer finds
is added beside them under a name that says what it was."""

import json
import pathlib
import struct

CORPUS = pathlib.Path(__file__).parent / "corpus"
SIZES = {"F32": 4, "F64": 8, "F16": 2, "BF16": 2, "I64": 8, "U8": 1, "BOOL": 1}


def count(shape):
    product = 1
    for size in shape:
        product *= size
    return product


def file_of(tensors, metadata=None, fill=0, header=None):
    entries, at, data = {}, 0, b""
    if metadata is not None:
        entries["__metadata__"] = metadata
    for name, (dtype, shape) in tensors.items():
        size = count(shape) * SIZES[dtype]
        entries[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + size]}
        at += size
        data += bytes((fill + k) % 63 for k in range(size))
    text = header if header is not None else json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text + data


def put(folder, name, content):
    (CORPUS / folder).mkdir(parents=True, exist_ok=True)
    (CORPUS / folder / name).write_bytes(content)


def readers():
    two = {"a": ("F32", [2, 1]), "b": ("F64", [1])}
    put("safetensors", "empty", b"")
    put("safetensors", "no-tensors", file_of({}))
    put("safetensors", "two-tensors", file_of(two))
    put("safetensors", "metadata", file_of(two, {"format": "pt", "k\u00e9y": "v\"\n"}))
    put("safetensors", "dtypes", file_of({d: (d, [3]) for d in SIZES}))
    put("safetensors", "scalar-and-empty", file_of({"s": ("F32", []), "e": ("U8", [0, 4])}))
    put("safetensors", "rank-eight", file_of({"a": ("U8", [1] * 7 + [2])}))
    put("safetensors", "rank-nine", file_of({"a": ("U8", [1] * 9)}))
    put("safetensors", "cut-off", file_of(two)[:-3])
    put("safetensors", "too-long", file_of(two) + b"x")
    put("safetensors", "vast-header", struct.pack("<Q", 2**63) + b"{}")
    put("safetensors", "number-metadata", file_of(two, {"k": 1}))
    raw = {
        "no-json": b"{\"a\":",
        "list": b"[]",
        "deep": b"{\"a\":[[[[[[[[]]]]]]]]}",
        "duplicate": b"{\"a\":{},\"a\":{}}",
        "overlap": b"{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                   b"\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
        "overflow": b"{\"a\":{\"dtype\":\"F64\",\"shape\":[4294967296,4294967296,2],"
                    b"\"data_offsets\":[0,0]}}",
        "negative": b"{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,-1]}}",
        "real": b"{\"a\":{\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]}}",
        "no-utf8": b"{\"\xff\xfe\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        "more-follows": b"{}}",
        "open-string": b"{\"",
        "empty-objects": b"{" + b",".join(b"\"%c\":{}" % c for c in range(93, 126)) + b"}",
        "only-promised": b"{\"a\":{\"dtype\":\"F16\",\"shape\":[1610612736],"
                         b"\"data_offsets\":[0,3221225472]}}",
        "unknown-dtype": b"{\"a\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[0,1]}}",
    }
    for name, header in raw.items():
        put("safetensors", name, file_of({}, header=header))


def model(encoder, decoder, options, dtype="F32", input_dim=2, latent_dim=1, extra=()):
    tensors, config = {}, {"input_dim": input_dim, "latent_dim": latent_dim, **options,
                           "encoder": ",".join(map(str, encoder)),
                           "decoder": ",".join(map(str, decoder))}
    condition = int(options.get("condition_dim", 0))

    def dense(name, inputs, outputs):
        tensors[name + ".weight"] = (dtype, [outputs, inputs])
        tensors[name + ".bias"] = (dtype, [outputs])

    def side(name, inputs, widths):
        for i, width in enumerate(widths):
            dense(f"{name}.{i}", inputs, width)
            inputs = width
        return inputs

    last = side("encoder", input_dim + condition, encoder)
    dense("mean", last, latent_dim)
    dense("logvar", last, latent_dim)
    last = side("decoder", latent_dim + condition, decoder)
    parameters = 2 if options.get("likelihood") == "gaussian_diag" else 1
    dense("output", last, parameters * int(options.get("output_dim", 0) or input_dim))
    for name in extra:
        tensors[name] = ("U8", [3])
    metadata = {"libvae.format": "1", "libvae.version": "0.1.0",
                **{"libvae.config." + key: str(value) for key, value in config.items()}}
    return tensors, metadata


def models():
    put("model", "small", file_of(*model([2], [2], {})))
    put("model", "no-hidden", file_of(*model([], [], {"likelihood": "gaussian"})))
    put("model", "deep", file_of(*model([1, 2, 1], [2, 1], {"encoder_activation": "tanh"})))
    put("model", "condition", file_of(*model([2], [1], {"condition_dim": 2, "output_dim": 3,
                                                        "likelihood": "gaussian_diag"})))
    put("model", "half", file_of(*model([2], [2], {}, dtype="F16")))
    put("model", "double", file_of(*model([1], [1], {}, dtype="F64")))
    put("model", "train", file_of(*model([1], [1], {}, extra=["train.first.x"])))
    put("model", "more-tensors", file_of(*model([1], [1], {}, extra=["other"])))
    put("model", "option-out-of-range", file_of(*model([1], [1], {"gaussian_sigma": "-1"})))
    put("model", "unknown-option", file_of(*model([1], [1], {"dropout": "0.5"})))
    put("model", "unknown-kind", file_of(*model([1], [1], {"prior": "vamp"})))
    put("model", "integers", file_of(*model([1], [1], {}, dtype="I64")))
    put("model", "escapes", file_of(*model([1], [1], {"prior": "\x1b[31m\n" + 40 * "\u00e9",
                                                      "\x9b\u202e": "\x7f"})))
    tensors, metadata = model([1], [1], {})
    put("model", "not-finite", file_of(tensors, metadata).replace(bytes(range(4)), b"\0\0\xc0\x7f"))
    put("model", "vast", file_of(tensors, {**metadata, "libvae.config.input_dim": "1048576",
                                           "libvae.config.encoder": "1048576,1048576"}))
    put("model", "format-2", file_of(tensors, {**metadata, "libvae.format": "2"}))
    put("model", "no-metadata", file_of(tensors))
    del tensors["mean.bias"]
    put("model", "tensor-missing", file_of(tensors, metadata))


def checkpoints():
    content = (CORPUS / "checkpoint" / "in-an-epoch").read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + length])
    header["__metadata__"]["libvae.train.progress.step"] = str(2**53)
    text = json.dumps(header, separators=(",", ":")).encode()
    put("checkpoint", "last-step", struct.pack("<Q", len(text)) + text + content[8 + length:])


if __name__ == "__main__":
    readers()
    models()
    checkpoints()
