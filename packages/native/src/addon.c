// The Node-API addon: kernels on typed arrays where they lie. Checks types and lengths, so that no call can touch
// memory that is not an array's; everything else is the callers' business (kernels/native.ts in the library).
//
// Numbers pass through one array, `parameters`, that each instance keeps: to hand them over one by one would take as
// long as a small call.

#include <stdlib.h>
#include <string.h>

#include "addon.h"

/** Bytes from which stores past the caches win; measured, see docs/benchmarks.md. */
#define STREAM_BYTES (2u << 20)

/** Values of NAME: as in pool/threads.ts of the library, each for float32 and float64. */
enum { DROPOUT_NAME, NORMALS_NAME, PRODUCTS_NAME, NAMES };

static bool does_stream(const struct array *x, const struct array *out) {
  return out->data != x->data && out->length * type_of(out) >= STREAM_BYTES;
}

static bool is_like(const struct array *x, const struct array *out) {
  return is_float(x) && x->type == out->type && x->length == out->length;
}

/** mask(out): COUNT decisions. */
static napi_value mask(napi_env env, napi_callback_info info) {
  napi_value values[1];
  struct array out;
  struct draws draws;
  const struct instance *instance = open_call(env, info, 1, values);
  if (instance == NULL || !array_of(env, values[0], &out) || out.type != napi_uint32_array)
    FAIL(env, "mask takes a Uint32Array");
  const double n = instance->parameters[COUNT];
  if (!(n >= 0 && n <= 32.0 * (double)out.length)) FAIL(env, "mask has no room for so many decisions");
  if (!draws_of(instance, &draws)) FAIL(env, "parameters out of range");
  instance->chosen->mask(out.data, (size_t)n, &draws);
  return NULL;
}

/** dropout(x, out): A is the scale. */
static napi_value dropout(napi_env env, napi_callback_info info) {
  napi_value values[2];
  struct array x, out;
  struct draws draws;
  const struct instance *instance = open_call(env, info, 2, values);
  if (instance == NULL || !array_of(env, values[0], &x) || !array_of(env, values[1], &out) || !is_like(&x, &out))
    FAIL(env, "dropout takes two Float32Arrays or Float64Arrays of one length");
  if (!draws_of(instance, &draws)) FAIL(env, "parameters out of range");
  instance->chosen->dropout(type_of(&x), x.data, out.data, x.length, &draws, instance->parameters[A],
                            does_stream(&x, &out));
  return NULL;
}

/** apply(x, out, mask): A is the scale. */
static napi_value apply(napi_env env, napi_callback_info info) {
  napi_value values[3];
  struct array x, out, bits;
  const struct instance *instance = open_call(env, info, 3, values);
  if (instance == NULL || !array_of(env, values[0], &x) || !array_of(env, values[1], &out) || !is_like(&x, &out) ||
      !array_of(env, values[2], &bits) || bits.type != napi_uint32_array || bits.length < (x.length + 31) / 32)
    FAIL(env, "apply takes two Float32Arrays or Float64Arrays of one length, and a mask for as many");
  instance->chosen->apply(type_of(&x), x.data, out.data, x.length, bits.data, instance->parameters[A],
                          does_stream(&x, &out));
  return NULL;
}

/** normals(out): A and B are mean and deviation. */
static napi_value normals(napi_env env, napi_callback_info info) {
  napi_value values[1];
  struct array out;
  struct draws draws;
  const struct instance *instance = open_call(env, info, 1, values);
  if (instance == NULL || !array_of(env, values[0], &out) || !is_float(&out))
    FAIL(env, "normals takes a Float32Array or a Float64Array");
  if (!draws_of(instance, &draws)) FAIL(env, "parameters out of range");
  const double *p = instance->parameters;
  instance->chosen->normals(type_of(&out), NULL, out.data, out.length, &draws, p[A], p[B]);
  return NULL;
}

/** multiplyByNormals(x, out). */
static napi_value multiply_by_normals(napi_env env, napi_callback_info info) {
  napi_value values[2];
  struct array x, out;
  struct draws draws;
  const struct instance *instance = open_call(env, info, 2, values);
  if (instance == NULL || !array_of(env, values[0], &x) || !array_of(env, values[1], &out) || !is_like(&x, &out))
    FAIL(env, "multiplyByNormals takes two Float32Arrays or Float64Arrays of one length");
  if (!draws_of(instance, &draws)) FAIL(env, "parameters out of range");
  const double *p = instance->parameters;
  instance->chosen->normals(type_of(&x), x.data, out.data, x.length, &draws, p[A], p[B]);
  return NULL;
}

