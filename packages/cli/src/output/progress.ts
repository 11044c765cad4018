// How far a long command is: a bar with the time that is left where a person watches, a line now and then where not.

import { Presets, SingleBar } from "cli-progress";
import type { Terminal } from "./terminal.js";

export interface Progress {
  /**
   * `done` of the total, and what was just done or is being done.
   *
   * @param left Seconds that are left, where they are known better than by what was done so far; NaN if not yet.
   */
  update(done: number, what: string, left?: number): void;
  /** Something worth a line of its own in a log; on a terminal the bar is enough. */
  log(line: string): void;
  stop(): void;
}

/** @param total What `done` counts up to. */
export function startProgress(terminal: Terminal, total: number): Progress {
  return terminal.bar === undefined ? startLog(terminal, total) : startBar(terminal.bar, total);
}

/** A log that says nothing for longer looks dead; one that says more is in the way. */
const QUIET_MS = 30_000;

function startLog(terminal: Terminal, total: number): Progress {
  const start = performance.now();
  let last = start;
  let done = 0;
  let known: number | undefined;
  const note = (line: string): void => {
    last = performance.now();
    const seconds = known ?? ((last - start) / 1000) * ((total - done) / done);
    terminal.note(done > 0 && done < total && !Number.isNaN(seconds) ? `${line}; ${timeLeft(seconds)} left` : line);
  };
  return {
    update: (now, what, left) => {
      [done, known] = [now, left];
      if (performance.now() - last > QUIET_MS) note(what);
    },
    log: note,
    stop: () => {},
  };
}

function startBar(stream: NodeJS.WriteStream, total: number): Progress {
  const bar = new SingleBar(
    {
      stream,
      format: "{bar} {percentage} %, {left} left  {what}",
      formatValue: (value, _, type) => (type === "percentage" ? String(value).padStart(3) : String(value)),
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  const start = performance.now();
  bar.start(total, 0, { what: "", left: "?" });
  return {
    update: (done, what, left) => {
      const sofar = ((performance.now() - start) / 1000) * ((total - done) / done);
      bar.update(done, { what, left: timeLeft(left ?? sofar) });
    },
    log: () => {},
    stop: () => bar.stop(),
  };
}

/** Seconds for people: "45 s", "3 min". */
export function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 100 * 60 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
