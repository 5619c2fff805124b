// Documents for tests of setting and writing: a small language to build them, and random ones.
#ifndef TESTS_DOCS_H
#define TESTS_DOCS_H

#include <stdint.h>
#include "lectern/doc.h"

// A random document from a seed: every kind of block and span, several scripts, long addresses,
// hostile clusters.
struct doc *docs_random(uint32_t seed);
// Running English text, `bytes` long or a little more, in paragraphs with emphasis, links and
// headings.
struct doc *docs_essay(uint32_t bytes);

#endif
