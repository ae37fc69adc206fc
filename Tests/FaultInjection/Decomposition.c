// Makes a decomposition fail, with a documented code of LAPACK; see README.md.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

typedef int (*Decompose)(
    int, char, char, char, int, float *, int, float, float, int, int, float, int *, float *, float *, int, int *);

int LAPACKE_ssyevr(
    int layout, char job, char range, char triangle, int order, float *matrix, int stride, float least, float most, int first,
    int last, float tolerance, int *found, float *values, float *vectors, int vector_stride, int *support) {
  static Decompose next;
  const char *code = getenv("FAULT_DECOMPOSITION");
  if (code != NULL) return atoi(code);
  // The command loads the library on first use, and finds this function instead.
  if (next == NULL) next = (Decompose)dlsym(dlopen("liblapacke.so.3", RTLD_NOW), "LAPACKE_ssyevr");
  return next(
      layout, job, range, triangle, order, matrix, stride, least, most, first, last, tolerance, found, values, vectors,
      vector_stride, support);
}
