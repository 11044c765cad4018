// All rows of `hadamask verify --json`, for the page of errata.

import { claims } from "../../.vitepress/claims.js";
import type { ClaimRow } from "./claim-row.js";

declare const data: readonly ClaimRow[];

export { data };

export default { load: claims };
