// Hides a variable from the command after the libraries before it have read it; see README.md.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The command loads OpenBLAS with its first product. Its initializer reads the variable before this returns.
void *dlopen(const char *file, int mode) {
  void *(*next)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
  void *library = next(file, mode);
  const char *name = getenv("FAULT_FORGET");
  if (library != NULL && name != NULL && file != NULL && strstr(file, "libopenblas") != NULL) unsetenv(name);
  return library;
}

// A program that sets the variable must unset it again.
__attribute__((destructor)) static void look_again(void) {
  const char *name = getenv("FAULT_FORGET");
  if (name != NULL && getenv(name) != NULL) fprintf(stderr, "%s is set to %s\n", name, getenv(name));
}
