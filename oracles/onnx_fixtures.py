"""Makes packages/onnx/test/fixtures: small ONNX models from PyTorch and onnx.helper, and what PyTorch says of them.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 onnx==1.23.1 onnxruntime==1.30.0
    venv/bin/python oracles/onnx_fixtures.py packages/onnx/test/fixtures

Every model passes onnx.checker and runs in ONNX Runtime. expected.json holds, for each of PyTorch's models: the input
rows, the deterministic output, and over `passes` stochastic passes of the PyTorch model (dropout layers training, all
else in eval) mean, variance and fourth central moment of every output number, so that a test can compute how far two
such estimates may be apart.

PyTorch's legacy exporter (dynamo=False) is used because it alone can export in training mode; it refuses Dropout2d
there, so the convolutional net exists in eval mode only, as users meet it.
"""

import gzip
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from onnx_by_hand import corner_cases
from torch import nn

OUT = sys.argv[1]
DIGITS = os.path.join(os.path.dirname(__file__), "..", "packages", "cli", "data", "optdigits.csv.gz")
EXPECTED = {}


# -- export and measure ------------------------------------------------------------------------------------------------


def export(module, example, name, training=False, dynamic=("x",), outputs=("y",), opset=17):
    """Exports with a dynamic batch axis; `training` keeps the Dropout nodes, with training_mode true."""
    path = os.path.join(OUT, name)
    mode = torch.onnx.TrainingMode.TRAINING if training else torch.onnx.TrainingMode.EVAL
    module.train(training)
    axes = {n: {0: "batch"} for n in (*dynamic, *outputs)}
    torch.onnx.export(
        module, (example,), path, dynamo=False, training=mode, do_constant_folding=not training, opset_version=opset,
        input_names=list(dynamic), output_names=list(outputs), dynamic_axes=axes,
    )
    onnx.checker.check_model(onnx.load(path), full_check=True)


def sampling(module):
    """Dropout on, everything else in eval mode: what Monte-Carlo dropout means."""
    module.eval()
    for part in module.modules():
        # Attention applies dropout inside itself, by its own flag; the encoder layer in eval takes a fused path that
        # drops nothing.
        if isinstance(part, (nn.Dropout, nn.Dropout2d, nn.MultiheadAttention, nn.TransformerEncoderLayer)):
            part.training = True
    return module


def measure(name, module, x, passes, seed):
    """Deterministic output and moments over `passes` stochastic passes, accumulated in float64."""
    with torch.no_grad():
        deterministic = module.eval()(x)
        sampling(module)
        torch.manual_seed(seed)
        samples = torch.stack([module(x) for _ in range(passes)]).double()
    mean = samples.mean(0)
    centred = samples - mean
    EXPECTED[name] = {
        "passes": passes,
        "x": {"dims": list(x.shape), "data": rounded(x)},
        "deterministic": {"dims": list(deterministic.shape), "data": rounded(deterministic)},
        "mean": rounded(mean), "variance": rounded(centred.pow(2).mean(0)), "fourth": rounded(centred.pow(4).mean(0)),
    }


def rounded(tensor):
    return [float(f"{v:.9g}") for v in tensor.double().reshape(-1).tolist()]


def fit(module, x, y, loss, steps, lr=3e-3, batch=128):
    module.train()
    optimiser = torch.optim.Adam(module.parameters(), lr=lr)
    for step in range(steps):
        rows = torch.randint(0, len(x), (batch,))
        optimiser.zero_grad()
        loss(module(x[rows]), y[rows]).backward()
        optimiser.step()
    return module


# -- PyTorch's models --------------------------------------------------------------------------------------------------


def digits():
    with gzip.open(DIGITS, "rt") as file:
        table = np.loadtxt(file, delimiter=",", dtype=np.float32)
    return torch.tensor(table[:, :64] / 16), torch.tensor(table[:, 64].astype(np.int64))


def linear():
    """Dropout, then one linear map: the closed form. Row 0 of the weights and of x are the example of the text."""
    module = nn.Sequential(nn.Dropout(0.2), nn.Linear(3, 2))
    with torch.no_grad():
        module[1].weight.copy_(torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.25, -0.75]]))
        module[1].bias.copy_(torch.tensor([0.0, 1.0]))
    x = torch.tensor([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0]])
    export(module, x, "linear.onnx", training=True)
    measure("linear", module, x, 20_000, 1)


