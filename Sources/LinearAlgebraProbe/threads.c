// The threads end before the call returns, so that none stay in a host process.
#include "LinearAlgebraProbe.h"

#include <pthread.h>
#include <stddef.h>

enum { MOST_THREADS = 16 };

typedef struct {
  void (*body)(void *context, int thread);
  void *context;
  int number;
} task;

static void *run(void *argument) {
  const task *mine = argument;
  mine->body(mine->context, mine->number);
  return NULL;
}

void probe_run_together(int count, void (*body)(void *context, int thread), void *context) {
  pthread_t threads[MOST_THREADS];
  task tasks[MOST_THREADS];
  int started = 1;
  for (; started < count && started < MOST_THREADS; started++) {
    tasks[started] = (task){body, context, started};
    if (pthread_create(&threads[started], NULL, run, &tasks[started]) != 0) break;
  }
  body(context, 0);
  for (int number = 1; number < started; number++) pthread_join(threads[number], NULL);
}
