// What `node scripts/placement.mjs` measured, cut down to what chapter 9 shows.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { MeasuredPlaces } from "../learn/places/effects.js";
import { effectsOf } from "../learn/places/effects.js";

const FILE = fileURLToPath(new URL("../../../../docs/placement.json", import.meta.url));

declare const data: MeasuredPlaces;

export { data };

export default {
  watch: ["../../../../docs/placement.json"],
  load: (): MeasuredPlaces => effectsOf(JSON.parse(readFileSync(FILE, "utf8"))),
};
