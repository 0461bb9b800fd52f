// Bundles src/ into public/: `node build.mjs` writes the files, `node build.mjs --check` tells which are not as built.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const PUBLIC = join(HERE, '..', 'public');
const BANNER = '// Built from frontend/src by `make frontend`: edit there.';

// What Chainlit hands to an element; it evaluates the file at run time and can import nothing else.
const OFFERED = new Set(['react', 'lucide-react', '@chainlit/react-client', '@/components/markdown']);

const COMMON = {
  absWorkingDir: HERE,
  bundle: true,
  write: false,
  metafile: true,
  charset: 'utf8',
  target: 'es2022',
  legalComments: 'none',
  banner: { js: BANNER },
  logLevel: 'warning',
};
const SCRIPTS = {
  'src/page/studyrag.ts': 'studyrag.js',
  'src/settings/settings.ts': 'viewer/settings.js',
  'src/viewer/viewer.ts': 'viewer/viewer.js',
};

async function bundle(entry, outfile, options) {
  const { outputFiles, metafile } = await build({ ...COMMON, ...options, entryPoints: [entry], outfile });
  const [{ imports }] = Object.values(metafile.outputs);
  const foreign = imports.map(({ path }) => path).filter((path) => !OFFERED.has(path));
  if (foreign.length) throw new Error(`${entry} imports ${foreign.join(', ')}, which Chainlit does not offer`);
  return [outfile, outputFiles[0].text];
}

async function bundles() {
  const names = (await readdir(join(HERE, 'src/elements'))).filter((name) => name.endsWith('.tsx')).sort();
  const elements = names.map((name) => bundle(
    `src/elements/${name}`, join(PUBLIC, 'elements', `${basename(name, '.tsx')}.jsx`),
    { format: 'esm', jsx: 'preserve', packages: 'external' },
  ));
  const scripts = Object.entries(SCRIPTS).map(([entry, name]) => bundle(entry, join(PUBLIC, name), { format: 'iife' }));
  return Promise.all([...elements, ...scripts]);
}

async function stale(built) {
  const known = new Set(built.map(([file]) => file));
  const there = (await readdir(join(PUBLIC, 'elements'))).map((name) => join(PUBLIC, 'elements', name));
  const changed = await Promise.all(built.map(async ([file, text]) => (
    (await readFile(file, 'utf8').catch(() => '')) === text ? [] : [file]
  )));
  return [...changed.flat(), ...there.filter((file) => !known.has(file))];
}

const built = await bundles();
if (process.argv.includes('--check')) {
  const files = await stale(built);
  for (const file of files) console.error(`${relative(join(HERE, '..'), file)} is not what frontend/src builds: run make frontend`);
  process.exitCode = files.length ? 1 : 0;
} else {
  await Promise.all(built.map(([file, text]) => writeFile(file, text)));
}
