// Prints arrays as PyTorch prints a one-dimensional tensor, so that output can be laid beside PyTorch's own. Not a
// program.

const LINE_WIDTH = 80;
const PREFIX = "tensor(";

/**
 * `tensor([ 4.,  8.,  0., 16.])`: whole numbers with a point, others with four decimals, aligned, wrapped at 80
 * characters.
 */
export function tensor(values: ArrayLike<number>): string {
  const numbers = Array.from(values);
  const isWhole = numbers.every(Number.isInteger);
  const cells = numbers.map((value) => (isWhole ? `${signed(value, 0)}.` : signed(value, 4)));
  const width = Math.max(...cells.map((cell) => cell.length));
  const perLine = Math.max(1, Math.floor((LINE_WIDTH - PREFIX.length) / (width + 2)));
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += perLine) {
    const line = cells.slice(i, i + perLine).map((cell) => cell.padStart(width));
    lines.push(line.join(", "));
  }
  return `${PREFIX}[${lines.join(`,\n${" ".repeat(PREFIX.length + 1)}`)}])`;
}

/** `%.nf` of C: as `toFixed`, but -0 keeps its sign. */
export function signed(value: number, decimals: number): string {
  return Object.is(value, -0) ? `-${(0).toFixed(decimals)}` : value.toFixed(decimals);
}
