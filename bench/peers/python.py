"""PyTorch and JAX, whichever this Python has, on one processor: dropout forward, float32, beside a copy measured here.

Reads {"jobs": [{"n", "rate", "rounds"}]} from standard input and prints {"python", "versions", "jobs"} as JSON.
Cases of a job take turns, as in the other half of the benchmark.
"""

import json
import os
import sys
import time

if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import numpy as np

try:
    import torch
except ImportError:
    torch = None
try:
    import jax
except ImportError:
    jax = None

SAMPLE_S = 0.004


def copy_case(x, rate):
    y = np.zeros_like(x)

    def check():
        assert (y == x).all()

    return "array copy (NumPy)", lambda: np.copyto(y, x), check


def check_dropped(x, y, rate):
    kept = y != 0
    assert np.allclose(y[kept], x[kept] / (1 - rate), rtol=4e-7, atol=0)
    assert abs(kept.sum() - x.size * (1 - rate)) <= 8 * (x.size * rate * (1 - rate)) ** 0.5


def torch_case(x, rate):
    torch.set_num_threads(1)
    values = torch.from_numpy(x)

    def run():
        return torch.nn.functional.dropout(values, rate, training=True)

    return "PyTorch", run, lambda: check_dropped(x, run().numpy(), rate)


def jax_case(x, rate):
    values, key = jax.numpy.asarray(x), jax.random.key(0)

    @jax.jit
    def dropout(v, k):
        return jax.numpy.where(jax.random.bernoulli(k, 1 - rate, v.shape), v / (1 - rate), 0)

    def run():
        return dropout(values, key).block_until_ready()

    return "JAX", run, lambda: check_dropped(x, np.asarray(run()), rate)


def time_of(run, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats


def repeats_of(run):
    repeats = 1
    for _ in range(3):
        seconds = time_of(run, repeats) * repeats
        repeats = max(repeats, int(np.ceil(SAMPLE_S / max(seconds, 1e-7) * repeats)))
    return repeats


def spread(values):
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75])
    return {"median": median, "quartiles": [q1, q3]}


def measure(n, rate, rounds):
    x = (1 + np.arange(n) % 1000 / 1000).astype(np.float32)
    makers = [copy_case] + ([torch_case] if torch else []) + ([jax_case] if jax else [])
    cases = [make(x, rate) for make in makers]
    repeats = []
    for _, run, check in cases:
        run()
        check()
        repeats.append(repeats_of(run))
    samples = [[] for _ in cases]
    for _ in range(rounds):
        for i, (_, run, _) in enumerate(cases):
            samples[i].append(time_of(run, repeats[i]) * 1e9 / n)
    ns = np.array(samples)
    results = [
        {"name": name, "elements": n, "ns": spread(ns[i]), "ratio": spread(ns[i] / ns[0])}
        for i, (name, _, _) in enumerate(cases)
    ]
    return {"n": n, "rate": rate, "rounds": rounds, "results": results}


jobs = json.load(sys.stdin)["jobs"]
found = {name: module.__version__ for name, module in [("torch", torch), ("jax", jax), ("numpy", np)] if module}
json.dump({"python": sys.version.split()[0], "versions": found, "jobs": [measure(**job) for job in jobs]}, sys.stdout)
