// What one level has: each file of kernels defines some of it.

#ifndef HADAMASK_LEVEL_H
#define HADAMASK_LEVEL_H

#include "kernels.h"
#include "lanes.h"

void AT_LEVEL(mask)(uint32_t *, size_t, const struct draws *);
void AT_LEVEL(dropout)(enum type, const void *, void *, size_t, const struct draws *, double, bool);
void AT_LEVEL(apply)(enum type, const void *, void *, size_t, const uint32_t *, double, bool);
void AT_LEVEL(normals)(enum type, const void *, void *, size_t, const struct draws *, double, double);
bool AT_LEVEL(add_products)(double *, const struct dense *);
bool AT_LEVEL(add_gradients)(double *, double *, const void *, const struct dense *);

/** Fill the tables of a level, once before its kernels are used. */
void AT_LEVEL(prepare_masks)(void);
void AT_LEVEL(prepare_dense)(void);

#endif
