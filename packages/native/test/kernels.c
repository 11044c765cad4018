// Every level of this processor against obvious loops, bit for bit, on arrays that end where memory does: a page that
// may not be touched stands before and after each. Exit code 0 and a line for each level, or 1 and what differs.
//
// Built by build.mjs --test, and with --sanitize under AddressSanitizer and UndefinedBehaviorSanitizer.

#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../src/kernels.h"

/** Bytes of the pages that may be touched. */
#define ROOM (1u << 20)

static unsigned long checks = 0;

#define CHECK(condition, ...) \
  do { \
    checks++; \
    if (!(condition)) { \
      printf(__VA_ARGS__); \
      printf("\n"); \
      exit(1); \
    } \
  } while (0)

/** Memory with a page before and after it that may not be touched. */
static char *guarded(void) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char *all = mmap(NULL, ROOM + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED || mprotect(all + page, ROOM, PROT_READ | PROT_WRITE) != 0) {
    perror("mmap");
    exit(1);
  }
  return all + page;
}

/** `bytes` at the end of a guarded room, or at its beginning. */
static void *place(char *room, size_t bytes, bool at_end) {
  return at_end ? room + ROOM - bytes : room;
}

static uint32_t rotl(uint32_t x, int r) {
  return x << r | x >> (32 - r);
}

/** Threefry-2x32-20, one counter. */
static void threefry(uint32_t key0, uint32_t key1, uint32_t hi, uint32_t lo, uint32_t out[2]) {
  static const int distances[8] = {13, 15, 26, 6, 17, 29, 16, 24};
  const uint32_t key[3] = {key0, key1, key0 ^ key1 ^ 0x1bd11bdau};
  uint32_t a = hi + key0, b = lo + key1;
  for (int round = 0; round < 20; round++) {
    a += b;
    b = rotl(b, distances[round % 8]) ^ a;
    if (round % 4 != 3) continue;
    const uint32_t j = (uint32_t)round / 4 + 1;
    a += key[j % 3];
    b += key[(j + 1) % 3] + j;
  }
  out[0] = a;
  out[1] = b;
}

static uint32_t word_of(const struct draws *d, uint32_t plane, uint64_t w) {
  uint32_t out[2];
  threefry(d->key0, d->key1, 0x80000000u | plane << 16 | (uint32_t)(w / 2 >> 32), (uint32_t)(w / 2), out);
  return out[w % 2];
}

/** Decision number offset + j, as docs/stream.md says it. */
static bool naive_keep(const struct draws *d, uint64_t j) {
  const uint64_t i = d->offset + j;
  for (uint32_t k = 0; k < 53; k++) {
    const uint32_t bit = word_of(d, k, i / 32) >> (i % 32) & 1;
    const uint32_t limit = (uint32_t)(d->T >> (52 - k)) & 1;
    if (bit != limit) return bit < limit;
  }
  return false;
}

static double special(size_t i) {
  static const double values[] = {NAN, INFINITY, -INFINITY, -0.0, 0.0, 5e-324, 1e-45, -1e-40, 3.4e38};
  return i % 3 == 0 ? values[i / 3 % 9] : ((double)i - 7.3) / 11;
}

static bool same(enum type type, const void *a, size_t i, double expected) {
  const double value = type == SINGLE ? (double)((const float *)a)[i] : ((const double *)a)[i];
  return memcmp(&value, &expected, 8) == 0 || (isnan(value) && isnan(expected));
}

static double rounded(enum type type, double value) {
  return type == SINGLE ? (double)(float)value : value;
}

static void put(enum type type, void *a, size_t i, double value) {
  if (type == SINGLE) ((float *)a)[i] = (float)value;
  else ((double *)a)[i] = value;
}

static double get(enum type type, const void *a, size_t i) {
  return type == SINGLE ? (double)((const float *)a)[i] : ((const double *)a)[i];
}

static const uint64_t THRESHOLDS[] = {UINT64_C(1) << 52,
                                      UINT64_C(1) << 51,
                                      8106479329266893,
                                      900719925474099,
                                      1,
                                      (UINT64_C(1) << 53) - 1,
                                      9007190,
                                      UINT64_C(13) << 48};
static const uint64_t OFFSETS[] = {0, 1, 31, 32, 63, 100, (UINT64_C(1) << 38) - 100, (UINT64_C(1) << 53) - 5000};

static char *room_x, *room_y, *room_m;

