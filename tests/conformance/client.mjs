// npm's openid-client, a certified relying party, signs in at a provider and out of it: `node client.mjs JSON`.
// Prints one line of JSON with what it learnt; any check of the library's that fails ends it with status 1.

import * as openid from "openid-client";

const asked = JSON.parse(process.argv[2] ?? "{}");
const config = await openid.discovery(
  new URL(asked.issuer),
  asked.client_id,
  { client_secret: asked.client_secret, id_token_signed_response_alg: asked.algorithm },
  openid.ClientSecretBasic(asked.client_secret),
  { execute: [openid.allowInsecureRequests] },
);

/** The first form of a page, filled as a person would. */
async function press(address, pressed) {
  const page = await fetch(address, { redirect: "manual" });
  if (page.status !== 200) return page;
  const html = await page.text();
  const action = new URL(/<form method="post" action="([^"]+)"/.exec(html)[1], address);
  const form = new URLSearchParams();
  const plain = (text) => text.replaceAll("&#34;", '"').replaceAll("&amp;", "&");
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
    form.set(name, plain(value));
  }
  for (const [name, value] of Object.entries(pressed)) form.set(name, value);
  return fetch(action, { method: "POST", body: form, redirect: "manual" });
}

const verifier = openid.randomPKCECodeVerifier();
const [state, nonce] = [openid.randomState(), openid.randomNonce()];
const begin = openid.buildAuthorizationUrl(config, {
  redirect_uri: asked.redirect_uri,
  scope: "openid profile",
  code_challenge: await openid.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
  max_age: "300",
});
const chosen = await press(begin, asked.pressed);
const answer = new URL(chosen.headers.get("location"));
const checks = {
  pkceCodeVerifier: asked.verifier ?? verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
  maxAge: 300,
};
const tokens = await openid.authorizationCodeGrant(config, answer, checks);
const claims = tokens.claims();
const userinfo = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
const again = await openid.authorizationCodeGrant(config, answer, checks).then(
  () => "accepted",
  (refused) => refused.error,
);
const end = openid.buildEndSessionUrl(config, {
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: asked.post_logout_redirect_uri,
  state: "goodbye",
});
const left = await press(end, { confirm: "yes" });
console.log(JSON.stringify({ claims, userinfo, again, left: left.headers.get("location") }));
