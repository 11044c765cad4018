// A rewritten model in the runtime: runs any choice of rows under any masks.

import { passKey } from "hadamask";
import { opsetOf, writeModel } from "../protobuf/codec.js";
import type { ModelProto } from "../protobuf/types.js";
import type { Site } from "../rewrite.js";
import { cutModel } from "./cut.js";
import { fixedRows, type InputSpec, inputSpecs, type RowTable } from "./inputs.js";
import { maskShape } from "./layout.js";
import {
  createSession,
  messageOf,
  type Ort,
  type OrtSession,
  type OrtTensor,
  runSession,
  type SessionOptions,
  TYPE_NAMES,
  withoutSpinning,
} from "./ort.js";
import { selecting } from "./select.js";
import {
  type Draw,
  type Feeds,
  isBroadcast,
  keepOf,
  type PlacedSite,
  SiteFeed,
  type Slots,
  thinnedFeeds,
} from "./site-feed.js";
import { checkRows, findLayouts, withShapeOutputs } from "./site-shapes.js";
import { type ThinnedSite, thin } from "./thin.js";

/** Up to this many bytes of weights a model is loaded a second time where that makes runs faster. */
const LOADED_TWICE = 2 ** 27;

/** Rows from which on cutting the weights down costs less than the products it saves. */
const WORTH_THINNING = 64;

/**
 * All sites for inputs of one kind of shape, and the sessions that passes are made with, as soon as a run wants them.
 */
export interface Placing {
  readonly sites: readonly PlacedSite[];
  full?: Promise<Passes>;
  thinned?: Promise<Passes | undefined>;
}

/** A session for passes. */
interface Passes {
  readonly session: OrtSession;
  /** Where dropped units are left out, by the site's input. */
  readonly thinned: ReadonlyMap<string, ThinnedSite>;
}

/** The part of the model before the first masks, and what it gave for the last rows it was run with. */
interface Head {
  readonly session: OrtSession;
  readonly tensors: readonly string[];
  readonly rest: ModelProto;
  last: { readonly table: RowTable; readonly rows: Int32Array; readonly given: Feeds };
}

interface Parts {
  readonly ort: Ort;
  readonly model: ModelProto;
  readonly sites: readonly Site[];
  readonly feeds: readonly SiteFeed[];
  readonly outputs: readonly string[];
  readonly specs: readonly InputSpec[];
  readonly opset: number;
  readonly isLarge: boolean;
  /** `isRare`: for less than every pass. */
  readonly load: (model: ModelProto, isRare?: boolean) => Promise<OrtSession>;
  readonly session: OrtSession;
  /** The model that `session` holds. */
  readonly running: ModelProto;
}

