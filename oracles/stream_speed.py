"""Times our foreign streams beside the libraries' own calls, in turns, on one thread: median nanoseconds per element.

    pip install numpy torch jax tensorflow-cpu
    npm run build && python oracles/stream_speed.py [rounds]

Each round times every library and then ours, in one Node process that lives as long as the script, so that a busy
machine slows both. Not part of `npm test`.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

XLA = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", XLA_FLAGS=XLA)
N = 1_000_000
STREAMS = Path(__file__).resolve().parent.parent / "packages/hadamask/dist/streams.js"

NODE = """
const { createStream } = await import(process.argv[1]);
const streams = new Map();
const lines = (await import("node:readline")).createInterface({ input: process.stdin });
for await (const line of lines) {
  const { name, n } = JSON.parse(line);
  if (!streams.has(name)) streams.set(name, createStream(name, 1));
  const start = performance.now();
  streams.get(name).keepMask(n, { rate: 0.5 });
  console.log(performance.now() - start);
}
"""


def libraries():
    import jax
    import numpy as np
    import tensorflow as tf
    import torch

    torch.set_num_threads(1)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    ones, buffer, tensor = torch.ones(N), torch.empty(N), tf.ones(N)
    rng, key = np.random.default_rng(1), jax.random.key(1)
    bernoulli = jax.jit(lambda k: jax.random.bernoulli(k, 0.5, (N,)))
    return {
        "numpy-legacy": ("np.random.rand(n) < keep", lambda: np.random.rand(N) < 0.5),
        "numpy": ("rng.random(n) < keep", lambda: rng.random(N) < 0.5),
        "torch": ("bernoulli_(keep)", lambda: buffer.bernoulli_(0.5)),
        "torch ": ("F.dropout(x)", lambda: torch.nn.functional.dropout(ones, 0.5)),
        "jax": ("jit(bernoulli)", lambda: bernoulli(key).block_until_ready()),
        "tensorflow": ("tf.nn.dropout(x)", lambda: tf.nn.dropout(tensor, 0.5).numpy()),
    }


def main(rounds):
    command = ["node", "--input-type=module", "-e", NODE, str(STREAMS)]
    node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def ours(name):
        node.stdin.write(json.dumps({"name": name.strip(), "n": N}) + "\n")
        return float(node.stdout.readline()) * 1e6 / N

    calls = libraries()
    times = {name: ([], []) for name in calls}
    for _ in range(rounds + 2):
        for name, (_, call) in calls.items():
            start = time.perf_counter()
            call()
            times[name][0].append((time.perf_counter() - start) * 1e9 / N)
            times[name][1].append(ours(name))
    node.stdin.close()
    print(f"{'stream':14}{'the library call':28}{'library':>9}{'ours':>9}   ns an element, medians of {rounds}")
    for name, (label, _) in calls.items():
        library, mine = (statistics.median(column[2:]) for column in times[name])
        print(f"{name:14}{label:28}{library:9.1f}{mine:9.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
