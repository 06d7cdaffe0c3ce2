// Buttons, the slider and the keys.

const PACES = [0.25, 0.5, 1, 2, 4, 8];

function listenToControls(app) {
  const on = (id, what) => byId(id).addEventListener("click", what);
  on("play", () => app.toggle());
  on("back", () => app.stepBy(-1));
  on("forth", () => app.stepBy(1));
  on("zoom-in", () => zoomStage(app, 1.4));
  on("zoom-out", () => zoomStage(app, 1 / 1.4));
  on("fit", () => app.fit());
  on("unit", () => app.changeUnit());
  on("theme", () => app.changeTheme());
  on("language", () => app.changeLanguage());
  on("help", () => byId("help-dialog").showModal());
  on("help-close", () => byId("help-dialog").close());
  byId("slider").addEventListener("input", (event) => app.seek(Number(event.target.value)));
  byId("pace").addEventListener("change", (event) => app.setPace(Number(event.target.value)));
  byId("follow").addEventListener("change", (event) => {
    const number = Number(event.target.value);
    if (number < 0) app.follow(false);
    else app.select(number, true);
  });
  document.addEventListener("keydown", (event) => pressed(app, event));
}

const KEYS = {
  " ": (app) => app.toggle(),
  k: (app) => app.toggle(),
  ",": (app) => app.stepBy(-1),
  ".": (app) => app.stepBy(1),
  "<": (app) => app.changePace(-1),
  ">": (app) => app.changePace(1),
  Home: (app) => app.seek(app.model.start),
  End: (app) => app.seek(app.model.finish),
  "+": (app) => zoomStage(app, 1.25),
  "=": (app) => zoomStage(app, 1.25),
  "-": (app) => zoomStage(app, 0.8),
  0: (app) => app.fit(),
  f: (app) => app.follow(!app.following),
  "[": (app) => app.selectNext(-1),
  "]": (app) => app.selectNext(1),
  u: (app) => app.changeUnit(),
  t: (app) => app.changeTheme(),
  l: (app) => app.changeLanguage(),
  "?": () => byId("help-dialog").showModal(),
  ArrowLeft: (app) => panStage(app, 60, 0),
  ArrowRight: (app) => panStage(app, -60, 0),
  ArrowUp: (app) => panStage(app, 0, 60),
  ArrowDown: (app) => panStage(app, 0, -60),
};

/** One key; those that the focused control needs are left to it. */
function pressed(app, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help-dialog").open) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!Object.hasOwn(KEYS, key) || isNeeded(event.target, key) || !app.takes(key)) return;
  event.preventDefault();
  KEYS[key](app);
}

function isNeeded(target, key) {
  if (target.tagName === "SELECT") return true;
  if (target.tagName === "BUTTON") return key === " ";
  const moves = key.startsWith("Arrow");
  if (target.tagName === "INPUT") return moves;
  return moves && target !== document.body && target.id !== "stage";
}

/** The transport, now. */
function drawControls(app) {
  const { model } = app;
  const slider = byId("slider");
  if (document.activeElement !== slider || Math.abs(Number(slider.value) - app.time) > 1e-6) slider.value = String(app.time);
  slider.setAttribute("aria-valuetext", `${app.time.toFixed(2)} s`);
  slider.style.setProperty("--part", `${100 * partOf(model, app.time)}%`);
  setText(byId("clock"), app.time.toFixed(2));
  setText(byId("whole"), `/ ${model.finish.toFixed(2)} s`);
  const key = app.playing ? "pause" : app.time >= model.finish ? "again" : "play";
  const play = byId("play");
  if (play.dataset.shows !== key + speech.language) {
    play.dataset.shows = key + speech.language;
    play.className = `round primary is-${key}`;
    play.title = say(key);
    play.setAttribute("aria-label", say(key));
  }
  byId("follow").value = String(app.following ? app.selected : -1);
  byId("pace").value = String(app.pace);
  setText(byId("unit"), app.unit);
}

/** The slider's limits, the collisions on it and the choice of speeds. */
function buildControls(app) {
  const { model } = app;
  const slider = byId("slider");
  slider.min = String(model.start);
  slider.max = String(model.finish);
  slider.step = String(model.data.step > 0 ? Math.max(model.data.step, (model.finish - model.start) / 2000) : 0.01);
  const marks = model.data.touches.map(([time]) => {
    const mark = node("span", {});
    mark.style.left = `${100 * partOf(model, time)}%`;
    return mark;
  });
  byId("marks").replaceChildren(...marks);
  byId("pace").replaceChildren(...PACES.map((pace) => node("option", { value: String(pace) }, `${pace}×`)));
}
