// Applying a mask: out = kept ? x * scale : +0, for arrays of float32 and float64; and dropout, which draws it on the
// way, some 4 kB of mask at a time.

#include "level.h"
#include "masks.h"

#if VECTOR_BYTES == 16
#define FOUR_BITS(s) {1u << (s), 2u << (s), 4u << (s), 8u << (s)}
#define TWO_BITS(s) {1u << (s), 1u << (s), 2u << (s), 2u << (s)}
static const words SINGLE_BITS[32 / LANES] = {FOUR_BITS(0),  FOUR_BITS(4),  FOUR_BITS(8),  FOUR_BITS(12),
                                              FOUR_BITS(16), FOUR_BITS(20), FOUR_BITS(24), FOUR_BITS(28)};
static const words DOUBLE_BITS[64 / LANES] = {TWO_BITS(0),  TWO_BITS(2),  TWO_BITS(4),  TWO_BITS(6),
                                              TWO_BITS(8),  TWO_BITS(10), TWO_BITS(12), TWO_BITS(14),
                                              TWO_BITS(16), TWO_BITS(18), TWO_BITS(20), TWO_BITS(22),
                                              TWO_BITS(24), TWO_BITS(26), TWO_BITS(28), TWO_BITS(30)};
#elif VECTOR_BYTES == 32
#define EIGHT_BITS(s) \
  {1u << (s), 2u << (s), 4u << (s), 8u << (s), 16u << (s), 32u << (s), 64u << (s), 128u << (s)}
#define FOUR_BITS(s) {1u << (s), 1u << (s), 2u << (s), 2u << (s), 4u << (s), 4u << (s), 8u << (s), 8u << (s)}
static const words SINGLE_BITS[32 / LANES] = {EIGHT_BITS(0), EIGHT_BITS(8), EIGHT_BITS(16), EIGHT_BITS(24)};
static const words DOUBLE_BITS[64 / LANES] = {FOUR_BITS(0),  FOUR_BITS(4),  FOUR_BITS(8),  FOUR_BITS(12),
                                              FOUR_BITS(16), FOUR_BITS(20), FOUR_BITS(24), FOUR_BITS(28)};
#else
#define BITS_(s, a, b, c, d) 1u << (s + a), 1u << (s + b), 1u << (s + c), 1u << (s + d)
#define SIXTEEN_BITS(s) {BITS_(s, 0, 1, 2, 3), BITS_(s, 4, 5, 6, 7), BITS_(s, 8, 9, 10, 11), BITS_(s, 12, 13, 14, 15)}
#define EIGHT_BITS(s) {BITS_(s, 0, 0, 1, 1), BITS_(s, 2, 2, 3, 3), BITS_(s, 4, 4, 5, 5), BITS_(s, 6, 6, 7, 7)}
static const words SINGLE_BITS[32 / LANES] = {SIXTEEN_BITS(0), SIXTEEN_BITS(16)};
static const words DOUBLE_BITS[64 / LANES] = {EIGHT_BITS(0), EIGHT_BITS(8), EIGHT_BITS(16), EIGHT_BITS(24)};
#endif

/** The next 32 decisions from bit `bit` on, of a mask that ends at `end`. */
INLINE uint32_t word_at(const unsigned char *mask, size_t bit, const unsigned char *end) {
  const unsigned char *at = mask + bit / 8;
  uint64_t value = 0;
  if (end - at >= 8) value = load_u64(at);
  else memcpy(&value, at, (size_t)(end - at));
  return (uint32_t)(value >> (bit % 8));
}

/** A lane's bit, tested, becomes a lane of ones or zeros. */
INLINE words lanes_of(words word, words bits) {
  return (words)((word & bits) == bits);
}

INLINE void put(void *to, words value, bool streams) {
  if (streams) stream(to, value);
  else *(words_at *)to = value;
}

// 32 elements, one word of mask. Where all are dropped, as in a dropped channel, x is not even read.

