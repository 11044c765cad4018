// hadamask/jax: dropout for networks that train with jax-js. Re-exports only.

export { dropout } from "./jax/dropout.js";
export { multiplier } from "./jax/multiplier.js";
export { type DropoutSite, type DropoutSites, dropoutSites, type Multipliers } from "./jax/sites.js";
