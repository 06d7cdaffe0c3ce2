// One run: its head, what was measured, and what the agent said.

function buildRun(app) {
  const { run, preset, number, report } = app;
  byId("worth").replaceChildren(badgeOf(run.end), node("b", {}, pointsWords(run.scores[preset].value)), node("span", {}, "/ 100"));
  buildWays(report.runs, number);
  byId("failure").hidden = !run.fault;
  byId("fault").textContent = run.fault;
  byId("log").hidden = !run.log;
  byId("log").querySelector("pre").textContent = run.log;
  byId("curves").hidden = !app.curves;
  const thinned = run.curves?.thinned ?? 1;
  setText(byId("curves-note"), app.curves ? (thinned > 1 ? say("thinnedCurves", thinned) : "") : say("noCurves"));
  byId("measures-card").hidden = !run.scores[preset].parts.length;
  buildMeasures(run.scores[preset]);
  buildLosses(app);
}

function buildRunFacts(run) {
  const facts = [
    ["seconds", `${run.seconds.toFixed(1)} s`],
    ["timeLimit", run.limit === null ? "–" : `${run.limit.toFixed(1)} s`],
    ["way", [run.driven, run.mileage].map((metres) => (metres === null ? "–" : metres.toFixed(0))).join(" / ") + " m"],
    ["collisions", String(run.collisions.length), run.collisions.length ? "bad" : null],
    ["missed", String(run.missed), run.missed ? "bad" : null],
    ["seed", run.seed],
  ];
  byId("facts").replaceChildren(...facts.map(([key, value, tone]) => node("div", {}, node("dt", {}, say(key)), node("dd", { class: tone ?? null }, value))));
}

function buildWays(runs, number) {
  for (const [id, other] of [["previous", number - 1], ["next", number + 1]]) {
    const link = byId(id);
    link.hidden = !runs[other];
    link.href = `#run-${other}`;
    link.textContent = runs[other] ? say(id, runs[other].name) : "";
  }
}

/** Every metric of the preset: what it found, and how much of its points was kept. */
function buildMeasures({ parts }) {
  const total = parts.reduce((sum, [, role, weight]) => sum + (role === "mean" ? weight : 0), 0);
  const rows = parts.map(([name, role, weight, kept, measured, unit]) => {
    const meter = node("i", { class: "meter" });
    meter.style.setProperty("--part", String(kept));
    const counts = role === "mean" ? say("mean", ((100 * weight) / total).toFixed(0)) : say(role);
    return node("tr", {}, node("th", { scope: "row", title: name }, sayMetric(name)),
      node("td", { class: "kept" }, node("b", {}, `${(100 * kept).toFixed(0)} %`), meter), node("td", {}, sayMeasured(measured, unit)), node("td", { class: "quiet" }, counts));
  });
  const heads = ["measure", "share", "found", "countsFor"].map((key) => node("th", { scope: "col" }, say(key)));
  byId("measures").replaceChildren(node("thead", {}, node("tr", {}, ...heads)), node("tbody", {}, ...rows));
}
