// Makes the system refuse threads, as a limit on processes does for all users but root; see README.md.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef int (*Create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
  static atomic_int count;
  static Create next;
  const char *most = getenv("FAULT_THREADS");
  if (most != NULL && atomic_fetch_add(&count, 1) >= atoi(most)) return EAGAIN;
  if (next == NULL) next = (Create)dlsym(RTLD_NEXT, "pthread_create");
  return next(thread, attributes, body, argument);
}
