"""Any image that Pillow decodes, as 8-bit RGB: deep greyscale, palettes, transparency, colour profiles."""

import functools
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_STRIP = 256
"""Rows converted at once."""


def to_rgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Deep greyscale scaled by its range, transparency on white, profiles to sRGB, palettes expanded.

    Args:
        profile: The ICC profile of the file; one that does not parse is passed over.
    """
    image = _to_eight_bits(image)
    if image.mode in ("P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    alpha = image.getchannel("A") if image.mode in ("RGBA", "LA") else None
    if image.mode == "RGBA":
        image = image.convert("RGB")
    elif image.mode in ("LA", "1"):
        image = image.convert("L")
    if profile and image.mode in ("RGB", "L", "CMYK"):
        image = _to_srgb(image, profile)
    if image.mode != "RGB":
        image = image.convert("RGB")
    if alpha is not None:
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=alpha)
        image = white
    return image


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Scales deep greyscale to 8 bit by its range; Pillow's own conversion clips it to white or black."""
    if image.mode not in ("I;16", "I;16L", "I;16B", "I;16N", "I", "F"):
        return image
    values = np.asarray(image)
    low, high = _range_of(values, image.mode)
    result = np.empty(values.shape, dtype=np.uint8)
    for top in range(0, len(values), _STRIP):  # in strips, because floats take eight times the memory
        strip = values[top : top + _STRIP].astype(np.float64)
        strip = np.where(np.isfinite(strip), strip, low)
        scaled = (strip - low) * (255.0 / max(high - low, 1e-12))
        result[top : top + _STRIP] = np.rint(scaled).clip(0, 255)
    return Image.fromarray(result, "L")


def _range_of(values: NDArray[np.generic], mode: str) -> tuple[float, float]:
    """The usual range that the values of a deep greyscale photo fit into, or their own."""
    if mode.startswith("I;16"):
        return 0.0, 65535.0
    low = float(np.nanmin(values, initial=np.inf, where=np.isfinite(values)))
    high = float(np.nanmax(values, initial=-np.inf, where=np.isfinite(values)))
    if low > high:  # nothing but NaN
        return 0.0, 1.0
    if low >= 0.0:
        usual = (1.0, 255.0, 65535.0) if mode == "F" else (255.0, 65535.0)
        for limit in usual:
            if high <= limit:
                return 0.0, limit
    return low, high


@functools.lru_cache(maxsize=16)
def _srgb_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The colour transform for a profile, or None where none is needed or the profile does not parse."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if mode == "RGB" and "srgb" in ImageCms.getProfileDescription(source).lower():
            return None
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    transform = _srgb_transform(profile, image.mode)
    if transform is None:
        return image
    converted = ImageCms.applyTransform(image, transform)
    return image if converted is None else converted
