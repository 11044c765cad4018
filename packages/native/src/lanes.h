// Vectors of the width that this compilation is for. Knows neither masks nor numbers.
//
// Every kernel is compiled once for each level of a processor, from one source, by the compiler's vector extensions
// (GCC and Clang): LEVEL names the level, VECTOR_BYTES its widest vector. What the extensions lack is here.

#ifndef HADAMASK_LANES_H
#define HADAMASK_LANES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if VECTOR_BYTES != 16 && VECTOR_BYTES != 32 && VECTOR_BYTES != 64
#error "VECTOR_BYTES must be 16, 32 or 64"
#endif

/** 32-bit lanes of a vector. */
#define LANES (VECTOR_BYTES / 4)

typedef uint32_t words __attribute__((vector_size(VECTOR_BYTES)));
typedef uint64_t longs __attribute__((vector_size(VECTOR_BYTES)));
typedef float singles __attribute__((vector_size(VECTOR_BYTES)));
typedef double doubles __attribute__((vector_size(VECTOR_BYTES)));

// The same in memory, at any address.
typedef uint32_t words_at __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
typedef float singles_at __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
typedef double doubles_at __attribute__((vector_size(VECTOR_BYTES), aligned(8), may_alias));

/** `name` for this level: several of them are linked into one addon. */
#define AT_LEVEL(name) AT_LEVEL_(name, LEVEL)
#define AT_LEVEL_(name, level) AT_LEVEL__(name, level)
#define AT_LEVEL__(name, level) hadamask_##name##_##level

#define INLINE static inline __attribute__((always_inline))

INLINE words splat(uint32_t value) {
  return (words){0} + value;
}

/** Lanes 0, 1, 2, ... */
INLINE words lane_numbers(void) {
#if LANES == 4
  return (words){0, 1, 2, 3};
#elif LANES == 8
  return (words){0, 1, 2, 3, 4, 5, 6, 7};
#else
  return (words){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#endif
}

/** Two vectors of words as pairs (low[l], high[l]), in order. */
INLINE void store_pairs(uint32_t *to, words low, words high) {
#if defined(__clang__) || __GNUC__ >= 12
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (words){__VA_ARGS__})
#endif
#if LANES == 4
  *(words_at *)to = SHUFFLE(low, high, 0, 4, 1, 5);
  *(words_at *)(to + 4) = SHUFFLE(low, high, 2, 6, 3, 7);
#elif LANES == 8
  *(words_at *)to = SHUFFLE(low, high, 0, 8, 1, 9, 2, 10, 3, 11);
  *(words_at *)(to + 8) = SHUFFLE(low, high, 4, 12, 5, 13, 6, 14, 7, 15);
#else
  *(words_at *)to = SHUFFLE(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  *(words_at *)(to + 16) = SHUFFLE(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#endif
#undef SHUFFLE
}

/**
 * `value` rotated to the left. Processors with rotates get them; others shift twice, or move bytes where these are
 * whole.
 */
INLINE words rotate(words value, int distance) {
#if defined(__AVX2__) && VECTOR_BYTES == 32
#define BYTES(a, b, c, d) \
  _mm256_setr_epi8(a, b, c, d, a + 4, b + 4, c + 4, d + 4, a + 8, b + 8, c + 8, d + 8, a + 12, b + 12, c + 12, d + 12, \
                   a, b, c, d, a + 4, b + 4, c + 4, d + 4, a + 8, b + 8, c + 8, d + 8, a + 12, b + 12, c + 12, d + 12)
  if (distance == 16) return (words)_mm256_shuffle_epi8((__m256i)value, BYTES(2, 3, 0, 1));
  if (distance == 24) return (words)_mm256_shuffle_epi8((__m256i)value, BYTES(1, 2, 3, 0));
#undef BYTES
#endif
  return (value << distance) | (value >> (32 - distance));
}

/** Writes past the caches where the processor can; `to` is a multiple of VECTOR_BYTES. */
INLINE void stream(void *to, words value) {
#if defined(__AVX512F__) && VECTOR_BYTES == 64
  _mm512_stream_si512((__m512i *)to, (__m512i)value);
#elif defined(__AVX2__) && VECTOR_BYTES == 32
  _mm256_stream_si256((__m256i *)to, (__m256i)value);
#elif defined(__SSE2__) && VECTOR_BYTES == 16
  _mm_stream_si128((__m128i *)to, (__m128i)value);
#else
  *(words_at *)to = value;
#endif
}

/** After stores by `stream`, before anyone else may read what they wrote. */
INLINE void end_stream(void) {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

/** Eight bytes from any address. */
INLINE uint64_t load_u64(const void *from) {
  uint64_t value;
  memcpy(&value, from, 8);
  return value;
}

#endif
