// Prediction of a small convolutional network of ReLU, one picture at a time, four numbers an instruction. What is
// computed and in what order is written in src/models/cnn.ts and convolution.ts, which jax-js computes with the same
// bits: products are summed from 0 on in the order of the maps, then the nine places of the kernel in their order.
//
// A picture lies in a frame of zeros, [height + 2, width + 2, maps], so that a shift is a piece of one row of places.
// Outputs are a multiple of 8: those that pad have weights of zero.
//
// Decorators are AssemblyScript; TypeScript takes none of functions: hence each `@ts-ignore: decorator`.

/**
 * Products with all nine places of the kernel. `places` is a multiple of 4; w is [9, maps, outputs], the result
 * [places, outputs].
 */
export function convolve(
  x: usize, w: usize, to: usize, places: usize, columns: usize, maps: usize, outputs: usize,
): void {
  if (maps == 1) return convolveOne(x, w, to, places, columns, outputs);
  const stride = 4 * maps;
  for (let o: usize = 0; o < outputs; o += 8) {
    for (let p: usize = 0; p < places; p += 4) {
      const out = to + 4 * (p * outputs + o);
      for (let t: usize = 0; t < 9; t++) {
        const shift = (t / 3) * columns + (t % 3);
        let weight = w + 4 * (t * maps * outputs + o);
        let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
        let e0 = a0, e1 = a0, e2 = a0, e3 = a0;
        const from = x + stride * (p + shift), end = from + stride;
        for (let at = from; at < end; at += 4, weight += 4 * outputs) {
          const wa = v128.load(weight), we = v128.load(weight, 16);
          const v0 = v128.load32_splat(at), v1 = v128.load32_splat(at + stride);
          const v2 = v128.load32_splat(at + 2 * stride), v3 = v128.load32_splat(at + 3 * stride);
          a0 = f32x4.add(a0, f32x4.mul(v0, wa));
          a1 = f32x4.add(a1, f32x4.mul(v1, wa));
          a2 = f32x4.add(a2, f32x4.mul(v2, wa));
          a3 = f32x4.add(a3, f32x4.mul(v3, wa));
          e0 = f32x4.add(e0, f32x4.mul(v0, we));
          e1 = f32x4.add(e1, f32x4.mul(v1, we));
          e2 = f32x4.add(e2, f32x4.mul(v2, we));
          e3 = f32x4.add(e3, f32x4.mul(v3, we));
        }
        const isFirst = t == 0;
        put(out, a0, e0, isFirst);
        put(out + 4 * outputs, a1, e1, isFirst);
        put(out + 8 * outputs, a2, e2, isFirst);
        put(out + 12 * outputs, a3, e3, isFirst);
      }
    }
  }
}

/** The same for one map, where a place of the kernel is one product: no sum leaves its register before it is whole. */
function convolveOne(x: usize, w: usize, to: usize, places: usize, columns: usize, outputs: usize): void {
  for (let o: usize = 0; o < outputs; o += 8) {
    for (let p: usize = 0; p < places; p += 4) {
      const out = to + 4 * (p * outputs + o);
      let weight = w + 4 * o;
      let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
      let e0 = a0, e1 = a0, e2 = a0, e3 = a0;
      for (let r: usize = 0, at = x + 4 * p; r < 3; r++, at += 4 * (columns - 3)) {
        for (let c: usize = 0; c < 3; c++, at += 4, weight += 4 * outputs) {
          const wa = v128.load(weight), we = v128.load(weight, 16);
          const v0 = v128.load32_splat(at), v1 = v128.load32_splat(at, 4);
          const v2 = v128.load32_splat(at, 8), v3 = v128.load32_splat(at, 12);
          a0 = f32x4.add(a0, f32x4.mul(v0, wa));
          a1 = f32x4.add(a1, f32x4.mul(v1, wa));
          a2 = f32x4.add(a2, f32x4.mul(v2, wa));
          a3 = f32x4.add(a3, f32x4.mul(v3, wa));
          e0 = f32x4.add(e0, f32x4.mul(v0, we));
          e1 = f32x4.add(e1, f32x4.mul(v1, we));
          e2 = f32x4.add(e2, f32x4.mul(v2, we));
          e3 = f32x4.add(e3, f32x4.mul(v3, we));
        }
      }
      put(out, a0, e0, true);
      put(out + 4 * outputs, a1, e1, true);
      put(out + 8 * outputs, a2, e2, true);
      put(out + 12 * outputs, a3, e3, true);
    }
  }
}

/** Eight sums of a place, after those that are there. */
// @ts-ignore: decorator
@inline function put(at: usize, a: v128, e: v128, isFirst: bool): void {
  if (!isFirst) {
    a = f32x4.add(v128.load(at), a);
    e = f32x4.add(v128.load(at, 16), e);
  }
  v128.store(at, a);
  v128.store(at, e, 16);
}

/**
 * Bias, ReLU, and means of 2 × 2 places (of a side of 1: of one), into the middle of the next picture's frame.
 */
export function pool(from: usize, b: usize, to: usize, height: usize, width: usize, outputs: usize): void {
  const down: usize = height > 1 ? 2 : 1, across: usize = width > 1 ? 2 : 1;
  const rows = height / down, columns = width / across;
  const share = f32x4.splat(<f32>1 / <f32>(down * across)), zero = f32x4.splat(0);
  for (let r: usize = 0; r < rows; r++) {
    for (let c: usize = 0; c < columns; c++) {
      const out = to + 4 * outputs * ((r + 1) * (columns + 2) + c + 1);
      for (let o: usize = 0; o < 4 * outputs; o += 16) {
        const bias = v128.load(b + o);
        let sum = zero;
        for (let i: usize = 0; i < down; i++) {
          for (let j: usize = 0; j < across; j++) {
            const place = (r * down + i) * (width + 2) + c * across + j;
            sum = f32x4.add(sum, f32x4.max(f32x4.add(v128.load(from + 4 * outputs * place + o), bias), zero));
          }
        }
        v128.store(out + o, f32x4.mul(sum, share));
      }
    }
  }
}

/** x w + b of one row; w is [inputs, outputs], outputs a multiple of 4. */
export function dense(x: usize, w: usize, b: usize, to: usize, inputs: usize, outputs: usize): void {
  for (let o: usize = 0; o < 4 * outputs; o += 16) {
    let sum = f32x4.splat(0);
    for (let i: usize = 0, weight = w + o; i < inputs; i++, weight += 4 * outputs) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(x + 4 * i), v128.load(weight)));
    }
    v128.store(to + o, f32x4.add(sum, v128.load(b + o)));
  }
}
