// What masks.c has for the other kernels of its level.

#ifndef HADAMASK_MASKS_H
#define HADAMASK_MASKS_H

#include "kernels.h"
#include "threefry.h"

/** Elements of a block: one hash of a plane has a bit for each. */
#define BLOCK 64
/** Blocks drawn at a time: 32,768 elements, 4 kB of mask. */
#define BLOCKS 512
/** Words of 64 bits that a mask of so many needs: it is drawn in whole chunks, and read one word past its end. */
#define MASK_LONGS (BLOCKS + CHUNK + 1)

/**
 * Draws the masks of `count` <= BLOCKS blocks from the one with element `draws->offset` + j on; returns which bit of
 * the first belongs to that element.
 */
unsigned AT_LEVEL(draw)(uint64_t mask[MASK_LONGS], const struct draws *draws, uint64_t j, size_t count);

/** Does `n` elements with the decisions from bit `bit` of `mask` on; `end` is where the mask ends. */
void AT_LEVEL(apply_bits)(enum type type, const void *x, void *out, size_t n, const void *mask, size_t bit,
                          const void *end, double scale, bool streams);

#endif
