# Readability in Python (Debian's python3-readability) over pages: extract_peer.py OUT FILE... writes the text of each to
# OUT/NAME.python and prints its name and the milliseconds (least of five).
import logging, os, sys, time
import lxml.html
from readability import Document

logging.disable(logging.CRITICAL)
out = sys.argv[1]
for path in sys.argv[2:]:
    page = open(path, 'rb').read()
    name = os.path.basename(path)[:-len('.html')]
    best = 1e9
    for _ in range(5):
        begun = time.perf_counter()
        try:
            html = Document(page, url='https://x.example/p/' + name).summary()
        except Exception:
            html = '<p></p>'
        best = min(best, (time.perf_counter() - begun) * 1e3)
    with open(os.path.join(out, name + '.python'), 'w') as f:
        f.write(' '.join(lxml.html.fromstring(html).itertext()))
    print(name, '%.3f' % best)
