// Facts, the list of entities, the chosen one in detail, and what to know about the run.

const ENDS = { storyboard: "endStoryboard", time: "endTime", outside: "endOutside" };

/** Says what the page itself says: again after a change of language. */
function sayPage() {
  document.documentElement.lang = speech.language === "zh" ? "zh-Hans" : "en";
  for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
  for (const each of document.querySelectorAll("[data-hint]")) {
    each.title = say(each.dataset.hint);
    each.setAttribute("aria-label", say(each.dataset.hint));
  }
}

/** What stands still of the run. */
function buildPanels(app) {
  buildEntities(app);
  buildFindings(app);
}

function buildFacts(app) {
  const { data, start, finish, tracks } = app.model;
  byId("name").textContent = data.name || say("replay");
  document.title = `${data.name || say("replay")} · ${say("replay")}`;
  const facts = [
    ["duration", `${(finish - start).toFixed(1)} s`],
    ["ended", data.end in ENDS ? say(ENDS[data.end]) : data.end],
    ["entities", String(tracks.length)],
    ["collisions", String(data.touches.length), data.touches.length ? "bad" : ""],
    ["rate", `${numberWords(1000 * data.step)} ms`],
  ];
  byId("facts").replaceChildren(
    ...facts.map(([key, value, tone]) => node("div", {}, node("dt", {}, say(key)), node("dd", { class: tone || null }, value))),
  );
}

function buildEntities(app) {
  const { model } = app;
  app.cells = [];
  const rows = model.order.map((number) => {
    const track = model.tracks[number];
    const swatch = node("i", { class: "swatch", "aria-hidden": "true" });
    const speed = node("span", { class: "speed" });
    const button = node("button", { type: "button", class: "entity" }, swatch,
      node("span", { class: "name" }, track.name), node("span", { class: "kind" }, sayKind(track.kind)), speed);
    button.addEventListener("click", () => app.select(number, true));
    app.cells.push({ number, track, swatch, speed, button });
    return node("li", {}, button);
  });
  byId("entities").replaceChildren(...rows);
  if (!rows.length) byId("entities").replaceChildren(node("li", { class: "quiet" }, say("noEntities")));
  buildFollow(app);
}

function buildFollow(app) {
  const options = app.model.order.map((number) => node("option", { value: String(number) }, app.model.tracks[number].name));
  byId("follow").replaceChildren(node("option", { value: "-1" }, say("free")), ...options);
}

/** Speeds, colours and the chosen entity, now. */
function drawEntities(app) {
  for (const { number, track, swatch, speed, button } of app.cells) {
    const state = stateAt(app.model, track, app.time);
    setText(speed, state ? app.speedWords(state.speed) : "–");
    swatch.style.background = colorOf(app.model, number, app.look);
    button.classList.toggle("absent", !state);
    button.setAttribute("aria-pressed", String(number === app.selected));
  }
  drawDetail(app);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function drawDetail(app) {
  const track = app.model.tracks[app.selected];
  const detail = byId("detail");
  if (!track) return setText(detail, say("chooseOne"));
  const pairs = detailOf(app, track);
  if (detail.dataset.of !== `${app.selected} ${speech.language} ${pairs.length}`) {
    detail.dataset.of = `${app.selected} ${speech.language} ${pairs.length}`;
    detail.replaceChildren(node("h3", {}, track.name), node("dl", {}, ...pairs.map(([key]) => node("div", {}, node("dt", {}, key), node("dd")))));
  }
  detail.querySelectorAll("dd").forEach((cell, i) => setText(cell, pairs[i][1]));
}

/** [word, value] of the chosen one. */
function detailOf(app, track) {
  const state = stateAt(app.model, track, app.time);
  const [x0, y0] = app.model.data.origin;
  const size = [say("size"), `${track.size.map(numberWords).join(" × ")} m`];
  if (!state) return [[say("speed"), say("absent")], size];
  const degrees = (((state.heading * 360) / TAU) % 360 + 360) % 360;
  const road = app.model.data.roads[state.road];
  const where = road === undefined
    ? [[say("road"), say("offRoad")]]
    : [[say("road"), road], [say("lane"), signed(state.lane, 0)], [say("station"), `${signed(state.s, 2)} m`], [say("offset"), `${signed(state.offset, 2)} m`]];
  return [
    [say("speed"), app.speedWords(state.speed)],
    [say("acceleration"), `${signed(state.acceleration, 2)} m/s²`],
    [say("position"), `${signed(state.x + x0, 2)}, ${signed(state.y + y0, 2)}`],
    [say("height"), `${signed(state.z, 2)} m`],
    [say("heading"), `${degrees.toFixed(1)}°`],
    ...where,
    size,
  ];
}

function signed(value, decimals) {
  const text = value.toFixed(decimals);
  return (/^-0(\.0*)?$/.test(text) ? text.slice(1) : text).replace("-", "−");
}

function buildFindings(app) {
  const { data, tracks } = app.model;
  const parts = [];
  if (data.touches.length) parts.push(listOf("touches", data.touches.map((touch) => touchOf(app, touch, tracks)), "bad"));
  if (data.unfired.length) parts.push(listOf("never", data.unfired.map(unfiredOf)));
  const notes = [...data.notes];
  if (data.stride > 1) notes.push(say("thinned", data.stride));
  if (notes.length) parts.push(listOf("notes", notes.map((note) => node("li", {}, note))));
  if (!parts.length) parts.push(node("p", { class: "quiet" }, say("noFindings")));
  byId("findings").replaceChildren(...parts);
}

function listOf(key, items, tone = "") {
  const count = node("span", { class: `count ${tone}` }, String(items.length));
  return node("section", {}, node("h3", {}, say(key), " ", count), node("ul", {}, ...items));
}

function touchOf(app, [time, first, second], tracks) {
  const button = node("button", { type: "button", class: "link", title: say("seekTo", time.toFixed(2)) }, `${time.toFixed(2)} s`);
  button.addEventListener("click", () => {
    app.seek(time);
    app.select(first, true);
  });
  return node("li", {}, button, " ", say("touching", tracks[first].name, tracks[second].name));
}

function unfiredOf([path, which, place]) {
  return node("li", {}, node("span", { class: "tag" }, say(`${which}Trigger`)), " ", path || say("storyboard"), " ", node("span", { class: "place" }, place));
}
