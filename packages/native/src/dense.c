// Dense products in float64, plain or with a mask on every weight. Matrices lie row by row: x [rows, inputs], weights
// [inputs, outputs]. Sums are added in the order that kernels/dense-plain.ts of the library states, so that results
// agree with it to the last bit.
//
// A weight that is dropped must count for nothing, even where it or its factor is infinite: so it is the product that
// is masked. The mask of some rows of the weights is drawn anew for each row of x, so that never more than a piece of
// one mask exists; those rows are in float64 by then, and stay in the cache for all rows of x.

#include <stdlib.h>

#include "level.h"
#include "masks.h"

/** Weights at a time: 128 kB in float64. */
#define PIECE 16384
/** Partial sums over columns, by column modulo 8: what vectors add at the same time. */
#define PARTIALS 8

/** Vectors of eight columns, the number that a byte of mask decides on. */
#define PARTS (64 / VECTOR_BYTES)
#define PART_WIDTH (VECTOR_BYTES / 8)
#define EACH_PART _Pragma("GCC unroll 4") for (int p = 0; p < PARTS; p++)

/** Rows of x that meet the weights at the same time, so that these are read once for them. */
#define SIDE 2

/** For each byte of mask, eight lanes of ones or zeros. */
static longs lanes[256][PARTS];
void AT_LEVEL(prepare_dense)(void) {
  for (unsigned byte = 0; byte < 256; byte++)
    for (unsigned lane = 0; lane < 8; lane++)
      lanes[byte][lane / PART_WIDTH][lane % PART_WIDTH] = -(uint64_t)(byte >> lane & 1);
}

static void widen(double *to, const void *from, enum type type, size_t first, size_t n) {
  if (type == SINGLE)
    for (size_t i = 0; i < n; i++) to[i] = (double)((const float *)from)[first + i];
  else memcpy(to, (const double *)from + first, 8 * n);
}

/** A part of the weights: some rows, or where a row is longer than PIECE, some columns of one. */
struct part {
  size_t row, rows, column, columns;
};

/** Decisions on a part for one row of x; those of each of its rows begin at a whole byte. */
static void draw_part(unsigned char *bits, uint64_t *scratch, const struct draws *draws, const struct part *part,
                      size_t outputs) {
  const size_t stride = (part->columns + 7) / 8;
  const size_t first = part->row * outputs + part->column;
  const size_t n = part->rows * part->columns;
  const unsigned skew = (unsigned)((draws->offset + first) % BLOCK);
  const unsigned bit = AT_LEVEL(draw)(scratch, draws, first, (skew + n + BLOCK - 1) / BLOCK);
  const unsigned char *bytes = (const unsigned char *)scratch;
  // Four bytes at a time; what they write past a row is the next one's, or beyond the last.
  const size_t rows = part->columns % 8 == 0 ? 1 : part->rows;
  const size_t row_bits = n / rows, row_bytes = rows == 1 ? n / 8 + (n % 8 != 0) : stride;
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < row_bytes; j += 4) {
      const size_t at = bit + i * row_bits + 8 * j;
      const uint32_t four = (uint32_t)(load_u64(bytes + at / 8) >> (at % 8));
      memcpy(bits + i * row_bytes + j, &four, 4);
    }
}

INLINE bool is_kept(const unsigned char *bits, size_t j) {
  return (bits[j / 8] >> (j % 8) & 1) != 0;
}

INLINE doubles load(const double *from) {
  return *(const doubles_at *)from;
}

INLINE doubles masked(bool is_masked, doubles products, unsigned byte, int p) {
  return is_masked ? (doubles)((longs)products & lanes[byte][p]) : products;
}

/** One row of x with its decisions on a part, and its sums or gradients. */
struct side {
  const double *x;
  const unsigned char *bits;
  /** Sums of the columns of the part. */
  double *sums;
  /** Gradients of these columns, and the partial sums of each row of the part. */
  const double *dy;
  double *partial;
};

/**
 * Adds x_i w_ij to sums_j for the rows i of a part and `count` <= SIDE rows of x. Four rows of weights at a time, so
 * that a sum is read and written once for four products.
 */
