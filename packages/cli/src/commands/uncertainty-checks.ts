// What `hadamask uncertainty` refuses before it computes: options that do not go together, outputs in the place of
// other files.

import { UsageError } from "@hadamask/experiments/settings";
import { checkReportFolder } from "../page/own.js";
import type { UncertaintyRequest } from "../uncertainty/request.js";
import { checkApart, checkFolder, checkOutside, type NamedPath } from "./paths.js";
import type { UncertaintyOptions } from "./uncertainty-asked.js";

const NAME = "uncertainty";

/** Options that go with others only. */
export function checkTogether(request: UncertaintyRequest): void {
  const { compare, labels, others, inputs = [], score, perClass, conformal, calibrate, passes } = request;
  if (compare !== undefined && labels === undefined)
    throw new UsageError(`${NAME}: --compare needs right answers; pass --labels`);
  if (score !== undefined && conformal === undefined)
    throw new UsageError(`${NAME}: --score goes with --conformal, for instance --conformal 0.9`);
  if (perClass === true && conformal === undefined)
    throw new UsageError(`${NAME}: --per-class goes with --conformal, for instance --conformal 0.9`);
  if (others !== undefined && passes !== undefined)
    throw new UsageError(`${NAME}: --passes goes with one model, got ${1 + others.length}`);
  if (calibrate !== undefined && conformal === undefined)
    throw new UsageError(`${NAME}: --calibrate goes with --conformal, for instance --conformal 0.9`);
  if (typeof calibrate === "object" && inputs.length > 0)
    throw new UsageError(`${NAME}: --calibrate must be a share where there are several inputs, got a file`);
}

/** The pictures that a report may have. */
const PICTURES = ["least-certain", "maps", "reliability", "risk-coverage", "entropy", "strange", "prediction"] as const;

/** Before anything is read: what is written takes the place of nothing that is read, or was not named. */
export function checkPaths({
  model,
  others,
  data,
  labels,
  inputs,
  calibrate,
  strange,
  out,
  passes,
  report,
  force,
}: UncertaintyOptions): void {
  const read: NamedPath[] = [
    ["the model", model],
    ...(others ?? []).map((path): NamedPath => ["a model", path]),
    ["the data", data],
    ["--labels", labels],
    ...(inputs ?? []).map(({ text }): NamedPath => ["--input", text]),
    ["--calibrate", typeof calibrate === "object" ? calibrate.file : undefined],
    ...(strange ?? []).map((path): NamedPath => ["--strange", path]),
  ];
  checkApart(
    NAME,
    [
      ["--out", out],
      ["--passes", passes],
    ],
    read,
  );
  if (report === undefined) return;
  checkFolder(`${NAME}: --report`, report);
  const written: NamedPath[] = [
    ["--out", out],
    ["--passes", passes],
  ];
  checkOutside(NAME, ["--report", report], [...read.filter(([, path]) => path !== data), ...written]);
  if (!force) checkReportFolder(`${NAME}: --report`, report, PICTURES);
}
