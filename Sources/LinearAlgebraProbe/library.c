// The BLAS, loaded on first use, and its functions. They are looked up at run time: there may be another library under
// OpenBLAS's name, and calling a missing function would end the process in the dynamic linker.
#define _GNU_SOURCE
#include "LinearAlgebraProbe.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// What the program is linked with. The dynamic linker does not know the functions of a static OpenBLAS.
#define WEAK extern __attribute__((weak))
WEAK void cblas_sgemm(void);
WEAK char *openblas_get_config(void);
WEAK char *openblas_get_corename(void);
WEAK int openblas_get_parallel(void);
WEAK int openblas_get_num_threads(void);
WEAK void openblas_set_num_threads(int);
WEAK void gotoblas_dynamic_quit(void);
WEAK void gotoblas_dynamic_init(void);
WEAK int omp_get_max_threads(void);
WEAK void omp_set_num_threads(int);

// Written once, before `once` is done.
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *products;
static char failure[512];

// A program that links a BLAS, or into which one was loaded, uses that one. Otherwise OpenBLAS is loaded here: the
// dynamic linker looks up ten thousand of its symbols, which takes a third of the time that a command needs to print
// its help. The library stays loaded, and as if linked: LAPACK may use it.
static void find_products(void) {
  products = (void *)cblas_sgemm;
  if (products == NULL) products = dlsym(RTLD_DEFAULT, "cblas_sgemm");
  if (products != NULL) return;
  void *library = dlopen("libopenblas.so.0", RTLD_LAZY | RTLD_GLOBAL);
  if (library != NULL) products = dlsym(library, "cblas_sgemm");
  const char *reason = products == NULL ? dlerror() : NULL;
  if (reason != NULL) strncpy(failure, reason, sizeof failure - 1);
}

const void *probe_products(void) {
  pthread_once(&once, find_products);
  return products;
}

const char *probe_products_failure(void) { return probe_products() == NULL ? failure : NULL; }

static bool place_of_products(Dl_info *place) {
  return probe_products() != NULL && dladdr(probe_products(), place) != 0;
}

// Whether products come from the same file as this code: a static BLAS.
static bool is_static(const Dl_info *products) {
  Dl_info mine;
  return dladdr((void *)&probe_products, &mine) != 0 && mine.dli_fbase == products->dli_fbase;
}

// A function of the library that provides products, or of its dependencies, but of no other library in the process.
static void *find(const char *name, void *linked) {
  Dl_info products;
  if (!place_of_products(&products)) return dlsym(RTLD_DEFAULT, name);
  if (is_static(&products)) return linked != NULL ? linked : dlsym(RTLD_DEFAULT, name);
  void *library = dlopen(products.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  if (library == NULL) return dlsym(RTLD_DEFAULT, name);
  void *found = dlsym(library, name);
  dlclose(library);
  return found;
}

#define FIND(type, name) ((type)find(#name, (void *)name))
#define FIND_UNLINKED(type, name) ((type)find(#name, NULL))

typedef char *(*text_function)(void);
typedef int (*number_function)(void);
typedef void (*action_function)(void);
typedef void (*setting_function)(int);

const char *probe_configuration(void) {
  text_function get = FIND(text_function, openblas_get_config);
  return get == NULL ? NULL : get();
}

const char *probe_core(void) {
  text_function get = FIND(text_function, openblas_get_corename);
  return get == NULL ? NULL : get();
}

int probe_threading(void) {
  number_function get = FIND(number_function, openblas_get_parallel);
  return get == NULL ? -1 : get();
}

int probe_threads(void) {
  number_function get = FIND(number_function, openblas_get_num_threads);
  if (get != NULL) return get();
  typedef long (*blis_function)(void);
  blis_function blis = FIND_UNLINKED(blis_function, bli_thread_get_num_threads);
  return blis == NULL ? -1 : (int)blis();
}

void probe_use_calling_thread(void) {
  setting_function set = FIND(setting_function, openblas_set_num_threads);
  if (set != NULL) set(1);
  // BLIS has its own integer type, which is as long as a pointer in all of its builds.
  typedef void (*blis_function)(long);
  blis_function blis = FIND_UNLINKED(blis_function, bli_thread_set_num_threads);
  if (blis != NULL) blis(1);
}

bool probe_can_choose_core(void) {
  return FIND(action_function, gotoblas_dynamic_quit) != NULL && FIND(action_function, gotoblas_dynamic_init) != NULL;
}

static const char *const core_variable = "OPENBLAS_CORETYPE";

void probe_choose_core(const char *name) {
  action_function quit = FIND(action_function, gotoblas_dynamic_quit);
  action_function init = FIND(action_function, gotoblas_dynamic_init);
  if (quit == NULL || init == NULL) return;
  const char *value = getenv(core_variable);
  char *before = value == NULL ? NULL : strdup(value);
  if (value != NULL && before == NULL) return;
  quit();
  if (name != NULL) setenv(core_variable, name, 1);
  else unsetenv(core_variable);
  init();
  if (before != NULL) setenv(core_variable, before, 1);
  else unsetenv(core_variable);
  free(before);
}

const char *probe_blis_version(void) {
  text_function get = FIND_UNLINKED(text_function, bli_info_get_version_str);
  return get == NULL ? NULL : get();
}

const char *probe_blis_core(void) {
  number_function identify = FIND_UNLINKED(number_function, bli_arch_query_id);
  typedef char *(*name_function)(int);
  name_function name = FIND_UNLINKED(name_function, bli_arch_string);
  return identify == NULL || name == NULL ? NULL : name(identify());
}

// Set before the first product and never changed afterwards.
static number_function openmp_threads;
static setting_function set_openmp_threads;

bool probe_can_limit_openmp(void) {
  openmp_threads = FIND(number_function, omp_get_max_threads);
  set_openmp_threads = FIND(setting_function, omp_set_num_threads);
  return openmp_threads != NULL && set_openmp_threads != NULL;
}

int probe_limit_openmp(void) {
  int before = openmp_threads();
  if (before != 1) set_openmp_threads(1);
  return before;
}

void probe_restore_openmp(int threads) {
  if (threads != 1) set_openmp_threads(threads);
}
