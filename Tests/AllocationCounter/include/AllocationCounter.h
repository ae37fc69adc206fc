#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/// The number of heap allocations that the calling thread has made so far, by any of the C library's functions.
uint64_t allocations_of_this_thread(void);

#endif
