// The storyboard, the collisions and the lights as spans over time.

/** An element with attributes and children; texts become text nodes, never markup. */
function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

/** A time as a part of the run, 0 to 1. */
function partOf(model, time) {
  const span = model.finish - model.start;
  return span > 0 ? Math.min(1, Math.max(0, (time - model.start) / span)) : 0;
}

/** Builds all rows; again after a change of language. */
function buildBoard(app) {
  const { data } = app.model;
  const rows = [timeRow(app)];
  if (data.touches.length) rows.push(touchRow(app));
  for (const [signal, changes] of app.changes) rows.push(lightRow(app, signal, changes));
  for (const each of data.board) rows.push(elementRow(app, each));
  if (data.boardHidden) rows.push(node("p", { class: "quiet" }, say("hidden", data.boardHidden)));
  if (!data.board.length) rows.push(node("p", { class: "quiet" }, say("noBoard")));
  const listed = rows.some((row) => row.getAttribute("role") === "listitem");
  byId("rows").setAttribute("role", listed ? "list" : "none"); // a list without items is none
  byId("rows").replaceChildren(...rows, node("div", { class: "cursor-lane", "aria-hidden": "true" }, node("div", { id: "cursor" })));
}

function rowOf(kind, label, bars, title) {
  const lane = node("div", { class: "lane" }, ...bars);
  return node("div", { class: `row ${kind}`, role: "listitem", title, "aria-label": title }, label, lane);
}

function timeRow(app) {
  const { start, finish } = app.model;
  const step = roundAbove(Math.max(0.1, (finish - start) / Math.max(2, byId("rows").clientWidth / 130)));
  const ticks = [];
  for (let time = Math.ceil(start / step) * step; time <= finish + 1e-9; time += step) {
    const tick = node("span", { class: "tick" }, `${numberWords(time)} s`);
    const part = partOf(app.model, time);
    tick.style.left = `${100 * part}%`;
    if (part > 0.95) tick.classList.add("last");
    ticks.push(tick);
  }
  return node("div", { class: "row times", "aria-hidden": "true" }, node("span", { class: "label" }), node("div", { class: "lane" }, ...ticks));
}

function touchRow(app) {
  const { data, tracks } = app.model;
  const bars = data.touches.map(([time, first, second]) => {
    const mark = node("span", { class: "touch", title: `${time.toFixed(2)} s: ${say("touching", tracks[first].name, tracks[second].name)}` });
    mark.style.left = `${100 * partOf(app.model, time)}%`;
    return mark;
  });
  const label = node("span", { class: "label" }, node("span", { class: "name bad" }, say("touches")));
  return rowOf("touches", label, bars, `${say("touches")}: ${data.touches.map(([time]) => `${time.toFixed(2)} s`).join(", ")}`);
}

function lightRow(app, signal, changes) {
  const bars = changes.map(([time, aspect, state], i) => {
    const until = i + 1 < changes.length ? changes[i + 1][0] : app.model.finish;
    const bar = barOf(app.model, time, until, `bar light ${aspect}`);
    bar.title = `${state}, ${time.toFixed(2)}–${until.toFixed(2)} s`;
    return bar;
  });
  const label = node("span", { class: "label" }, node("span", { class: "name" }, signal), node("span", { class: "kind" }, say("signals")));
  const said = changes.map(([time, , state]) => `${time.toFixed(2)} s ${state}`).join(", ");
  return rowOf("lights", label, bars, `${say("signals")} ${signal}: ${said}`);
}

function barOf(model, from, until, className) {
  const bar = node("span", { class: className });
  const left = partOf(model, from);
  bar.style.left = `${100 * left}%`;
  bar.style.width = `${100 * (partOf(model, until) - left)}%`;
  return bar;
}

function elementRow(app, each) {
  const bars = [];
  for (const [state, from, until, how] of each.spans) {
    if (state) bars.push(barOf(app.model, from, until, `bar ${state} ${how || "open"}`));
    if (how) bars.push(markOf(app.model, until, how));
  }
  const name = node("span", { class: "name" }, each.name || say(`kind${each.kind}`));
  const label = node("span", { class: "label" }, name, node("span", { class: "kind" }, say(`kind${each.kind}`)));
  label.style.setProperty("--depth", Math.min(each.depth, 8));
  return rowOf(`k-${each.kind}`, label, bars, spokenRow(each));
}

function markOf(model, time, how) {
  const mark = node("span", { class: `mark ${how}` });
  mark.style.left = `${100 * partOf(model, time)}%`;
  return mark;
}

/** A row in words, for a pointer that rests on it and for those who hear the page. */
function spokenRow(each) {
  const spans = each.spans.slice(0, 12).map(([state, from, until, how]) => {
    const words = { standby: say("waiting"), running: say("running") }[state] ?? "";
    const end = how ? say(how) : state === "running" ? say("ongoing") : "";
    return `${words} ${from.toFixed(2)}–${until.toFixed(2)} s${end ? ` (${end})` : ""}`.trim();
  });
  return `${say(`kind${each.kind}`)} ${each.path || each.name}: ${spans.join("; ")}`;
}

/** Puts the cursor where the time is. */
function drawBoardCursor(app) {
  byId("cursor").style.left = `${100 * partOf(app.model, app.time)}%`;
}

/** A press on a lane goes to that time. */
function listenToBoard(app) {
  byId("rows").addEventListener("pointerdown", (event) => {
    const lane = event.target.closest(".lane");
    if (!lane || event.button !== 0) return;
    const box = lane.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    app.seek(app.model.start + part * (app.model.finish - app.model.start));
  });
}
