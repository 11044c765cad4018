// layerFromState: one function for the states of all layers.

import * as hadamask from "hadamask";
import { key, layerFromState } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { LAYER_ROWS } from "../../conformance/layers.js";

/**
 * LayerDrop is made of layers, which have states of their own; Attention has the state of the AttentionDropout in it.
 */
const WITHOUT_STATE_OF_THEIR_OWN = ["LayerDrop", "Attention"];

describe("layerFromState", () => {
  test.each(LAYER_ROWS.filter((row) => !WITHOUT_STATE_OF_THEIR_OWN.includes(row.make().name)))(
    "makes $name from its state",
    (row) => {
      const layer = row.make();
      layer.forward(Float64Array.from(row.x), row.options);
      const resumed = layerFromState(JSON.parse(JSON.stringify(layer)));
      expect(resumed.constructor).toBe(layer.constructor);
      expect(resumed.state).toEqual(layer.state);
    },
  );

  test("knows every layer that the library exports", () => {
    const known = Object.entries(hadamask).filter(
      ([name, value]) => typeof value === "function" && "fromState" in value && name !== "Sgld",
    );
    expect(known.length).toBeGreaterThan(15);
    for (const [name] of known) {
      if (WITHOUT_STATE_OF_THEIR_OWN.includes(name)) continue;
      // A layer that the registry lacks is refused by name; the others find the rest of the state missing.
      expect(() => layerFromState({ layer: name } as never), name).not.toThrowError(/state.layer must be/);
    }
  });

  test("passes a stream on", () => {
    const layer = new hadamask.Dropout({ rate: 0.5, stream: torchCpu(1) });
    const resumed = layerFromState(layer.state, { stream: torchCpu(2) });
    expect(resumed.state).toEqual(layer.state);
  });

  test("refuses what is no state of a layer", () => {
    expect(() => layerFromState({} as never)).toThrowError(
      "layerFromState: state must be the state of a layer, got Object",
    );
    expect(() => layerFromState({ layer: "Dense", key: key(1), mode: "train", step: 0, pass: 0 })).toThrowError(
      'layerFromState: state.layer must be the name of a layer, got "Dense"',
    );
  });
});
