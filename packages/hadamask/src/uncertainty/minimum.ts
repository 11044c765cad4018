// The minimum of a smooth convex function of some numbers: L-BFGS. Knows nothing of what it is for.

/** The value at `x`; writes the gradient. */
export type Smooth = (x: Float64Array, gradient: Float64Array) => number;

/** Steps that are remembered. */
const MEMORY = 12;

/**
 * Goes downhill from `start` until the gradient is below 1e-10 in every part, or nothing is gained any more.
 *
 * @see Nocedal and Wright, "Numerical optimization", 2nd edition (2006), algorithms 7.4 and 7.5; halving steps.
 */
export function minimumOf(f: Smooth, start: Float64Array): Float64Array {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = f(x, gradient);
  const steps: Step[] = [];
  for (let i = 0; i < 1000 && gradient.some((g) => Math.abs(g) > 1e-10); i++) {
    const direction = descent(gradient, steps);
    const slope = dot(direction, gradient);
    let [next, nextGradient, nextValue, size] = [x, new Float64Array(x.length), Number.POSITIVE_INFINITY, 1];
    for (let halvings = 0; halvings < 60; halvings++, size /= 2) {
      next = x.map((old, j) => old + size * direction[j]!);
      nextValue = f(next, nextGradient);
      if (nextValue <= value + 1e-4 * size * slope) break;
    }
    if (!(nextValue < value)) break; // rounding: the bottom
    const s = next.map((now, j) => now - x[j]!);
    const y = nextGradient.map((now, j) => now - gradient[j]!);
    const curvature = dot(s, y);
    if (curvature > 0) steps.push({ s, y, curvature });
    if (steps.length > MEMORY) steps.shift();
    [x, gradient, value] = [next, nextGradient, nextValue];
  }
  return x;
}

/** A step, the change of the gradient along it, and their product. */
interface Step {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly curvature: number;
}

/** Minus the gradient, bent by the remembered curvatures. */
function descent(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  let q = gradient.map((g) => -g);
  const parts = new Float64Array(steps.length);
  for (let i = steps.length - 1; i >= 0; i--) {
    const { s, y, curvature } = steps[i]!;
    const part = dot(s, q) / curvature;
    parts[i] = part;
    q = q.map((value, j) => value - part * y[j]!);
  }
  const last = steps.at(-1);
  if (last !== undefined) q = q.map((value) => (value * last.curvature) / dot(last.y, last.y));
  else q = q.map((value) => value / Math.max(1, Math.hypot(...gradient)));
  steps.forEach(({ s, y, curvature }, i) => {
    const part = parts[i]! - dot(y, q) / curvature;
    q = q.map((value, j) => value + part * s[j]!);
  });
  return q;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
