// What the addon's functions share: the instance of a thread, and how the arrays and numbers of a call are read.

#ifndef HADAMASK_ADDON_H
#define HADAMASK_ADDON_H

#define NAPI_VERSION 8
#include <node_api.h>

#include "kernels.h"

#define MOST_LEVELS 4

/** Places in `parameters`. */
enum { KEY0, KEY1, THRESHOLD, OFFSET, A, B, COUNT, INPUTS, OUTPUTS, NAME, X, OUT, TOTAL, PARAMETERS };

/** Of each thread that loads the addon. */
struct instance {
  const struct kernels *levels[MOST_LEVELS];
  size_t count;
  const struct kernels *chosen;
  double *parameters;
  napi_ref kept;
};

struct array {
  napi_typedarray_type type;
  size_t length;
  void *data;
};

#define FAIL(env, message) \
  do { \
    napi_throw_type_error(env, NULL, "@hadamask/native: " message); \
    return NULL; \
  } while (0)

static inline bool array_of(napi_env env, napi_value value, struct array *array) {
  return napi_get_typedarray_info(env, value, &array->type, &array->length, &array->data, NULL, NULL) == napi_ok;
}

static inline bool is_float(const struct array *array) {
  return array->type == napi_float32_array || array->type == napi_float64_array;
}

static inline enum type type_of(const struct array *array) {
  return array->type == napi_float32_array ? SINGLE : DOUBLE;
}

/** The instance and exactly `count` arguments; NULL if there are fewer. */
static inline struct instance *open_call(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  size_t given = count;
  void *data = NULL;
  napi_get_cb_info(env, info, &given, values, NULL, &data);
  return given < count ? NULL : data;
}

/** Takes the parameters out of the array; false if they are not a place in the stream. */
static inline bool draws_of(const struct instance *instance, struct draws *draws) {
  const double *p = instance->parameters;
  const bool is_right = p[KEY0] >= 0 && p[KEY0] < 0x1p32 && p[KEY1] >= 0 && p[KEY1] < 0x1p32 && p[THRESHOLD] >= 1 &&
                        p[THRESHOLD] < 0x1p53 && p[OFFSET] >= 0 && p[OFFSET] <= 0x1p53;
  if (!is_right) return false;
  *draws = (struct draws){(uint32_t)p[KEY0], (uint32_t)p[KEY1], (uint64_t)p[THRESHOLD], (uint64_t)p[OFFSET]};
  return true;
}

// Dense products, in addon-dense.c.
napi_value add_products(napi_env env, napi_callback_info info);
napi_value add_gradients(napi_env env, napi_callback_info info);

#endif