INLINE void add_rows(bool is_masked, int count, const struct side side[SIDE], const double *w,
                     const struct part *part) {
  const size_t columns = part->columns, stride = (columns + 7) / 8, whole = columns & ~(size_t)7;
  size_t i = 0;
  for (; i + 4 <= part->rows; i += 4) {
    doubles x[SIDE][4];
    double *to[SIDE];
    const unsigned char *bits[SIDE];
    for (int s = 0; s < count; s++) {
      to[s] = side[s].sums;
      bits[s] = side[s].bits + i * stride;
      for (int r = 0; r < 4; r++) x[s][r] = (doubles){0} + side[s].x[i + (size_t)r];
    }
    for (size_t j = 0; j < whole; j += 8) {
      doubles sum[SIDE][PARTS];
      for (int s = 0; s < count; s++) EACH_PART sum[s][p] = load(to[s] + j + p * PART_WIDTH);
#pragma GCC unroll 4
      for (int r = 0; r < 4; r++) {
        const double *wr = w + (i + (size_t)r) * columns + j;
        for (int s = 0; s < count; s++) {
          const unsigned byte = is_masked ? bits[s][(size_t)r * stride + j / 8] : 0;
          EACH_PART sum[s][p] += masked(is_masked, x[s][r] * load(wr + p * PART_WIDTH), byte, p);
        }
      }
      for (int s = 0; s < count; s++) EACH_PART *(doubles_at *)(to[s] + j + p * PART_WIDTH) = sum[s][p];
    }
    for (int s = 0; s < count; s++)
      for (size_t r = i; r < i + 4; r++)
        for (size_t j = whole; j < columns; j++)
          if (!is_masked || is_kept(side[s].bits + r * stride, j)) side[s].sums[j] += side[s].x[r] * w[r * columns + j];
  }
  for (; i < part->rows; i++)
    for (int s = 0; s < count; s++)
      for (size_t j = 0; j < columns; j++)
        if (!is_masked || is_kept(side[s].bits + i * stride, j)) side[s].sums[j] += side[s].x[i] * w[i * columns + j];
}

INLINE double sum_of_eight(const double *p) {
  return ((p[0] + p[4]) + (p[2] + p[6])) + ((p[1] + p[5]) + (p[3] + p[7]));
}

/**
 * For the rows i of a part and `count` <= SIDE rows of x: adds x_i dy_j to dw_ij, and dy_j w_ij to the partial sums of
 * dx_i, PARTIALS a row; with a mask, only where its bit is 1.
 */
INLINE void add_row_gradients(bool is_masked, int count, const struct side side[SIDE], double *dw, const double *w,
                              const struct part *part) {
  const size_t columns = part->columns, stride = (columns + 7) / 8, whole = columns & ~(size_t)7;
  for (size_t i = 0; i < part->rows; i++) {
    const double *wi = w + i * columns;
    double *dwi = dw + i * columns;
    doubles sum[SIDE][PARTS], x[SIDE];
    const double *dy[SIDE];
    const unsigned char *bits[SIDE];
    for (int s = 0; s < count; s++) {
      dy[s] = side[s].dy;
      bits[s] = side[s].bits + i * stride;
      x[s] = (doubles){0} + side[s].x[i];
      EACH_PART sum[s][p] = load(side[s].partial + PARTIALS * i + (size_t)(p * PART_WIDTH));
    }
    for (size_t j = 0; j < whole; j += 8) {
      unsigned byte[SIDE] = {0};
      if (is_masked)
        for (int s = 0; s < count; s++) byte[s] = bits[s][j / 8];
      EACH_PART {
        const size_t at = j + (size_t)(p * PART_WIDTH);
        doubles gradient = load(dwi + at);
        const doubles weight = load(wi + at);
        for (int s = 0; s < count; s++) {
          const doubles delta = load(dy[s] + at);
          gradient += masked(is_masked, delta * x[s], byte[s], p);
          sum[s][p] += masked(is_masked, delta * weight, byte[s], p);
        }
        *(doubles_at *)(dwi + at) = gradient;
      }
    }
    for (int s = 0; s < count; s++) {
      double *partial = side[s].partial + PARTIALS * i;
      EACH_PART *(doubles_at *)(partial + p * PART_WIDTH) = sum[s][p];
      for (size_t j = whole; j < columns; j++) {
        if (is_masked && !is_kept(side[s].bits + i * stride, j)) continue;
        dwi[j] += side[s].x[i] * side[s].dy[j];
        partial[j % 8] += side[s].dy[j] * wi[j];
      }
    }
  }
}

/** The part after `part`; rows is 0 after the last. */
static struct part next_part(const struct part *part, size_t inputs, size_t outputs) {
  struct part next = {part->row, 1, part->column + part->columns, 0};
  if (next.column >= outputs) {
    next.row += part->rows;
    next.column = 0;
  }
  next.columns = outputs - next.column < PIECE ? outputs - next.column : PIECE;
  if (next.columns == outputs) {
    next.rows = PIECE / outputs;
    if (next.rows > inputs - next.row) next.rows = inputs - next.row;
  } else if (next.row >= inputs) next.rows = 0;
  return next;
}

