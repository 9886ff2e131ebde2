// npm's oidc-provider, a certified OpenID provider, with one client and one account: `node provider.mjs JSON`.
// Prints its issuer when it answers; ends with its standard input.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { client, account } = JSON.parse(process.argv[2] ?? "{}");
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }] },
  cookies: { keys: ["a key for tests alone"] },
  claims: { openid: ["sub"], profile: Object.keys(account).filter((name) => name !== "sub") },
  features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
  // it refuses to call addresses of its own machine, where the service under test is
  fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
  pkce: { required: () => true },
  findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...account, sub }) }),
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 300, Session: 3600, Grant: 3600 },
});
for (const event of ["server_error", "backchannel.error"]) {
  provider.on(event, (...said) => console.error(event, ...said.filter((one) => one instanceof Error)));
}
server.on("request", provider.callback());
process.stdin.on("end", () => process.exit(0)).resume();
console.log(issuer);
