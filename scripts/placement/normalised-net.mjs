// A network with batch normalisation, for placement.mjs: dense, normalised, ReLU; the same again; dense. Dropout after
// either ReLU. Plain loops over float64; every batch is the same size.

import { dropout, dropoutBackward, foldIn, normal, softmaxCrossEntropy } from "hadamask";

const EPSILON = 1e-5;
/** The share of the newest batch in what prediction uses. */
const MOMENTUM = 0.1;
const [BETA1, BETA2, TINY] = [0.9, 0.999, 1e-8];

/** @param {number} length */
const adam = (length) => ({ first: new Float64Array(length), second: new Float64Array(length) });

export class NormalisedNet {
  /**
   * @param {{ sizes: readonly number[], rates: readonly number[], learningRate: number, weights: any, masks: any }}
   *   settings Rates behind the first ReLU and behind the second; keys of the first weights and of the masks.
   */
  constructor({ sizes, rates, learningRate, weights, masks }) {
    this.rates = rates;
    this.learningRate = learningRate;
    this.masks = masks;
    this.steps = 0;
    this.layers = sizes.slice(1).map((outputs, l) => {
      const inputs = sizes[l];
      const isHidden = l < sizes.length - 2;
      const layer = {
        inputs,
        outputs,
        // He et al. 2015: weights of variance 2 / inputs.
        W: normal(inputs * outputs, { key: foldIn(weights, l) }).map((z) => z * Math.sqrt(2 / inputs)),
        b: new Float64Array(outputs), // the shift of a normalised layer
        scale: isHidden ? new Float64Array(outputs).fill(1) : undefined,
        mean: new Float64Array(outputs),
        variance: new Float64Array(outputs).fill(1),
      };
      return { ...layer, moments: [adam(inputs * outputs), adam(outputs), adam(outputs)] };
    });
  }

  /** One step of Adam on a batch. */
  step(x, labels) {
    const passes = [];
    let h = x;
    for (const [l, layer] of this.layers.entries()) {
      const pass = forward(layer, h, "batch");
      passes.push(pass);
      if (layer.scale === undefined) h = pass.y;
      else {
        blend(layer, pass, MOMENTUM);
        pass.noise = { rate: this.rates[l], key: foldIn(foldIn(this.masks, l), this.steps) };
        h = dropout(pass.y, pass.noise);
      }
    }
    this.steps++;
    let dy = softmaxCrossEntropy(h, labels).gradient;
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { noise } = passes[l];
      const { dx, dW, db, dScale } = backward(this.layers[l], passes[l], noise ? dropoutBackward(dy, noise) : dy);
      const { W, b, scale, moments } = this.layers[l];
      this.#update(W, dW, moments[0]);
      this.#update(b, db, moments[1]);
      if (scale !== undefined) this.#update(scale, dScale, moments[2]);
      dy = dx;
    }
  }

  /** Logits, with the running statistics. */
  predict(x) {
    return this.layers.reduce((h, layer) => forward(layer, h, "running").y, x);
  }

  /** A copy whose running statistics are those of rows `x` without noise. */
  measuredAgain(x) {
    const copy = Object.assign(Object.create(NormalisedNet.prototype), this);
    let h = x;
    copy.layers = this.layers.map((old) => {
      const layer = { ...old, mean: old.mean.slice(), variance: old.variance.slice() };
      const pass = forward(layer, h, layer.scale === undefined ? "running" : "batch");
      if (layer.scale !== undefined) blend(layer, pass, 1);
      h = pass.y;
      return layer;
    });
    return copy;
  }

  #update(values, gradient, { first, second }) {
    const [c1, c2] = [1 - BETA1 ** this.steps, 1 - BETA2 ** this.steps];
    for (let i = 0; i < values.length; i++) {
      first[i] = BETA1 * first[i] + (1 - BETA1) * gradient[i];
      second[i] = BETA2 * second[i] + (1 - BETA2) * gradient[i] ** 2;
      values[i] -= (this.learningRate * first[i]) / c1 / (Math.sqrt(second[i] / c2) + TINY);
    }
  }
}

/**
 * @typedef {{ x: Float64Array, y: Float64Array, noise?: any, mean?: Float64Array, variance?: Float64Array,
 *   deviation?: Float64Array, normalised?: Float64Array }} Pass
 */

/**
 * Dense; where it is hidden also normalised, by the batch or by what was measured, and rectified.
 *
 * @param {any} layer
 * @param {Float64Array} x
 * @param {"batch" | "running"} by
 * @returns {Pass}
 */
function forward(layer, x, by) {
  const { inputs, outputs, W, b, scale } = layer;
  const rows = x.length / inputs;
  const z = new Float64Array(rows * outputs);
  for (let r = 0; r < rows; r++)
    for (let i = 0; i < inputs; i++) {
      const value = x[r * inputs + i];
      if (value !== 0) for (let o = 0; o < outputs; o++) z[r * outputs + o] += value * W[i * outputs + o];
    }
  if (scale === undefined) return { x, y: z.map((value, k) => value + b[k % outputs]) };
  const { mean, variance } = by === "batch" ? moments(z, rows, outputs) : layer;
  const deviation = variance.map((v) => Math.sqrt(v + EPSILON));
  const normalised = z.map((value, k) => (value - mean[k % outputs]) / deviation[k % outputs]);
  const y = normalised.map((value, k) => Math.max(0, value * scale[k % outputs] + b[k % outputs]));
  return { x, y, mean, variance, deviation, normalised };
}

function moments(z, rows, outputs) {
  const [mean, variance] = [new Float64Array(outputs), new Float64Array(outputs)];
  z.forEach((value, k) => {
    mean[k % outputs] += value / rows;
  });
  z.forEach((value, k) => {
    variance[k % outputs] += (value - mean[k % outputs]) ** 2 / rows;
  });
  return { mean, variance };
}

/** @param {any} layer @param {any} pass @param {number} share */
function blend(layer, { x, mean, variance }, share) {
  const rows = x.length / layer.inputs;
  for (let o = 0; o < layer.outputs; o++) {
    layer.mean[o] += share * (mean[o] - layer.mean[o]);
    layer.variance[o] += share * ((variance[o] * rows) / (rows - 1) - layer.variance[o]);
  }
}

/** @see Ioffe and Szegedy, "Batch normalization", ICML 2015, section 3. */
function backward({ inputs, outputs, W, scale }, { x, y, normalised, deviation }, dy) {
  const rows = x.length / inputs;
  const [db, dScale] = [new Float64Array(outputs), new Float64Array(outputs)];
  let dz = dy;
  if (scale !== undefined) {
    const dn = Float64Array.from(dy, (value, k) => (y[k] > 0 ? value : 0));
    dn.forEach((value, k) => {
      db[k % outputs] += value;
      dScale[k % outputs] += value * normalised[k];
    });
    dz = dn.map((value, k) => {
      const o = k % outputs;
      return (scale[o] / deviation[o]) * (value - db[o] / rows - (normalised[k] * dScale[o]) / rows);
    });
  } else {
    dy.forEach((value, k) => {
      db[k % outputs] += value;
    });
  }
  const [dx, dW] = [new Float64Array(x.length), new Float64Array(W.length)];
  for (let r = 0; r < rows; r++)
    for (let i = 0; i < inputs; i++) {
      const value = x[r * inputs + i];
      let sum = 0;
      for (let o = 0; o < outputs; o++) {
        const slope = dz[r * outputs + o];
        sum += slope * W[i * outputs + o];
        dW[i * outputs + o] += value * slope;
      }
      dx[r * inputs + i] = sum;
    }
  return { dx, dW, db, dScale };
}
