// Readability.js over pages: node extract_peer.js OUT FILE... writes the text of each to OUT/NAME.js and prints its name and the
// milliseconds (least of five). Both packages are found by NODE_PATH.
const fs = require('fs'), path = require('path');
const { JSDOM } = require('jsdom');
const { Readability } = require('@mozilla/readability');

const out = process.argv[2];
for (const file of process.argv.slice(3)) {
  const html = fs.readFileSync(file, 'utf8'), name = path.basename(file, '.html');
  let best = 1e9, text = '';
  for (let i = 0; i < 5; i++) {
    const begun = process.hrtime.bigint();
    const article = new Readability(new JSDOM(html, { url: 'https://x.example/p/' + name }).window.document).parse();
    best = Math.min(best, Number(process.hrtime.bigint() - begun) / 1e6);
    if (!article || i) continue;
    const d = new JSDOM(article.content).window.document;
    // What stands in blocks of their own are words of their own.
    d.querySelectorAll('p,div,li,time,header,section,article,h1,h2,h3,h4,td,th,figcaption,pre,br,dd,dt').forEach((e) => e.append(' '));
    text = d.body.textContent;
  }
  fs.writeFileSync(path.join(out, name + '.js'), text);
  console.log(name + ' ' + best.toFixed(3));
}
