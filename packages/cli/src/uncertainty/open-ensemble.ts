// From several model files to one ensemble.

import type { Ort } from "@hadamask/onnx";
import { type Ensemble, ensemble } from "@hadamask/onnx/ensemble";
import { type LoadedModel, loadModel } from "./model.js";
import { outputsOf, refusing } from "./open.js";
import type { UncertaintyRequest } from "./request.js";

/** Opens all models as an ensemble. @throws {DataError | UsageError} If one cannot be used. */
export async function openEnsemble(
  first: LoadedModel,
  request: UncertaintyRequest,
  options: { readonly ort: Ort; readonly constant: readonly string[] },
): Promise<Ensemble> {
  const models = [first, ...(request.others ?? []).map(loadModel)];
  const { batch, freeze, batchAxis, kind, scale } = request;
  const outputs = outputsOf(request);
  return refusing(() =>
    ensemble(
      models.map(({ bytes }) => bytes),
      {
        ...options,
        ...outputs,
        ...("variance" in outputs || "logVariance" in outputs ? {} : { kind, ...(scale && { scale }) }),
        externalData: models.map(({ externalData }) => externalData),
        ...(batch === undefined ? {} : { batch }),
        ...(freeze === undefined ? {} : { freeze }),
        ...(batchAxis === undefined ? {} : { batchAxis }),
      },
    ),
  );
}
