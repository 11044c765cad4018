// What a report needs to know of a figure.

import type { Size, Theme } from "@hadamask/experiments/charts";
import type { EChartsOption } from "echarts";

/** One picture: the base name of its file, what it shows in a sentence or two, and how it is drawn. */
export interface Figure {
  readonly name: string;
  readonly caption: string;
  /** The numbers that it shows, in words, for who does not see it; absent where the page has them in a table. */
  readonly values?: string;
  readonly size: Size;
  /** Whether it is drawn at this size whatever its place; the others take the width they are given. */
  readonly isFixed?: true;
  readonly option: (theme: Theme) => EChartsOption;
}
