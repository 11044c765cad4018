// Small pictures made larger.

import type { Picture } from "@hadamask/experiments/charts";

/** Small pictures with each pixel repeated, so that there is room for words over them. */
export function enlarged(picture: Picture): Picture {
  const { width, height, values } = picture;
  const factor = Math.ceil(16 / width);
  const [w, h] = [factor * width, factor * height];
  const source = (i: number): number => {
    const pixel = Math.floor(i / 3);
    const [y, x] = [Math.floor(Math.floor(pixel / w) / factor), Math.floor((pixel % w) / factor)];
    return 3 * (y * width + x) + (i % 3);
  };
  return {
    ...picture,
    width: w,
    height: h,
    values: Float32Array.from({ length: 3 * w * h }, (_, i) => values[source(i)]!),
  };
}
