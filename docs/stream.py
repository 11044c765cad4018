"""Mask stream 1 of hadamask in one file of NumPy: masks, derived keys, uniforms, normals of docs/stream.md to the bit.

    from stream import key, fold_in, split, site_key, keep_mask, uniform, normal, TAG_STEP
    mask = keep_mask(1000, rate=0.5, key=key(42))           # bool array, True is kept
    y = np.where(mask, x * x.dtype.type(1 / (1 - 0.5)), 0)  # in TypeScript: dropout(x, { rate: 0.5, key: key(42) })

    python3 stream.py --seed 42 --rate 0.5 --shape 4,5 [--offset N]  # prints what `hadamask mask` prints

The first argument of everything that draws is a key, a pair of 32-bit words. Needs NumPy 1.20 or later, nothing else.
"""

import argparse
import math

import numpy as np

PARITY = 0x1BD11BDA
ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)
TAG_STEP, TAG_SAMPLE_ID, TAG_PASS, TAG_SITE = 1, 2, 3, 4
NOISE_PLANE = 64
PLANES = 53


def block(key, hi, lo):
    """Threefry-2x32, 20 rounds: two words for each counter (hi, lo); counters may be arrays."""
    schedule = [np.uint32(k) for k in (key[0], key[1], key[0] ^ key[1] ^ PARITY)]
    with np.errstate(over="ignore"):  # sums are modulo 2^32
        x0 = np.asarray(hi, np.uint32) + schedule[0]
        x1 = np.asarray(lo, np.uint32) + schedule[1]
        for r in range(20):
            distance = ROTATIONS[r % 8]
            x0 = x0 + x1
            x1 = (x1 << np.uint32(distance) | x1 >> np.uint32(32 - distance)) ^ x0
            if r % 4 == 3:
                s = r // 4 + 1
                x0 = x0 + schedule[s % 3]
                x1 = x1 + schedule[(s + 1) % 3] + np.uint32(s)
    return x0, x1


def _key(words):
    return int(words[0]), int(words[1])


