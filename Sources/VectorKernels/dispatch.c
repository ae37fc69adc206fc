#include "dispatch.h"

#include <stdlib.h>
#include <string.h>

#include "VectorKernels.h"

#if defined(__x86_64__)

int vk_level = PLAIN;

static int best_level(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return AVX_512;
  if (__builtin_cpu_supports("x86-64-v3")) return AVX2_FMA;
  return PLAIN;
}

// The limit from JACQUARD_VECTORS; everything if it is not set. The command line rejects other values.
static int allowed_level(void) {
  const char *limit = getenv("JACQUARD_VECTORS");
  if (!limit) return AVX_512;
  if (strcmp(limit, "plain") == 0) return PLAIN;
  return strcmp(limit, "avx2") == 0 ? AVX2_FMA : AVX_512;
}

__attribute__((constructor)) static void choose_level(void) {
  const int best = best_level(), allowed = allowed_level();
  vk_level = best < allowed ? best : allowed;
}

int vk_vector_level(void) { return vk_level; }

#else

int vk_vector_level(void) { return PLAIN; }

#endif
