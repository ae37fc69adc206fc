// Run-time dispatch: each function marked DISPATCHED is compiled for AVX-512, AVX2 and the baseline, and the loader picks one.
#ifndef VECTOR_KERNELS_DISPATCH_H
#define VECTOR_KERNELS_DISPATCH_H

// Sanitizers cannot instrument the resolvers, which run before their runtime is up.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define JACQUARD_SANITIZED 1
#endif
#endif

#if defined(__x86_64__) && defined(__linux__) && !defined(JACQUARD_SANITIZED)
#define DISPATCHED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DISPATCHED
#endif

// A helper that is compiled into each clone of its caller, for that clone's instructions.
#define INLINED static inline __attribute__((always_inline))

#endif
