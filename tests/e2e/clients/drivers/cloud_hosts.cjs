// Preloaded with `node --require`: the 2019 client has account.uipath.com and port 443 built in. Name resolution and
// the port are redirected to a TLS front on loopback; the handshake and the certificate check stay real.
const https = require("node:https");

const port = Number(process.env.TLS_FRONT_PORT);
const original = https.request;
https.request = (options, callback) => {
  if (!options.hostname.endsWith(".uipath.com")) throw new Error(`unexpected host ${options.hostname}`);
  return original({ ...options, servername: options.hostname, hostname: "127.0.0.1", port }, callback);
};
