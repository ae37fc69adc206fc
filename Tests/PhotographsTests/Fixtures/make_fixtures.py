"""Makes the pictures beside this file, with Pillow and ImageMagick; run it in this folder.

quadrants.*: 16 x 8 pixels, upper left red, upper right green, lower left blue, lower right white.
object.png: something dark on a light ground, in color; prepared.png is what ImageMagick makes of it with the steps that the
authors of Fashion-MNIST published.
"""
import math
import struct
import subprocess
import zlib

from PIL import Image


def quadrants(mode="RGB"):
    image = Image.new("RGB", (16, 8))
    for y in range(8):
        for x in range(16):
            image.putpixel((x, y), [[(255, 0, 0), (0, 255, 0)], [(0, 0, 255), (255, 255, 255)]][y // 4][x // 8])
    return image.convert(mode)


exif = Image.Exif()
exif[0x0112] = 1
quadrants().save("quadrants.jpg", quality=95, subsampling=0, exif=exif.tobytes())
quadrants().save("quadrants-progressive.jpg", quality=95, subsampling=0, progressive=True)
quadrants("L").save("quadrants-gray.jpg", quality=95)
quadrants("CMYK").save("quadrants-inks.jpg", quality=95)
quadrants().quantize(4).save("quadrants-palette.png", transparency=0)
quadrants("1").save("quadrants-bits.png")
clear = quadrants("RGBA")
clear.putpixel((0, 0), (10, 20, 30, 0))
clear.putpixel((1, 0), (10, 20, 30, 128))
# With low bytes first, where the JPEG's has high ones first.
little = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0"
clear.save("quadrants-clear.png", exif=little)


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


# 16 bits per channel, which Pillow does not write.
rows = b"".join(
    b"\0" + b"".join(struct.pack(">HHH", *[c * 257 for c in quadrants().getpixel((x, y))]) for x in range(16)) for y in range(8))
with open("quadrants-deep.png", "wb") as file:
    header = struct.pack(">IIBBBBB", 16, 8, 16, 2, 0, 0, 0)
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))

thing = Image.new("RGB", (150, 110), (252, 250, 248))
for y in range(110):
    for x in range(150):
        if ((x - 80) / 55) ** 2 + ((y - 50) / 30) ** 2 < 1:
            shade = 0.5 + 0.5 * math.sin(x / 6) * math.cos(y / 9)
            thing.putpixel((x, y), (int(40 + 150 * shade), int(30 + 90 * shade), int(60 + 40 * shade)))
thing.save("object.png")
subprocess.run(
    "/usr/bin/convert object.png -fuzz 5% -trim +repage -sample 28x28 -sharpen 1.0x1.0 -gravity center -background white "
    "-extent 28x28 -negate -colorspace Gray -depth 8 prepared.png".split(), check=True)
