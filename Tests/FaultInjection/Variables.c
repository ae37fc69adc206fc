// Hides a variable from the command after the libraries before it have read it; see README.md.

#include <stdio.h>
#include <stdlib.h>

// Runs after the initializers of the libraries that the command is linked with, and before its own.
__attribute__((constructor)) static void forget(void) {
  const char *name = getenv("FAULT_FORGET");
  if (name != NULL) unsetenv(name);
}

// A program that sets the variable must unset it again.
__attribute__((destructor)) static void look_again(void) {
  const char *name = getenv("FAULT_FORGET");
  if (name != NULL && getenv(name) != NULL) fprintf(stderr, "%s is set to %s\n", name, getenv(name));
}
