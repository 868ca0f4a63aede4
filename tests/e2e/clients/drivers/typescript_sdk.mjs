// UiPath's TypeScript SDK (npm @uipath/uipath-typescript): list processes, start one, follow it to the end.
import { UiPath } from "@uipath/uipath-typescript/core";
import { Jobs } from "@uipath/uipath-typescript/jobs";
import { Processes } from "@uipath/uipath-typescript/processes";

const options = JSON.parse(process.argv[2]);
const sdk = new UiPath({
  baseUrl: options.base_url,
  orgName: options.organization,
  tenantName: options.tenant,
  secret: options.secret,
});
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const folderId = options.folder_id;

const processes = await new Processes(sdk).getAll({ folderId });
const page = await new Processes(sdk).getAll({ folderId, pageSize: 3, filter: "isProcessDeleted eq false" });
const chosen = processes.items.find((item) => item.key === options.release_key);
const started = await new Processes(sdk).start({ processKey: chosen.key }, folderId);
const jobs = new Jobs(sdk);
const states = [];
let job;
for (let turn = 0; turn < 100 && !["Successful", "Faulted", "Stopped"].includes(states.at(-1)); turn += 1) {
  job = await jobs.getById(started[0].key, folderId);
  if (states.at(-1) !== job.state) states.push(job.state);
  await wait(100);
}
const output = await jobs.getOutput(job.key, folderId);
const listed = await jobs.getAll({ folderId, filter: "state eq 'Successful'", orderby: "creationTime desc" });
const long = await new Processes(sdk).start({ processKey: options.long_release_key }, folderId);
await wait(700);
await jobs.stop([long[0].key], folderId);
const stopping = await jobs.getById(long[0].key, folderId);
console.log(
  JSON.stringify({
    releases: processes.items.length,
    page: page.items.length,
    total: page.totalCount,
    states,
    output,
    listed: listed.items.length,
    stopping: stopping.state,
  }),
);
