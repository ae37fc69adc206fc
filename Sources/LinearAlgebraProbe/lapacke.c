// LAPACKE is needed only for decompositions, so the first of them loads it. If it were linked, the program would not
// start wherever LAPACKE's BLAS does not match the installed one.
#define _GNU_SOURCE
#include "LinearAlgebraProbe.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *library;
static char failure[512];

static void load(void) {
  static const char *const names[] = {"liblapacke.so.3", "liblapacke.so"};
  for (size_t i = 0; i < sizeof names / sizeof *names && library == NULL; i++) {
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    const char *reason = library == NULL && failure[0] == 0 ? dlerror() : NULL;
    if (reason != NULL) strncpy(failure, reason, sizeof failure - 1);
  }
  if (library != NULL) failure[0] = 0;
}

const void *probe_lapacke(const char *name) {
  // In the program itself or in a library linked with it: OpenBLAS may contain LAPACKE.
  void *found = dlsym(RTLD_DEFAULT, name);
  if (found != NULL) return found;
  pthread_once(&once, load);
  return library == NULL ? NULL : dlsym(library, name);
}

const char *probe_lapacke_failure(void) { return failure[0] == 0 ? NULL : failure; }
