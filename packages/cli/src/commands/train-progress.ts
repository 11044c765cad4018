// Trains the runs of a comparison with a bar, and says on a signal what is saved and how to go on.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { TrainedRun } from "@hadamask/experiments";
import type { ComparisonSettings, Dataset } from "@hadamask/experiments/settings";
import { Failure } from "../failure.js";
import { asCalled } from "../output/called.js";
import { type Progress, startProgress } from "../output/progress.js";
import type { Terminal } from "../output/terminal.js";
import { type EndingSignal, exitAs, holdSignals } from "../signals.js";
import { divergedFrom } from "../train/diverged.js";
import { lockFolder } from "../train/lock.js";
import { Remaining } from "../train/remaining.js";
import type { TrainOptions } from "./train-options.js";

/** Trains with a bar, and says on a signal what is saved and how to go on. */
export async function trainRuns(
  data: Dataset,
  settings: ComparisonSettings,
  options: TrainOptions,
  command: string,
  terminal: Terminal,
): Promise<TrainedRun[]> {
  const { compare } = await import("../train/compare.js");
  const { seeds, variants, epochs } = settings;
  const total = seeds.length * variants.length;
  let saved = 0;
  let progress: Progress | undefined;
  let remaining: Remaining | undefined;
  const done = new Map<string, number>();

  const threads = options.threads ?? availableParallelism();
  const onSignal = (signal: EndingSignal): never => {
    progress?.stop();
    terminal.note(
      `train: interrupted with ${saved} of ${total} runs saved; continue with ${asCalled(command)} --resume`,
    );
    return exitAs(signal);
  };
  // This thread hears of nothing while it trains: signals end it at once then, and runs that are saved stay.
  const letGo = threads === 0 ? () => {} : holdSignals(onSignal);
  const unlock = lockFolder("train", options.out);
  try {
    const runs = await compare(data, settings, {
      folder: join(options.out, "runs"),
      isResumed: options.resume === true,
      threads,
      isForced: options.force === true,
      variantFiles: options.variant,
      checkpointMs: 60_000 * options.checkpoint,
      needsWeights: options.export !== undefined,
      onDamaged: (sentence) => terminal.note(`train: ${sentence}`),
      onStart: (found) => {
        saved = found;
        if (found > 0) terminal.note(`train: ${found} of ${total} runs are done already`);
        progress = startProgress(terminal, (total - found) * epochs);
        remaining = new Remaining(total - found, epochs, threads, performance.now() / 1000);
      },
      onEpoch: ({ variant, seed }, epoch, of) => {
        done.set(`${variant}, seed ${seed}`, (epoch / of) * epochs);
        const sum = [...done.values()].reduce((a, b) => a + b, 0);
        remaining?.onEpoch(`${variant} ${seed}`, epoch, of, performance.now() / 1000);
        progress?.update(sum, `${variant}, seed ${seed}, epoch ${epoch} of ${of}`, remaining?.left() ?? Number.NaN);
      },
      onRun: (run) => {
        const { variant, seed, testError, testNll } = run;
        saved++;
        progress?.log(
          `${saved}/${total}  ${variant}, seed ${seed}: ${errorText(data, testError.at(-1)!)}, ` +
            `NLL ${testNll.at(-1)!.toFixed(3)}`,
        );
        checkFinite(run, settings);
      },
    });
    for (const run of runs) checkFinite(run, settings);
    return runs;
  } finally {
    unlock();
    letGo();
    progress?.stop();
  }
}

/** "test error 3.10 %", or of values "test RMSE 2.71". */
export const errorText = ({ target }: Dataset, error: number): string =>
  target === undefined ? `test error ${(100 * error).toFixed(2)} %` : `test RMSE ${Number(error.toPrecision(4))}`;

/** @throws {Failure} If the losses of a run are no longer numbers: nothing can be said of such a run. */
function checkFinite(run: TrainedRun, { learningRate }: ComparisonSettings): void {
  const epoch = divergedFrom(run);
  if (epoch === undefined) return;
  const { variant, seed } = run;
  throw new Failure(
    `train: ${variant}, seed ${seed}, diverged: from epoch ${epoch} on its loss is not a finite number; ` +
      `a --learning-rate below ${learningRate} may help, with another --out; the runs that ended are kept`,
  );
}