static void check_masks(const struct kernels *k, size_t n, const struct draws *d, bool at_end) {
  static bool keep[8192];
  for (size_t j = 0; j < n; j++) keep[j] = naive_keep(d, j);
  const size_t words = (n + 31) / 32;
  uint32_t *mask = place(room_m, 4 * words, at_end);
  memset(mask, 0xa5, 4 * words);
  k->mask(mask, n, d);
  for (size_t j = 0; j < 32 * words; j++)
    CHECK((mask[j / 32] >> (j % 32) & 1) == (j < n && keep[j]), "%s: bit %zu of a mask of %zu, T %llu, offset %llu",
          k->level, j, n, (unsigned long long)d->T, (unsigned long long)d->offset);
  for (int t = 0; t < 4; t++) {
    const enum type type = t % 2 == 0 ? SINGLE : DOUBLE;
    const bool streams = t >= 2;
    const size_t bytes = n * type;
    void *x = place(room_x, bytes, at_end), *y = place(room_y, bytes, !at_end);
    const double scale = type == SINGLE ? (double)(float)(1 / 0.9) : 1 / 0.9;
    for (int given = 0; given < 3; given++) {
      for (size_t j = 0; j < n; j++) put(type, x, j, special(j));
      void *to = given == 2 ? x : y;
      if (given != 1) k->dropout(type, x, to, n, d, 1 / 0.9, streams);
      else k->apply(type, x, to, n, mask, 1 / 0.9, streams);
      for (size_t j = 0; j < n; j++) {
        const double value = rounded(type, special(j));
        const double expected = keep[j] ? rounded(type, value * scale) : 0;
        CHECK(same(type, to, j, expected), "%s: element %zu of %zu, type %d, T %llu, offset %llu", k->level, j, n,
              type, (unsigned long long)d->T, (unsigned long long)d->offset);
      }
    }
  }
}

/** |z| of the low 31 bits of a word; random/normal.ts. */
static double naive_normal(uint32_t word) {
  const uint32_t low = word & 0x7fffffff;
  const double v = ((double)low + 0.5) / 2147483648.0;
  double z;
  if (low >= 1u << 25) {
    const double s = v * (2 - v), x = sqrt(s);
    const double p = ((0.016889443430057584 * s + 14.742265098937889) * s + 4.486270755030274) * s +
                     0.005275934313104646 +
                     x * ((2.954032218605109 * s + 15.305428410907068) * s + 0.36046927653184624);
    const double q = ((s + 12.607351439755028) * s + 1.6226401819695098) * s + 0.0011394081692564625 +
                     x * ((7.196108689066233 * s + 7.68784282540762) * s + 0.10130934829384773);
    z = (1 - v) * p / q;
  } else {
    const double y = sqrt(sqrt(sqrt(v))), x = sqrt(y);
    z = (((136.40919201873209 * y - 57.456838187320784) * y - 78.03063557603777) * y - 1.0065569007647261 +
         x * (((-21.512838517005694 * y - 201.02297030709425) * y + 254.63052439987987) * y - 32.0120367980854)) /
        (((7.332357084551008 * y + 28.383762078320085) * y - 16.62960083352644) * y - 0.0781116015551062 +
         x * (((y - 35.021235350772514) * y + 18.04029289084426) * y - 3.4701677595965883));
  }
  return word >> 31 ? -z : z;
}

static void check_normals(const struct kernels *k, size_t n, const struct draws *d, bool at_end) {
  for (int t = 0; t < 4; t++) {
    const enum type type = t % 2 == 0 ? SINGLE : DOUBLE;
    const bool has_input = t >= 2;
    void *x = place(room_x, n * type, at_end), *y = place(room_y, n * type, at_end);
    for (size_t j = 0; j < n; j++) put(type, x, j, special(j));
    k->normals(type, has_input ? x : NULL, y, n, d, 0.25, 1.5);
    for (size_t j = 0; j < n; j++) {
      const double multiplier = 0.25 + 1.5 * naive_normal(word_of(d, 64, d->offset + j));
      const double expected = rounded(type, has_input ? rounded(type, special(j)) * multiplier : multiplier);
      CHECK(same(type, y, j, expected), "%s: normal %zu of %zu, offset %llu", k->level, j, n,
            (unsigned long long)d->offset);
    }
  }
}

static double sum_of_eight(const double p[8]) {
  return ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]));
}

