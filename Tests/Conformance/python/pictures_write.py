"""Writes pictures of every kind that is read, and beside each what Pillow reads in it: NAME.rgba, red, green, blue and opacity.

Usage: pictures_write.py FOLDER. Prints a JSON object: height and width by name, and the files in which something is odd.
"""
import io
import json
import os
import struct
import sys
import zlib

import numpy
from PIL import Image

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
random = numpy.random.RandomState(1)
smooth = numpy.add.outer(numpy.arange(37) * 5, numpy.arange(53) * 2)[..., None] * [1, 0.7, 0.4] % 256
noise = random.randint(0, 256, (37, 53, 3))
color = Image.fromarray((smooth * 0.7 + noise * 0.3).astype("uint8"))
clear = color.copy()
clear.putalpha(Image.fromarray(random.randint(0, 256, (37, 53)).astype("uint8")))
gray = color.convert("L")
sizes, warned = {}, []


def expect(name, image):
    image = image.convert("RGBA")
    sizes[name] = [image.height, image.width]
    with open(os.path.join(folder, name + ".rgba"), "wb") as file:
        file.write(image.tobytes())


def put(name, data, warns=False):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)
    image = Image.open(io.BytesIO(data))
    if image.mode.startswith("I;16"):
        # Pillow's own conversion cuts off at 255.
        image = Image.fromarray((numpy.asarray(image) >> 8).astype("uint8"))
    expect(name, image)
    if warns:
        warned.append(name)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


# PNG: 16 bits, and what says how colors are meant.
deep = random.randint(0, 65536, (37, 53)).astype("uint16")
put("deep-gray.png", saved(Image.fromarray(deep), "PNG"))
png = saved(gray, "PNG")
put("gray.png", png)
put("gamma.png", png[:33] + chunk(b"gAMA", struct.pack(">I", 100000)) + png[33:])
put("srgb.png", png[:33] + chunk(b"sRGB", b"\0") + chunk(b"gAMA", struct.pack(">I", 45455)) + png[33:])
put("profile.png", png[:33] + chunk(b"iCCP", b"broken\0\0" + zlib.compress(b"no profile")) + png[33:])
deep_png = saved(Image.fromarray(deep), "PNG")
put("deep-gamma.png", deep_png[:33] + chunk(b"gAMA", struct.pack(">I", 100000)) + deep_png[33:])
rows = random.randint(0, 256, (9, 7 * 8)).astype("uint8")
for name, kind, width in [("deep-clear.png", 6, 8), ("deep-color.png", 2, 6), ("deep-gray-clear.png", 4, 4)]:
    body = b"".join(b"\0" + row[: 7 * width].tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", 7, 9, 16, kind, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")
    put(name, data)
for mode in ["1", "L", "LA", "P", "RGB", "RGBA"]:
    put(f"{mode}.png", saved((clear if mode.endswith("A") else color).convert(mode), "PNG"))

# JPEG: what libjpeg warns of.
jpeg = saved(color, "JPEG", quality=85)
put("plain.jpg", jpeg)
put("gray.jpg", saved(gray, "JPEG"))
put("progressive.jpg", saved(color, "JPEG", progressive=True))
version = jpeg.index(b"JFIF\0") + 5
put("version.jpg", jpeg[:version] + b"\0\0" + jpeg[version + 2 :], warns=True)
put("extraneous.jpg", jpeg[:20] + b"\0\1\2\3" + jpeg[20:], warns=True)
put("early-end.jpg", jpeg[:-300] + b"\xff\xd9", warns=True)
scan = jpeg.index(b"\xff\xda")
odd = bytearray(jpeg)
odd[scan + 2 + struct.unpack(">H", jpeg[scan + 2 : scan + 4])[0] - 3] = 1
put("scan.jpg", bytes(odd), warns=True)
both = jpeg[:version] + b"\0\0" + jpeg[version + 2 :]
put("both.jpg", both[:20] + b"\0\1\2\3" + both[20:], warns=True)
put("trailing.jpg", jpeg + b"Samsung" * 5)
put("luma.jpg", saved(color, "JPEG", subsampling=2))

# WebP.
put("lossless.webp", saved(clear, "WEBP", lossless=True, exact=True))
put("lossy.webp", saved(color, "WEBP", quality=70))
put("lossy-clear.webp", saved(clear, "WEBP", quality=70))
put("moving.webp", saved(color, "WEBP", save_all=True, append_images=[color.rotate(180)], duration=100, lossless=True))