/** Whether COUNT elements from byte `at` on lie in `bytes`, at a multiple of their size. */
static bool lies_in(const struct array *bytes, double at, double count, enum type type) {
  return at >= 0 && count >= 0 && at + count * type <= (double)bytes->length && (uint64_t)at % type == 0;
}

/**
 * draw(memory): function NAME on COUNT elements at addresses X and OUT of a Uint8Array; they are a part of TOTAL. For
 * threads that share a memory.
 */
static napi_value draw(napi_env env, napi_callback_info info) {
  napi_value values[1];
  struct array bytes;
  struct draws draws;
  const struct instance *instance = open_call(env, info, 1, values);
  if (instance == NULL || !array_of(env, values[0], &bytes) || bytes.type != napi_uint8_array)
    FAIL(env, "draw takes a Uint8Array");
  const double *p = instance->parameters;
  if (!draws_of(instance, &draws) || !(p[NAME] >= 0 && p[NAME] < 2 * NAMES)) FAIL(env, "parameters out of range");
  const int name = (int)p[NAME] / 2;
  const enum type type = (int)p[NAME] % 2 == 0 ? SINGLE : DOUBLE;
  if (!lies_in(&bytes, p[OUT], p[COUNT], type) || (name != NORMALS_NAME && !lies_in(&bytes, p[X], p[COUNT], type)))
    FAIL(env, "draw takes addresses of the memory");
  char *memory = bytes.data;
  const void *x = memory + (size_t)p[X];
  void *out = memory + (size_t)p[OUT];
  const size_t n = (size_t)p[COUNT];
  const bool streams = x != out && p[TOTAL] * type >= STREAM_BYTES;
  if (name == DROPOUT_NAME) instance->chosen->dropout(type, x, out, n, &draws, p[A], streams);
  else instance->chosen->normals(type, name == NORMALS_NAME ? NULL : x, out, n, &draws, p[A], p[B]);
  return NULL;
}

/** use(level): chooses one of `levels`; returns the name of the one that is chosen. For tests and measurements. */
static napi_value use(napi_env env, napi_callback_info info) {
  napi_value values[1], result;
  char name[16] = "";
  size_t length = 0;
  struct instance *instance = open_call(env, info, 1, values);
  if (instance == NULL || napi_get_value_string_utf8(env, values[0], name, sizeof name, &length) != napi_ok)
    FAIL(env, "use takes the name of a level");
  for (size_t i = 0; i < instance->count; i++)
    if (strcmp(instance->levels[i]->level, name) == 0) instance->chosen = instance->levels[i];
  napi_create_string_utf8(env, instance->chosen->level, NAPI_AUTO_LENGTH, &result);
  return result;
}

static void drop(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

#define TRY(call) \
  if ((call) != napi_ok) return NULL

static napi_value open_instance(napi_env env, napi_value exports) {
  struct instance *instance = calloc(1, sizeof *instance);
  if (instance == NULL) return NULL;
  TRY(napi_set_instance_data(env, instance, drop, NULL));
  instance->count = hadamask_levels(instance->levels, MOST_LEVELS);
  instance->chosen = instance->levels[0];

  napi_value buffer, parameters, levels;
  TRY(napi_create_arraybuffer(env, 8 * PARAMETERS, (void **)&instance->parameters, &buffer));
  memset(instance->parameters, 0, 8 * PARAMETERS);
  TRY(napi_create_typedarray(env, napi_float64_array, PARAMETERS, buffer, 0, &parameters));
  TRY(napi_create_reference(env, parameters, 1, &instance->kept));
  TRY(napi_set_named_property(env, exports, "parameters", parameters));

  TRY(napi_create_array(env, &levels));
  for (size_t i = 0; i < instance->count; i++) {
    napi_value level;
    TRY(napi_create_string_utf8(env, instance->levels[i]->level, NAPI_AUTO_LENGTH, &level));
    TRY(napi_set_element(env, levels, (uint32_t)i, level));
  }
  TRY(napi_set_named_property(env, exports, "levels", levels));

  const struct {
    const char *name;
    napi_callback call;
  } functions[] = {
      {"mask", mask},
      {"dropout", dropout},
      {"apply", apply},
      {"normals", normals},
      {"multiplyByNormals", multiply_by_normals},
      {"draw", draw},
      {"addProducts", add_products},
      {"addGradients", add_gradients},
      {"use", use},
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    TRY(napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, instance, &function));
    TRY(napi_set_named_property(env, exports, functions[i].name, function));
  }
  return exports;
}

NAPI_MODULE_INIT() {
  return open_instance(env, exports);
}
