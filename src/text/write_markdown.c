#include "write.h"
void write_markdown(struct buf *out, const struct doc *d, bool front_matter)
{
    (void)front_matter;
    write_html(out, d);
}
