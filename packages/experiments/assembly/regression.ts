// Training of a small regression network: one hidden layer of ReLU, dropout on inputs and hidden units, mean squared
// error, weight decay, Adam; one epoch a call, four numbers an instruction. What is computed and in what order is
// written in src/reproduce/epoch-plain.ts, which gives the same bits.
//
// Rows of inputs have `dp` numbers (columns, padded with zeros to a multiple of 4), rows of hidden units `hp`.
// Padding stays zero: its weights have no gradient.
//
// Decorators are AssemblyScript; TypeScript takes none of functions: hence each `@ts-ignore: decorator`.

const BETA1: f32 = 0.9, REST1: f32 = 0.1;
const BETA2: f32 = 0.999, REST2: f32 = 0.001;
const EPSILON: f32 = 1e-7;

let n: usize = 0, d: usize = 0, dp: usize = 0, h: usize = 0, hp: usize = 0, batch: usize = 0;
let scale: f32 = 0, decay: f32 = 0;
let x: usize = 0, y: usize = 0, order: usize = 0, inputBits: usize = 0, hiddenBits: usize = 0, factors: usize = 0;
let weights: usize = 0, mean: usize = 0, square: usize = 0, gradient: usize = 0;
let kept: usize = 0, active: usize = 0, delta: usize = 0, error: usize = 0, lanes: usize = 0;

export function shape(n_: usize, d_: usize, h_: usize, batch_: usize, scale_: f32, decay_: f32): void {
  n = n_;
  d = d_;
  h = h_;
  dp = (d + 3) & ~3;
  hp = (h + 3) & ~3;
  batch = batch_;
  scale = scale_;
  decay = decay_;
}

/** Where the arrays are. `lanes` has room for 256 bytes: for each four bits of a mask, four lanes of ones or zeros. */
export function place(
  x_: usize, y_: usize, order_: usize, inputBits_: usize, hiddenBits_: usize, factors_: usize,
  weights_: usize, mean_: usize, square_: usize, gradient_: usize,
  kept_: usize, active_: usize, delta_: usize, error_: usize, lanes_: usize,
): void {
  x = x_;
  y = y_;
  order = order_;
  inputBits = inputBits_;
  hiddenBits = hiddenBits_;
  factors = factors_;
  weights = weights_;
  mean = mean_;
  square = square_;
  gradient = gradient_;
  kept = kept_;
  active = active_;
  delta = delta_;
  error = error_;
  lanes = lanes_;
  for (let four: u32 = 0; four < 16; four++) {
    for (let lane: u32 = 0; lane < 4; lane++) store<i32>(lanes + 16 * four + 4 * lane, -(<i32>((four >> lane) & 1)));
  }
}

/** The lanes of the four bits of a mask from bit `at` on. */
// @ts-ignore: decorator
@inline function lanesAt(bits: usize, at: usize): v128 {
  const four = (<usize>load<u16>(bits + (at >> 3)) >> (at & 7)) & 15;
  return v128.load(lanes + 16 * four);
}

/** All batches of an epoch; bit 0 of its masks is bit `inputFirst` and `hiddenFirst`. */
export function epoch(inputFirst: usize, hiddenFirst: usize): void {
  let step: usize = 0;
  for (let start: usize = 0; start < n; start += batch, step++) {
    const rows = min<usize>(batch, n - start);
    const whole = (rows + 3) & ~3;
    gather(start, rows, whole, inputFirst + start * d);
    forward(rows, whole, hiddenFirst + start * h);
    hiddenGradients(whole);
    inputGradients(whole);
    const rate = load<f32>(factors + 4 * step);
    const decayed = (d + 1) * hp;
    adam(0, decayed, decay, rate);
    adam(decayed, decayed + hp + 4, 0, rate);
  }
}

/** Inputs of the batch with their mask applied; rows up to `whole` are zero. */
function gather(start: usize, rows: usize, whole: usize, first: usize): void {
  const scales = f32x4.splat(scale);
  for (let r: usize = 0; r < rows; r++) {
    const row = <usize>load<u32>(order + 4 * (start + r));
    const from = x + 4 * row * dp, to = kept + 4 * r * dp, bits = first + r * d;
    for (let j: usize = 0; j < dp; j += 4) {
      v128.store(to + 4 * j, v128.and(f32x4.mul(v128.load(from + 4 * j), scales), lanesAt(inputBits, bits + j)));
    }
    store<f32>(error + 4 * r, load<f32>(y + 4 * row));
  }
  memory.fill(kept + 4 * rows * dp, 0, 4 * (whole - rows) * dp);
}

