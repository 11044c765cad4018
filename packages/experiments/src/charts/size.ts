// How large a chart is drawn.

/** In units of the chart's own coordinates: CSS pixels on a page. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