# GIF.
palette = color.quantize(64)
put("plain.gif", saved(palette, "GIF"))
put("gray.gif", saved(gray, "GIF"))
put("two.gif", saved(color.convert("1"), "GIF"))
put("interlaced.gif", saved(palette, "GIF", interlace=True))
put("flat.gif", saved(palette, "GIF", interlace=False))
put("transparent.gif", saved(palette, "GIF", transparency=5))
put("moving.gif", saved(palette, "GIF", save_all=True, append_images=[palette.rotate(180)], duration=100))
noisy = Image.fromarray(random.randint(0, 256, (211, 307)).astype("uint8"))
put("noisy.gif", saved(noisy, "GIF"))
even = Image.new("L", (300, 200), 7)
put("even.gif", saved(even, "GIF"))
whole = bytearray(saved(palette, "GIF"))
whole[6:10] = struct.pack("<HH", 70, 60)
put("screen.gif", bytes(whole))
clear_whole = bytearray(saved(palette, "GIF", transparency=5))
clear_whole[6:10] = struct.pack("<HH", 70, 60)
put("screen-transparent.gif", bytes(clear_whole))
whole[6:10] = struct.pack("<HH", 20, 10)
put("small-screen.gif", bytes(whole))

# BMP.
for mode in ["1", "L", "P", "RGB", "RGBA"]:
    put(f"{mode}.bmp", saved((clear if mode == "RGBA" else color).convert(mode), "BMP"))
put("bare.dib", saved(color, "DIB"))
put("bare-gray.dib", saved(gray, "DIB"))
bits = random.randint(0, 65536, (37, 54)).astype("<u2").tobytes()


def bitmap(width, height, depth, compression, pixels, extra=b"", header=40, colors=0):
    size = 14 + header + (len(extra) if header == 40 else 0)
    head = struct.pack("<IiiHHIIiiII", header, width, height, 1, depth, compression, len(pixels), 2835, 2835, colors, 0)
    return struct.pack("<2sIHHI", b"BM", size + len(pixels), 0, 0, size) + head + extra + pixels


put("555.bmp", bitmap(53, 37, 16, 0, bits))
put("565.bmp", bitmap(53, 37, 16, 3, bits, struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
words = random.randint(0, 256, (37, 53, 4)).astype("uint8").tobytes()
put("32.bmp", bitmap(53, 37, 32, 0, words))
put("masks.bmp", bitmap(53, 37, 32, 3, words, struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)))
put("turned-masks.bmp", bitmap(53, 37, 32, 3, words, struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00)))
put(
    "opacity.bmp",
    bitmap(53, 37, 32, 3, words, struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"\0" * 52, header=108),
)
put("top-down.bmp", bitmap(53, -37, 24, 0, b"".join(bytes(160) if r % 2 else bytes(range(160)) for r in range(37))))
colors = b"".join(struct.pack("<BBBB", 3 * i, 255 - i, 7 * i % 256, 0) for i in range(16))
half = random.randint(0, 256, (37, 28)).astype("uint8").tobytes()
put("16-colors.bmp", bitmap(53, 37, 4, 0, half, colors, colors=16))
runs = b""
for row in range(37):
    runs += bytes([20, row % 16, 0, 5, 1, 2, 3, 4, 5, 0, 28, 9, 0, 0])
wide = b"".join(struct.pack("<BBBB", i, 255 - i, 7 * i % 256, 0) for i in range(256))
put("runs.bmp", bitmap(53, 37, 8, 1, runs + b"\0\1", wide))
nibbles = b""
for row in range(37):
    nibbles += bytes([21, 0x12, 0, 6, 0x34, 0x56, 0x78, 0, 26, 0x9A, 0, 0])
put("nibbles.bmp", bitmap(53, 37, 4, 2, nibbles + b"\0\1", colors, colors=16))
old = struct.pack("<IHHHH", 12, 53, 37, 1, 24)
put("old.bmp", struct.pack("<2sIHHI", b"BM", 26 + 160 * 37, 0, 0, 26) + old + bytes(i % 251 for i in range(160 * 37)))

print(json.dumps({"sizes": sizes, "warned": warned}))