/** Hidden units with their mask applied, and for each row the derivative of the loss by its output. */
function forward(rows: usize, whole: usize, first: usize): void {
  const b1 = weights + 4 * (d + 1) * hp, w2 = weights + 4 * d * hp;
  const factor: f32 = <f32>2 / <f32>rows, b2 = load<f32>(b1 + 4 * hp);
  for (let r: usize = 0; r < whole; r += 4) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    const x0 = kept + 4 * r * dp, x1 = x0 + 4 * dp, x2 = x1 + 4 * dp, x3 = x2 + 4 * dp;
    const bits = first + r * h, to = active + 4 * r * hp;
    let c: usize = 0;
    for (; c + 8 <= hp; c += 8) {
      let a0 = v128.load(b1 + 4 * c), a1 = a0, a2 = a0, a3 = a0;
      let e0 = v128.load(b1 + 4 * c, 16), e1 = e0, e2 = e0, e3 = e0;
      for (let j: usize = 0, w = weights + 4 * c; j < d; j++, w += 4 * hp) {
        const wa = v128.load(w), we = v128.load(w, 16);
        const v0 = v128.load32_splat(x0 + 4 * j), v1 = v128.load32_splat(x1 + 4 * j);
        const v2 = v128.load32_splat(x2 + 4 * j), v3 = v128.load32_splat(x3 + 4 * j);
        a0 = f32x4.add(a0, f32x4.mul(v0, wa));
        a1 = f32x4.add(a1, f32x4.mul(v1, wa));
        a2 = f32x4.add(a2, f32x4.mul(v2, wa));
        a3 = f32x4.add(a3, f32x4.mul(v3, wa));
        e0 = f32x4.add(e0, f32x4.mul(v0, we));
        e1 = f32x4.add(e1, f32x4.mul(v1, we));
        e2 = f32x4.add(e2, f32x4.mul(v2, we));
        e3 = f32x4.add(e3, f32x4.mul(v3, we));
      }
      const wa = v128.load(w2 + 4 * c), we = v128.load(w2 + 4 * c, 16), at = to + 4 * c;
      s0 = f32x4.add(s0, f32x4.mul(unit(a0, bits + c, at), wa));
      s1 = f32x4.add(s1, f32x4.mul(unit(a1, bits + h + c, at + 4 * hp), wa));
      s2 = f32x4.add(s2, f32x4.mul(unit(a2, bits + 2 * h + c, at + 8 * hp), wa));
      s3 = f32x4.add(s3, f32x4.mul(unit(a3, bits + 3 * h + c, at + 12 * hp), wa));
      s0 = f32x4.add(s0, f32x4.mul(unit(e0, bits + c + 4, at + 16), we));
      s1 = f32x4.add(s1, f32x4.mul(unit(e1, bits + h + c + 4, at + 4 * hp + 16), we));
      s2 = f32x4.add(s2, f32x4.mul(unit(e2, bits + 2 * h + c + 4, at + 8 * hp + 16), we));
      s3 = f32x4.add(s3, f32x4.mul(unit(e3, bits + 3 * h + c + 4, at + 12 * hp + 16), we));
    }
    if (c < hp) {
      let a0 = v128.load(b1 + 4 * c), a1 = a0, a2 = a0, a3 = a0;
      for (let j: usize = 0, w = weights + 4 * c; j < d; j++, w += 4 * hp) {
        const wa = v128.load(w);
        a0 = f32x4.add(a0, f32x4.mul(v128.load32_splat(x0 + 4 * j), wa));
        a1 = f32x4.add(a1, f32x4.mul(v128.load32_splat(x1 + 4 * j), wa));
        a2 = f32x4.add(a2, f32x4.mul(v128.load32_splat(x2 + 4 * j), wa));
        a3 = f32x4.add(a3, f32x4.mul(v128.load32_splat(x3 + 4 * j), wa));
      }
      const wa = v128.load(w2 + 4 * c), at = to + 4 * c;
      s0 = f32x4.add(s0, f32x4.mul(unit(a0, bits + c, at), wa));
      s1 = f32x4.add(s1, f32x4.mul(unit(a1, bits + h + c, at + 4 * hp), wa));
      s2 = f32x4.add(s2, f32x4.mul(unit(a2, bits + 2 * h + c, at + 8 * hp), wa));
      s3 = f32x4.add(s3, f32x4.mul(unit(a3, bits + 3 * h + c, at + 12 * hp), wa));
    }
    finishRow(r, rows, s0, b2, factor);
    finishRow(r + 1, rows, s1, b2, factor);
    finishRow(r + 2, rows, s2, b2, factor);
    finishRow(r + 3, rows, s3, b2, factor);
  }
}

