"""Small pictures of every kind that `hadamask uncertainty` reads, and what Pillow makes of them.

    python3 oracles/pictures.py        (Pillow 9.4, libjpeg-turbo 2.1)

Writes packages/cli/test/fixtures/pictures: PNG and JPEG files, and expected.json with their pixels as RGB or grey,
resized by Pillow's bilinear filter, which is what torchvision's Resize does with pictures, and cut from the middle as
torchvision's CenterCrop does.
"""

import json
import math
from pathlib import Path

from PIL import Image, __version__, features

FOLDER = Path(__file__).resolve().parent.parent / "packages/cli/test/fixtures/pictures"
WIDTH, HEIGHT = 23, 17


def value(x, y, c):
    """Smooth and with an edge, so that filters show."""
    smooth = 127 + 100 * math.sin(0.5 * x + 0.9 * y + c) * math.cos(0.3 * x - c)
    return max(0, min(255, int(smooth if x + y < 30 else 255 - smooth)))


def picture(mode="RGB"):
    made = Image.new("RGB", (WIDTH, HEIGHT))
    made.putdata([tuple(value(x, y, c) for c in range(3)) for y in range(HEIGHT) for x in range(WIDTH)])
    return made.convert(mode)


def center_crop(image, height, width):
    """torchvision.transforms.functional.center_crop, version 0.24, for crops that fit."""
    top = int(round((image.height - height) / 2.0))
    left = int(round((image.width - width) / 2.0))
    return image.crop((left, top, left + width, top + height))


def resize_short(image, size):
    """torchvision.transforms.functional.resize with one number: the shorter side."""
    short, long = sorted(image.size)
    new_long = int(size * long / short)
    width, height = (size, new_long) if image.width <= image.height else (new_long, size)
    return image.resize((width, height), Image.BILINEAR)


def numbers(image):
    return {"width": image.width, "height": image.height, "values": list(image.tobytes())}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    rgb = picture()
    alpha = rgb.copy()
    alpha.putalpha(Image.linear_gradient("L").resize(rgb.size))
    rotated = Image.Exif()
    rotated[0x0112] = 6
    files = {
        "rgb.png": (rgb, {}),
        "grey.png": (picture("L"), {}),
        "alpha.png": (alpha, {}),
        "palette.png": (rgb.quantize(16), {}),
        "bits.png": (picture("1"), {}),
        "grey-alpha.png": (picture("L").convert("LA"), {}),
        "colour.jpg": (rgb, {"quality": 85}),  # chroma at half size
        "sharp.jpeg": (rgb, {"quality": 95, "subsampling": 0}),
        "progressive.jpg": (rgb, {"quality": 80, "progressive": True}),
        "grey.jpg": (picture("L"), {"quality": 85}),
        "turned.jpg": (rgb, {"quality": 85, "exif": rotated}),  # not turned, as Pillow and torchvision do not
        "cmyk.jpg": (rgb.convert("CMYK"), {"quality": 85}),
    }
    expected = {"pillow": __version__, "libjpeg_turbo": features.version("libjpeg_turbo"), "files": {}}
    for name, (image, options) in files.items():
        image.save(FOLDER / name, **options)
        if name == "cmyk.jpg":
            continue
        read = Image.open(FOLDER / name)
        expected["files"][name] = {"rgb": numbers(read.convert("RGB")), "grey": numbers(read.convert("L"))}
    expected["resized"] = {
        f"{height}x{width}": numbers(rgb.resize((width, height), Image.BILINEAR))
        for height, width in [(8, 8), (17, 23), (40, 31), (5, 40), (1, 1)]
    }
    expected["short"] = {str(size): numbers(resize_short(rgb, size)) for size in (9, 12, 30)}
    expected["cropped"] = {
        f"{height}x{width}": numbers(center_crop(rgb, height, width)) for height, width in [(8, 8), (5, 6), (16, 16)]
    }
    (FOLDER / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


main()
