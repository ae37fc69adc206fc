// Run-time dispatch: a function that is defined with DISPATCHED is compiled for AVX-512, for AVX2 with FMA and for the
// baseline, and each call takes the version of `vk_level`.
#ifndef VECTOR_KERNELS_DISPATCH_H
#define VECTOR_KERNELS_DISPATCH_H

// A helper that is compiled into each version of its caller, for that version's instructions.
#define INLINED static inline __attribute__((always_inline))

// a · b + c is rounded once if the processor has fused multiply-add. Clang contracts such expressions before it knows the processor, so every version
// with the instruction gives the same bits.
#pragma STDC FP_CONTRACT ON

// The sets of instructions, in ascending order. Values of the public `vk_vector_level`.
enum { PLAIN = 0, AVX2_FMA = 3, AVX_512 = 4 };

#if defined(__x86_64__)

/// The set in use: the best that the processor has, limited by JACQUARD_VECTORS. It is set when the library is loaded (dispatch.c), and never again.
extern __attribute__((visibility("hidden"))) int vk_level;

// The instructions of x86-64-v3 and x86-64-v4, one by one: "arch=x86-64-v4" would also replace Clang's tuning for any processor, and pools would be up
// to 70 % slower.
#define V3_INSTRUCTIONS "avx2,bmi,bmi2,cx16,f16c,fma,lzcnt,movbe,popcnt,sahf,sse4.2,xsave"
#define V4_INSTRUCTIONS "avx512f,avx512bw,avx512cd,avx512dq,avx512vl," V3_INSTRUCTIONS
#define COMPILED_FOR(instructions) __attribute__((noinline, target(instructions)))

// DISPATCHED(name, (parameters), (their names)) { body }
#define DISPATCHED(name, parameters, arguments)                                                            \
  INLINED void name##_plain parameters;                                                                    \
  static COMPILED_FOR(V4_INSTRUCTIONS) void name##_v4 parameters { name##_plain arguments; }               \
  static COMPILED_FOR(V3_INSTRUCTIONS) void name##_v3 parameters { name##_plain arguments; }               \
  static __attribute__((noinline)) void name##_v1 parameters { name##_plain arguments; }                   \
  void name parameters {                                                                                   \
    vk_level == AVX_512 ? name##_v4 arguments : vk_level == AVX2_FMA ? name##_v3 arguments : name##_v1 arguments; \
  }                                                                                                        \
  INLINED void name##_plain parameters

#else

#define DISPATCHED(name, parameters, arguments) void name parameters

#endif

#endif