/** ReLU, mask and scale of four units, stored. */
// @ts-ignore: decorator
@inline function unit(sum: v128, bits: usize, to: usize): v128 {
  const value = f32x4.mul(f32x4.max(sum, f32x4.splat(0)), f32x4.splat(scale));
  const result = v128.and(value, lanesAt(hiddenBits, bits));
  v128.store(to, result);
  return result;
}

// @ts-ignore: decorator
@inline function finishRow(r: usize, rows: usize, s: v128, b2: f32, factor: f32): void {
  const at = error + 4 * r;
  if (r >= rows) {
    store<f32>(at, 0);
    return;
  }
  const low = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1);
  const high = f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3);
  store<f32>(at, (b2 + (low + high) - load<f32>(at)) * factor);
}

/** Of the output's weights and bias and the hidden biases; and the derivatives by the hidden units' sums. */
function hiddenGradients(whole: usize): void {
  const w2 = weights + 4 * d * hp, g2 = gradient + 4 * d * hp, gb = g2 + 4 * hp;
  const zero = f32x4.splat(0), scales = f32x4.splat(scale);
  for (let c: usize = 0; c < hp; c += 4) {
    const w = v128.load(w2 + 4 * c);
    let sumW = zero, sumB = zero;
    for (let r: usize = 0, at: usize = 4 * c; r < whole; r++, at += 4 * hp) {
      const unit = v128.load(active + at), e = v128.load32_splat(error + 4 * r);
      const slope = v128.and(f32x4.mul(f32x4.mul(e, w), scales), f32x4.gt(unit, zero));
      v128.store(delta + at, slope);
      sumW = f32x4.add(sumW, f32x4.mul(e, unit));
      sumB = f32x4.add(sumB, slope);
    }
    v128.store(g2 + 4 * c, sumW);
    v128.store(gb + 4 * c, sumB);
  }
  let sum: f32 = 0;
  for (let r: usize = 0; r < whole; r++) sum += load<f32>(error + 4 * r);
  store<f32>(gb + 4 * hp, sum);
}

/** Of the weights of the hidden units: each sum goes over the rows in their order. */
function inputGradients(whole: usize): void {
  memory.fill(gradient, 0, 4 * d * hp);
  const row: usize = 4 * hp;
  for (let r: usize = 0; r < whole; r += 4) {
    const from = kept + 4 * r * dp;
    for (let j: usize = 0; j < d; j++) {
      const v0 = v128.load32_splat(from + 4 * j), v1 = v128.load32_splat(from + 4 * (dp + j));
      const v2 = v128.load32_splat(from + 4 * (2 * dp + j)), v3 = v128.load32_splat(from + 4 * (3 * dp + j));
      const to = gradient + j * row;
      for (let c: usize = 0, s: usize = delta + r * row; c < row; c += 16, s += 16) {
        let sum = f32x4.add(v128.load(to + c), f32x4.mul(v0, v128.load(s)));
        sum = f32x4.add(sum, f32x4.mul(v1, v128.load(s + row)));
        sum = f32x4.add(sum, f32x4.mul(v2, v128.load(s + 2 * row)));
        v128.store(to + c, f32x4.add(sum, f32x4.mul(v3, v128.load(s + 3 * row))));
      }
    }
  }
}

/** One step of Adam for the weights `from` to `to`. */
// @ts-ignore: decorator
@inline function adam(from: usize, to: usize, decay: f32, rate: f32): void {
  const decays = f32x4.splat(decay), rates = f32x4.splat(rate), epsilon = f32x4.splat(EPSILON);
  const b1 = f32x4.splat(BETA1), c1 = f32x4.splat(REST1);
  const b2 = f32x4.splat(BETA2), c2 = f32x4.splat(REST2);
  for (let at: usize = 4 * from, end: usize = 4 * to; at < end; at += 16) {
    const w = v128.load(weights + at);
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(decays, w));
    const m = f32x4.add(f32x4.mul(b1, v128.load(mean + at)), f32x4.mul(c1, g));
    const s = f32x4.add(f32x4.mul(b2, v128.load(square + at)), f32x4.mul(c2, f32x4.mul(g, g)));
    v128.store(mean + at, m);
    v128.store(square + at, s);
    const step = f32x4.div(f32x4.mul(rates, m), f32x4.add(f32x4.sqrt(s), epsilon));
    v128.store(weights + at, f32x4.sub(w, step));
  }
}
