// The addon's dense products: matrices that fit each other, and a place in the stream for each row.

#include <stdlib.h>

#include "addon.h"

/** A row's place in the stream as four numbers: two key words, threshold, offset. */
#define ROW_NUMBERS 4

/**
 * What x [rows, inputs], weights [INPUTS, OUTPUTS] and the rows' places (undefined or a Float64Array) say; false if
 * they do not fit. The masks are to be freed.
 */
static bool dense_of(napi_env env, const struct instance *instance, napi_value x_value, napi_value weights_value,
                     napi_value rows_value, struct dense *dense) {
  struct array x, weights, rows;
  const double inputs = instance->parameters[INPUTS], outputs = instance->parameters[OUTPUTS];
  if (!(inputs >= 1 && inputs < 0x1p32 && outputs >= 1 && outputs < 0x1p32)) return false;
  if (!array_of(env, x_value, &x) || !is_float(&x) || !array_of(env, weights_value, &weights) || !is_float(&weights))
    return false;
  *dense = (struct dense){.x = x.data,
                          .weights = weights.data,
                          .x_type = type_of(&x),
                          .weights_type = type_of(&weights),
                          .inputs = (size_t)inputs,
                          .outputs = (size_t)outputs};
  if (x.length % dense->inputs != 0 || (double)weights.length != inputs * outputs) return false;
  dense->rows = x.length / dense->inputs;
  napi_valuetype kind;
  napi_typeof(env, rows_value, &kind);
  if (kind == napi_undefined) return true;
  if (!array_of(env, rows_value, &rows) || rows.type != napi_float64_array) return false;
  if (rows.length != ROW_NUMBERS * dense->rows) return false;
  struct draws *masks = malloc(sizeof *masks * (dense->rows + 1));
  if (masks == NULL) return false;
  dense->masks = masks;
  for (size_t s = 0; s < dense->rows; s++) {
    const struct instance place = {.parameters = (double *)rows.data + ROW_NUMBERS * s};
    if (draws_of(&place, masks + s)) continue;
    free(masks);
    return false;
  }
  return true;
}

/** addProducts(sums, x, weights, rows). */
napi_value add_products(napi_env env, napi_callback_info info) {
  napi_value values[4];
  struct array sums;
  struct dense dense;
  const struct instance *instance = open_call(env, info, 4, values);
  if (instance == NULL || !array_of(env, values[0], &sums) || sums.type != napi_float64_array ||
      !dense_of(env, instance, values[1], values[2], values[3], &dense))
    FAIL(env, "addProducts takes matrices that fit");
  const bool is_done = sums.length == dense.rows * dense.outputs && instance->chosen->add_products(sums.data, &dense);
  free((void *)dense.masks);
  if (!is_done) FAIL(env, "addProducts takes matrices that fit, and memory");
  return NULL;
}

/** addGradients(dw, dx, dy, x, weights, rows). */
napi_value add_gradients(napi_env env, napi_callback_info info) {
  napi_value values[6];
  struct array dw, dx, dy;
  struct dense dense;
  const struct instance *instance = open_call(env, info, 6, values);
  if (instance == NULL || !array_of(env, values[0], &dw) || dw.type != napi_float64_array ||
      !array_of(env, values[1], &dx) || dx.type != napi_float64_array || !array_of(env, values[2], &dy) ||
      !is_float(&dy) || !dense_of(env, instance, values[3], values[4], values[5], &dense))
    FAIL(env, "addGradients takes matrices that fit");
  dense.dy_type = type_of(&dy);
  const bool fits = dw.length == dense.inputs * dense.outputs && dx.length == dense.rows * dense.inputs &&
                    dy.length == dense.rows * dense.outputs;
  const bool is_done = fits && instance->chosen->add_gradients(dw.data, dx.data, dy.data, &dense);
  free((void *)dense.masks);
  if (!is_done) FAIL(env, "addGradients takes matrices that fit, and memory");
  return NULL;
}