INLINE void apply_singles(const float *x, float *out, uint32_t word, singles factor, bool streams) {
  const words all = splat(word);
#pragma GCC unroll 8
  for (int v = 0; v < 32 / LANES; v++) {
    const words value = (words)(*(const singles_at *)(x + v * LANES) * factor);
    put(out + v * LANES, value & lanes_of(all, SINGLE_BITS[v]), streams);
  }
}

INLINE void apply_doubles(const double *x, double *out, uint32_t word, doubles factor, bool streams) {
  const words all = splat(word);
#pragma GCC unroll 16
  for (int v = 0; v < 64 / LANES; v++) {
    const words value = (words)(*(const doubles_at *)(x + v * LANES / 2) * factor);
    put(out + v * LANES / 2, value & lanes_of(all, DOUBLE_BITS[v]), streams);
  }
}

INLINE void clear(void *out, size_t bytes, bool streams) {
#pragma GCC unroll 16
  for (size_t at = 0; at < bytes; at += VECTOR_BYTES) put((char *)out + at, splat(0), streams);
}

#define APPLY(name, F, VECTOR, apply_32) \
  INLINE void name(const F *x, F *out, size_t n, const unsigned char *mask, size_t bit, const unsigned char *end, \
                   F scale, bool streams) { \
    const VECTOR factor = (VECTOR){0} + scale; \
    size_t j = 0; \
    if (streams) /* up to where vectors of `out` begin */ \
      for (; j < n && ((uintptr_t)(out + j) & (VECTOR_BYTES - 1)) != 0; j++, bit++) \
        out[j] = mask[bit / 8] >> (bit % 8) & 1 ? x[j] * scale : 0; \
    for (; j + 32 <= n; j += 32, bit += 32) { \
      const uint32_t word = word_at(mask, bit, end); \
      if (word == 0) clear(out + j, 32 * sizeof(F), streams); \
      else apply_32(x + j, out + j, word, factor, streams); \
    } \
    for (; j < n; j++, bit++) out[j] = mask[bit / 8] >> (bit % 8) & 1 ? x[j] * scale : 0; \
  }

APPLY(singles_by_bits, float, singles, apply_singles)
APPLY(doubles_by_bits, double, doubles, apply_doubles)

void AT_LEVEL(apply_bits)(enum type type, const void *x, void *out, size_t n, const void *mask, size_t bit,
                          const void *end, double scale, bool streams) {
  if (type == SINGLE) {
    if (streams) singles_by_bits(x, out, n, mask, bit, end, (float)scale, true);
    else singles_by_bits(x, out, n, mask, bit, end, (float)scale, false);
  } else {
    if (streams) doubles_by_bits(x, out, n, mask, bit, end, scale, true);
    else doubles_by_bits(x, out, n, mask, bit, end, scale, false);
  }
}

void AT_LEVEL(apply)(enum type type, const void *x, void *out, size_t n, const uint32_t *mask, double scale,
                     bool streams) {
  AT_LEVEL(apply_bits)(type, x, out, n, mask, 0, mask + (n + 31) / 32, scale, streams);
  if (streams) end_stream();
}

void AT_LEVEL(dropout)(enum type type, const void *x, void *out, size_t n, const struct draws *draws, double scale,
                       bool streams) {
  uint64_t mask[MASK_LONGS];
  for (size_t j = 0; j < n;) {
    // Pieces end where blocks do, so that none is drawn twice.
    const size_t most = BLOCKS * BLOCK - (size_t)((draws->offset + j) % BLOCK);
    const size_t count = n - j < most ? n - j : most;
    const size_t blocks = (BLOCKS * BLOCK - most + count + BLOCK - 1) / BLOCK;
    const unsigned bit = AT_LEVEL(draw)(mask, draws, j, blocks);
    AT_LEVEL(apply_bits)(type, (const char *)x + j * type, (char *)out + j * type, count, mask, bit, mask + MASK_LONGS,
                         scale, streams);
    j += count;
  }
  if (streams) end_stream();
}
