"""Fits the rational functions of packages/hadamask/src/random/normal.ts, measures them and writes the test vectors.

Run in an environment of its own (Python 3.11, mpmath 1.3 or later; about a minute):

    python3 -m venv /some/where/else && /some/where/else/bin/pip install mpmath
    /some/where/else/bin/python oracles/normal_fit.py                 # coefficients and measured error
    /some/where/else/bin/python oracles/normal_fit.py --write FILE    # and the table (test/vectors/normals.txt)
    /some/where/else/bin/python oracles/normal_fit.py --points 100000 # more points for the measured error

Best approximations in the relative error, by the interval-scaling method of Hofreither, "An algorithm for best rational
approximation based on barycentric rational interpolation", Numerical Algorithms 88 (2021): interpolate, then widen the
gaps between nodes where the error is small and narrow them where it is large, until all peaks are level.
"""

import argparse
import math
import random
import struct

import mpmath as mp

mp.mp.dps = 50

JOIN = 2**25  # k below it: tail. v = 2^-6, 1.6 % of all draws
LOW_V = mp.mpf(2) ** -32  # the smallest v
JOIN_V = mp.mpf(2) ** -6


def exact(v):
    """z > 0 with P(|Z| > z) = v, to 45 digits."""
    if v > mp.mpf("0.01"):
        return mp.sqrt(2) * mp.erfinv(1 - v)
    z = mp.sqrt(-2 * mp.log(v))
    step = z
    while abs(step) > mp.mpf(10) ** -42:  # Newton on the logarithm of the tail, which is nearly a parabola
        tail = mp.erfc(z / mp.sqrt(2))
        step = (mp.log(tail) - mp.log(v)) * tail / (mp.sqrt(2 / mp.pi) * mp.exp(-z * z / 2))
        z += step
    return z


def memoised(f):
    known = {}

    def g(x):
        if x not in known:
            known[x] = f(x)
        return known[x]

    return g


@memoised
def central(x):
    """|z| / u as a function of x = sqrt(1 - u^2), where u = 1 - v."""
    u = mp.sqrt(1 - x * x)
    return mp.sqrt(mp.pi / 2) if u < mp.mpf(10) ** -24 else exact(x * x / (1 + u)) / u


@memoised
def tail(x):
    """|z| as a function of x = v^(1/16)."""
    return exact(x**16)


def interpolate(f, nodes, m, n):
    """P of degree m and Q of degree n, highest coefficient 1, with P = f Q at m + n + 1 nodes; lowest degree first."""
    size = m + n + 1
    matrix, right = mp.matrix(size, size), mp.matrix(size, 1)
    for row, x in enumerate(nodes):
        y = f(x)
        for j in range(m + 1):
            matrix[row, j] = x**j
        for j in range(n):
            matrix[row, m + 1 + j] = -y * x**j
        right[row] = y * x**n
    c = list(mp.lu_solve(matrix, right))
    return c[: m + 1], c[m + 1 :] + [mp.mpf(1)]


def ratio(p, q, x):
    return mp.polyval(p[::-1], x) / mp.polyval(q[::-1], x)


def peaks(f, p, q, edges, samples=10):
    """The largest relative error between each two neighbouring edges (positions are logarithms of x)."""
    result = []
    for a, b in zip(edges, edges[1:]):
        xs = [mp.exp(a + (b - a) * j / samples) for j in range(samples + 1)]
        result.append(max(abs(ratio(p, q, x) / f(x) - 1) for x in xs))
    return result


def fit(f, low, high, m, n):
    low, high = mp.log(low), mp.log(high)
    count = m + n + 1
    nodes = [(low + high - (high - low) * mp.cos(mp.pi * (2 * i + 1) / (2 * count))) / 2 for i in range(count)]
    while True:
        p, q = interpolate(f, [mp.exp(x) for x in nodes], m, n)
        edges = [low, *nodes, high]
        heights = peaks(f, p, q, edges)
        if max(heights) < mp.mpf("1.002") * min(heights):
            return p, q, max(heights)
        mean = mp.exp(sum(mp.log(h) for h in heights) / len(heights))
        gaps = [(b - a) * (mean / h) ** mp.mpf("0.08") for a, b, h in zip(edges, edges[1:], heights)]
        stretch = (high - low) / sum(gaps)
        nodes, at = [], low
        for gap in gaps[:-1]:
            at += gap * stretch
            nodes.append(at)


