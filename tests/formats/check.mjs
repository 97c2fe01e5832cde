// SPDX-License-Identifier: Apache-2.0
// Reads each format as its consumers do, and compares what they understand with `--format json`:
//   node check.mjs PROGRAM FOLDER-WITH-DOCKERFILES
// Run by ./run, which installs what package.json names.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as actions from '@actions/core';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse as readJunit } from 'junit2json';
import { parseStringPromise as readXml } from 'xml2js';

const [program, samples] = process.argv.slice(2).map((path) => resolve(path));
const here = dirname(fileURLToPath(import.meta.url));
const multitool = join(here, 'node_modules/@microsoft/sarif-multitool-linux');
const folder = mkdtempSync(join(tmpdir(), 'dockerlint-formats-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/// As GitHub's code scanning wants it, by the validator of those who wrote the standard.
function validateWithMultitool(name) {
  execFileSync(join(multitool, 'Sarif.Multitool'),
    ['validate', `${name}.sarif`, '--rule-kind', 'Sarif;Ghas', '--output', 'verdict.sarif', '--log', 'ForceOverwrite'],
    { cwd: folder, stdio: 'ignore', env: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', HOME: folder, TMPDIR: folder } });
  const verdict = JSON.parse(readFileSync(join(folder, 'verdict.sarif'), 'utf8').replace(/^\ufeff/, ''));
  const wrong = verdict.runs[0].results
    .filter((result) => result.ruleId !== 'SARIF2005')  // asks for a web page of ours
    .map((result) => `${name}: ${result.ruleId}: ${JSON.stringify(result.message)}`);
  assert.deepEqual([...new Set(wrong)], []);
}

// --- what is linted: the samples of the test-suite, and what is hard to write down ---
cpSync(samples, join(folder, 'samples'), { recursive: true });
mkdirSync(join(folder, 'hard'));
const hard = {
  'bom.Dockerfile': '\ufeffFROM a\nRUN --mount=type=cache,id=\u{1F433}é,target=/root/.npm,sharing=locked npm ci\n',
  'crlf.Dockerfile': 'FROM a\r\nRUN --mount=type=cache,target=/root/.npm,sharing=locked \\\r\n  npm ci\r\n',
  'empty.Dockerfile': '',
  'line end.Dockerfile': '\n',
  'heredoc.Dockerfile': 'FROM a\nRUN <<EOF\ntrue\n',
  'markup.Dockerfile': 'FROM a\n<b>&"]]>[x](1)%0A::error\u0001\u009b x\nRUN x\n',
  'two edits.Dockerfile':
    'FROM a\nRUN --mount=type=cache,target=/var/cache/apt apt-get install -y é\nRUN --mount=type=cache,target=/var/cache/apt true\n',
  'ignored.Dockerfile':
    'FROM a\n# dockerlint ignore=cache/missing-sharing one [b](1) builder\nRUN --mount=type=cache,target=/var/cache/apt true\n' +
    'RUN --mount=type=cache,id=x,target=/var/cache/apt true\n',
  'label.Dockerfile': 'FROM \u{1F433} AS build\nFROM a\nRUN --mount=from=0,target=/x true\n',
  'a%,:;&<">\'`|[x](y)\t.Dockerfile': 'FORM a\n',
};
for (const [name, text] of Object.entries(hard)) writeFileSync(join(folder, 'hard', name), text);
writeFileSync(Buffer.concat([Buffer.from(join(folder, 'hard/')), Buffer.from([0xff, 0x0a, 0x1b]), Buffer.from('.Dockerfile')]),
  Buffer.concat([Buffer.from('FROM a\nRUN --mount=type=cache,id='), Buffer.from([0xff, 0xc3]),
    Buffer.from(',target=/root/.npm,sharing=locked npm ci\n'), Buffer.from([0xfe]), Buffer.from(' x\n')]));

const utf8 = new TextDecoder('utf-8', { fatal: true });
function lint(format, ...more) {
  const run = spawnSync(program, ['--format', format, '--min-severity', 'hint', '--quiet', ...more, '.'],
    { cwd: folder, env: {}, maxBuffer: 1 << 28 });
  assert.equal(run.stderr.toString(), '');
  assert.ok(run.status === 0 || run.status === 1, `${format}: status ${run.status}`);
  return utf8.decode(run.stdout);  // throws at what is no UTF-8
}

const { findings } = JSON.parse(lint('json'));
const byPath = new Map(findings.map((found) => [found.path, []]));
for (const found of findings) byPath.get(found.path).push(found);
assert.ok(findings.length > 50, `only ${findings.length} findings to compare with`);
assert.ok(findings.some((found) => found.fix?.edits.length > 1) && findings.some((found) => found.related.length > 0));

const ajv = new Ajv({ allErrors: true, strict: false });
addFormats(ajv);
ajv.addMetaSchema(JSON.parse(readFileSync(join(here, 'node_modules/ajv/dist/refs/json-schema-draft-07.json'), 'utf8')));
function validate(name, schema, value) {
  const check = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  assert.ok(check(value), `${name}: ${ajv.errorsText(check.errors)}`);
}

// --- places and edits, as those who read them count ---
const files = new Map();
for (const path of byPath.keys()) {
  try {
    files.set(path, utf8.decode(readFileSync(join(folder, path))));  // without its byte order mark
  } catch { /* bytes that are no text: nobody can apply edits by column */ }
}
/** The offset in UTF-16 of a place in a text. */
function offset(text, line, column, unit) {
  let begin = 0;
  for (let n = 1; n < line; ++n) {
    const end = text.indexOf('\n', begin);
    assert.notEqual(end, -1, `there is no line ${line}`);
    begin = end + 1;
  }
  if (unit === 'utf16') {
    assert.ok(begin + column - 1 <= text.length);
    return begin + column - 1;
  }
  const bytes = Buffer.from((line === 1 && unit === 'bytes-bom' ? '\ufeff' : '') + text.slice(begin)).subarray(0, column - 1);
  return begin + utf8.decode(bytes).length;
}
function edited(text, edits) {
  for (const { begin, end, text: inserted } of [...edits].sort((a, b) => b.begin - a.begin))
    text = text.slice(0, begin) + inserted + text.slice(end);
  return text;
}
/** What --format json says the file becomes; its edits count bytes. */
function expected(path, fix) {
  let bytes = readFileSync(join(folder, path));
  for (const edit of [...fix.edits].sort((a, b) => b.offset - a.offset))
    bytes = Buffer.concat([bytes.subarray(0, edit.offset), Buffer.from(edit.text), bytes.subarray(edit.endOffset)]);
  return utf8.decode(bytes);
}
const levels = { sarif: { error: 'error', warning: 'warning', info: 'note', hint: 'note' } };

const checks = {
  json() {
    validate('json', join(here, 'findings.schema.json'), JSON.parse(lint('json')));
  },

  jsonl() {
    const lines = lint('jsonl').trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines, findings);
  },

  sarif() {
    const log = JSON.parse(lint('sarif'));
    validate('sarif', join(multitool, 'sarif-2.1.0.json'), log);
    const [{ results, tool }] = log.runs;
    assert.equal(results.length, findings.length);
    const rules = new Map(tool.driver.rules.map((rule) => [rule.id, rule]));
    assert.deepEqual([...rules.keys()], [...new Set(findings.map((found) => found.rule))].sort());
    for (const rule of rules.values()) assert.ok(rule.help.markdown.includes('## Why') && !/\]\([^):]*\.md/.test(rule.help.markdown), rule.id);
    let applied = 0;
    results.forEach((result, i) => {
      const found = findings[i];
      const path = found.path;
      assert.equal(result.ruleId, found.rule);
      assert.equal(result.level, levels.sarif[found.severity]);
      assert.deepEqual(result.suppressions, []);
      assert.equal(result.locations[0].physicalLocation.region.startLine, found.line);
      assert.equal(result.relatedLocations?.length ?? 0, found.related.length);
      if (!files.has(path)) return;
      assert.equal(decodeURIComponent(result.locations[0].physicalLocation.artifactLocation.uri), path);
      if (!result.fixes) return;
      ++applied;
      const edits = result.fixes[0].artifactChanges[0].replacements.map(({ deletedRegion: r, insertedContent }) => ({
        begin: offset(files.get(path), r.startLine, r.startColumn, 'utf16'),
        end: offset(files.get(path), r.endLine, r.endColumn, 'utf16'),
        text: insertedContent?.text ?? '',
      }));
      assert.equal(edited(files.get(path), edits), expected(path, found.fix), `the fix of ${found.rule} in ${path}`);
    });
    assert.ok(applied > 20, `only ${applied} fixes applied`);

    const all = JSON.parse(lint('sarif', '--show-ignored')).runs[0].results;
    const hidden = all.filter((result) => result.suppressions.length > 0);
    assert.equal(all.length - hidden.length, findings.length);
    assert.ok(hidden.some((result) => result.suppressions[0].justification === 'one [b](1) builder'));

    // With a baseline of one folder, what is in it is as it was, and what is elsewhere is new.
    const written = spawnSync(program, ['--write-baseline=known.json', '--min-severity', 'hint', '.'], { cwd: folder, env: {} });
    assert.equal(written.status, 0, written.stderr.toString());
    const baseline = JSON.parse(readFileSync(join(folder, 'known.json'), 'utf8'));
    baseline.findings = baseline.findings.filter((entry) => entry.path.startsWith('hard/'));
    writeFileSync(join(folder, 'known.json'), JSON.stringify(baseline));
    const compared = JSON.parse(lint('sarif', '--show-ignored', '--baseline', 'known.json'));
    validate('sarif', join(multitool, 'sarif-2.1.0.json'), compared);
    assert.equal(compared.runs[0].results.length, all.length);
    for (const result of compared.runs[0].results) {
      const { uri } = result.locations[0].physicalLocation.artifactLocation;
      const known = uri.startsWith('hard/') && !uri.startsWith('hard/%FF');  // a name that JSON cannot carry
      const ignored = result.suppressions[0]?.kind === 'inSource';
      assert.equal(result.baselineState, ignored ? undefined : known ? 'unchanged' : 'new', JSON.stringify(result));
    }
    rmSync(join(folder, 'known.json'));

    chmodSync(join(multitool, 'Sarif.Multitool'), 0o755);
    writeFileSync(join(folder, 'compared.sarif'), JSON.stringify(compared));
    writeFileSync(join(folder, 'all.sarif'), lint('sarif', '--show-ignored'));
    for (const log of ['all', 'compared']) validateWithMultitool(log);
  },

  github() {
    // The runner's own library must write the same commands for what is read from ours.
    const order = ['error', 'warning', 'notice'];
    let last = 0;
    const lines = lint('github').trimEnd().split('\n');
    assert.equal(lines.length, findings.length);
    const written = [];
    const write = process.stdout.write;
    for (const line of lines) {
      const [, command, properties, data] = /^::(\w+) ([^:]*)::(.*)$/.exec(line);
      assert.ok(order.indexOf(command) >= last, 'the worst come first');
      last = order.indexOf(command);
      const undo = (text) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');
      const of = Object.fromEntries(properties.split(',').map((property) => property.split(/=(.*)/s)).map(([key, value]) => [key, undo(value)]));
      process.stdout.write = (text) => written.push(text);
      try {
        actions[command](undo(data), { title: of.title, file: of.file, startLine: Number(of.line), endLine: Number(of.endLine),
          startColumn: Number(of.col) || undefined, endColumn: Number(of.endColumn) || undefined });
      } finally {
        process.stdout.write = write;
      }
    }
    assert.equal(written.join(''), lines.map((line) => line + '\n').join(''));
  },

  gitlab() {
    const issues = JSON.parse(lint('gitlab'));
    validate('gitlab', join(here, 'gitlab.schema.json'), issues.filter((issue) => !issue.location.path.includes('\ufffd')));
    assert.equal(issues.length, findings.length);
    assert.equal(new Set(issues.map((issue) => issue.fingerprint)).size, issues.length);
    issues.forEach((issue, i) => {
      assert.equal(issue.location.path, findings[i].path);
      assert.equal(issue.check_name, findings[i].rule);
      assert.equal(issue.location.lines.begin, findings[i].line);
    });
  },

  codeclimate() {
    const issues = lint('codeclimate').split('\0').slice(0, -1).map((text) => JSON.parse(text));
    for (const issue of issues) validate('codeclimate', join(here, 'codeclimate.schema.json'), issue);
    assert.deepEqual(issues.map((issue) => issue.check_name), findings.map((found) => found.rule));
    assert.equal(new Set(issues.map((issue) => issue.fingerprint)).size, issues.length);
  },

  async checkstyle() {
    const xml = lint('checkstyle');
    wellFormed(xml);
    const { checkstyle } = await readXml(xml);
    const errors = checkstyle.file.flatMap((file) => (file.error ?? []).map((error) => [file.$.name, Number(error.$.line), error.$.source]));
    assert.deepEqual(errors.map((error) => error.slice(1)), findings.map((found) => [found.line, `dockerlint.${found.rule}`]));
    errors.forEach(([path], i) => files.has(findings[i].path) && assert.equal(path, findings[i].path));
  },

  async junit() {
    const xml = lint('junit');
    wellFormed(xml);
    const suites = await readJunit(xml);
    const cases = suites.testsuite.flatMap((suite) => suite.testcase);
    for (const suite of suites.testsuite) {
      assert.equal(suite.tests, suite.testcase.length);
      assert.equal(suite.failures, suite.testcase.filter((test) => test.failure).length);
    }
    const failing = [...byPath].filter(([, all]) => all.some(({ severity }) => ['error', 'warning'].includes(severity)));
    assert.equal(cases.filter((test) => test.failure).length, failing.length);
    for (const [path, all] of failing) {
      if (!files.has(path)) continue;
      const test = cases.find((one) => one.name === path);
      const lines = test.failure[0].inner.split('\n').filter((line) => /^\d+:\d+: /.test(line));
      assert.equal(lines.length, all.filter(({ severity }) => ['error', 'warning'].includes(severity)).length);
    }
  },

  gnu() {
    // As Emacs and Vim read it: a place in front, a severity behind it.
    const lines = lint('gnu').trimEnd().split('\n');
    const found = lines.filter((line) => !/: note: /.test(line));
    assert.equal(found.length, findings.length);
    found.forEach((line, i) => assert.match(line, new RegExp(`:${findings[i].line}:\\d+: ${findings[i].severity}: .* \\[${findings[i].rule}\\]$`)));
    for (const line of lines.filter((one) => / note: /.test(one))) assert.match(line, /:\d+(:\d+|\.\d+-\d+(\.\d+)?): note: /);
  },

  rdjson() {
    const result = JSON.parse(lint('rdjson'));
    validate('rdjson', join(here, 'rdjson.schema.json'), result);
    assert.equal(result.diagnostics.length, findings.length);
    let applied = 0;
    result.diagnostics.forEach((diagnostic, i) => {
      const { path, rule, line, fix } = findings[i];
      assert.equal(diagnostic.code.value, rule);
      assert.equal(diagnostic.location.path, path);
      assert.equal(diagnostic.location.range.start.line, line);
      if (!diagnostic.suggestions || !files.has(path)) return;
      assert.equal(fix.applicability, 'safe');
      ++applied;
      const unit = readFileSync(join(folder, path)).subarray(0, 3).equals(Buffer.from('\ufeff')) ? 'bytes-bom' : 'bytes';
      const edits = diagnostic.suggestions.map(({ range: { start, end }, text }) => ({
        begin: offset(files.get(path), start.line, start.column, unit),
        end: offset(files.get(path), end.line, end.column, unit),
        text,
      }));
      assert.equal(edited(files.get(path), edits), expected(path, fix), `the suggestion of ${rule} in ${path}`);
    });
    assert.ok(applied > 20, `only ${applied} suggestions applied`);
  },

  'the same for any number of jobs'() {
    for (const format of ['text', 'concise', ...Object.keys(checks).slice(0, 10)])
      assert.equal(lint(format, '--jobs', '1'), lint(format, '--jobs', '7'), format);
  },

  'fingerprints stay when lines move'() {
    const prints = () => ({
      gitlab: JSON.parse(lint('gitlab')).map((issue) => issue.fingerprint),
      sarif: JSON.parse(lint('sarif')).runs[0].results.map((result) => result.partialFingerprints),
    });
    const before = prints();
    for (const path of files.keys()) {
      const text = readFileSync(join(folder, path), 'utf8');
      const from = text.search(/^FROM /m);
      if (from > 0 || (from === 0 && !text.startsWith('#'))) writeFileSync(join(folder, path), text.slice(0, from) + '\n\n' + text.slice(from));
    }
    assert.notDeepEqual(JSON.parse(lint('json')).findings.map((found) => found.line), findings.map((found) => found.line));
    assert.deepEqual(prints(), before);
  },
};

/** libxml2's word, where it is installed. */
function wellFormed(xml) {
  const run = spawnSync('xmllint', ['--noout', '-'], { input: xml });
  assert.ok(run.error?.code === 'ENOENT' || run.status === 0, run.stderr?.toString());
}

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`good: ${name}`);
  } catch (error) {
    ++failed;
    console.log(`FAILED: ${name}: ${error.stack}`);
  }
}
console.log(`formats: ${findings.length} findings in ${byPath.size} files, ${Object.keys(checks).length - failed} checks passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
