// Refuses a processor that Swift's run time cannot work on, before it tries.
#include "ProcessorCheck.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <unistd.h>

// As in sysexits.h, and as ExitStatus has it: something about the machine is not fit for the work.
enum { BAD_CONFIGURATION = 78 };

static const char message[] =
    "jacquard: error: this processor has no CMPXCHG16B, which Swift's run time needs; use one that was made after 2006.\n";

// Among the first initializers, for those of Swift may need the instruction.
__attribute__((constructor(101))) static void refuse_old_processors(void) {
  unsigned eax, ebx, ecx, edx;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_CMPXCHG16B) != 0) return;
  // Nothing can be done where even standard error is closed.
  ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
  (void)written;
  _exit(BAD_CONFIGURATION);
}

#endif
