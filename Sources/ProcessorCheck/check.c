// What must happen before libraries and Swift's run time begin: see README.md.
#include "ProcessorCheck.h"

static int begins_with(const char *text, const char *start) {
  while (*start != 0 && *text == *start) text++, start++;
  return *start == 0;
}

// OpenBLAS starts threads of its own while it is loaded, which are never used here, and ends the process by a signal where the system
// refuses them. Only this array runs before the libraries' own initializers, before the C library takes over the variables. There is no room
// for another one, so it takes the place of one that shells leave for nobody.
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