/** Room for a call. */
struct room {
  double w[PIECE];
  double x[SIDE][PIECE];
  unsigned char bits[SIDE][PIECE / 8 + PIECE + 4];
  uint64_t mask[MASK_LONGS];
  double more[];
};

_Static_assert(PIECE + BLOCK <= BLOCKS * BLOCK, "the mask of a part is drawn at once");

/** What rows s, s + 1, ... of x have to do with a part; returns how many of them there are. */
INLINE int open_side(struct side side[SIDE], struct room *room, const struct dense *d, const struct part *part,
                     size_t s) {
  const int count = d->rows - s < SIDE ? (int)(d->rows - s) : SIDE;
  for (int k = 0; k < count; k++) {
    widen(room->x[k], d->x, d->x_type, (s + (size_t)k) * d->inputs + part->row, part->rows);
    if (d->masks != NULL) draw_part(room->bits[k], room->mask, d->masks + s + k, part, d->outputs);
    side[k] = (struct side){room->x[k], room->bits[k], NULL, NULL, NULL};
  }
  return count;
}

bool AT_LEVEL(add_products)(double *sums, const struct dense *d) {
  struct room *room = malloc(sizeof *room);
  if (room == NULL) return false;
  struct part part = {0, 0, d->outputs, 0};
  for (part = next_part(&part, d->inputs, d->outputs); part.rows > 0; part = next_part(&part, d->inputs, d->outputs)) {
    widen(room->w, d->weights, d->weights_type, part.row * d->outputs + part.column, part.rows * part.columns);
    struct side side[SIDE];
    for (size_t s = 0; s < d->rows; s += SIDE) {
      const int count = open_side(side, room, d, &part, s);
      for (int k = 0; k < count; k++) side[k].sums = sums + (s + (size_t)k) * d->outputs + part.column;
      // The compiler makes a loop of each combination.
      if (d->masks == NULL && count == SIDE) add_rows(false, SIDE, side, room->w, &part);
      else if (d->masks == NULL) add_rows(false, 1, side, room->w, &part);
      else if (count == SIDE) add_rows(true, SIDE, side, room->w, &part);
      else add_rows(true, 1, side, room->w, &part);
    }
  }
  free(room);
  return true;
}

bool AT_LEVEL(add_gradients)(double *dw, double *dx, const void *dy, const struct dense *d) {
  const size_t rows_at_once = d->outputs < PIECE ? PIECE / d->outputs : 1;
  const size_t partials = rows_at_once * PARTIALS;
  struct room *room = malloc(sizeof *room + sizeof(double) * d->rows * (partials + d->outputs));
  if (room == NULL) return false;
  double *deltas = room->more + d->rows * partials;
  widen(deltas, dy, d->dy_type, 0, d->rows * d->outputs);
  struct part part = {0, 0, d->outputs, 0};
  for (part = next_part(&part, d->inputs, d->outputs); part.rows > 0; part = next_part(&part, d->inputs, d->outputs)) {
    const size_t first = part.row * d->outputs + part.column;
    if (part.column == 0) memset(room->more, 0, sizeof(double) * d->rows * partials);
    widen(room->w, d->weights, d->weights_type, first, part.rows * part.columns);
    struct side side[SIDE];
    for (size_t s = 0; s < d->rows; s += SIDE) {
      const int count = open_side(side, room, d, &part, s);
      for (int k = 0; k < count; k++) {
        side[k].dy = deltas + (s + (size_t)k) * d->outputs + part.column;
        side[k].partial = room->more + (s + (size_t)k) * partials;
      }
      if (d->masks == NULL && count == SIDE) add_row_gradients(false, SIDE, side, dw + first, room->w, &part);
      else if (d->masks == NULL) add_row_gradients(false, 1, side, dw + first, room->w, &part);
      else if (count == SIDE) add_row_gradients(true, SIDE, side, dw + first, room->w, &part);
      else add_row_gradients(true, 1, side, dw + first, room->w, &part);
    }
    if (part.column + part.columns < d->outputs) continue;
    for (size_t s = 0; s < d->rows; s++)
      for (size_t i = 0; i < part.rows; i++)
        dx[s * d->inputs + part.row + i] += sum_of_eight(room->more + s * partials + PARTIALS * i);
  }
  free(room);
  return true;
}
