// hadamask/jax for Node: all of dist/jax.js (a test compares the lists).
import { needs } from "./needs.js";

export const {
  alphaDropout,
  concreteDropout,
  dropConnect,
  dropout,
  dropoutGRU,
  dropoutLSTM,
  dropoutRNN,
  dropoutSites,
  layerNoise,
  logitNormalDropout,
  logUniformKl,
  multiplier,
  sparseVariationalDense,
  variationalDense,
  variationalDropout,
  variationalLogitNormalDropout,
} = await needs("hadamask/jax", "@jax-js/jax", "0.1", () => import("../dist/jax.js"));
