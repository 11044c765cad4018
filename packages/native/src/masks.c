// Masks: which elements are kept, 1 bit each (mask stream 1, docs/stream.md of the library).
//
// Element by element the stream's rule reads: compare the bits of U with those of T, plane after plane, until they
// differ. Here the first few planes are drawn for every block of 64 elements, a chunk of blocks at a time in
// registers; from then on only for the blocks that still have undecided elements, from a list that shrinks (after six
// planes 63 % of all are left; 7.3 planes are needed on average, where groups of 2048 would need 12.3).

#include "level.h"
#include "masks.h"

/** Planes that are drawn for every block. */
#define FULL_PLANES 6

/** So few blocks are drawn one by one. */
#define ALONE 4

/** Blocks with undecided elements: the low words of their counters, and those elements as bits. */
struct list {
  size_t count;
  uint32_t counter[BLOCKS + CHUNK];
  uint32_t open0[BLOCKS + CHUNK];
  uint32_t open1[BLOCKS + CHUNK];
};

/** Lanes of a vector that are not 0, as the places that they take when they are moved to the front. */
#if defined(__AVX2__) && VECTOR_BYTES == 32
static uint32_t front[256][8];
void AT_LEVEL(prepare_masks)(void) {
  for (unsigned set = 0; set < 256; set++)
    for (unsigned lane = 0, to = 0; lane < 8; lane++)
      if (set >> lane & 1) front[set][to++] = lane;
}
#else
void AT_LEVEL(prepare_masks)(void) {}
#endif

/** Appends those of LANES blocks that are open; never writes more than LANES places. */
INLINE void append(struct list *list, words counter, words open0, words open1) {
  const size_t at = list->count;
#if defined(__AVX2__) && VECTOR_BYTES == 32
  const __m256i is_closed = _mm256_cmpeq_epi32((__m256i)(open0 | open1), _mm256_setzero_si256());
  const unsigned set = 255 ^ (unsigned)_mm256_movemask_ps((__m256)is_closed);
  const __m256i to = _mm256_loadu_si256((const __m256i *)front[set]);
  _mm256_storeu_si256((__m256i *)(list->counter + at), _mm256_permutevar8x32_epi32((__m256i)counter, to));
  _mm256_storeu_si256((__m256i *)(list->open0 + at), _mm256_permutevar8x32_epi32((__m256i)open0, to));
  _mm256_storeu_si256((__m256i *)(list->open1 + at), _mm256_permutevar8x32_epi32((__m256i)open1, to));
  list->count = at + (size_t)__builtin_popcount(set);
#else
  // Without a branch for each, which would be guessed wrong: a closed block is overwritten by the next.
  size_t to = at;
  for (int lane = 0; lane < LANES; lane++) {
    list->counter[to] = counter[lane];
    list->open0[to] = open0[lane];
    list->open1[to] = open1[lane];
    to += (open0[lane] | open1[lane]) != 0;
  }
  list->count = to;
#endif
}

/** What all chunks of a drawing have in common. */
struct drawing {
  uint64_t *mask;
  uint32_t key0, key1;
  /** High and low word of the first block's number. */
  uint32_t hi, lo;
  uint64_t T;
  /** Planes down to the last 1 of T: an element that equals it so far can no longer fall below. */
  int planes;
};

INLINE uint32_t plane_word(const struct drawing *d, int k) {
  return 0x80000000u | (uint32_t)k << 16 | d->hi;
}

INLINE bool bit_of(uint64_t T, int k) {
  return (T >> (52 - k) & 1) != 0;
}

