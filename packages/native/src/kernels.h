// What each level of a processor has, and which one is chosen. The contract is that of kernels/kernel.ts in the
// library: the bits of mask stream 1, one multiplication rounded once, +0 where an element is dropped.

#ifndef HADAMASK_KERNELS_H
#define HADAMASK_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Where draws come from: elements offset, offset + 1, ... under a key; `T` is the threshold, 0 < T < 2^53. */
struct draws {
  uint32_t key0, key1;
  uint64_t T;
  uint64_t offset;
};

/** Float32 or float64 arrays. */
enum type { SINGLE = 4, DOUBLE = 8 };

/** Dense products, see dense.c. `masks` has a place for each row of x, or is NULL. */
struct dense {
  const void *x;
  const void *weights;
  enum type x_type, weights_type, dy_type;
  size_t rows, inputs, outputs;
  const struct draws *masks;
};

struct kernels {
  const char *level;
  /** Fills tables; called by hadamask_levels. */
  void (*prepare)(void);
  /** Decisions for n elements; bits past them, up to a whole word, are 0. */
  void (*mask)(uint32_t *out, size_t n, const struct draws *);
  /** out[j] = kept(offset + j) ? x[j] * scale : +0. `streams`: whether stores go past the caches. */
  void (*dropout)(enum type, const void *x, void *out, size_t n, const struct draws *, double scale, bool streams);
  /** out[j] = bit j of mask ? x[j] * scale : +0. */
  void (*apply)(enum type, const void *x, void *out, size_t n, const uint32_t *mask, double scale, bool streams);
  /** out[j] = mean + deviation * z(offset + j), times x[j] where x is not NULL. */
  void (*normals)(enum type, const void *x, void *out, size_t n, const struct draws *, double mean, double deviation);
  // Dense products are false where there is no memory for them, with nothing done.
  /** Adds x (M * W) to sums [rows, outputs]; M is 1 where there are no masks. */
  bool (*add_products)(double *sums, const struct dense *);
  /** Adds M * (x' dy) over the rows to dw [inputs, outputs], and dy (M * W)' to dx [rows, inputs]. */
  bool (*add_gradients)(double *dw, double *dx, const void *dy, const struct dense *);
};

/** Levels that this processor has, the fastest first; returns how many. */
size_t hadamask_levels(const struct kernels **levels, size_t most);

#endif
