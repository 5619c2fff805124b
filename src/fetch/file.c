// Files: read whole when their size or time has changed. Only plain files and folders: a pipe or a
// device would hang.
#include "file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "address.h"
#include "lectern/mem.h"
#include "lectern/sample.h"
#include "lectern/version.h"

bool file_is_local(const char *url)
{
    return strncasecmp(url, "file:", 5) == 0 || strcmp(url, ADDRESS_SAMPLE) == 0;
}

void file_answer_free(struct file_answer *a)
{
    free(a->mark);
    buf_free(&a->body);
    feed_free(a->update);
    *a = (struct file_answer){0};
}

static bool sample(const char *mark, struct file_answer *out)
{
    size_t len = (size_t)((uintptr_t)sample_feed_end - (uintptr_t)sample_feed);
    out->mark = mem_printf("sample " LECTERN_VERSION " %zu", len);
    out->same = mark && strcmp(mark, out->mark) == 0;
    if (!out->same)
        buf_add(&out->body, sample_feed, len);
    return true;
}

bool file_get(const char *url, const char *mark, size_t max, struct file_answer *out, struct err *e)
{
    struct file_answer a = {0};
    if (strcmp(url, ADDRESS_SAMPLE) == 0) {
        sample(mark, &a);
        *out = a;
        return true;
    }
    char *path = address_path(url);
    if (!path)
        return err_set(e, ERR_USAGE, "'%s' names no file on this machine", url);
    struct stat st;
    bool ok = true;
    if (stat(path, &st) != 0) {
        int why = errno;
        ok = err_set(e, why == ENOENT ? ERR_MISSING : ERR_OTHER,
                     why == ENOENT ? "there is no file %s any more" : "cannot open %s: %s", path,
                     strerror(why));
    } else if (S_ISDIR(st.st_mode)) {
        struct buf b = {0};
        ok = folder_mark(path, &b, e);
        a.mark = buf_take(&b, NULL);
        a.same = ok && mark && strcmp(mark, a.mark) == 0;
        if (ok && !a.same)
            ok = folder_read(path, max, &a.update, e);
    } else if (S_ISREG(st.st_mode)) {
        a.mark = mem_printf("file %lld %lld.%09ld", (long long)st.st_size,
                            (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
        a.same = mark && strcmp(mark, a.mark) == 0;
        if (!a.same)
            ok = buf_read_file(&a.body, path, max, e);
    } else {
        ok = err_set(e, ERR_OTHER, "%s is neither a file nor a folder", path);
    }
    free(path);
    if (ok)
        *out = a;
    else
        file_answer_free(&a);
    return ok;
}
