// All runs at a glance: the mean and how sure it is, how scores spread, where points went.

const BINS = 20;

function buildOverview(app) {
  const { report, preset } = app;
  byId("agent").textContent = report.agent || say("someAgent");
  setText(byId("about"), Object.hasOwn(WORDS.en, `about${preset}`) ? say(`about${preset}`) : "");
  buildTotals(report);
  buildMean(report, preset);
  buildSpread(report, preset);
  buildWhere(report, preset);
  buildTable(app);
}

function buildTotals({ runs, engine }) {
  const count = (is) => runs.filter(is).length;
  const faults = count((run) => run.end === "fault");
  const hits = count((run) => run.collisions.length > 0);
  const facts = [
    ["scenarios", String(runs.length)],
    ["arrived", String(count((run) => run.end === "arrived"))],
    ["collisionsIn", String(hits), hits ? "bad" : null],
    ["faults", String(faults), faults ? "bad" : null],
    ["engine", engine],
  ];
  byId("totals").replaceChildren(...facts.map(([key, value, tone]) => node("div", {}, node("dt", {}, say(key)), node("dd", { class: tone ?? null }, value))));
}

function buildMean({ totals, runs }, preset) {
  const { mean, low, high } = totals[preset];
  byId("mean").replaceChildren(node("b", {}, pointsWords(mean)), node("span", {}, "/ 100"));
  setText(byId("interval"), runs.length > 1 ? say("interval", pointsWords(low), pointsWords(high)) : say("oneRun"));
}

/** A bar for each five points, the mean and its interval below. */
function buildSpread({ totals, runs }, preset) {
  const counts = new Array(BINS).fill(0);
  for (const { scores } of runs) counts[Math.min(BINS - 1, Math.floor((scores[preset].value / 100) * BINS))] += 1;
  const most = Math.max(...counts);
  const words = [];
  const bars = counts.map((count, i) => {
    const bar = node("span", {}, count ? String(count) : "");
    bar.style.setProperty("--size", String(count / most));
    if (count) words.push(say("spreadOf", count, (100 * i) / BINS, (100 * (i + 1)) / BINS));
    else bar.className = "none";
    return bar;
  });
  const { mean, low, high } = totals[preset];
  const band = node("i", { class: "band" });
  band.style.left = `${low}%`;
  band.style.width = `${high - low}%`;
  const middle = node("i", { class: "middle" });
  middle.style.left = `${mean}%`;
  byId("spread").replaceChildren(node("div", { class: "bins" }, ...bars), node("div", { class: "sure" }, band, middle));
  byId("spread").setAttribute("aria-label", words.join("; "));
}

/** Points lost by each metric, on average over the runs. */
function buildWhere({ runs }, preset) {
  const sums = new Map();
  for (const { scores } of runs) {
    for (const [metric, points] of lostBy(scores[preset])) sums.set(metric, (sums.get(metric) ?? 0) + points / runs.length);
  }
  const most = Math.max(...sums.values(), 1);
  const rows = [...sums].filter(([, points]) => points >= 0.05).sort((one, two) => two[1] - one[1]).map(([metric, points]) => {
    const bar = node("i", { class: "meter lost" });
    bar.style.setProperty("--part", String(points / most));
    return node("li", { title: metric }, node("span", {}, sayMetric(metric)), bar, node("b", {}, `−${pointsWords(points)}`));
  });
  byId("where").replaceChildren(...(rows.length ? rows : [node("li", { class: "quiet" }, say("nothingLost"))]));
}

function buildPresets(app) {
  byId("preset").replaceChildren(...app.report.presets.map((name) => node("option", { value: name }, name)));
  byId("preset").value = app.preset;
  byId("preset").addEventListener("change", (event) => app.judgeBy(event.target.value));
}