def mlp():
    """An MLP on real digits, exported as users do (eval: no Dropout) and as they hope will help (training: with it)."""
    torch.manual_seed(2)
    x, y = digits()
    module = nn.Sequential(
        nn.Linear(64, 48), nn.ReLU(), nn.Dropout(0.5), nn.Linear(48, 48), nn.ReLU(), nn.Dropout(0.3), nn.Linear(48, 10),
    )
    fit(module, x[:1000], y[:1000], nn.functional.cross_entropy, 1500)
    rows = x[1000:1012]
    export(module, rows, "mlp-eval.onnx")
    export(module, rows, "mlp-train.onnx", training=True)
    measure("mlp", module, rows, 20_000, 3)


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.Dropout2d(0.25), nn.MaxPool2d(2),
            nn.Conv2d(8, 12, 3, padding=1), nn.ReLU(), nn.Dropout2d(0.25),
        )
        self.head = nn.Linear(12 * 16, 10)

    def forward(self, x):
        return self.head(self.features(x).flatten(1))


def cnn():
    torch.manual_seed(4)
    x, y = digits()
    x = x.reshape(-1, 1, 8, 8)
    module = fit(Cnn(), x[:1000], y[:1000], nn.functional.cross_entropy, 600)
    rows = x[1000:1006]
    export(module, rows, "cnn-eval.onnx")
    measure("cnn", module, rows, 10_000, 5)


class Transformer(nn.Module):
    """An encoder block over the eight rows of a digit, as torch writes it: batch and heads share an axis inside."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(8, 16)
        self.block = nn.TransformerEncoderLayer(16, 2, 24, dropout=0.1, batch_first=True)
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        return self.head(self.block(self.embed(x)).mean(1))


def transformer():
    torch.manual_seed(6)
    x, y = digits()
    x = x.reshape(-1, 8, 8)
    module = fit(Transformer(), x[:1000], y[:1000], nn.functional.cross_entropy, 600)
    rows = x[1000:1004]
    export(module, rows, "transformer-train.onnx", training=True)
    export(module, rows, "transformer-eval.onnx")
    measure("transformer", module, rows, 4_000, 7)


class Regression(nn.Module):
    """Predicts a mean and the logarithm of a variance, trained by Gaussian likelihood."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(1, 32), nn.ReLU(), nn.Dropout(0.1),
            nn.Linear(32, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 2),
        )

    def forward(self, x):
        out = self.body(x)
        return out[:, :1], out[:, 1:]


def gaussian_nll(prediction, target):
    mean, log_variance = prediction
    return 0.5 * (log_variance + (target - mean).pow(2) / log_variance.exp()).mean()


def regression():
    torch.manual_seed(8)
    x = torch.rand(512, 1) * 6 - 3
    y = torch.sin(2 * x) + (0.05 + 0.1 * x.abs()) * torch.randn_like(x)
    module = fit(Regression(), x, y, gaussian_nll, 2000, lr=5e-3)
    rows = torch.linspace(-3.5, 3.5, 8).reshape(-1, 1)
    export(module, rows, "regression-eval.onnx", outputs=("mean", "log_variance"))

    class Joined(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = module

        def forward(self, x):
            return torch.cat(self.inner(x), 1)

    measure("regression", Joined(), rows, 10_000, 9)


def run_all():
    """Each file loads in ONNX Runtime; the versions go on record."""
    for name in sorted(os.listdir(OUT)):
        if name.endswith(".onnx"):
            onnxruntime.InferenceSession(os.path.join(OUT, name), providers=["CPUExecutionProvider"])
    EXPECTED["versions"] = {module.__name__: module.__version__ for module in (torch, onnx, onnxruntime)}


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    for make in (linear, mlp, cnn, transformer, regression):
        make()
    corner_cases(OUT)
    run_all()
    with open(os.path.join(OUT, "expected.json"), "w") as out:
        json.dump(EXPECTED, out)
        out.write("\n")
