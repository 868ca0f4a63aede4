// UiPath's 2019 Node client (npm uipath-orchestrator): list releases, start one on every robot, follow it to the end.
const Orchestrator = require("uipath-orchestrator");

const options = JSON.parse(process.argv[2]);
const orchestrator = new Orchestrator(options.constructor_options);
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const call = (name, ...args) =>
  new Promise((resolve, reject) =>
    orchestrator[name](...args, (error, data) => (error ? reject(new Error(`${error} ${JSON.stringify(data)}`)) : resolve(data))),
  );

(async () => {
  const releases = (await call("get", "/odata/Releases", { $top: 5, $filter: "IsProcessDeleted eq false" })).value;
  const release = releases.find((item) => item.Key === options.release_key);
  const started = await call("post", "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs", {
    startInfo: { ReleaseKey: release.Key, Strategy: "All", RobotIds: [], NoOfRobots: 0, Source: "Manual" },
  });
  const states = [];
  for (let turn = 0; turn < 100 && !["Successful", "Faulted", "Stopped"].includes(states.at(-1)); turn += 1) {
    const job = await call("get", `/odata/Jobs(${started.value[0].Id})`, {});
    if (states.at(-1) !== job.State) states.push(job.State);
    await wait(100);
  }
  const logs = await call("get", "/odata/RobotLogs", { $filter: `JobKey eq ${started.value[0].Key}` });
  console.log(JSON.stringify({ releases: releases.length, jobs: started.value.length, states, logs: logs.value.length }));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
