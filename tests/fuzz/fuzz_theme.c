// Theme files of any bytes: every role and mark has a look at every depth, and an escape sequence
// that holds no byte of the file.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lectern/buf.h"
#include "lectern/theme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct look_means means[] = {{1 << 24, true, true},
                                              {256, true, false},
                                              {16, false, true},
                                              {8, false, false},
                                              {0, true, true}};
    struct theme *t = theme_parse((const char *)data, size, "fuzz.theme");
    struct buf b = {0};
    for (size_t m = 0; m < sizeof means / sizeof *means; m++)
        for (int i = 0; i < ROLE_COUNT + MARK_COUNT;
             i++) { // each role, and each mark over some role
            int mark = i - ROLE_COUNT;
            struct style st = {(uint8_t)(mark < 0 ? i : mark * 2),
                               (uint16_t)(mark < 0 ? 0u : 1u << mark)};
            struct look l = theme_look(t, st, means[m]);
            if (means[m].colours < 8 && (l.fg != LOOK_DEFAULT || l.bg != LOOK_DEFAULT))
                abort();
            if (means[m].colours <= 256 && (l.fg >= means[m].colours || l.bg >= means[m].colours))
                abort();
            double c = look_contrast_least(l);
            if (!(c >= 1 && c <= 21.01))
                abort();
            buf_clear(&b);
            look_sgr(l, &b);
            if (strspn(buf_cstr(&b) + 1, "[0123456789;m") + 1 != b.len)
                abort();
        }
    buf_free(&b);
    theme_free(t);
    return 0;
}
