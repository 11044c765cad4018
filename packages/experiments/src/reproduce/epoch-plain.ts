// The epoch in plain TypeScript: every operation rounded to float32, in the order that the SIMD module keeps to. Slow;
// it says what is computed, tests hold the module to it, and it serves where there is no WebAssembly SIMD.

import { arrayLengths, type EpochRates, type EpochShape, type EpochTrainer, padded } from "./epoch.js";

const f = Math.fround;
const [BETA1, REST1, BETA2, REST2, EPSILON] = [f(0.9), f(0.1), f(0.999), f(0.001), f(1e-7)] as const;

export function plainTrainer(shape: EpochShape, { rate, decay }: EpochRates): EpochTrainer {
  const { rows: n, columns: d, hidden: h, batchSize } = shape;
  const [dp, hp] = [padded(d), padded(h)];
  const lengths = arrayLengths(shape);
  const [x, y] = [new Float32Array(lengths.x), new Float32Array(lengths.y)];
  const order = new Uint32Array(lengths.order);
  const [inputBits, hiddenBits] = [new Uint32Array(lengths.inputBits), new Uint32Array(lengths.hiddenBits)];
  const factors = new Float32Array(lengths.factors);
  const [weights, mean] = [new Float32Array(lengths.weights), new Float32Array(lengths.weights)];
  const [square, gradient] = [new Float32Array(lengths.weights), new Float32Array(lengths.weights)];
  const [kept, active] = [new Float32Array(lengths.kept), new Float32Array(lengths.active)];
  const [delta, error] = [new Float32Array(lengths.delta), new Float32Array(lengths.error)];
  const scale = f(1 / (1 - rate));
  const decayed = (d + 1) * hp;
  const [w2, b1, b2] = [d * hp, decayed, decayed + hp] as const;

  function gather(start: number, rows: number, first: number): void {
    for (let r = 0; r < rows; r++) {
      const row = order[start + r]!;
      for (let j = 0; j < d; j++) {
        kept[r * dp + j] = isKept(inputBits, first + r * d + j) ? x[row * dp + j]! * scale : 0;
      }
      error[r] = y[row]!;
    }
  }

  function forward(rows: number, first: number): void {
    const factor = f(2 / rows);
    const sums = new Float32Array(4);
    for (let r = 0; r < rows; r++) {
      sums.fill(0);
      for (let c = 0; c < h; c++) {
        let sum = weights[b1 + c]!;
        for (let j = 0; j < d; j++) sum = f(sum + f(kept[r * dp + j]! * weights[j * hp + c]!));
        const unit = isKept(hiddenBits, first + r * h + c) ? f(Math.max(sum, 0) * scale) : 0;
        active[r * hp + c] = unit;
        sums[c % 4] = sums[c % 4]! + f(unit * weights[w2 + c]!);
      }
      const dot = f(f(sums[0]! + sums[1]!) + f(sums[2]! + sums[3]!));
      error[r] = f(f(weights[b2]! + dot) - error[r]!) * factor;
    }
  }

  function backward(rows: number): void {
    gradient.fill(0);
    for (let r = 0; r < rows; r++) {
      const e = error[r]!;
      gradient[b2] = gradient[b2]! + e;
      for (let c = 0; c < h; c++) {
        const unit = active[r * hp + c]!;
        const slope = unit > 0 ? f(f(e * weights[w2 + c]!) * scale) : 0;
        delta[r * hp + c] = slope;
        gradient[w2 + c] = gradient[w2 + c]! + f(e * unit);
        gradient[b1 + c] = gradient[b1 + c]! + slope;
        for (let j = 0; j < d; j++) {
          gradient[j * hp + c] = gradient[j * hp + c]! + f(kept[r * dp + j]! * slope);
        }
      }
    }
  }

  function adam(rate: number): void {
    for (let i = 0; i < weights.length; i++) {
      const w = weights[i]!;
      const g = f(gradient[i]! + f((i < decayed ? f(decay) : 0) * w));
      mean[i] = f(BETA1 * mean[i]!) + f(REST1 * g);
      square[i] = f(BETA2 * square[i]!) + f(REST2 * f(g * g));
      weights[i] = w - f(f(rate * mean[i]!) / f(f(Math.sqrt(square[i]!)) + EPSILON));
    }
  }

  return {
    ...{ x, y, order, inputBits, hiddenBits, factors, weights, mean },
    epoch(inputFirst, hiddenFirst) {
      for (let start = 0, step = 0; start < n; start += batchSize, step++) {
        const rows = Math.min(batchSize, n - start);
        gather(start, rows, inputFirst + start * d);
        forward(rows, hiddenFirst + start * h);
        backward(rows);
        adam(factors[step]!);
      }
    },
  };
}

const isKept = (bits: Uint32Array, at: number): boolean => ((bits[at >>> 5]! >>> (at & 31)) & 1) === 1;
