// What Swift cannot ask by itself: the processor about itself, and functions that the loaded BLAS may lack. See README.md.
#ifndef BLAS_PROBE_H
#define BLAS_PROBE_H

#include <stdbool.h>
#include <stdint.h>

// ---- The processor, as it shows itself to this process ----

// The four registers that CPUID answers with.
typedef struct {
  uint32_t eax, ebx, ecx, edx;
} probe_cpuid_answer;

// Whether this processor has CPUID: x86 ones have.
bool probe_has_cpuid(void);

// What CPUID says; all zero without it. The caller has asked for the highest leaf: beyond it, Intel repeats another leaf's answer.
probe_cpuid_answer probe_cpuid(uint32_t leaf, uint32_t subleaf);

// Which registers the operating system saves (XCR0). To be asked only where CPUID shows OSXSAVE.
uint64_t probe_saved_registers(void);

// Widths of vector registers, in floats.
enum { PROBE_SCALAR = 1, PROBE_SSE = 4, PROBE_AVX = 8, PROBE_AVX2 = 9, PROBE_AVX512 = 16 };

// Multiplies and adds in registers alone, `rounds` times, with the given kind of vectors, which the processor must have.
// Returns how many floating-point operations these were; `sink` receives a number, so that none can be left out.
double probe_vector_operations(int kind, long rounds, float *sink);

// ---- The BLAS that cblas_sgemm belongs to, and what it needs; every function says so where it lacks one ----

// Where cblas_sgemm is.
const void *probe_products(void);

// OpenBLAS's description of itself; NULL for another library.
const char *probe_configuration(void);

// The processor family whose kernels OpenBLAS uses; NULL for another library.
const char *probe_core(void);

// How OpenBLAS was built to make threads: 0, 1 for its own, 2 for OpenMP; -1 for another library.
int probe_threading(void);

// How many threads a product may take; -1 for a library that does not say.
int probe_threads(void);

// Has every product computed by the thread that asks for it, where OpenBLAS or BLIS makes threads of its own.
void probe_use_calling_thread(void);

// Whether OpenBLAS can choose its kernels again.
bool probe_can_choose_core(void);

// Has OpenBLAS choose its kernels again, for the named family, or as by itself for NULL. The environment is as before afterwards.
// No other thread may compute with OpenBLAS, or look at the environment, meanwhile.
void probe_choose_core(const char *name);

// BLIS's version and kernels; NULL for another library.
const char *probe_blis_version(void);
const char *probe_blis_core(void);

// Whether the OpenMP that the library uses can be told how many threads to take.
bool probe_can_limit_openmp(void);

// Limits OpenMP to the calling thread, on this thread; returns what the limit was. Only where it can be limited.
int probe_limit_openmp(void);

// Sets the limit back.
void probe_restore_openmp(int threads);

// ---- Threads ----

// Calls a body with 0, 1, … on threads at the same time, the calling one among them, and waits for all; on fewer than asked for where
// the system refuses one.
void probe_run_together(int count, void (*body)(void *context, int thread), void *context);

// ---- LAPACKE ----

// A function of LAPACKE, from the program or, when it is first needed, from its library; NULL where there is none.
const void *probe_lapacke(const char *name);

// Why LAPACKE could not be loaded; NULL where it could, or was not needed yet.
const char *probe_lapacke_failure(void);

#endif
