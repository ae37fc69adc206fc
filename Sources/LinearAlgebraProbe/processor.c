// Queries the processor by its own instructions; the answers are also right under valgrind and emulators.
#include "LinearAlgebraProbe.h"

#if defined(__x86_64__) || defined(__i386__)

#include <cpuid.h>

bool probe_has_cpuid(void) { return __get_cpuid_max(0, 0) > 0; }

probe_cpuid_answer probe_cpuid(uint32_t leaf, uint32_t subleaf) {
  probe_cpuid_answer answer;
  __cpuid_count(leaf, subleaf, answer.eax, answer.ebx, answer.ecx, answer.edx);
  return answer;
}

uint64_t probe_saved_registers(void) {
  uint32_t low, high;
  // As bytes, because the instruction's name would require a newer target.
  __asm__ volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

#define TARGET(features) __attribute__((target(features)))

#else

bool probe_has_cpuid(void) { return false; }

probe_cpuid_answer probe_cpuid(uint32_t leaf, uint32_t subleaf) {
  (void)leaf, (void)subleaf;
  return (probe_cpuid_answer){0, 0, 0, 0};
}

uint64_t probe_saved_registers(void) { return 0; }

#endif

// Twelve chains hide the latency of two units; with both factors they fit into sixteen registers. The factor is below
// one, so no chain overflows.
#define CHAINS 12
#define REGISTER_LOOP(NAME, ATTRIBUTES, LANES)                                       \
  ATTRIBUTES static double NAME(long rounds, float *sink) {                          \
    typedef float vector __attribute__((vector_size(4 * (LANES))));                  \
    vector chains[CHAINS];                                                           \
    const volatile float inputs[2] = {0.999f, 0.001f};                               \
    const vector factor = inputs[0] - (vector){0}, addend = inputs[1] - (vector){0}; \
    for (int i = 0; i < CHAINS; i++) chains[i] = addend * (float)i;                  \
    for (long round = 0; round < rounds; round++) {                                  \
      _Pragma("clang loop unroll(full)")                                             \
      for (int i = 0; i < CHAINS; i++) chains[i] = chains[i] * factor + addend;      \
    }                                                                                \
    float sum = 0;                                                                   \
    for (int i = 0; i < CHAINS; i++) sum += chains[i][0];                            \
    *sink = sum;                                                                     \
    return 2.0 * CHAINS * (LANES) * (double)rounds;                                  \
  }

REGISTER_LOOP(baseline, , 4)
#if defined(__x86_64__)
REGISTER_LOOP(avx, TARGET("avx"), 8)
REGISTER_LOOP(avx2, TARGET("avx2,fma"), 8)
REGISTER_LOOP(avx512, TARGET("avx512f"), 16)
#endif

double probe_vector_operations(int kind, long rounds, float *sink) {
  switch (kind) {
#if defined(__x86_64__)
    case PROBE_AVX512: return avx512(rounds, sink);
    case PROBE_AVX2: return avx2(rounds, sink);
    case PROBE_AVX: return avx(rounds, sink);
#endif
    default: return baseline(rounds, sink);
  }
}
