import "./main.css";
import { listenToConfirm } from "./confirm";
import { listenToCopy } from "./copy";
import { onLoad, setUpHtmx } from "./htmx";
import { listenToKeys, listenToMenus } from "./keys";
import { listenToThemeSwitch, themeSwitch } from "./theme-switch";
import { localTimes, startCountdowns } from "./times";

setUpHtmx();
listenToConfirm();
listenToCopy();
listenToKeys();
listenToMenus();
listenToThemeSwitch();
startCountdowns();
onLoad(localTimes);
onLoad(themeSwitch);
