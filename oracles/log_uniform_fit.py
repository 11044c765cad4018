"""Fits the rational functions of packages/hadamask/src/jax/log-uniform-kl.ts and prints them with their error.

Run with Python 3 and mpmath 1.3: python3 oracles/log_uniform_fit.py
Least squares on Chebyshev nodes, the equations weighted by the last denominator: errors are small enough for float32,
not minimal.
"""

import mpmath as mp

mp.mp.dps = 40
LARGEST_U = mp.mpf(12)  # u = 1 / (2 alpha): up to here functions of u, beyond it functions of alpha
CONSTANT = (mp.euler + mp.log(2)) / 2


def kl(u):
    return u * mp.hyp2f2(1, 1, mp.mpf(3) / 2, 2, -u)


def slope(u):
    """-d KL / d ln alpha = sqrt(u) D(sqrt(u)), D Dawson's function."""
    root = mp.sqrt(u)
    return root * mp.sqrt(mp.pi) / 2 * mp.exp(-u) * mp.erfi(root)


def fit(f, end, above, below, nodes=80):
    """Coefficients on [0, end] of numerator (degree `above`) and denominator (`below`, constant 1), and the error."""
    xs = [end * (1 - mp.cos(mp.pi * (2 * k + 1) / (2 * nodes))) / 2 for k in range(nodes)]
    ys = [f(x) for x in xs]
    weights = [mp.mpf(1)] * nodes
    for _ in range(6):
        rows = mp.matrix(nodes, above + below + 1)
        right = mp.matrix(nodes, 1)
        for k, (x, y, w) in enumerate(zip(xs, ys, weights)):
            for i in range(above + 1):
                rows[k, i] = w * x**i
            for j in range(1, below + 1):
                rows[k, above + j] = -w * y * x**j
            right[k] = w * y
        found = list(mp.lu_solve(rows, right))
        p, q = found[: above + 1], [mp.mpf(1)] + found[above + 1 :]
        weights = [1 / abs(mp.polyval(q[::-1], x)) for x in xs]
    value = lambda x: mp.polyval(p[::-1], x) / mp.polyval(q[::-1], x)
    error = max(abs(value(x) - f(x)) for x in (end * k / mp.mpf(500) for k in range(1, 501)))
    return p, q, error


def report(name, f, end, above, below):
    p, q, error = fit(f, end, above, below)
    print(name, "error", mp.nstr(error, 3))
    print("  numerator  ", ", ".join(mp.nstr(c, 10) for c in p))
    print("  denominator", ", ".join(mp.nstr(c, 10) for c in q))


small = 1 / (2 * LARGEST_U)
report("KL / u", lambda u: kl(u) / u, LARGEST_U, 4, 5)
report("slope / u", lambda u: slope(u) / u, LARGEST_U, 5, 6)
rest = lambda a: (CONSTANT - mp.log(a) / 2 - kl(1 / (2 * a))) / a
report("(constant - ln(alpha) / 2 - KL) / alpha", rest, small, 5, 0)
report("(slope - 1/2) / alpha", lambda a: (slope(1 / (2 * a)) - mp.mpf(1) / 2) / a, small, 7, 0)
