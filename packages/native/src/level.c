// The kernels of one level, as a table.

#include "level.h"

#define NAME_(level) #level
#define NAME(level) NAME_(level)

static void prepare(void) {
  AT_LEVEL(prepare_masks)();
  AT_LEVEL(prepare_dense)();
}

const struct kernels AT_LEVEL(kernels) = {
    NAME(LEVEL), prepare, AT_LEVEL(mask), AT_LEVEL(dropout), AT_LEVEL(apply),
    AT_LEVEL(normals), AT_LEVEL(add_products), AT_LEVEL(add_gradients),
};
