// A chart as it stands in a page: its title and its explanation are text of the page, which wraps on a narrow screen
// and is found and read aloud. Pictures that are passed on keep them inside.

import { light, TITLE_HEIGHT } from "@hadamask/experiments/charts";
import type { EChartsOption } from "echarts";
import type { Figure } from "./figure.js";

/** What is left over the drawing. */
const MARGIN = 12;
/** By how much a chart is lower without its title. */
const SHIFT = TITLE_HEIGHT - MARGIN;

/** The words over a figure. */
export function titleOf({ option }: Figure): { readonly title: string; readonly explanation: string } {
  const { title } = option(light);
  const first = Array.isArray(title) ? title[0] : title;
  return { title: first?.text ?? "", explanation: first?.subtext ?? "" };
}

/** Whether the page writes the title: fixed figures have one over each of their pictures, and keep them all. */
export const isUntitled = ({ isFixed }: Figure): boolean => !isFixed;

export const heightInPage = (figure: Figure): number => figure.size.height - (isUntitled(figure) ? SHIFT : 0);

/** The chart without its title, all else moved up. */
export function untitled({ title: _, ...option }: EChartsOption): EChartsOption {
  const parts = ["legend", "grid", "parallel"].flatMap((part) => (part in option ? [[part, moved(option[part])]] : []));
  return { ...option, ...Object.fromEntries(parts) };
}

function moved(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(moved);
  const { top, ...rest } = part as { readonly top?: unknown };
  return typeof top === "number" ? { ...rest, top: top - SHIFT } : part;
}
