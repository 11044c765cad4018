// The part of a model before the first masks: it gives the same in every pass, so it is run once for its rows.

import { type ModelProto, TYPE_NAMES } from "../protobuf/types.js";
import type { Site } from "../sites.js";
import { cutModel } from "./cut.js";
import type { RowTable } from "./inputs.js";
import type { Load } from "./loader.js";
import { type OrtSession, runSession } from "./ort.js";
import type { Feeds } from "./site-feed.js";

export class Head {
  /** What comes after. */
  readonly rest: ModelProto;
  readonly #session: OrtSession;
  readonly #tensors: readonly string[];
  #last: { readonly table: RowTable; readonly rows: Int32Array; readonly given: Feeds } | undefined;

  private constructor(session: OrtSession, tensors: readonly string[], rest: ModelProto) {
    this.#session = session;
    this.#tensors = tensors;
    this.rest = rest;
  }

  /**
   * Loads the part before the first masks; undefined if there is none. What it hands over is of types that a run
   * tells.
   */
  static async open(
    where: string,
    load: Load,
    { model, sites, outputs }: { model: ModelProto; sites: readonly Site[]; outputs: readonly string[] },
    table: RowTable,
    rows: Int32Array,
  ): Promise<Head | undefined> {
    const cut = cutModel(model, sites, outputs);
    if (cut === undefined) return undefined;
    const session = await load(cut.head, true);
    const { tensors } = cut;
    const early = await runSession(where, session, table.feeds(rows, session.inputNames), tensors);
    const types = tensors.map((name) => TYPE_NAMES.indexOf(early[name]!.type));
    if (types.every((type) => type > 0)) {
      const head = new Head(session, tensors, cut.rest(types));
      head.#last = { table, rows, given: head.#givenTo(table, rows, early) };
      return head;
    }
    await session.release();
    return undefined;
  }

  /** What a pass over these rows is fed besides masks. */
  async given(where: string, table: RowTable, rows: Int32Array): Promise<Feeds> {
    if (this.#last?.table !== table || !areSame(this.#last.rows, rows)) {
      const early = await runSession(where, this.#session, table.feeds(rows, this.#session.inputNames), this.#tensors);
      this.#last = { table, rows, given: this.#givenTo(table, rows, early) };
    }
    return this.#last.given;
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  #givenTo(table: RowTable, rows: Int32Array, early: Feeds): Feeds {
    const names = (this.rest.graph?.input ?? []).map(({ name }) => name ?? "");
    return { ...table.feeds(rows, names), ...early };
  }
}

const areSame = (a: Int32Array, b: Int32Array): boolean =>
  a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