/** Products and gradients of one shape, as dense-plain.ts forms them. */
static void check_dense(const struct kernels *k, enum type type, size_t rows, size_t inputs, size_t outputs,
                        bool has_masks) {
  char *room_w = guarded(), *room_dy = guarded();
  void *x = place(room_x, rows * inputs * type, true), *w = place(room_w, inputs * outputs * type, true);
  void *dy = place(room_dy, rows * outputs * type, true);
  for (size_t i = 0; i < rows * inputs; i++) put(type, x, i, i % 29 == 3 ? special(3 * i) : sin((double)i + 1));
  for (size_t i = 0; i < inputs * outputs; i++) put(type, w, i, i % 31 == 5 ? special(3 * i) : sin((double)i + 2));
  for (size_t i = 0; i < rows * outputs; i++) put(type, dy, i, sin((double)i + 3));
  struct draws *masks = malloc(sizeof *masks * rows);
  for (size_t s = 0; s < rows; s++) {
    const uint64_t offset = s % 2 ? (UINT64_C(1) << 38) - 100 : s * inputs * outputs;
    masks[s] = (struct draws){7, (uint32_t)s, THRESHOLDS[s % 3], offset};
  }
  const size_t outs = rows * outputs, ins = rows * inputs, all = inputs * outputs;
  double *expected = calloc(outs + ins + all, 8), *edx = expected + outs, *edw = edx + ins;
  for (size_t i = 0; i < outs + ins + all; i++) expected[i] = (double)i / 7;
  double *sums = place(room_y, outs * 8, true), *dx = place(room_m, ins * 8, true);
  char *room_dw = guarded();
  double *dw = place(room_dw, all * 8, true);
  memcpy(sums, expected, outs * 8);
  memcpy(dx, edx, ins * 8);
  memcpy(dw, edw, all * 8);
  for (size_t s = 0; s < rows; s++)
    for (size_t i = 0; i < inputs; i++) {
      const double value = get(type, x, s * inputs + i);
      double partial[8] = {0};
      for (size_t j = 0; j < outputs; j++) {
        if (has_masks && !naive_keep(masks + s, i * outputs + j)) continue;
        expected[s * outputs + j] += value * get(type, w, i * outputs + j);
        edw[i * outputs + j] += value * get(type, dy, s * outputs + j);
        partial[j % 8] += get(type, dy, s * outputs + j) * get(type, w, i * outputs + j);
      }
      edx[s * inputs + i] += sum_of_eight(partial);
    }
  const struct dense d = {x, w, type, type, type, rows, inputs, outputs, has_masks ? masks : NULL};
  k->add_products(sums, &d);
  k->add_gradients(dw, dx, dy, &d);
  for (size_t i = 0; i < outs; i++) CHECK(same(DOUBLE, sums, i, expected[i]), "%s: sum %zu", k->level, i);
  for (size_t i = 0; i < ins; i++) CHECK(same(DOUBLE, dx, i, edx[i]), "%s: dx %zu", k->level, i);
  for (size_t i = 0; i < all; i++) CHECK(same(DOUBLE, dw, i, edw[i]), "%s: dw %zu", k->level, i);
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char *rooms[] = {room_w, room_dy, room_dw};
  for (int r = 0; r < 3; r++) munmap(rooms[r] - page, ROOM + 2 * page);
  free(masks);
  free(expected);
}

static void check_level(const struct kernels *k) {
  const unsigned long before = checks;
  for (size_t o = 0; o < sizeof OFFSETS / 8; o++) {
    for (size_t n = 0; n < 300; n++) {
      const struct draws d = {0x9e3779b9, 0x7f4a7c15, THRESHOLDS[(n + o) % (sizeof THRESHOLDS / 8)], OFFSETS[o]};
      check_masks(k, n, &d, n % 2 == 0);
      if (n % 7 == 0) check_normals(k, n, &d, n % 2 == 0);
    }
    for (size_t t = 0; t < sizeof THRESHOLDS / 8; t++) {
      const struct draws d = {7, (uint32_t)o, THRESHOLDS[t], OFFSETS[o]};
      check_masks(k, 512 * (t + 1) + 3 * o + 1, &d, t % 2 == 0);
    }
    const struct draws d = {1, 2, 1, o % 2 ? OFFSETS[o] : (UINT64_C(1) << 33) - 45 + o};
    for (size_t n = 500; n < 530; n++) check_normals(k, n, &d, true);
    check_normals(k, 4097, &d, true);
  }
  static const size_t shapes[][3] = {{1, 1, 1}, {2, 3, 5},  {3, 4, 8},    {4, 9, 16},   {2, 7, 33},
                                     {3, 31, 64}, {2, 70, 257}, {3, 40, 1024}, {2, 3, 16500}, {3, 1, 33000}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int t = 0; t < 4; t++)
      check_dense(k, t % 2 ? SINGLE : DOUBLE, shapes[i][0], shapes[i][1], shapes[i][2], t >= 2);
  printf("%s: %lu checks\n", k->level, checks - before);
}

int main(void) {
  const struct kernels *levels[8];
  const size_t count = hadamask_levels(levels, 8);
  room_x = guarded();
  room_y = guarded();
  room_m = guarded();
  for (size_t i = 0; i < count; i++) check_level(levels[i]);
  return 0;
}
