// The noise layers in a model of TensorFlow.js, however deep: ours, TensorFlow.js's own, and dropout that is part of
// other layers. Knows no passes.

import * as tf from "@tensorflow/tfjs";
import { TfNoiseLayer } from "./noise-layer.js";
import { SUBSTITUTES } from "./register.js";

/** A noise layer in a model. */
export interface FoundLayer {
  /** Names from the model down, with "/" between. */
  readonly name: string;
  readonly layer: tf.layers.Layer;
  /** What draws: the layer itself, or ours that does the same. */
  readonly noise: TfNoiseLayer;
}

export interface FoundLayers {
  readonly layers: readonly FoundLayer[];
  /** Names of recurrent layers with dropout inside, which draws in training only and by itself. */
  readonly inside: readonly string[];
}

interface Holder {
  /** Of models and stacks. */
  readonly layers?: readonly tf.layers.Layer[];
  /** Of wrappers: TimeDistributed, Bidirectional. */
  readonly layer?: tf.layers.Layer;
  readonly forwardLayer?: tf.layers.Layer;
  readonly backwardLayer?: tf.layers.Layer;
}

const isLayer = (value: unknown): value is tf.layers.Layer => value instanceof tf.layers.Layer;

export function noiseLayersIn(model: tf.LayersModel): FoundLayers {
  const layers: FoundLayer[] = [];
  const inside: string[] = [];
  const seen = new Set<tf.layers.Layer>();
  const look = (layer: tf.layers.Layer, path: string): void => {
    if (seen.has(layer)) return;
    seen.add(layer);
    const name = path === "" ? layer.name : `${path}/${layer.name}`;
    const noise = noiseOf(layer);
    if (noise !== undefined) layers.push({ name, layer, noise });
    const { dropout, recurrentDropout } = layer.getConfig() as { dropout?: number; recurrentDropout?: number };
    if ((dropout ?? 0) > 0 || (recurrentDropout ?? 0) > 0) inside.push(name);
    const held = layer as unknown as Holder;
    const nested = [...(held.layers ?? []), held.layer, held.forwardLayer, held.backwardLayer];
    for (const inner of nested) if (isLayer(inner)) look(inner, name);
  };
  for (const layer of model.layers) look(layer, "");
  return { layers, inside };
}

function noiseOf(layer: tf.layers.Layer): TfNoiseLayer | undefined {
  if (layer instanceof TfNoiseLayer) return layer;
  const name = layer.getClassName();
  if (!Object.hasOwn(SUBSTITUTES, name)) return undefined;
  const Class = SUBSTITUTES[name as keyof typeof SUBSTITUTES] as unknown as new (config: object) => TfNoiseLayer;
  const { name: _, ...config } = layer.getConfig() as Record<string, unknown>;
  return new Class(config);
}
