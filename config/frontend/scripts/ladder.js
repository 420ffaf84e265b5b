// Everything here improves pages that already work without it.

import { announceMessages } from "./messages.js";
import { completeFormulas } from "./completing.js";
import { checkInByKeys } from "./checking-in.js";
import { copyOnClick } from "./copying.js";
import { openDialogs } from "./dialogs.js";
import { followVersion } from "./version.js";
import { keepPlace } from "./swapping.js";
import { menus } from "./menus.js";
import { sendToken } from "./requests.js";
import { shortcuts } from "./shortcuts.js";
import { sliders } from "./sliders.js";
import { switchTheme } from "./theme.js";

document.documentElement.dataset.script = "";
sendToken();
keepPlace();
followVersion();
announceMessages();
menus();
openDialogs();
copyOnClick();
completeFormulas();
shortcuts();
checkInByKeys();
sliders();
switchTheme();