/** The first planes of CHUNK blocks from number `first` on; the `count` of them that are wanted may become listed. */
static void draw_chunk(const struct drawing *d, size_t first, size_t count, struct list *list) {
  words open0[CHAINS], open1[CHAINS], kept0[CHAINS], kept1[CHAINS], x0[CHAINS], x1[CHAINS];
  const int full = d->planes < FULL_PLANES ? d->planes : FULL_PLANES;
  const words counter = lane_numbers() + d->lo + (uint32_t)first;
  EACH_CHAIN {
    open0[c] = open1[c] = splat(0xffffffff);
    kept0[c] = kept1[c] = splat(0);
  }
  for (int k = 0; k < full; k++) {
    EACH_CHAIN {
      x0[c] = splat(plane_word(d, k));
      x1[c] = counter + (uint32_t)(c * LANES);
    }
    hash(x0, x1, d->key0, d->key1);
    if (bit_of(d->T, k)) {
      // 0 where T has 1: below T, kept.
      EACH_CHAIN {
        kept0[c] |= open0[c] & ~x0[c];
        kept1[c] |= open1[c] & ~x1[c];
        open0[c] &= x0[c];
        open1[c] &= x1[c];
      }
    } else {
      // 1 where T has 0: above T, dropped.
      EACH_CHAIN {
        open0[c] &= ~x0[c];
        open1[c] &= ~x1[c];
      }
    }
  }
  EACH_CHAIN store_pairs((uint32_t *)(d->mask + first + c * LANES), kept0[c], kept1[c]);
  if (full == d->planes) return;
  EACH_CHAIN append(list, counter + (uint32_t)(c * LANES), open0[c], open1[c]);
  // Blocks past those that are wanted came last.
  if (count < CHUNK)
    while (list->count > 0 && list->counter[list->count - 1] - d->lo >= first + count) list->count--;
}

/** Sets the bits of LANES blocks wherever they are. Padding has no bits; it stands for the first block. */
INLINE void keep(const struct drawing *d, words counter, words kept0, words kept1) {
  for (int lane = 0; lane < LANES; lane++)
    d->mask[counter[lane] - d->lo] |= (uint64_t)kept1[lane] << 32 | kept0[lane];
}

/**
 * Planes k to k + planes - 1 of `groups` vectors of listed blocks from place `at` on, groups * planes <= CHAINS. Those
 * that stay open are appended to the list anew, which by then is at most as long as what was read.
 */
INLINE void draw_listed(const struct drawing *d, struct list *list, size_t at, int k, int groups, int planes) {
  words x0[CHAINS], x1[CHAINS], counter[CHAINS];
  for (int c = 0; c < CHAINS; c++) {
    counter[c] = *(words_at *)(list->counter + at + (size_t)(c % groups * LANES));
    x0[c] = splat(plane_word(d, k + c / groups));
    x1[c] = counter[c];
  }
  hash(x0, x1, d->key0, d->key1);
  for (int g = 0; g < groups; g++) {
    words open0 = *(words_at *)(list->open0 + at + (size_t)(g * LANES));
    words open1 = *(words_at *)(list->open1 + at + (size_t)(g * LANES));
    words kept0 = splat(0), kept1 = splat(0);
    bool has_kept = false;
    for (int p = 0; p < planes; p++) {
      const words word0 = x0[p * groups + g], word1 = x1[p * groups + g];
      if (bit_of(d->T, k + p)) {
        kept0 |= open0 & ~word0;
        kept1 |= open1 & ~word1;
        open0 &= word0;
        open1 &= word1;
        has_kept = true;
      } else {
        open0 &= ~word0;
        open1 &= ~word1;
      }
    }
    if (has_kept) keep(d, counter[g], kept0, kept1);
    append(list, counter[g], open0, open1);
  }
}

/** The planes from number k on, of the blocks that are listed. */
static void draw_list(const struct drawing *d, struct list *list, int k) {
  while (list->count > 0 && k < d->planes) {
    const size_t count = list->count;
    for (size_t i = count; i < (count + CHUNK - 1) / CHUNK * CHUNK; i++) {
      list->counter[i] = d->lo;
      list->open0[i] = list->open1[i] = 0;
    }
    list->count = 0;
    // The last few blocks fill the chains with planes in place of blocks: they need several more of them.
    if (count <= LANES && k + 4 <= d->planes) {
      draw_listed(d, list, 0, k, 1, 4);
      k += 4;
    } else if (count <= 2 * LANES && k + 2 <= d->planes) {
      draw_listed(d, list, 0, k, 2, 2);
      k += 2;
    } else {
      for (size_t at = 0; at < count; at += CHUNK) draw_listed(d, list, at, k, CHAINS, 1);
      k++;
    }
  }
}

