// A row for each scenario: how it ended, its score, what each metric cost, the dearest reason.
// Roles are written out: where it is narrow, rows are laid out as blocks, which takes them away.

/** Points from which a cost is drawn dark, with light figures. */
const HOT = 40;

const SORTS = {
  scenario: (run, preset, number) => number,
  ended: (run) => run.end,
  seconds: (run) => run.seconds,
  score: (run, preset) => run.scores[preset].value,
};

function buildTable(app) {
  const { report, preset } = app;
  const metrics = metricsOf(report.runs, preset);
  const rows = sortedRuns(app).map(([run, number]) => runRow(run, number, preset, metrics));
  const focused = document.activeElement?.dataset?.sort;
  byId("runs").replaceChildren(headOf(app, metrics), node("tbody", { role: "rowgroup" }, ...rows));
  if (focused) byId("runs").querySelector(`[data-sort="${focused}"]`)?.focus();
}

/** [run, its number] as the reader wants them. */
function sortedRuns({ report, preset, sort }) {
  const key = SORTS[sort.by];
  const numbered = report.runs.map((run, number) => [run, number, key(run, preset, number)]);
  const way = sort.down ? -1 : 1;
  return numbered.sort((one, two) => way * ((one[2] > two[2]) - (one[2] < two[2])) || one[1] - two[1]);
}

function headOf(app, metrics) {
  const sorted = Object.keys(SORTS).map((by) => {
    const here = app.sort.by === by;
    const button = node("button", { type: "button", "data-sort": by }, say(by), node("i", { "aria-hidden": "true" }, here ? (app.sort.down ? "↓" : "↑") : ""));
    button.addEventListener("click", () => app.sortBy(by));
    return node("th", { role: "columnheader", scope: "col", class: by, "aria-sort": here ? (app.sort.down ? "descending" : "ascending") : null }, button);
  });
  const costs = metrics.map((name) => node("th", { role: "columnheader", scope: "col", class: "metric", title: name }, node("span", {}, sayMetric(name))));
  return node("thead", { role: "rowgroup" }, node("tr", { role: "row" }, ...sorted, ...costs, node("th", { role: "columnheader", scope: "col", class: "reason" }, say("lostMost"))));
}

function runRow(run, number, preset, metrics) {
  const score = run.scores[preset];
  const lost = lostBy(score);
  const meter = node("i", { class: "meter" });
  meter.style.setProperty("--part", String(score.value / 100));
  const cells = metrics.map((name) => costCell(name, lost.get(name) ?? 0));
  return node("tr", { role: "row" },
    node("th", { role: "rowheader", scope: "row", class: "scenario" }, node("a", { href: `#run-${number}`, id: `row-${number}` }, run.name)),
    node("td", { role: "cell", class: "ended" }, badgeOf(run.end)),
    node("td", { role: "cell", class: "seconds" }, `${run.seconds.toFixed(1)} s`),
    node("td", { role: "cell", class: "score" }, node("b", {}, pointsWords(score.value)), meter),
    ...cells,
    node("td", { role: "cell", class: "reason" }, ...reasonOf(score)));
}

function badgeOf(end) {
  const tone = { arrived: "good", fault: "bad" }[end] ?? "so-so";
  return node("span", { class: `badge ${tone}` }, Object.hasOwn(WORDS.en, `end${end}`) ? say(`end${end}`) : end);
}

/** Points that a metric cost, the redder the more. */
function costCell(name, points) {
  const cell = node("td", { role: "cell", class: "metric", title: `${sayMetric(name)}: −${pointsWords(points)}` });
  if (points < 0.05) return cell;
  const chip = node("span", {}, node("em", {}, sayMetric(name)), points < 9.95 ? pointsWords(points) : points.toFixed(0));
  const heat = points < HOT ? 10 + (38 * points) / HOT : 78 + (22 * (points - HOT)) / (100 - HOT);
  chip.style.setProperty("--heat", `${Math.round(heat)}%`);
  if (points >= HOT) chip.className = "hot";
  cell.append(chip);
  return cell;
}

/** The metric that cost most, and its dearest loss in words. */
function reasonOf(score) {
  const [first] = [...lostBy(score)].sort((one, two) => two[1] - one[1]);
  if (!first) return [node("span", { class: "quiet" }, say("nothing"))];
  const [loss] = score.losses.filter(([metric]) => metric === first[0]).sort((one, two) => two[1] - one[1]);
  return [node("strong", {}, sayMetric(first[0])), " ", node("span", { lang: "en" }, shortReason(loss[5]))];
}
