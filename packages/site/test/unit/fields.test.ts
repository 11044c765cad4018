// A figure's state in an address, and back.

import { describe, expect, test } from "vitest";
import {
  choiceField,
  listField,
  numberField,
  readState,
  startState,
  switchField,
  writeState,
} from "../../src/state/fields.js";

const FIELDS = {
  rate: numberField(0.5, 0, 1),
  seed: numberField(4, 0, 100, true),
  mode: choiceField("train", ["train", "eval"]),
  x: listField([1, -2.5], -3, 3),
  points: listField([], 0, 1, 4),
  on: switchField(false),
};

describe("the state of a figure in an address", () => {
  test("a state that is at its start leaves no trace", () => {
    expect(writeState("f", FIELDS, startState(FIELDS), "?a=1")).toBe("?a=1");
    expect(writeState("f", FIELDS, startState(FIELDS), "")).toBe("");
  });

  test("what is written is read again", () => {
    const state = { rate: 0.1 + 0.2, seed: 7, mode: "eval" as const, x: [0, 3], points: [0.25, 1], on: true };
    const query = writeState("f", FIELDS, state, "?other.rate=1");
    expect(query).toBe("?other.rate=1&f.rate=0.3&f.seed=7&f.mode=eval&f.x=0_3&f.points=0.25_1&f.on=1");
    expect(readState("f", FIELDS, query)).toEqual({ ...state, rate: 0.3 });
  });

  test.each([
    "f.rate=1.5",
    "f.rate=NaN",
    "f.rate=",
    "f.seed=1.5",
    "f.mode=test",
    "f.x=1",
    "f.x=1_9",
    "f.x=1_",
    "f.points=0_0_0_0_0",
    "f.on=yes",
  ])("%s is not taken", (query) => {
    expect(readState("f", FIELDS, `?${query}`)).toEqual(startState(FIELDS));
  });

  test("starts are copies: changing a state changes no other", () => {
    startState(FIELDS).x[0] = 9;
    expect(startState(FIELDS).x).toEqual([1, -2.5]);
  });
});
