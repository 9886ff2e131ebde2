// The new link and PIN, shown once to the officer.

import { copyAndPrint } from "../elements/secret-sheets.js";
import { content } from "./hear.js";

copyAndPrint(content());
