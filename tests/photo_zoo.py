"""Photos that are good in unusual ways and files that are bad in every known way, made on the spot."""

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageCms


def picture(width: int = 48, height: int = 32) -> Image.Image:
    """Red left, blue right, a green bar on top: orientation and channel order show."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[:, : width // 2] = (200, 30, 30)
    pixels[:, width // 2 :] = (30, 30, 200)
    pixels[: height // 4] = (30, 200, 30)
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    if kind == "HEIF":  # by the library itself: registered, its decoder would take the place of the app's
        pillow_heif.from_pillow(image).save(stream)
    else:
        image.save(stream, kind, **options)
    return stream.getvalue()


def png_with_size(width: int, height: int) -> bytes:
    """A PNG whose header promises a size that its data does not hold."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 999))
        + chunk(b"IEND", b"")
    )


def good_photos() -> dict[str, bytes]:
    """Name to content of photos that must be classified."""
    image = picture()
    deep = Image.fromarray((np.linspace(0, 65535, 48 * 32).reshape(32, 48)).astype(np.uint16))
    light = Image.fromarray(np.linspace(0, 1, 48 * 32, dtype=np.float32).reshape(32, 48))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    palette_clear = image.quantize(8)
    photos = {
        "plain.jpg": encoded(image, "JPEG"),
        "progressive.jpeg": encoded(image, "JPEG", progressive=True),
        "grey.jpg": encoded(image.convert("L"), "JPEG"),
        "cmyk.jpg": encoded(image.convert("CMYK"), "JPEG"),
        "profile.jpg": encoded(image, "JPEG", icc_profile=srgb),
        "broken profile.jpg": encoded(image, "JPEG", icc_profile=b"no profile at all" * 9),
        "plain.png": encoded(image, "PNG"),
        "alpha.png": encoded(image.convert("RGBA"), "PNG"),
        "grey alpha.png": encoded(image.convert("LA"), "PNG"),
        "palette.png": encoded(palette_clear, "PNG"),
        "palette clear.png": encoded(palette_clear, "PNG", transparency=1),
        "one bit.png": encoded(image.convert("1"), "PNG"),
        "deep.png": encoded(deep, "PNG"),
        "float.tif": encoded(light, "TIFF"),
        "plain.tiff": encoded(image, "TIFF"),
        "deep.tif": encoded(deep, "TIFF"),
        "plain.bmp": encoded(image, "BMP"),
        "moving.gif": encoded(image, "GIF", save_all=True, append_images=[image.rotate(90)] * 2),
        "plain.webp": encoded(image, "WEBP"),
        "moving.webp": encoded(image, "WEBP", save_all=True, append_images=[image.rotate(180)]),
        "phone.heic": encoded(picture(64, 64), "HEIF"),
        "plain.avif": encoded(picture(64, 64), "AVIF"),
        "one pixel.png": encoded(image.resize((1, 1)), "PNG"),
        "sliver.png": encoded(image.resize((400, 1)), "PNG"),
        "wrong ending.png": encoded(image, "JPEG"),
        "Ünïcode – 写真 🏔.jpg": encoded(image, "JPEG"),
        "UPPER.JPG": encoded(image, "JPEG"),
        "two in one.jpg": encoded(image, "MPO", save_all=True, append_images=[image]),
    }
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        photos[f"turned {orientation}.jpg"] = encoded(image, "JPEG", exif=exif, quality=95)
    return photos


def bad_photos() -> dict[str, bytes]:
    """Name to content of files with a photo's ending that must each become a row with a reason."""
    image = picture(96, 64)
    whole = {
        "jpg": encoded(image, "JPEG"),
        "png": encoded(image, "PNG"),
        "gif": encoded(image, "GIF"),
        "bmp": encoded(image, "BMP"),
        "webp": encoded(image, "WEBP"),
        "tif": encoded(image, "TIFF"),
        "heic": encoded(image, "HEIF"),
        "avif": encoded(image, "AVIF"),
    }
    bad: dict[str, bytes] = {"empty.jpg": b"", "empty.png": b""}
    for ending, content in whole.items():
        bad[f"cut to 8 bytes.{ending}"] = content[:8]
        bad[f"cut to a third.{ending}"] = content[: len(content) // 3]
        bad[f"head of zeros.{ending}"] = bytes(24) + content[24:]
        bad[f"text.{ending}"] = b"This is a text, not a photo.\n" * 5
        bad[f"noise.{ending}"] = np.random.default_rng(len(ending)).bytes(3000)
    bad |= {
        "html.jpg": b"<!doctype html><title>404</title>",
        "pdf.jpg": b"%PDF-1.7\n1 0 obj\n",
        "zip.jpg": b"PK\x03\x04" + bytes(60),
        "program.jpg": b"\x7fELF" + bytes(200),
        "svg.png": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        "postscript.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "ppm.jpg": b"P6 2 2 255\n" + bytes(12),
        "icon.png": b"\0\0\x01\0\x01\0" + bytes(50),
        "photoshop.jpg": b"8BPS\0\x01" + bytes(60),
        "end only.jpg": b"\xff\xd9",
        "start only.jpg": b"\xff\xd8\xff",
        "jfif only.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0",
        "half a jpeg.jpg": whole["jpg"][: len(whole["jpg"]) // 2],
        "bomb 60000.png": png_with_size(60_000, 60_000),
        "bomb 2 billion.png": png_with_size(2**31 - 1, 2**31 - 1),
        "bomb flat.png": png_with_size(65_000_000, 1),
        "no width.png": png_with_size(0, 10),
        "bad checksum.png": whole["png"][:40] + bytes(4) + whole["png"][44:],
        "short data.png": png_with_size(300, 300),
        "gif of nothing.gif": b"GIF89a\0\0\0\0\0\0\0;",
        "bmp giant.bmp": b"BM"
        + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 10**8, 10**8, 1, 24, 0, 0, 0, 0, 0, 0),
        "tiff giant.tif": tiff_giant(),
        "webp lies.webp": b"RIFF\xff\xff\xff\x7fWEBPVP8 " + bytes(30),
    }
    return bad


def tiff_giant() -> bytes:
    """A few bytes of TIFF that ask for gigabytes of pixels."""
    entries = [(256, 4, 1, 60_000), (257, 4, 1, 60_000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    entries += [(273, 4, 1, 200), (277, 3, 1, 1), (278, 4, 1, 60_000), (279, 4, 1, 10)]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in entries) + bytes(4)
    return b"II*\0\x08\0\0\0" + directory + bytes(200)


def write_zoo(folder: Path) -> tuple[list[str], list[str]]:
    """Writes all good and bad files, and things that are no files, and returns the paths of both kinds."""
    folder.mkdir(parents=True, exist_ok=True)
    good, bad = [], []
    for name, content in good_photos().items():
        (folder / name).write_bytes(content)
        good.append(str(folder / name))
    for name, content in bad_photos().items():
        (folder / name).write_bytes(content)
        bad.append(str(folder / name))
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.jpg")
        bad.append(str(folder / "pipe.jpg"))
    return good, bad
