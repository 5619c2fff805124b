// Configuration: options from one table, problems collected, never fatal.
#include "lectern/conf.h"

#include <stdlib.h>
#include "lectern/mem.h"

struct conf {
    int unused;
};
struct conf *conf_new(void)
{
    return mem_alloc(sizeof(struct conf));
}
void conf_free(struct conf *c)
{
    free(c);
}
bool conf_load(struct conf *c, const char *path, bool required, struct err *e)
{
    (void)c, (void)path, (void)required, (void)e;
    return true;
}
const struct conf_problem *conf_problems(const struct conf *c, size_t *n)
{
    (void)c;
    *n = 0;
    return NULL;
}
