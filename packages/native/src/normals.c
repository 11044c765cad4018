// Standard normal numbers of mask stream 1, and products with them: the sequence of operations of random/normal.ts in
// the library. Every operation is one of IEEE 754 in float64 (no fused ones: -ffp-contract=off), so the results are
// the same to the last bit.
//
// In steps for a whole batch, each a plain loop that compilers make vectors of: from a word to its normal some 30
// operations wait for one another, and a processor does not see enough elements ahead to fill that time.

#include "level.h"
#include "masks.h"

/** Normals made at once; whole chunks of two words a block. */
#define BATCH 512
/** In place of a plane's number: continuous noise. */
#define NOISE_PLANE 64u
/** Below it, in units of 2^-31, lie the tails: 1.6 % of all. */
#define TAIL (1 << 25)

_Static_assert(BATCH % (2 * CHUNK) == 0, "a batch is made of whole chunks");

struct batch {
  uint32_t word[BATCH];
  double z[BATCH];
  uint32_t tail_word[BATCH];
  uint32_t tail_at[BATCH];
};

/** Noise words from block hi * 2^32 + lo on, in the order of the elements. */
static void draw_words(struct batch *batch, const struct draws *draws, uint32_t hi, uint32_t lo) {
  for (uint32_t block = 0; block < BATCH / 2; block += CHUNK) {
    words x0[CHAINS], x1[CHAINS];
    EACH_CHAIN {
      x0[c] = splat(0x80000000u | NOISE_PLANE << 16 | hi);
      x1[c] = lane_numbers() + (lo + block + (uint32_t)(c * LANES));
    }
    hash(x0, x1, draws->key0, draws->key1);
    EACH_CHAIN store_pairs(batch->word + 2 * (block + (uint32_t)(c * LANES)), x0[c], x1[c]);
  }
}

/** With the sign that is the top bit of the word. */
INLINE double signed_by(uint32_t word, double z) {
  uint64_t bits;
  memcpy(&bits, &z, 8);
  bits ^= (uint64_t)(word & 0x80000000u) << 32;
  memcpy(&z, &bits, 8);
  return z;
}

/** With k the low 31 bits of a word: v = (k + 1/2) / 2^31. */
INLINE double v_of(uint32_t word) {
  return ((double)(int32_t)(word & 0x7fffffffu) + 0.5) * (1.0 / 2147483648.0);
}

/** |z| = (1 - v) P(x) / Q(x), s = v (2 - v), x = sqrt(s). */
static void central(struct batch *restrict batch) {
  for (int i = 0; i < BATCH; i++) {
    const double v = v_of(batch->word[i]);
    const double s = v * (2 - v);
    const double x = __builtin_sqrt(s);
    const double p = ((0.016889443430057584 * s + 14.742265098937889) * s + 4.486270755030274) * s +
                     0.005275934313104646 +
                     x * ((2.954032218605109 * s + 15.305428410907068) * s + 0.36046927653184624);
    const double q = ((s + 12.607351439755028) * s + 1.6226401819695098) * s + 0.0011394081692564625 +
                     x * ((7.196108689066233 * s + 7.68784282540762) * s + 0.10130934829384773);
    batch->z[i] = signed_by(batch->word[i], (1 - v) * p / q);
  }
}

/** |z| = P(x) / Q(x), x = v^(1/16), y = x^2. */
INLINE double tail_normal(double v) {
  const double y = __builtin_sqrt(__builtin_sqrt(__builtin_sqrt(v)));
  const double x = __builtin_sqrt(y);
  const double p = ((136.40919201873209 * y - 57.456838187320784) * y - 78.03063557603777) * y - 1.0065569007647261 +
                   x * (((-21.512838517005694 * y - 201.02297030709425) * y + 254.63052439987987) * y -
                        32.0120367980854);
  const double q = ((7.332357084551008 * y + 28.383762078320085) * y - 16.62960083352644) * y - 0.0781116015551062 +
                   x * (((y - 35.021235350772514) * y + 18.04029289084426) * y - 3.4701677595965883);
  return p / q;
}

/** Does those with v < 2^-6 again: listed first, without a branch for each, which would be guessed wrong. */
static void tails(struct batch *restrict batch) {
  int count = 0;
  for (int i = 0; i < BATCH; i++) {
    batch->tail_word[count] = batch->word[i];
    batch->tail_at[count] = (uint32_t)i;
    count += (batch->word[i] & 0x7fffffffu) < TAIL;
  }
  // In eights, so that compilers make vectors of it; what is past the list is done and not used.
  for (int from = 0; from < count; from += 8) {
    double z[8];
    for (int i = 0; i < 8; i++) z[i] = tail_normal(v_of(batch->tail_word[from + i]));
    for (int i = 0; i < 8 && from + i < count; i++)
      batch->z[batch->tail_at[from + i]] = signed_by(batch->tail_word[from + i], z[i]);
  }
}

/** `count` numbers mean + deviation * z, times x where there is one, the product in float64 and rounded once. */
#define WRITE(name, F) \
  static void name(const F *x, F *out, size_t count, const double *z, double mean, double deviation) { \
    if (x == NULL) \
      for (size_t i = 0; i < count; i++) out[i] = (F)(mean + deviation * z[i]); \
    else \
      for (size_t i = 0; i < count; i++) out[i] = (F)((double)x[i] * (mean + deviation * z[i])); \
  }

WRITE(write_singles, float)
WRITE(write_doubles, double)

void AT_LEVEL(normals)(enum type type, const void *x, void *out, size_t n, const struct draws *draws, double mean,
                       double deviation) {
  struct batch batch;
  memset(batch.tail_word, 0, sizeof batch.tail_word);
  for (size_t j = 0; j < n;) {
    const uint64_t first = draws->offset + j, block = first / 2;
    const size_t skip = (size_t)(first % 2);
    const uint32_t hi = (uint32_t)(block >> 32), lo = (uint32_t)block;
    // Up to the next multiple of 2^32 blocks, where the high word changes.
    const uint64_t before = 2 * ((UINT64_C(1) << 32) - lo) - skip;
    size_t count = n - j < BATCH - skip ? n - j : BATCH - skip;
    if (count > before) count = (size_t)before;
    draw_words(&batch, draws, hi, lo);
    central(&batch);
    tails(&batch);
    const char *from = x == NULL ? NULL : (const char *)x + j * type;
    char *to = (char *)out + j * type;
    if (type == SINGLE) write_singles((const float *)from, (float *)to, count, batch.z + skip, mean, deviation);
    else write_doubles((const double *)from, (double *)to, count, batch.z + skip, mean, deviation);
    j += count;
  }
}
