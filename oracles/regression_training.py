"""A small network trained as `hadamask reproduce uci` trains: writes packages/experiments/test/vectors/regression.json.

Run from the root of the repository, with torch 2.13 and numpy:

    python3 oracles/regression_training.py

Keys, first weights, orders and masks are drawn by docs/stream.py; gradients are autograd's, in float64; Adam is as
Keras 2.2 has it (a bias correction in the learning rate, 1e-7 beside the root). Nothing here is taken from the
TypeScript code.
"""

import json
import math
import pathlib
import sys

import numpy as np
import torch

ROOT = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "docs"))
import stream  # noqa: E402

OUT = ROOT / "packages/experiments/test/vectors/regression.json"
D, H, N, BATCH, EPOCHS, RATE, DECAY, LEARNING_RATE = 3, 5, 11, 4, 4, 0.2, 0.05, 0.01
PASSES, PRECISION, FACTOR, SHIFT = 20, 0.7, 2.5, -1.0


def uniforms(key, n):
    return np.asarray(stream.uniform(n, key), dtype=np.float64)


def permutation(key, n):
    u, order = uniforms(key, n), list(range(n))
    for i in range(n - 1, 0, -1):
        j = int(u[i] * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order


def keep(key, rate, n):
    return np.asarray(stream.keep_mask(n, key, rate=rate), dtype=np.float64)


def rows():
    i = np.arange(N * D)
    x = np.float32(((i * 37) % 23 - 11) / 8).reshape(N, D)
    y = np.float32(x[:, 0] * x[:, 1] - 0.5 * x[:, 2])
    return x, y


def main():
    x, y = rows()
    key = stream.key(42)
    weights_key, order_key, input_key, hidden_key = stream.split(key, 4)
    u = 2 * uniforms(weights_key, (D + 1) * H) - 1
    w1 = np.float32(u[: D * H] * math.sqrt(6 / (D + H))).reshape(D, H)
    w2 = np.float32(u[D * H :] * math.sqrt(6 / (H + 1)))
    parts = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in (w1, np.zeros(H), w2, 0.0)]
    means = [torch.zeros_like(p) for p in parts]
    squares = [torch.zeros_like(p) for p in parts]
    xs, ys = torch.tensor(x, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
    inputs = keep(input_key, RATE, EPOCHS * N * D).reshape(EPOCHS, N, D)
    hidden = keep(hidden_key, RATE, EPOCHS * N * H).reshape(EPOCHS, N, H)
    t, first = 0, None
    for epoch in range(EPOCHS):
        order = permutation(stream.fold_in(order_key, epoch), N)
        for start in range(0, N, BATCH):
            batch = order[start : start + BATCH]
            m = torch.tensor(inputs[epoch, start : start + BATCH]) / (1 - RATE)
            n = torch.tensor(hidden[epoch, start : start + BATCH]) / (1 - RATE)
            units = torch.relu(parts[1] + (xs[batch] * m) @ parts[0]) * n
            loss = ((parts[3] + units @ parts[2] - ys[batch]) ** 2).mean()
            loss = loss + DECAY / 2 * ((parts[0] ** 2).sum() + (parts[2] ** 2).sum())
            gradients = torch.autograd.grad(loss, parts)
            first = first or [g.tolist() for g in gradients]
            t += 1
            rate = LEARNING_RATE * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            with torch.no_grad():
                for p, g, mean, square in zip(parts, gradients, means, squares):
                    mean.mul_(0.9).add_(0.1 * g)
                    square.mul_(0.999).add_(0.001 * g * g)
                    p.sub_(rate * mean / (square.sqrt() + 1e-7))
    trained = [p.detach().numpy() for p in parts]
    scores = score(trained, x, y, stream.key(7))
    plain = [p.tolist() for p in trained]
    names = ("w1", "b1", "w2", "b2")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(
        json.dumps(
            {
                "made by": "oracles/regression_training.py, torch " + torch.__version__,
                "settings": {
                    **{"columns": D, "hidden": H, "batchSize": BATCH, "epochs": EPOCHS, "rate": RATE, "decay": DECAY},
                    **{"learningRate": LEARNING_RATE, "seed": 42, "passesSeed": 7, "passes": PASSES},
                    **{"precision": PRECISION, "factor": FACTOR, "shift": SHIFT},
                },
                "x": x.reshape(-1).tolist(),
                "y": y.tolist(),
                "firstGradient": dict(zip(names, first)),
                "trained": dict(zip(names, plain)),
                "scores": scores,
            },
            indent=1,
        )
        + "\n"
    )


def score(parts, x, y, key):
    w1, b1, w2, b2 = parts
    input_key, hidden_key = stream.split(key, 2)
    targets = y.astype(np.float64)

    def one(m, n):
        return (b2 + (np.maximum(b1 + (x * m) @ w1, 0) * n) @ w2) * FACTOR + SHIFT

    def sample(t):
        m = keep(stream.derive(input_key, stream.TAG_PASS, t), RATE, N * D).reshape(N, D) / (1 - RATE)
        n = keep(stream.derive(hidden_key, stream.TAG_PASS, t), RATE, N * H).reshape(N, H) / (1 - RATE)
        return one(m, n)

    draws = np.array([sample(t) for t in range(PASSES)])
    single, off = sample(PASSES), one(1, 1)
    density = lambda p: -PRECISION / 2 * (targets - p) ** 2 + math.log(PRECISION / (2 * math.pi)) / 2
    rmse = lambda p: float(np.sqrt(((targets - p) ** 2).mean()))
    return {
        "rmse": {"singlePass": rmse(single), "off": rmse(off), "mean": rmse(draws.mean(0))},
        "logLikelihood": {
            "singlePass": float(density(single).mean()),
            "off": float(density(off).mean()),
            "mean": float(np.log(np.exp(density(draws)).mean(0)).mean()),
        },
    }


main()