def key(seed):
    """The key of a seed, 0 <= seed < 2^64."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"key: seed must be in [0, 2^64), got {seed}")
    return seed >> 32, seed & 0xFFFFFFFF


def fold_in(key, data):
    """The key for number `data` under a key, 0 <= data < 2^53."""
    return _key(block(key, data >> 32, data & 0xFFFFFFFF))


def split(key, n=2):
    """n keys: fold_in(key, 0), fold_in(key, 1), …"""
    return [fold_in(key, i) for i in range(n)]


def derive(key, tag, number):
    """Keys that the library derives for itself: TAG_STEP for training step `number`, TAG_PASS for a pass, …"""
    return _key(block(key, 0x40000000 | tag << 22 | number >> 32, number & 0xFFFFFFFF))


def site_key(key, name):
    """The key of a place with a name: its UTF-8 bytes, four to a word, folded in one after the other."""
    data = name.encode()
    site = derive(key, TAG_SITE, len(data))
    for i in range(0, len(data), 4):
        site = fold_in(site, int.from_bytes(data[i : i + 4], "little"))
    return site


def plane_words(key, plane, words):
    """The words of a plane with these numbers (int64 array)."""
    index = words // 2
    hi = 0x80000000 | plane << 16 | index >> 32
    first, second = block(key, hi.astype(np.uint32), (index & 0xFFFFFFFF).astype(np.uint32))
    return np.where(words % 2 == 0, first, second)


def threshold_of(keep):
    """round(keep * 2^53), halves upwards. The product is exact in float64; adding 1/2 to it would not be."""
    scaled = keep * 2.0**PLANES
    return math.floor(scaled) + (scaled - math.floor(scaled) >= 0.5)


def keep_mask(n, key, rate=None, keep=None, offset=0):
    """Decisions of elements offset … offset + n - 1: bools, True is kept. Pass either rate or keep = 1 - rate."""
    if (rate is None) == (keep is None):
        raise ValueError("keep_mask: pass either rate or keep")
    keep = 1 - rate if keep is None else keep
    if not 0 <= keep <= 1:
        raise ValueError("keep_mask: rate and keep must be in [0, 1]")
    threshold = threshold_of(keep)
    words = np.arange(offset // 32, (offset + n + 31) // 32, dtype=np.int64)
    kept = np.zeros(len(words), np.uint32)
    undecided = np.full(len(words), 0xFFFFFFFF, np.uint32)
    if threshold == 2**PLANES:
        kept, undecided = undecided, kept
    for plane in range(PLANES):
        left = np.flatnonzero(undecided)  # a plane decides half of what is left
        if len(left) == 0 or threshold % 2 ** (PLANES - plane) == 0:
            break
        drawn = plane_words(key, plane, words[left])
        if threshold >> (PLANES - 1 - plane) & 1:
            kept[left] |= undecided[left] & ~drawn
            undecided[left] &= drawn
        else:
            undecided[left] &= ~drawn
    bits = np.unpackbits(kept.astype("<u4").view(np.uint8), bitorder="little")
    return bits[offset % 32 :][:n].astype(bool)


def noise_words(n, key, offset=0):
    """The noise words of the elements offset … offset + n - 1."""
    return plane_words(key, NOISE_PLANE, np.arange(offset, offset + n, dtype=np.int64))


def uniform(n, key, offset=0):
    """Uniform numbers in (0, 1), float64: the midpoints of 2^32 cells."""
    return (noise_words(n, key, offset) + 0.5) / 2.0**32


P = (
    0.005275934313104646, 0.36046927653184624, 4.486270755030274, 15.305428410907068,
    14.742265098937889, 2.954032218605109, 0.016889443430057584,
)
Q = (
    0.0011394081692564625, 0.10130934829384773, 1.6226401819695098, 7.68784282540762,
    12.607351439755028, 7.196108689066233, 1.0,
)
R = (
    -1.0065569007647261, -32.0120367980854, -78.03063557603777, 254.63052439987987,
    -57.456838187320784, -201.02297030709425, 136.40919201873209, -21.512838517005694,
)
S = (
    -0.0781116015551062, -3.4701677595965883, -16.62960083352644, 18.04029289084426,
    28.383762078320085, -35.021235350772514, 7.332357084551008, 1.0,
)


def _polynomial(coefficients, s, x):
    """Even powers plus x times odd powers, both by Horner's rule in s = x * x."""

    def horner(part):
        value = np.full_like(s, part[-1])
        for coefficient in reversed(part[:-1]):
            value = value * s + coefficient
        return value

    return horner(coefficients[::2]) + x * horner(coefficients[1::2])


def normal_of(words):
    """The normal numbers that noise words stand for, float64."""
    words = np.asarray(words, np.uint32)
    k = (words & np.uint32(0x7FFFFFFF)).astype(np.float64)
    v = (k + 0.5) / 2.0**31
    s = v * (2.0 - v)
    x = np.sqrt(s)
    centre = ((1.0 - v) * _polynomial(P, s, x)) / _polynomial(Q, s, x)
    s = np.sqrt(np.sqrt(np.sqrt(v)))
    x = np.sqrt(s)
    tail = _polynomial(R, s, x) / _polynomial(S, s, x)
    z = np.where(k >= 2.0**25, centre, tail)
    return np.where(words >> np.uint32(31) == 1, -z, z)


def normal(n, key, offset=0):
    """Normal numbers, float64: the quantiles of the midpoints of 2^31 cells, with a sign."""
    return normal_of(noise_words(n, key, offset))


def main():
    parser = argparse.ArgumentParser(description="Prints a mask of stream 1, one row of the last axis a line.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=0.5, help="probability of dropping")
    parser.add_argument("--shape", default="4,8")
    parser.add_argument("--offset", type=int, default=0)
    options = parser.parse_args()
    shape = [int(size) for size in options.shape.split(",")]
    mask = keep_mask(math.prod(shape), key(options.seed), rate=options.rate, offset=options.offset)
    for row in mask.reshape(-1, shape[-1]).astype(int):
        print("".join(map(str, row)))


if __name__ == "__main__":
    main()
