// Makes the n-th call on a file of one folder fail; see README.md. Not thread-safe beyond what the command needs: one thread writes files.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { MOST_FILES = 1024 };
static char *names[MOST_FILES];
static long calls;

static int is_counted(const char *path) {
  const char *folder = getenv("FAULT_FOLDER");
  return folder != NULL && path != NULL && strstr(path, folder) != NULL;
}

static const char *name_of(int descriptor) {
  return descriptor >= 0 && descriptor < MOST_FILES ? names[descriptor] : NULL;
}

static void keep_name(int descriptor, const char *path) {
  if (descriptor < 0 || descriptor >= MOST_FILES) return;
  free(names[descriptor]);
  names[descriptor] = path == NULL ? NULL : strdup(path);
}

static void write_log(const char *call, const char *path) {
  const char *file = getenv("FAULT_LOG");
  if (file == NULL) return;
  FILE *stream = fopen(file, "a");
  if (stream == NULL) return;
  fprintf(stream, "%s %s\n", call, path);
  fclose(stream);
}

// The fault for a counted call: 0 for none, an errno, or one of these.
enum { DIE = -1, HALF = -2 };

static int fault(const char *call, const char *path) {
  calls += 1;
  write_log(call, path);
  const char *at = getenv("FAULT_AT"), *action = getenv("FAULT_ACTION");
  if (at == NULL || action == NULL) return 0;
  long number = atol(at);
  if (calls != number && !(calls > number && getenv("FAULT_STICKY") != NULL)) return 0;
  if (strcmp(action, "kill") == 0) return DIE;
  if (strncmp(action, "raise:", 6) == 0) {
    for (const char *signal = action + 5; signal != NULL; signal = strchr(signal + 1, ',')) raise(atoi(signal + 1));
    return 0;
  }
  if (strcmp(action, "short") == 0) return HALF;
  return atoi(action);
}

static int fails(const char *call, const char *path) {
  if (!is_counted(path)) return 0;
  int what = fault(call, path);
  if (what == DIE) raise(SIGKILL);
  if (what <= 0) return 0;
  errno = what;
  return 1;
}

int open(const char *path, int flags, ...) {
  static int (*next)(const char *, int, ...);
  if (next == NULL) next = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if ((flags & (O_WRONLY | O_RDWR)) != 0 && fails("open", path)) return -1;
  int descriptor = next(path, flags, mode);
  keep_name(descriptor, path);
  return descriptor;
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int descriptor) {
  static int (*next)(int);
  if (next == NULL) next = (int (*)(int))dlsym(RTLD_NEXT, "close");
  keep_name(descriptor, NULL);
  return next(descriptor);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  static ssize_t (*next)(int, const void *, size_t);
  if (next == NULL) next = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  const char *name = name_of(descriptor);
  if (!is_counted(name)) return next(descriptor, bytes, count);
  int what = fault("write", name);
  if (what == 0) return next(descriptor, bytes, count);
  if (what > 0) {
    errno = what;
    return -1;
  }
  ssize_t done = next(descriptor, bytes, count / 2);
  if (what == DIE) raise(SIGKILL);
  return done;
}

int fsync(int descriptor) {
  static int (*next)(int);
  if (next == NULL) next = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  const char *name = name_of(descriptor);
  return fails("fsync", name) ? -1 : next(descriptor);
}

int ftruncate(int descriptor, off_t length) {
  static int (*next)(int, off_t);
  if (next == NULL) next = (int (*)(int, off_t))dlsym(RTLD_NEXT, "ftruncate");
  const char *name = name_of(descriptor);
  return fails("ftruncate", name) ? -1 : next(descriptor, length);
}

int ftruncate64(int descriptor, off_t length) __attribute__((alias("ftruncate")));

int rename(const char *from, const char *to) {
  static int (*next)(const char *, const char *);
  if (next == NULL) next = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
  return fails("rename", to) ? -1 : next(from, to);
}

int unlink(const char *path) {
  static int (*next)(const char *);
  if (next == NULL) next = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  return fails("unlink", path) ? -1 : next(path);
}

int mkdir(const char *path, mode_t mode) {
  static int (*next)(const char *, mode_t);
  if (next == NULL) next = (int (*)(const char *, mode_t))dlsym(RTLD_NEXT, "mkdir");
  return fails("mkdir", path) ? -1 : next(path, mode);
}

int statvfs(const char *path, struct statvfs *status) {
  static int (*next)(const char *, struct statvfs *);
  if (next == NULL) next = (int (*)(const char *, struct statvfs *))dlsym(RTLD_NEXT, "statvfs");
  int result = next(path, status);
  const char *bytes = getenv("FAULT_FREE");
  if (result == 0 && bytes != NULL) {
    status->f_frsize = 1;
    status->f_bavail = status->f_bfree = strtoul(bytes, NULL, 10);
  }
  return result;
}

int statvfs64(const char *path, struct statvfs64 *status) __attribute__((alias("statvfs")));

int clock_gettime(clockid_t clock, struct timespec *time) {
  static int (*next)(clockid_t, struct timespec *);
  static long looks;
  if (next == NULL) next = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = next(clock, time);
  const char *jump = getenv("FAULT_CLOCK");
  if (result == 0 && clock == CLOCK_REALTIME && jump != NULL) time->tv_sec += (++looks % 2 == 0 ? 1 : -1) * atol(jump);
  return result;
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
  static ssize_t (*next)(int, void *, size_t, off_t);
  static int touched;
  if (next == NULL) next = (ssize_t(*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread");
  ssize_t done = next(descriptor, bytes, count, offset);
  const char *part = getenv("FAULT_TOUCH"), *name = name_of(descriptor);
  if (part != NULL && name != NULL && !touched && strstr(name, part) != NULL) {
    touched = 1;
    FILE *stream = fopen(name, "r+");
    if (stream != NULL) {
      fputc(0, stream);
      fclose(stream);
    }
  }
  return done;
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off_t offset) __attribute__((alias("pread")));
