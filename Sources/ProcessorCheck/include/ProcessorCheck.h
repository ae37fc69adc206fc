// There is nothing to call: linking the target is enough. See README.md.
#ifndef PROCESSOR_CHECK_H
#define PROCESSOR_CHECK_H
#endif
