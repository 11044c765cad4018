// Colours and type of all figures, once for light and once for dark surroundings. Knows no data.
//
// Drawn colours have a contrast of at least 3 to 1 with the background. Kept and dropped, and the first four series,
// differ for colour-blind eyes too (both held by a test); nothing is said by colour alone.

export interface Theme {
  readonly name: "light" | "dark";
  readonly background: string;
  readonly ink: string;
  /** For what is read second: axis labels, captions. */
  readonly softInk: string;
  readonly grid: string;
  /** The first one, grey, is for what others are compared with. */
  readonly series: readonly string[];
  readonly input: string;
  readonly kept: string;
  readonly dropped: string;
  readonly gradient: string;
  /** Negative, zero, positive: zero is the background's neighbour. */
  readonly diverging: readonly [string, string, string];
}

export const light: Theme = {
  name: "light",
  background: "#ffffff",
  ink: "#1b1f24",
  softInk: "#57606a",
  grid: "#e3e6ea",
  series: ["#6e7681", "#0b62a8", "#c4500f", "#007a5a", "#9a4a8c", "#8a6a00", "#3b3f8f", "#b3263e"],
  input: "#0b62a8",
  kept: "#007a5a",
  dropped: "#c0262d",
  gradient: "#b86200",
  diverging: ["#0b62a8", "#f6f6f4", "#b5490c"],
};

export const dark: Theme = {
  name: "dark",
  background: "#15181d",
  ink: "#e8eaed",
  softInk: "#a3abb5",
  grid: "#2c323a",
  series: ["#9aa3ad", "#5cadec", "#f28c4f", "#7fe0a0", "#d794ca", "#d9b93c", "#9a9df0", "#f0788c"],
  input: "#5cadec",
  kept: "#38c29a",
  dropped: "#ff6b66",
  gradient: "#f0a23c",
  diverging: ["#5cadec", "#22262c", "#f28c4f"],
};

/** The system's own face in a browser; DejaVu Sans Condensed where a figure becomes a PNG. */
export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans Condensed', sans-serif";
