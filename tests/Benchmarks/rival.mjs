// Times a module's dl(y, v) and reml(y, v) on the data of the benchmarks, in milliseconds of processor time: node rival.mjs MODULE. README says how.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const rival = await import(pathToFileURL(process.argv[2]));
const [head, ...rows] = readFileSync('../golden/metafor/data/mcdaniel1994.csv', 'utf8').trim().split(/\r?\n/).map(line => line.split(','));
const column = name => rows.map(row => Number(row[head.findIndex(h => h.replaceAll('"', '') === name)]));
const [yi, vi] = [column('yi'), column('vi')];
const processor = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };

for (const k of [160, 1000, 100000]) {
  const [y, v] = [yi, vi].map(x => Array.from({ length: k }, (_, i) => x[i % x.length]));
  for (const name of ['dl', 'reml']) {
    let count = 1, least = Infinity;
    for (let run = 0; run < 60; run++) {
      const before = processor();
      for (let i = 0; i < count; i++) rival[name](y, v);
      const each = (processor() - before) / count;
      // The first runs are not compiled yet; a run then takes some milliseconds.
      if (run > 10) least = Math.min(least, each);
      count = Math.max(1, Math.min(20000, Math.round(5 / Math.max(each, 1e-4))));
    }
    console.log(`${name.toUpperCase()} ${k}\t${least}`);
  }
}
