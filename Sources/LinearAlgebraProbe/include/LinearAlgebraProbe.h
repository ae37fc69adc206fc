// What Swift cannot query itself: the processor, and functions that the loaded BLAS may lack. See README.md.
#ifndef BLAS_PROBE_H
#define BLAS_PROBE_H

#include <stdbool.h>
#include <stdint.h>

// ---- The processor as this process sees it ----

// The four registers of a CPUID answer.
typedef struct {
  uint32_t eax, ebx, ecx, edx;
} probe_cpuid_answer;

// Whether this processor has CPUID, as x86 processors do.
bool probe_has_cpuid(void);

// CPUID's answer; all zero without CPUID. The caller must respect the highest leaf: beyond it, Intel repeats another leaf's answer.
probe_cpuid_answer probe_cpuid(uint32_t leaf, uint32_t subleaf);

// The registers that the operating system saves (XCR0). Call it only if CPUID reports OSXSAVE.
uint64_t probe_saved_registers(void);

// Widths of vector registers, in floats.
enum { PROBE_SCALAR = 1, PROBE_SSE = 4, PROBE_AVX = 8, PROBE_AVX2 = 9, PROBE_AVX512 = 16 };

// Multiplies and adds in registers alone, `rounds` times, with the given kind of vectors, which the processor must have.
// Returns the number of floating-point operations; `sink` receives a result, so that nothing is optimized away.
double probe_vector_operations(int kind, long rounds, float *sink);

// ---- The BLAS that contains cblas_sgemm, and what it needs; each function reports if the BLAS lacks the feature ----

// The address of cblas_sgemm: in the program, in a library of the process, or else in OpenBLAS, which the first call of
// any function of this part loads; NULL if it cannot be loaded.
const void *probe_products(void);

// Why OpenBLAS could not be loaded; NULL if there is a BLAS.
const char *probe_products_failure(void);

// OpenBLAS's description of itself; NULL for another library.
const char *probe_configuration(void);

// The processor family whose kernels OpenBLAS uses; NULL for another library.
const char *probe_core(void);

// OpenBLAS's threading: 0 for none, 1 for its own threads, 2 for OpenMP; -1 for another library.
int probe_threading(void);

// The threads that a product may use; -1 if the library does not report it.
int probe_threads(void);

// Makes the calling thread compute every product, if OpenBLAS or BLIS has its own threads.
void probe_use_calling_thread(void);

// Whether OpenBLAS can choose its kernels again.
bool probe_can_choose_core(void);

// Makes OpenBLAS choose its kernels again, for the named family, or automatically for NULL. Restores the environment afterwards.
// Meanwhile no other thread may compute with OpenBLAS or read the environment.
void probe_choose_core(const char *name);

// BLIS's version and kernels; NULL for another library.
const char *probe_blis_version(void);
const char *probe_blis_core(void);

// Whether the number of threads of the library's OpenMP can be set.
bool probe_can_limit_openmp(void);

// Limits OpenMP to the calling thread, for this thread; returns the previous limit. Call it only if the limit can be set.
int probe_limit_openmp(void);

// Restores the limit.
void probe_restore_openmp(int threads);

// ---- Threads ----

// Calls a body with 0, 1, … on several threads at once, including the calling one, and waits for all; uses fewer threads if the system refuses some.
void probe_run_together(int count, void (*body)(void *context, int thread), void *context);

// ---- LAPACKE ----

// A function of LAPACKE, from the program or from its library, which is loaded on first use; NULL if it is missing.
const void *probe_lapacke(const char *name);

// Why LAPACKE could not be loaded; NULL if it was loaded or not needed yet.
const char *probe_lapacke_failure(void);

#endif