def horner(c, x):
    value = c[-1]
    for coefficient in reversed(c[:-1]):
        value = value * x + coefficient
    return value


def quotient(p, q, x, square):
    """P / Q as the library evaluates it: even powers by x^2, plus x times odd powers by x^2."""
    both = lambda c: horner(c[0::2], square) + x * horner(c[1::2], square)
    return both(p), both(q)


def sequence(word, coefficients):
    """The library's steps in Python's float64: each operation rounds as IEEE 754 says, and none is contracted."""
    k = word & 0x7FFFFFFF
    v = (k + 0.5) * 2.0**-31
    if k >= JOIN:
        s = v * (2.0 - v)
        p, q = quotient(*coefficients["central"], math.sqrt(s), s)
        z = (1.0 - v) * p / q
    else:
        eighth = math.sqrt(math.sqrt(math.sqrt(v)))
        p, q = quotient(*coefficients["tail"], math.sqrt(eighth), eighth)
        z = p / q
    return -z if word >> 31 else z


def truth(word):
    z = exact((mp.mpf(word & 0x7FFFFFFF) + mp.mpf("0.5")) / 2**31)
    return -z if word >> 31 else z


def measure(coefficients, points):
    rng = random.Random(1)
    top = 2**31 - 1
    regions = {
        "central, uniform": lambda: rng.randint(JOIN, top),
        "central, towards 0": lambda: top - int(2 ** rng.uniform(0, 30)),
        "tail, uniform": lambda: rng.randrange(JOIN),
        "tail, towards the end": lambda: int(2 ** rng.uniform(0, 25)) - 1,
    }
    for name, draw in regions.items():
        worst = mp.mpf(0)
        for _ in range(points):
            k = draw()
            worst = max(worst, abs(mp.mpf(sequence(k, coefficients)) / truth(k) - 1))
        print(f"{name}: largest relative error of {points} points {mp.nstr(worst, 4)}")


def table_words():
    """Both ends, the join, powers of two with their neighbours, draws spread evenly and by magnitude; both signs."""
    rng = random.Random(2)
    top = 2**31 - 1
    ks = {*range(16), *range(top - 15, top + 1), *range(JOIN - 8, JOIN + 8)}
    for e in range(31):
        ks |= {2**e - 1, 2**e, min(2**e + 1, top), top - 2**e}
    ks |= {rng.randint(0, top) for _ in range(300)}
    ks |= {int(2 ** rng.uniform(0, 31)) for _ in range(300)}
    ks |= {top - int(2 ** rng.uniform(0, 31)) for _ in range(100)}
    return sorted(k | (rng.getrandbits(1) << 31) for k in ks)


def write(path, coefficients):
    with open(path, "w", encoding="ascii") as file:
        file.write(
            "# Normals of mask stream 1. Made by: oracles/normal_fit.py --write FILE "
            f"(Python, mpmath {mp.__version__}, 50 digits).\n"
            "# word: the noise word, hex. exact: the normal it stands for, 25 digits.\n"
            "# bits: the float64 that the library's sequence of operations gives, evaluated in Python, "
            "IEEE 754 bits in hex.\n"
            "# word exact bits\n"
        )
        for word in table_words():
            bits = struct.pack(">d", sequence(word, coefficients)).hex()
            file.write(f"{word:08x} {mp.nstr(truth(word), 25)} {bits}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=5000, help="points per region for the measured error")
    parser.add_argument("--write", metavar="FILE", help="write the table of exact values")
    arguments = parser.parse_args()
    coefficients = {}
    for name, f, low, high, degree in (
        ("central", central, mp.sqrt(JOIN_V * (2 - JOIN_V)), mp.mpf(1), 6),
        ("tail", tail, LOW_V ** (mp.mpf(1) / 16), JOIN_V ** (mp.mpf(1) / 16), 7),
    ):
        p, q, error = fit(f, low, high, degree, degree)
        coefficients[name] = [float(c) for c in p], [float(c) for c in q]
        print(f"{name}: relative error of the approximation {mp.nstr(error, 4)}")
        for letter, c in zip("PQ", coefficients[name]):
            print(f"  {letter}, lowest degree first: {', '.join(map(repr, c))}")
    measure(coefficients, arguments.points)
    if arguments.write:
        write(arguments.write, coefficients)


if __name__ == "__main__":
    main()
