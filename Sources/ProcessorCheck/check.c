// Work that must happen before the libraries and Swift's run time start: see README.md.
#include "ProcessorCheck.h"

static int begins_with(const char *text, const char *start) {
  while (*start != 0 && *text == *start) text++, start++;
  return *start == 0;
}

// OpenBLAS starts its own threads while it is loaded. They are never used here, and it ends the process by a signal if the system refuses them. Only
// this array runs before the libraries' initializers and before the C library takes over the variables. The variables have no free entry, so this one
// replaces one that shells set and no program reads.
static void leave_threads_to_us(int count, char **arguments, char **variables) {
  (void)count;
  (void)arguments;
  for (char **each = variables; *each != 0; each++) {
    if (begins_with(*each, "OPENBLAS_NUM_THREADS=")) return;
  }
  for (char **each = variables; *each != 0; each++) {
    if (!begins_with(*each, "_=") && !begins_with(*each, "OLDPWD=")) continue;
    *each = "OPENBLAS_NUM_THREADS=1";
    return;
  }
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) = leave_threads_to_us;

#if defined(__x86_64__)

#include <cpuid.h>
#include <unistd.h>

// As in sysexits.h and ExitStatus: the machine does not meet a requirement.
enum { BAD_CONFIGURATION = 78 };

static const char message[] =
    "jacquard: error: this processor has no CMPXCHG16B, which Swift's run time needs; use one that was made after 2006.\n";

// Among the first initializers, because those of Swift may need the instruction.
__attribute__((constructor(101))) static void refuse_old_processors(void) {
  unsigned eax, ebx, ecx, edx;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_CMPXCHG16B) != 0) return;
  // If standard error is closed, the message is lost.
  ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
  (void)written;
  _exit(BAD_CONFIGURATION);
}

#endif
