// What the run was like over time: speed and its limit, accelerations, jerks, who was near.

/** `names`: the lines, the one that matters most last. Values above `most` are left out. */
const CURVES = [
  { id: "curve-speed", title: "speed", names: ["limit", "speed"] },
  { id: "curve-acceleration", title: "acceleration", names: ["lateral", "longitudinal"], unit: "m/s²" },
  { id: "curve-jerk", title: "jerk", names: ["lateral_jerk", "longitudinal_jerk"], unit: "m/s³" },
  { id: "curve-nearest", title: "nearest", names: ["nearest"], unit: "m", most: 60 },
  { id: "curve-collision", title: "collision_in", names: ["collision_in"], unit: "s", most: 10 },
];
const GAPS = new Set(["limit", "nearest", "collision_in"]);

/** Builds a figure for each and makes them plots. */
function makeCurves(app) {
  return CURVES.map((curve) => {
    const figure = node("figure", { class: "card", id: curve.id }, node("figcaption", {}),
      node("div", { class: "canvas" }, node("canvas", { role: "img" }), node("div", { class: "tip", hidden: true })));
    byId("curves").append(figure);
    const unit = curve.unit ? () => curve.unit : () => app.unit;
    const factor = curve.unit ? () => 1 : () => app.factor;
    const plot = plotOf(app, figure, { column: curve.names[0], factor, unit, title: curve.title });
    return Object.assign(plot, { names: curve.names, most: curve.most, figure });
  });
}

/** The run's columns; NaN where there is nothing to draw. */
function curvesOf(data) {
  if (!data) return null;
  const count = packedLength(data.times);
  const times = unpack(data.times, { count, perUnit: data.ticks, type: Float64Array });
  const columns = {};
  for (const [name, text] of Object.entries(data.columns)) {
    columns[name] = unpack(text, { count, order: 1, perUnit: data.perUnit });
    if (GAPS.has(name)) columns[name] = columns[name].map((value) => (value < 0 ? NaN : value));
  }
  return { times, columns };
}

function lineColor(app, plot, name) {
  if (name === "limit") return app.look.inkFaint;
  return app.look.series[name === plot.names.at(-1) ? 0 : 1];
}

/** Says title, unit and lines: again after a change of language or colours. */
function captionCurve(app, plot) {
  const legend = plot.names.length > 1 ? [...plot.names].reverse().map((name) => {
    const swatch = node("i", { class: name === "limit" ? "swatch dashed" : "swatch" });
    swatch.style.background = lineColor(app, plot, name);
    return node("span", { class: "key-of" }, swatch, say(name));
  }) : [];
  const upTo = plot.most ? `, ${say("upTo", plot.most, plot.unit())}` : "";
  plot.figure.querySelector("figcaption").replaceChildren(node("strong", {}, say(plot.title)),
    node("span", { class: "quiet" }, `${plot.unit()}${upTo}`), node("span", { class: "keys" }, ...legend));
  plot.canvas.setAttribute("aria-label", say("plotOf", say(plot.title), plot.unit()));
}

function redrawCurve(app, plot) {
  const pen = blankPlot(app, plot);
  captionCurve(app, plot);
  let [low, high] = [0, 0];
  for (const name of plot.names) {
    for (const value of app.curves.columns[name]) {
      if (value < low) low = value;
      else if (value > high) high = value;
    }
  }
  plot.range = roundRange(plot, low * plot.factor(), Math.min(high, plot.most ?? Infinity) * plot.factor());
  drawAxes(pen, app, plot);
  for (const name of plot.names) drawCurve(pen, app, plot, name);
}

function drawCurve(pen, app, plot, name) {
  const { times, columns } = app.curves;
  pen.strokeStyle = lineColor(app, plot, name);
  pen.lineWidth = name === "limit" ? 1.5 : 2;
  pen.lineJoin = "round";
  pen.lineCap = name === "limit" ? "butt" : "round";
  pen.setLineDash(name === "limit" ? [6, 4] : []);
  pen.beginPath();
  let drawn = false;
  for (let row = 0; row < times.length; row++) {
    const value = columns[name][row];
    const there = !(Number.isNaN(value) || value > (plot.most ?? Infinity));
    const [x, y] = [plotX(app, plot, times[row]), plotY(plot, value * plot.factor())];
    if (there && !drawn) pen.moveTo(x, y);
    if (there) pen.lineTo(x, y); // one value alone is a dot
    drawn = there;
  }
  pen.stroke();
  pen.setLineDash([]);
}

/** The value of a line at a time; NaN where there is none. */
function curveAt(app, name, time) {
  const { times, columns } = app.curves;
  const row = rowAt(times, time);
  if (row < 0 || (row === times.length - 1 && time > times[row] + 1e-6)) return NaN;
  const next = Math.min(row + 1, times.length - 1);
  const part = next > row ? (time - times[row]) / (times[next] - times[row]) : 0;
  const mixed = columns[name][row] + part * (columns[name][next] - columns[name][row]);
  return Number.isNaN(mixed) ? columns[name][row] : mixed;
}

function paintCurve(app, plot) {
  const pen = copyLines(app, plot, app.lossTimes);
  const x = ruleNow(pen, app, plot);
  for (const name of plot.names) {
    const value = curveAt(app, name, app.time);
    if (value <= (plot.most ?? Infinity)) dot(pen, app, plot, x, value, lineColor(app, plot, name));
  }
  drawTipOf(app, plot, pen, (time) => [...plot.names].reverse().flatMap((name) => {
    const value = curveAt(app, name, time);
    const words = say(plot.names.length > 1 ? name : plot.title);
    return Number.isNaN(value) ? [] : [[words, (value * plot.factor()).toFixed(name === "speed" || name === "limit" ? 1 : 2), lineColor(app, plot, name)]];
  }));
}