export class MaskedSession {
  readonly specs: readonly InputSpec[];
  /** How many rows every run must have; undefined where it is free. */
  readonly fixedRows: number | undefined;
  readonly #parts: Parts;
  readonly #placings = new Map<string, Placing>();
  #head: Promise<Head | undefined> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.specs = parts.specs;
    this.fixedRows = fixedRows(parts.specs);
  }

  static async open(
    where: string,
    ort: Ort,
    model: ModelProto,
    options: {
      readonly sites: readonly Site[];
      readonly outputs: readonly string[];
      readonly constant: readonly string[];
      readonly session: SessionOptions;
    },
  ): Promise<MaskedSession> {
    const { sites, outputs } = options;
    const opset = opsetOf(where, model);
    const specs = inputSpecs(model, new Set(sites.map(({ input }) => input)), options.constant);
    const load = async (loaded: ModelProto, isRare = false): Promise<OrtSession> => {
      try {
        const { session } = options;
        return await createSession(ort, writeModel(loaded), isRare ? withoutSpinning(session) : session);
      } catch (error) {
        throw new Error(`${where}: ONNX Runtime does not take the model: ${messageOf(error)}`, { cause: error });
      }
    };
    const isLarge = modelSize(model) > LOADED_TWICE;
    const { model: running, scales } = selecting(model, sites, opset);
    const session = await load(isLarge ? withShapeOutputs(running, sites) : running);
    const feeds = sites.map((site) => new SiteFeed(ort, site, scales.get(site.input)));
    return new MaskedSession({ ort, model, sites, feeds, outputs, specs, opset, isLarge, load, session, running });
  }

  async release(): Promise<void> {
    const { session } = this.#parts;
    const passes = [...this.#placings.values()].flatMap(({ full, thinned }) => [full, thinned]);
    const opened = await Promise.all([this.#head, ...passes]);
    for (const own of new Set([session, ...opened.map((part) => part?.session)])) await own?.release();
  }

  /** The layout of every site for inputs like these: found by small runs, then remembered. */
  async place(where: string, table: RowTable): Promise<Placing> {
    const known = this.#placings.get(table.signature);
    if (known !== undefined) return known;
    const { sites, feeds, outputs, session } = this.#parts;
    const open = sites.map((site, i) => ({ site, feed: feeds[i]! }));
    const layouts = await this.#probe((probe) => findLayouts(where, probe, table, open, this.fixedRows));
    const placed = open.map((entry, i) => ({
      ...entry,
      layout: layouts[i]!,
      shape: maskShape(layouts[i]!, entry.site.share),
    }));
    const placing = { sites: await checkRows(where, session, table, placed, outputs, this.fixedRows) };
    this.#placings.set(table.signature, placing);
    return placing;
  }

  /**
   * Lends a session that puts out the shapes of the sites. As outputs of every run they would cost 4 % of a small
   * network.
   */
  async #probe<T>(look: (session: OrtSession) => Promise<T>): Promise<T> {
    const { isLarge, session, load, running, sites } = this.#parts;
    if (isLarge) return look(session);
    const own = await load(withShapeOutputs(running, sites), true);
    try {
      return await look(own);
    } finally {
      await own.release();
    }
  }

  /**
   * The model's own answer: a pass that drops nothing. It runs in the session of the passes, since the threads of
   * another one would go on waiting for work beside them, on the same cores, for some 50 ms.
   */
  deterministic(where: string, table: RowTable, placing: Placing, rows: Int32Array, draw: Draw): Promise<OrtTensor[]> {
    const slots = { rows, count: rows.length, firstPass: 0 };
    return this.sample(where, table, placing, slots, { ...draw, rate: 0 });
  }

  /** One run with masks. Rows of one pass must stand together. */
  async sample(where: string, table: RowTable, placing: Placing, slots: Slots, draw: Draw): Promise<OrtTensor[]> {
    this.#head ??= this.#cut(where, table, slots);
    const head = await this.#head;
    const given = await this.#given(where, head, table, slots);
    const thinned = await this.#thinned(placing, slots, draw, head);
    const feeds = thinned && this.#masks(thinned, placing, slots, draw);
    if (feeds !== undefined) {
      return this.#answers(where, thinned!.session, { ...given, ...feeds }, slots.rows.length);
    }
    placing.full ??= this.#open(head, undefined);
    const full = await placing.full;
    const masks = this.#masks(full, placing, slots, draw)!;
    return this.#answers(where, full.session, { ...given, ...masks }, slots.rows.length);
  }

  /** Loads the part before the first masks, if there is one. What it hands over is of types that a run tells. */
  async #cut(where: string, table: RowTable, { rows }: Slots): Promise<Head | undefined> {
    const { model, sites, outputs, isLarge, load } = this.#parts;
    const cut = isLarge ? undefined : cutModel(model, sites, outputs);
    if (cut === undefined) return undefined;
    const session = await load(cut.head, true);
    const { tensors } = cut;
    const early = await runSession(where, session, table.feeds(rows, session.inputNames), tensors);
    const types = tensors.map((name) => TYPE_NAMES.indexOf(early[name]!.type));
    if (types.every((type) => type > 0)) {
      const rest = cut.rest(types);
      return { session, tensors, rest, last: { table, rows, given: givenTo(rest, table, rows, early) } };
    }
    await session.release();
    return undefined;
  }

  /** What a pass over these rows is fed besides masks. The same from pass to pass, so it is kept. */
  async #given(where: string, head: Head | undefined, table: RowTable, { rows }: Slots): Promise<Feeds> {
    if (head === undefined) return table.feeds(rows);
    const { session, tensors, rest, last } = head;
    if (last.table !== table || !areSame(last.rows, rows)) {
      const early = await runSession(where, session, table.feeds(rows, session.inputNames), tensors);
      head.last = { table, rows, given: givenTo(rest, table, rows, early) };
    }
    return head.last.given;
  }

  /** The session without dropped units, if this run can and should be made with it. */
  async #thinned(placing: Placing, slots: Slots, draw: Draw, head: Head | undefined): Promise<Passes | undefined> {
    const isWorth = !this.#parts.isLarge && slots.rows.length >= WORTH_THINNING;
    if (!isWorth || draw.masks !== "consistent" || slots.rows.length > slots.count) return undefined;
    placing.thinned ??= this.#openThinned(
      head,
      placing.sites.filter((placed) => isOfUnits(placed, slots, draw)),
    );
    return placing.thinned;
  }

  async #openThinned(head: Head | undefined, placed: readonly PlacedSite[]): Promise<Passes | undefined> {
    const sites = placed.map(({ site }) => site);
    const thinner = thin(head?.rest ?? this.#parts.model, sites);
    return thinner && this.#open(head, thinner);
  }

  async #open(head: Head | undefined, thinner: ReturnType<typeof thin>): Promise<Passes> {
    const { session, sites, opset, load } = this.#parts;
    const thinned = new Map((thinner?.thinned ?? []).map((entry) => [entry.site.input, entry]));
    const model = thinner?.model ?? head?.rest;
    if (model === undefined) return { session, thinned };
    const others = sites.filter(({ input }) => !thinned.has(input));
    return { session: await load(selecting(model, others, opset).model), thinned };
  }

  /** Masks for a pass; undefined if a thinned site keeps nothing. */
  #masks({ thinned }: Passes, placing: Placing, slots: Slots, draw: Draw): Feeds | undefined {
    const feeds: Feeds = {};
    for (const [k, placed] of placing.sites.entries()) {
      const { site, shape, feed } = placed;
      const entry = thinned.get(site.input);
      const key = draw.keys[k]!;
      const own =
        entry === undefined
          ? feed.masks(placed, slots, draw, key)
          : thinnedFeeds(this.#parts.ort, entry, shape.perRow, keepOf(site, draw), passKey(key, slots.firstPass));
      if (own === undefined) return undefined;
      Object.assign(feeds, own);
    }
    return feeds;
  }

  async #answers(where: string, session: OrtSession, feeds: Feeds, rows: number): Promise<OrtTensor[]> {
    const results = await runSession(where, session, feeds, this.#parts.outputs);
    return this.#parts.outputs.map((name) => {
      const tensor = results[name]!;
      if (tensor.dims[0] === rows) return tensor;
      throw new RangeError(
        `${where}: output ${name} must have ${rows} rows like the inputs, got shape [${tensor.dims.join(",")}]`,
      );
    });
  }
}

/** Whether a site is a matrix of rows and units, with one decision for each unit. */
const isOfUnits = (placed: PlacedSite, slots: Slots, draw: Draw): boolean => {
  const { layout, shape } = placed;
  return (
    layout.dims.length === 2 &&
    layout.rowAxis === 0 &&
    shape.perRow === layout.dims[1] &&
    isBroadcast(placed, slots, draw)
  );
};

/** Bytes of the weights, about. */
const modelSize = (model: ModelProto): number =>
  (model.graph?.initializer ?? []).reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0);

/** What the part after the first masks is fed besides them. */
const givenTo = (rest: ModelProto, table: RowTable, rows: Int32Array, early: Feeds): Feeds => ({
  ...table.feeds(
    rows,
    (rest.graph?.input ?? []).map(({ name }) => name ?? ""),
  ),
  ...early,
});

const areSame = (a: Int32Array, b: Int32Array): boolean =>
  a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
