// A rewritten model in the runtime: runs any choice of rows under any masks.

import { opsetOf } from "../protobuf/codec.js";
import type { ModelProto } from "../protobuf/types.js";
import { shapeName, sitesInBodies, withShapeOutputs } from "../shape-outputs.js";
import type { Site } from "../sites.js";
import type { Draw, Slots } from "./draw.js";
import { openGpuMasks } from "./gpu-masks.js";
import { Head } from "./head.js";
import type { RowTable } from "./inputs.js";
import type { Load } from "./loader.js";
import { type Ort, type OrtSession, runSession, type SessionOptions } from "./ort.js";
import { isWorthThinning, masksFor, openFull, openThinned, type Passes, sitesOfUnits } from "./passes.js";
import { placeSites, settle } from "./placing.js";
import type { Placing } from "./probe.js";
import { type RowOutput, rowOutput } from "./row-outputs.js";
import type { RowPlan } from "./rows.js";
import { selecting } from "./select.js";
import { type Feeds, SiteFeed } from "./site-feed.js";

/** Up to this many bytes of weights a model is loaded a second time where that makes runs faster. */
const LOADED_TWICE = 2 ** 27;

/** What a session is opened with. */
export interface SessionSource {
  readonly ort: Ort;
  readonly load: Load;
  readonly model: ModelProto;
  readonly sites: readonly Site[];
  readonly outputs: readonly string[];
  readonly plan: RowPlan;
  /** Nodes that draw random numbers. */
  readonly random: readonly string[];
  /** Bytes that a run's inputs may take. */
  readonly memory: number;
  /** The user's, which say where sessions run. */
  readonly options: SessionOptions;
}

interface Parts extends SessionSource {
  readonly inBodies: ReadonlySet<Site>;
  readonly feeds: readonly SiteFeed[];
  readonly opset: number;
  readonly isLarge: boolean;
  readonly session: OrtSession;
  /** The model that `session` holds. */
  readonly running: ModelProto;
}

/** The sessions that passes over inputs of one kind of shape are made with, as soon as a run wants them. */
interface Opened {
  full?: Promise<Passes>;
  thinned?: Promise<Passes | undefined>;
}

export class MaskedSession {
  readonly #parts: Parts;
  readonly #placings = new Map<string, Promise<Placing>>();
  readonly #opened = new Map<Placing, Opened>();
  #head: Promise<Head | undefined> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static async open(where: string, source: SessionSource): Promise<MaskedSession> {
    const { ort, load, sites } = source;
    const opset = opsetOf(where, source.model);
    const inBodies = sitesInBodies(source.model, sites);
    const model = withShapeOutputs(source.model, inBodies);
    const isLarge = modelSize(model) > LOADED_TWICE;
    const { model: running, scales } = selecting(model, sites, opset);
    const session = await load(isLarge ? withShapeOutputs(running, sites) : running);
    const openGpu = await openGpuMasks(ort, source.options);
    const feeds = sites.map((site) => new SiteFeed(ort, site, scales.get(site.input), openGpu));
    return new MaskedSession({
      ...source,
      model,
      inBodies: new Set(inBodies),
      feeds,
      opset,
      isLarge,
      session,
      running,
    });
  }

  async release(): Promise<void> {
    const opened = await Promise.all([...this.#opened.values()].flatMap(({ full, thinned }) => [full, thinned]));
    for (const own of new Set([this.#parts.session, ...opened.map((part) => part?.session)])) await own?.release();
    await (await this.#head)?.release();
    for (const feed of this.#parts.feeds) feed.release();
  }

  /** How inputs like these are run: found by small runs, then remembered. */
  async place(where: string, table: RowTable): Promise<Placing> {
    const known = this.#placings.get(table.signature);
    if (known !== undefined) return known;
    const { sites, feeds, outputs, session, plan, random, memory } = this.#parts;
    const open = sites.map((site, i) => ({ site, feed: feeds[i]! }));
    const found = this.#probe((shapes) =>
      placeSites({ where, plan, sites: open, outputs, shapes, plain: session, random, memory }, table),
    );
    this.#placings.set(table.signature, found);
    try {
      return await found;
    } catch (error) {
      this.#placings.delete(table.signature);
      throw error;
    }
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
  deterministic(where: string, table: RowTable, placing: Placing, rows: Int32Array, draw: Draw): Promise<RowOutput[]> {
    const slots = { rows, count: rows.length, firstPass: 0 };
    return this.sample(where, table, placing, slots, { ...draw, rate: 0 });
  }

  /** One run with masks. Rows of one pass must stand together. */
  async sample(where: string, table: RowTable, placing: Placing, slots: Slots, draw: Draw): Promise<RowOutput[]> {
    const { ort, load, model, sites, opset, isLarge, session } = this.#parts;
    this.#head ??= isLarge
      ? Promise.resolve(undefined)
      : Head.open(where, load, { model, sites, outputs: this.#fetched(sites) }, table, slots.rows);
    const head = await this.#head;
    const given = head === undefined ? table.feeds(slots.rows) : await head.given(where, table, slots.rows);
    const opened = this.#openedFor(placing);
    if (!isLarge && isWorthThinning(slots, draw)) {
      opened.thinned ??= openThinned(load, head?.rest ?? model, sites, sitesOfUnits(placing, slots, draw), opset);
      const thinned = await opened.thinned;
      const masks = thinned && masksFor(ort, thinned, placing, slots, draw);
      if (masks !== undefined) {
        const found = await this.#answers(where, thinned!.session, { ...given, ...masks }, placing, slots);
        return found ?? this.sample(where, table, placing, slots, draw);
      }
    }
    opened.full ??= openFull(load, head?.rest, sites, opset, session);
    const full = await opened.full;
    const masks = masksFor(ort, full, placing, slots, draw)!;
    const found = await this.#answers(where, full.session, { ...given, ...masks }, placing, slots);
    return found ?? this.sample(where, table, placing, slots, draw);
  }

  /** Outputs that a run is asked for: the answers, and the shapes of these sites where they are made in bodies. */
  #fetched(sites: readonly Site[]): string[] {
    const { inBodies, outputs } = this.#parts;
    return [...outputs, ...sites.filter((site) => inBodies.has(site)).map(shapeName)];
  }

  #openedFor(placing: Placing): Opened {
    const opened = this.#opened.get(placing) ?? {};
    this.#opened.set(placing, opened);
    return opened;
  }

  /** undefined where the run took a branch for the first time, whose places are settled now: it has to be repeated. */
  async #answers(
    where: string,
    session: OrtSession,
    feeds: Feeds,
    placing: Placing,
    { rows }: Slots,
  ): Promise<RowOutput[] | undefined> {
    const { outputs } = this.#parts;
    const open = placing.sites.filter(({ isOpen }) => isOpen);
    const results = await runSession(where, session, feeds, this.#fetched(open.map(({ site }) => site)));
    if (open.some(({ site }) => settle(where, placing, site, results[shapeName(site)]!))) return undefined;
    return outputs.map((name, i) => rowOutput(where, name, results[name]!, placing.outputs[i]!, rows.length));
  }
}

/** Bytes of the weights, about. */
const modelSize = (model: ModelProto): number =>
  (model.graph?.initializer ?? []).reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0);
