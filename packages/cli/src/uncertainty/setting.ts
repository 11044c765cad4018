// A setting of --rate choose in words.

import type { Setting } from "./request.js";

export const rateText = ({ rate }: Setting): string => (rate === undefined ? "their own" : String(rate));

export const settingText = ({ where, rate }: Setting): string =>
  rate === undefined ? `${where} at their own rates` : `rate ${rate} at ${where}`;
