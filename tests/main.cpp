// Catch2 version 2 wants its main compiled once; version 3 brings one in a library.
#define CATCH_CONFIG_MAIN
#include "tests/support/catch.hpp"
