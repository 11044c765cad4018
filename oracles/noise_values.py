"""High-precision values of the special functions and noises: writes packages/hadamask/test/vectors/noise.json.

Run from the root of the repository with Python 3 and mpmath 1.3: python3 oracles/noise_values.py
Every value is computed with 60 digits and printed with 17; the KL divergence in two independent ways, which must agree.
"""

import json
import pathlib

import mpmath
from mpmath import mp, mpf

mp.dps = 60
OUT = pathlib.Path(__file__).parent.parent / "packages/hadamask/test/vectors/noise.json"


def number(value):
    return float(mpmath.nstr(value, 25))


def dawson(x):
    return mpmath.sqrt(mpmath.pi) / 2 * mpmath.exp(-x * x) * mpmath.erfi(x)


def kl(alpha):
    """u 2F2(1, 1; 3/2, 2; -u), u = 1 / (2 alpha): the divergence from the log-uniform prior, 0 at alpha = infinity."""
    u = 1 / (2 * alpha)
    value = u * mpmath.hyp2f2(1, 1, mpf(3) / 2, 2, -u)
    if alpha >= mpf("1e-4"):
        check = -mpmath.log(alpha) / 2 + expected_log(alpha) + (mpmath.euler + mpmath.log(2)) / 2
        assert abs(value - check) < mpf("1e-20") * (1 + abs(value)), (alpha, value, check)
    return value


def expected_log(alpha):
    """E ln |N(1, alpha)| by quadrature, split at the singularity."""
    s = mpmath.sqrt(alpha)

    def density(w):
        return mpmath.exp(-((w - 1) ** 2) / (2 * alpha)) / (s * mpmath.sqrt(2 * mpmath.pi))

    points = sorted({mpf(0), mpf(1), *(1 + k * s for k in (-30, -10, -3, -1, 1, 3, 10, 30))})
    return mpmath.quad(lambda w: density(w) * mpmath.log(abs(w)), points)


def kl_slope(alpha):
    root = mpmath.sqrt(1 / (2 * alpha))
    return -root * dawson(root)


def logistic_normal(mean, variance):
    s = mpmath.sqrt(variance)

    def expect(f):
        return mpmath.quad(
            lambda z: mpmath.npdf(z) * f(1 / (1 + mpmath.exp(-mean - s * z))), mpmath.linspace(-16, 16, 65)
        )

    first = expect(lambda m: m)
    return {
        "mean": number(mean),
        "variance": number(variance),
        "moments": [number(first), number(expect(lambda m: (m - first) ** 2)), number(expect(lambda m: m * (1 - m)))],
    }


def concrete(rate, temperature):
    """Mean and variance of the multiplier (1 - z) / (1 - rate) over u."""
    logit = mpmath.log(rate / (1 - rate))

    def expect(power):
        def integrand(l):
            density = mpmath.exp(-l) / (1 + mpmath.exp(-l)) ** 2
            return density * (1 / (1 + mpmath.exp((logit + l) / temperature)) / (1 - rate)) ** power

        edge = -logit
        return mpmath.quad(integrand, [-120, -20, -5, edge - 1, edge, edge + 1, 5, 20, 120])

    first = expect(1)
    moments = [number(first), number(expect(2) - first**2)]
    return {"rate": number(rate), "temperature": number(temperature), "moments": moments}


def main():
    listed = lambda texts: [mpf(x) for x in texts.split()]
    alphas = [mpf(10) ** e for e in range(-12, 7)] + listed(
        "0.0124 0.0125 0.0126 0.02 0.05 0.122 0.25 0.5 2 3 4 20 30"
    )
    dawson_at = listed("1e-300 1e-8 0.1 0.5 0.9241388730 1 2 3.5 5 6.4 6.6 8 20 1e3 1e8")
    exp_at = listed("-745 -708.5 -100.25 -10 -1 -0.34657 -1e-9 0 1e-9 0.34657 0.5 1 2.5 10 100.25 700 709.7")
    words = [0, 1, 12345, 2**31 - 1, 2**31, 3 * 2**30, 2**32 - 2, 2**32 - 1]
    logit = lambda w: mpmath.log((w + mpf(1) / 2) / (2**32 - w - mpf(1) / 2))
    data = {
        "source": "oracles/noise_values.py, mpmath " + mpmath.__version__ + " with 60 digits",
        "command": "python3 oracles/noise_values.py",
        "dawson": [[number(mpf(float(x))), number(dawson(mpf(float(x))))] for x in dawson_at],
        "exp": [[float(x), number(mpmath.exp(mpf(float(x))))] for x in exp_at],
        "logit": [[w, number(logit(w))] for w in words],
        "logUniformKl": [
            {"logAlpha": float(mpmath.log(a)), "kl": number(kl(mpmath.exp(mpf(float(mpmath.log(a)))))),
             "slope": number(kl_slope(mpmath.exp(mpf(float(mpmath.log(a))))))}
            for a in sorted(alphas)
        ],
        "logisticNormal": [
            logistic_normal(mpf(mean), mpf(variance))
            for mean, variance in [
                *((0, variance) for variance in (1, 1.25, 2, 5, 10, 26, 101)),
                *((1, 1), (2, 2), (4, 2), (-3, 0.25), (1, 13)),
            ]
        ],
        "concrete": [
            concrete(mpf(q), mpf(t))
            for q, t in [("0.1", "0.1"), ("0.3", "0.1"), ("0.5", "0.1"), ("0.2", "0.5"), ("0.9", "0.1"), ("0.5", "1")]
        ],
    }
    OUT.write_text(json.dumps(data, indent=1) + "\n")


main()
