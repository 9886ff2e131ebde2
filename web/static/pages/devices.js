// The check of camera, microphone and speaker before taking a turn.

import { tone } from "../call/alarm.js";
import { watchLevel } from "../call/devices.js";
import { onActions } from "../elements/actions.js";
import { LevelMeter } from "../elements/level-meter.js";
import { content } from "./hear.js";
import { OwnDevices } from "./own-devices.js";

const main = content();
const own = new OwnDevices(main);
const meter = new LevelMeter(main);
let watching = new AbortController();

own.addEventListener("stream", () => {
  watching.abort();
  watching = new AbortController();
  meter.begin(own.stream);
  if (own.stream) watchLevel(own.stream, (level) => meter.show(level), watching.signal);
});
onActions(main, { "try-again": () => void own.open(), "play-tone": () => void tone() });
void own.open();