/** The mask of one block, its planes side by side in the lanes of a vector: a call on few elements is all latency. */
static uint64_t draw_alone(const struct drawing *d, uint32_t counter) {
  uint64_t open = UINT64_MAX, kept = 0;
  for (int k = 0; k < d->planes && open != 0; k += LANES) {
    // The other chains are computed for nobody, and left out by compilers.
    words x0[CHAINS] = {splat(plane_word(d, k)) + (lane_numbers() << 16)}, x1[CHAINS] = {splat(counter)};
    hash(x0, x1, d->key0, d->key1);
    const int planes = d->planes - k < LANES ? d->planes - k : LANES;
    for (int p = 0; p < planes; p++) {
      const uint64_t word = (uint64_t)x1[0][p] << 32 | x0[0][p];
      if (bit_of(d->T, k + p)) {
        kept |= open & ~word;
        open &= word;
      } else open &= ~word;
    }
  }
  return kept;
}

/** Draws `count` blocks, none of them past a multiple of 2^32. */
static void draw_blocks(struct drawing *d, size_t count) {
  if (count <= ALONE) {
    for (size_t i = 0; i < count; i++) d->mask[i] = draw_alone(d, d->lo + (uint32_t)i);
    return;
  }
  struct list list;
  list.count = 0;
  if (count <= 2 * LANES) {
    memset(d->mask, 0, 8 * count);
    for (size_t i = 0; i < count; i++) {
      list.counter[i] = d->lo + (uint32_t)i;
      list.open0[i] = list.open1[i] = 0xffffffff;
    }
    list.count = count;
    draw_list(d, &list, 0);
    return;
  }
  for (size_t first = 0; first < count; first += CHUNK) {
    draw_chunk(d, first, count - first, &list);
  }
  draw_list(d, &list, FULL_PLANES);
}

unsigned AT_LEVEL(draw)(uint64_t mask[MASK_LONGS], const struct draws *draws, uint64_t j, size_t count) {
  const uint64_t first = (draws->offset + j) / BLOCK;
  struct drawing d = {mask,
                      draws->key0,
                      draws->key1,
                      (uint32_t)(first >> 32),
                      (uint32_t)first,
                      draws->T,
                      53 - __builtin_ctzll(draws->T)};
  // The counter's high word changes at multiples of 2^32 blocks.
  const uint64_t before = (UINT64_C(1) << 32) - d.lo;
  if (before >= count) draw_blocks(&d, count);
  else {
    draw_blocks(&d, (size_t)before);
    d.mask += before;
    d.hi++;
    d.lo = 0;
    draw_blocks(&d, count - (size_t)before);
  }
  return (unsigned)((draws->offset + j) % BLOCK);
}

/** Copies `n` bits from bit `bit` of `from` on; bits past them, up to a whole word, become 0. */
static void copy_bits(uint32_t *to, const uint64_t *from, unsigned bit, size_t n) {
  const unsigned char *bytes = (const unsigned char *)from;
  for (size_t j = 0; j < n; j += 32) {
    const size_t at = bit + j;
    to[j / 32] = (uint32_t)(load_u64(bytes + at / 8) >> (at % 8));
  }
  if (n % 32 != 0) to[n / 32] &= (1u << (n % 32)) - 1;
}

void AT_LEVEL(mask)(uint32_t *out, size_t n, const struct draws *draws) {
  uint64_t mask[MASK_LONGS];
  // Whole words of `out` at a time.
  for (size_t j = 0; j < n;) {
    const unsigned skew = (unsigned)((draws->offset + j) % BLOCK);
    const size_t most = skew == 0 ? BLOCKS * BLOCK : (BLOCKS - 1) * BLOCK;
    const size_t count = n - j < most ? n - j : most;
    const unsigned bit = AT_LEVEL(draw)(mask, draws, j, (skew + count + BLOCK - 1) / BLOCK);
    copy_bits(out + j / 32, mask, bit, count);
    j += count;
  }
}
