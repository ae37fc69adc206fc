#pragma once
// The functions below OpenSSL's newer interface: they keep no state outside of their context and read no configuration file.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
