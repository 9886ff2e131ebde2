// A message service that nobody here wrote (npm's smpp): what it is handed is told on standard output, a line each.
// The end of a number says what becomes of its message: 01 refused, 02 no answer, 03 the line breaks, 04 asked
// first whether the other side is still there.

const { createServer } = require("smpp");

const [systemId, password] = process.argv.slice(2);
const tell = (fact) => process.stdout.write(`${JSON.stringify(fact)}\n`);

const server = createServer((session) => {
  session.on("error", () => {});
  session.on("bind_transmitter", (pdu) => {
    const known = pdu.system_id === systemId && pdu.password === password;
    tell({ bound: known });
    session.send(pdu.response({ command_status: known ? 0 : 0x0e, system_id: "smsc" }));
  });
  session.on("submit_sm", (pdu) => {
    const to = pdu.destination_addr;
    tell({
      to,
      kind: [pdu.dest_addr_ton, pdu.dest_addr_npi],
      from: pdu.source_addr,
      fromKind: [pdu.source_addr_ton, pdu.source_addr_npi],
      text: pdu.short_message.message,
      coding: pdu.data_coding,
      minutes: Math.round((pdu.validity_period - Date.now()) / 60_000),
    });
    if (to.endsWith("02")) return;
    if (to.endsWith("03")) return session.destroy();
    const answer = () => session.send(pdu.response({ command_status: to.endsWith("01") ? 0x58 : 0, message_id: "m1" }));
    if (to.endsWith("04")) session.enquire_link({}, () => (tell({ alive: true }), answer()));
    else answer();
  });
  session.on("unbind", (pdu) => {
    tell({ unbound: true });
    session.send(pdu.response());
    session.close();
  });
});
server.listen(0, "127.0.0.1", () => tell({ port: server.address().port }));
process.stdin.on("end", () => process.exit(0)).resume();
