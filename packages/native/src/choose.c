// Which levels this processor has.

#include "kernels.h"

extern const struct kernels hadamask_kernels_base;
#if defined(__x86_64__)
extern const struct kernels hadamask_kernels_avx2, hadamask_kernels_avx512;
#endif

size_t hadamask_levels(const struct kernels **levels, size_t most) {
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                          __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  if (has_avx512 && count < most) levels[count++] = &hadamask_kernels_avx512;
  if (__builtin_cpu_supports("avx2") && count < most) levels[count++] = &hadamask_kernels_avx2;
#endif
  if (count < most) levels[count++] = &hadamask_kernels_base;
  for (size_t i = 0; i < count; i++) levels[i]->prepare();
  return count;
}
