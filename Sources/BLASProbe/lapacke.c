// LAPACKE, which only decompositions need: it is loaded by the first of them. Loaded with the program, it would keep the program from
// starting wherever its own BLAS does not go with the one that is there.
#define _GNU_SOURCE
#include "BLASProbe.h"

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
  // Of the program itself, or of a library that it was linked with: an OpenBLAS may have LAPACKE inside.
  void *found = dlsym(RTLD_DEFAULT, name);
  if (found != NULL) return found;
  pthread_once(&once, load);
  return library == NULL ? NULL : dlsym(library, name);
}

const char *probe_lapacke_failure(void) { return failure[0] == 0 ? NULL : failure; }
