#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the seeds of tests/fuzz/corpus/idx and png: sound files, and one for each known way to
attack a reader of counts, of compressed data or of chunks. Run by hand."""

import gzip
import pathlib
import struct
import zlib

CORPUS = pathlib.Path(__file__).parent / "corpus"


def put(folder, name, content):
    (CORPUS / folder).mkdir(parents=True, exist_ok=True)
    (CORPUS / folder / name).write_bytes(content)


def idx(shape, data=None, magic=b"\0\0\x08", rank=None):
    head = magic + bytes([len(shape) if rank is None else rank])
    size = 1
    for n in shape:
        size *= n
    body = bytes(k % 251 for k in range(size)) if data is None else data
    return head + b"".join(struct.pack(">I", n) for n in shape) + body


def pack(content, **options):
    return gzip.compress(content, mtime=0, **options)


def idx_seeds():
    images = idx([3, 4, 5])
    put("idx", "images", images)
    put("idx", "labels", idx([7]))
    put("idx", "two-dimensions", idx([2, 9]))
    put("idx", "four-dimensions", idx([2, 1, 3, 2]))
    put("idx", "gzip", pack(images))
    put("idx", "gzip-twice", pack(pack(images)))
    put("idx", "gzip-members", pack(images[:20]) + pack(images[20:]))
    put("idx", "gzip-rubbish-after", pack(images) + b"rubbish")
    put("idx", "gzip-cut", pack(images)[:-12])
    put("idx", "gzip-cut-in-header", pack(images)[:7])
    put("idx", "gzip-wrong-sum", pack(images)[:-8] + b"\0\0\0\0" + pack(images)[-4:])
    put("idx", "gzip-wrong-length", pack(images)[:-4] + b"\xff\xff\xff\xff")
    put("idx", "gzip-bomb", pack(idx([1 << 24], b"\0" * (1 << 24)), compresslevel=9))
    put("idx", "gzip-bomb-beyond", pack(idx([3], b"\0" * (1 << 24)), compresslevel=9))
    put("idx", "gzip-flags", b"\x1f\x8b\x08\xff" + pack(images)[4:])
    put("idx", "empty", b"")
    put("idx", "three-bytes", b"\0\0\x08")
    put("idx", "magic-wrong", idx([3], magic=b"\x01\0\x08"))
    put("idx", "type-int", idx([3], magic=b"\0\0\x0c"))
    put("idx", "rank-none", idx([], b"", rank=0))
    put("idx", "rank-vast", idx([2] * 4, rank=255))
    put("idx", "rank-more-than-there", idx([3], b"", rank=3))
    put("idx", "dimension-0", idx([3, 0, 5], b""))
    put("idx", "product-wraps-to-0", idx([1 << 16] * 4, b""))
    put("idx", "product-wraps-to-1", idx([0xffffffff, 0xffffffff], b"x"))
    put("idx", "product-wraps-small", idx([0x80000001, 2, 0x80000001, 2], b"xxxx"))
    put("idx", "claims-4-gib", idx([0xffffffff], b"abc"))
    put("idx", "claims-more", idx([100], b"abc"))
    put("idx", "claims-less", idx([2], b"abc"))


def chunk(kind, data, crc=None, length=None):
    sum_ = zlib.crc32(kind + data) if crc is None else crc
    return (struct.pack(">I", len(data) if length is None else length) + kind + data +
            struct.pack(">I", sum_))


def header(width, height, depth=8, colour=0, compression=0, filter_=0, interlace=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, compression,
                                      filter_, interlace))


SIGN = b"\x89PNG\r\n\x1a\n"
END = chunk(b"IEND", b"")


def rows(line_bytes, height, filter_=0):
    return b"".join(bytes([filter_]) + bytes((7 * y + k) % 256 for k in range(line_bytes))
                    for y in range(height))


def png(head, data, between=b"", level=9):
    return SIGN + head + between + chunk(b"IDAT", zlib.compress(data, level)) + END


def png_seeds():
    sound = png(header(4, 3), rows(4, 3))
    put("png", "grey", sound)
    for depth, line in ((1, 1), (2, 1), (4, 2), (16, 8)):
        put("png", f"grey-{depth}", png(header(4, 3, depth), rows(line, 3)))
    put("png", "grey-alpha", png(header(4, 3, 8, 4), rows(8, 3)))
    put("png", "rgb", png(header(4, 3, 8, 2), rows(12, 3)))
    put("png", "rgb-16", png(header(4, 3, 16, 2), rows(24, 3)))
    put("png", "rgba", png(header(4, 3, 8, 6), rows(16, 3)))
    palette = chunk(b"PLTE", bytes(range(12)))
    put("png", "palette", png(header(4, 3, 2, 3), rows(1, 3), palette))
    put("png", "palette-missing", png(header(4, 3, 8, 3), rows(4, 3)))
    put("png", "palette-index-beyond", png(header(4, 3, 8, 3), rows(4, 3), palette))
    put("png", "palette-odd-length", png(header(4, 3, 8, 3), rows(4, 3), chunk(b"PLTE", b"1234")))
    put("png", "palette-too-long", png(header(4, 3, 1, 3), rows(1, 3), chunk(b"PLTE", b"x" * 900)))
    put("png", "transparency-too-long",
        png(header(4, 3, 2, 3), rows(1, 3), palette + chunk(b"tRNS", b"\x80" * 200)))
    put("png", "filters", png(header(4, 5), b"".join(bytes([f]) + b"abcd" for f in range(5))))
    put("png", "filter-unknown", png(header(4, 3), rows(4, 3, 9)))
    put("png", "interlaced", png(header(4, 3, interlace=1), rows(1, 1) + rows(1, 1) + rows(2, 1) +
                                 rows(2, 1) + rows(2, 1) + rows(4, 1)))
    put("png", "empty", b"")
    put("png", "signature", SIGN)
    put("png", "no-data", SIGN + header(4, 3) + END)
    put("png", "no-header", SIGN + chunk(b"IDAT", zlib.compress(rows(4, 3))) + END)
    put("png", "two-headers", png(header(4, 3), rows(4, 3), header(9, 9)))
    put("png", "width-0", png(header(0, 3), rows(4, 3)))
    put("png", "width-vast", png(header(0x7fffffff, 1), rows(4, 1)))
    put("png", "width-negative", png(header(0xffffffff, 0xffffffff), rows(4, 1)))
    put("png", "pixels-beyond-limit", png(header(65536, 65536), rows(4, 1)))
    put("png", "depth-unknown", png(header(4, 3, 3), rows(4, 3)))
    put("png", "colour-unknown", png(header(4, 3, 8, 5), rows(4, 3)))
    put("png", "compression-unknown", png(header(4, 3, 8, 0, 1), rows(4, 3)))
    put("png", "sum-wrong", SIGN + header(4, 3) +
        chunk(b"IDAT", zlib.compress(rows(4, 3)), crc=0) + END)
    put("png", "header-sum-wrong", SIGN + header(4, 3)[:-4] + b"\0\0\0\0" + sound[33:])
    put("png", "chunk-length-vast", SIGN + header(4, 3) + chunk(b"IDAT", b"abc", length=0xffffffff))
    put("png", "chunk-length-beyond", SIGN + header(4, 3) + chunk(b"IDAT", b"abc", length=1000))
    put("png", "chunk-critical-unknown", png(header(4, 3), rows(4, 3), chunk(b"ABCD", b"x")))
    put("png", "chunk-ancillary-unknown", png(header(4, 3), rows(4, 3), chunk(b"abcD", b"x")))
    put("png", "data-too-short", png(header(4, 3), rows(4, 1)))
    put("png", "data-too-long", png(header(4, 3), rows(4, 40)))
    put("png", "data-no-zlib", SIGN + header(4, 3) + chunk(b"IDAT", b"not compressed") + END)
    put("png", "data-bomb", png(header(4, 3), b"\0" * (1 << 22)))
    put("png", "text-bomb", png(header(4, 3), rows(4, 3),
                                chunk(b"zTXt", b"key\0\0" + zlib.compress(b"x" * (1 << 22), 9))))
    put("png", "profile-bomb", png(header(4, 3), rows(4, 3),
                                   chunk(b"iCCP", b"p\0\0" + zlib.compress(b"x" * (1 << 22), 9))))
    put("png", "gamma-0", png(header(4, 3), rows(4, 3), chunk(b"gAMA", b"\0\0\0\0")))
    put("png", "cut", sound[:-20])
    put("png", "rubbish-after", sound + b"rubbish" * 9)


if __name__ == "__main__":
    idx_seeds()
    png_seeds()
