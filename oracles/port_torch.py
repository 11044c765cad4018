"""Trains the network of docs/porting.md in PyTorch and writes down every step, to compare the same in TypeScript with.

    pip install torch
    python oracles/port_torch.py packages/hadamask/test/vectors/port     # writes torch.json and hadamask.json there

torch.json: everything from one torch.manual_seed, with nn.Dropout. hadamask.json: the same network with HadamaskDropout
(docs/hadamask_torch.py). Made with PyTorch 2.13.0 on the CPU, one thread. Not part of `npm test`.

The network: 12 inputs, dropout 0.2, 16 hidden units, ReLU, dropout 0.5, 4 classes; mean cross-entropy; SGD at 0.5; 20
steps on one batch of 32 rows, whose inputs are torch.rand and whose classes are the largest of the first four inputs.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "docs"))
from hadamask_torch import HadamaskDropout  # noqa: E402

SEED, ROWS, INPUTS, HIDDEN, CLASSES, STEPS, LEARNING_RATE = 2026, 32, 12, 16, 4, 20, 0.5


def hexed(tensor):
    return struct.pack(f">{tensor.numel()}f", *tensor.detach().flatten().tolist()).hex()


def mask_hex(tensor):
    return np.packbits(tensor.detach().numpy().ravel().astype(bool), bitorder="little").tobytes().hex()


def train(input_dropout, hidden_dropout):
    torch.manual_seed(SEED)
    first, second = nn.Linear(INPUTS, HIDDEN), nn.Linear(HIDDEN, CLASSES)
    x = torch.rand(ROWS, INPUTS)
    classes = x[:, :4].argmax(1)
    parameters = {"w1": first.weight, "b1": first.bias, "w2": second.weight, "b2": second.bias}
    record = {
        "start": {name: hexed(p) for name, p in parameters.items()},
        "x": hexed(x),
        "classes": classes.tolist(),
        "steps": [],
    }
    optimiser = torch.optim.SGD(parameters.values(), lr=LEARNING_RATE)
    for _ in range(STEPS):
        dropped_x = input_dropout(x)
        a = torch.relu(first(dropped_x))
        dropped_a = hidden_dropout(a)
        loss = nn.functional.cross_entropy(second(dropped_a), classes)
        optimiser.zero_grad()
        loss.backward()
        record["steps"].append(
            {
                # Inputs are above 0 here; hidden units may be 0, so their mask is taken from the layer's own noise.
                "inputMask": mask_hex(dropped_x != 0),
                "hiddenMask": mask_hex(hidden_dropout.mask),
                "loss": hexed(loss),
                "gradients": {name: hexed(p.grad) for name, p in parameters.items()},
            }
        )
        optimiser.step()
    record["end"] = {name: hexed(p) for name, p in parameters.items()}
    return record


class RecordingDropout(nn.Dropout):
    """nn.Dropout that also shows its mask: the same call on ones, after putting the generator back."""

    def forward(self, x):
        before = torch.get_rng_state()
        self.mask = nn.functional.dropout(torch.ones_like(x), self.p) != 0
        torch.set_rng_state(before)
        return super().forward(x)


def write(path, call, record):
    header = {
        "call": call,
        "made by": "python oracles/port_torch.py DIR",
        "torch": torch.__version__,
        "encoding": "float32 values as IEEE bits, big-endian hex, row-major; masks as in the files of streams",
    }
    path.write_text(json.dumps({**header, **record}, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    torch.set_num_threads(1)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    theirs = train(RecordingDropout(0.2), RecordingDropout(0.5))
    write(folder / "torch.json", f"torch.manual_seed({SEED}); nn.Dropout(0.2), nn.Dropout(0.5)", theirs)
    ours = train(HadamaskDropout(0.2, seed=1), HadamaskDropout(0.5, seed=2))
    write(folder / "hadamask.json", "HadamaskDropout(0.2, seed=1), HadamaskDropout(0.5, seed=2)", ours)
