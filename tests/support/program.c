// Runs the built program through a shell; its standard error goes by way of a file.
#include "program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lectern/mem.h"
#include "lectern/path.h"

char *program_path(const char *name)
{
    const char *dir = getenv("LECTERN_TMP");
    if (!dir || !*dir)
        dir = "/tmp/lectern-tests";
    struct err e = ERR_INIT;
    if (!path_make_dir(dir, &e))
        fail_msg("%s", e.msg);
    return path_join(dir, name);
}

char *program_file(const char *name, const char *text)
{
    char *path = program_path(name);
    struct err e = ERR_INIT;
    if (!buf_write_file(path, text, strlen(text), 0600, &e))
        fail_msg("%s", e.msg);
    return path;
}

int program_run(const char *words, struct buf *out, struct buf *err)
{
    const char *program = getenv("LECTERN_BIN");
    char *errors = program_path("stderr");
    char *command =
        err ? mem_printf("'%s' %s </dev/null 2>'%s'",
                         program && *program ? program : "build/main/lectern", words, errors)
            : mem_printf("'%s' %s </dev/null 2>&1",
                         program && *program ? program : "build/main/lectern", words);
    FILE *p = popen(command, "r");
    assert_non_null(p);
    struct buf said = {0};
    char bytes[4096];
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, p)) > 0;)
        buf_add(&said, bytes, n);
    int status = pclose(p);
    buf_reserve(&said, 0);
    if (out) {
        buf_free(out);
        *out = said;
    } else {
        buf_free(&said);
    }
    if (err) {
        buf_clear(err);
        buf_reserve(err, 0);
        buf_read_file(err, errors, 1 << 24, NULL);
    }
    unlink(errors);
    free(errors);
    free(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
