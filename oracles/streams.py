"""Checks the vectors of foreign streams against the real libraries, and makes new ones with other seeds.

    pip install numpy torch jax flax tensorflow-cpu keras
    python oracles/streams.py check             # recompute the files of vectors, and report differences
    python oracles/streams.py fresh DIR [SEED]  # new seeds, shapes and rates, in the same form, into DIR
    python oracles/streams.py layers FILE       # outputs and gradients of dropout layers, infinities and NaN included
    python oracles/streams.py calls FILE        # sequences of calls that no other file has: randn, uniform_, op seeds

The files are packages/hadamask/test/vectors/streams/*.json. Tests read new ones (numpy-, torch-, jax- or
tensorflow-stream.test.ts):

    HADAMASK_VECTORS=DIR npx vitest run packages/hadamask/test/vectors/numpy-stream.test.ts

Made with the versions that each file names. Not part of `npm test`. What no library here can recompute is left alone:
the CUDA and MKL files (their `status` says where they come from), TensorFlow.js (compared live in `npm test`), and the
one case that needs PyTorch 2.4 or older.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
import numpy as np  # noqa: E402
from stream_cases import FILES, backend, bits_hex  # noqa: E402
from stream_layers import as_rows, call_rows, keras_layers, layer_inputs, layers  # noqa: E402

VECTORS = Path(__file__).resolve().parent.parent / "packages/hadamask/test/vectors/streams"
BACKENDS = ("tensorflow", "jax", "torch", "numpy")


# --------------------------------------------------------------------------- check
def check(name):
    """Recomputes a file; for Keras the cases of this process's back end.

    Returns (expectations compared, differences).
    """
    count = differences = 0
    for case in json.loads((VECTORS / f"{name}.json").read_text())["cases"]:
        if case.get("requires") == "torch<=2.4" or case.get("backend", backend()) != backend():
            continue
        for op, expect in zip(case["ops"], FILES[name](case)):
            count += 1
            if op.get("expect") != expect:
                differences += 1
                print(f"{name} {case['id']} {op['op']}: file {op.get('expect')}, now {expect}")
    return count, differences


def for_each_backend(*arguments):
    """Keras takes its back end from the environment, once for each process."""
    results = []
    for name in BACKENDS:
        command = [sys.executable, __file__, *arguments]
        env = {**os.environ, "KERAS_BACKEND": name}
        run = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, text=True)
        results.append(run.stdout)
    return results


# --------------------------------------------------------------------------- fresh
RATES = (0.1, 0.25, 0.3, 0.5, 0.7, 0.9, 1 / 3, 2**-20, 1 - 2**-20, 0.123456789)


def renewed(case, chance):
    """The same calls with another seed, other sizes and other rates."""
    case = json.loads(json.dumps({k: v for k, v in case.items() if k not in ("note", "noise_shape")}))
    low, high = (0, 2**31 - 2) if "backend" in case else (0, 2**32 - 1)
    if "pair" in case:
        case["pair"] = [str(chance.randrange(-(2**63), 2**63)), str(chance.randrange(-(2**31), 2**31))]
    elif isinstance(case["seed"], list):
        case["seed"] = [str(chance.randint(low, high)) for _ in range(chance.randint(1, 700))]
    else:
        case["seed"] = str(chance.randint(low, high))
    if "p" in case:
        case["p"] = chance.choice(RATES)
    for op in case["ops"]:
        op.pop("expect", None)
        if "shape" in op and op["op"] not in ("dropout1d", "dropout2d", "dropout3d", "linen", "dropout_channels_last"):
            op["shape"] = [chance.choice((1, 2, 3, 7, 31, 32, 33, 255, 256, 257, 1023, 2048, 2049, 5000))]
        for name in ("p", "keep"):
            if name in op:
                op[name] = chance.choice(RATES)
    return case


def fresh(name, directory, seed):
    chance = random.Random(f"{seed} {name} {backend() if name == 'keras' else ''}")
    cases = []
    for old in json.loads((VECTORS / f"{name}.json").read_text())["cases"]:
        if "requires" in old or "noise_shape" in old or old.get("backend", backend()) != backend():
            continue
        case = renewed(old, chance)
        for op, expect in zip(case["ops"], FILES[name](case)):
            if expect is not None:
                op["expect"] = expect
        cases.append(case)
    return cases


# --------------------------------------------------------------------------- files
def versions():
    from importlib.metadata import version

    return {name: version(name) for name in ("numpy", "torch", "jax", "flax", "tensorflow-cpu", "keras")}


def one_line_each(header, name, rows):
    """JSON with each row on a line, so that a change shows in a diff."""
    head = ",\n ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in header.items())
    body = ",\n  ".join(json.dumps(row, separators=(",", ":")) for row in rows)
    return f'{{\n {head},\n {json.dumps(name)}: [\n  {body}\n ]\n}}\n'


def main(command, *arguments):
    if command == "check":
        total = bad = 0
        for name in [n for n in FILES if n != "keras"]:
            count, differences = check(name)
            print(f"{name}: {count} expectations, {differences} differ")
            total, bad = total + count, bad + differences
        for output in for_each_backend("check-keras"):
            print(output, end="")
            bad += int(output.split(",")[-1].split()[0])
        return 1 if bad else 0
    if command == "check-keras":
        count, differences = check("keras")
        print(f"keras {backend()}: {count} expectations, {differences} differ")
    elif command == "fresh":
        directory, seed = Path(arguments[0]), (arguments[1:] or ("1",))[0]
        directory.mkdir(parents=True, exist_ok=True)
        for name in [n for n in FILES if n != "keras"]:
            (directory / f"{name}.json").write_text(json.dumps({"cases": fresh(name, directory, seed)}))
        cases = [c for text in for_each_backend("fresh-keras", str(directory), seed) for c in json.loads(text)]
        (directory / "keras.json").write_text(json.dumps({"cases": cases}))
        print(f"new vectors in {directory}")
    elif command == "fresh-keras":
        print(json.dumps(fresh("keras", *arguments)))
    elif command == "layers":
        rows = list(as_rows(layers()))
        rows += [row for text in for_each_backend("layers-keras") for row in json.loads(text)]
        header = {
            "call": "the layer on x in training; dx is its gradient for dy = x reversed; JAX under jit",
            "made by": "python oracles/streams.py layers FILE",
            "versions": versions(),
            "x": {t: bits_hex(layer_inputs(np.dtype(t).type)) for t in ("float32", "float64")},
        }
        Path(arguments[0]).write_text(one_line_each(header, "rows", rows))
    elif command == "calls":
        header = {"made by": "python oracles/streams.py calls FILE", "versions": versions()}
        Path(arguments[0]).write_text(one_line_each(header, "rows", list(call_rows())))
    elif command == "layers-keras":
        print(json.dumps(list(as_rows(keras_layers()))))
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
