// Speed and acceleration over time. The lines are drawn once; only the cursor moves.

const MARGIN = { left: 44, right: 12, top: 10, bottom: 24 };
const TALLEST = 30;

/** A plot in a figure's canvas of one column; `factor` and `unit` say what its numbers are. */
function plotOf(app, figure, { column, factor, unit, title }) {
  const canvas = figure.querySelector("canvas");
  const plot = { canvas, tip: figure.querySelector(".tip"), column, factor, unit, title, lines: document.createElement("canvas"), hover: null };
  canvas.addEventListener("pointermove", (event) => {
    plot.hover = placeOf(canvas, event)[0];
    if (event.buttons === 1) app.seek(timeAt(app, plot, plot.hover));
    app.draw();
  });
  canvas.addEventListener("pointerleave", () => {
    plot.hover = null;
    app.draw();
  });
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    app.seek(timeAt(app, plot, placeOf(canvas, event)[0]));
  });
  return plot;
}

function timeAt(app, plot, px) {
  const part = (px - MARGIN.left) / Math.max(1, plot.width - MARGIN.left - MARGIN.right);
  return app.model.start + Math.min(1, Math.max(0, part)) * (app.model.finish - app.model.start);
}

function plotX(app, plot, time) {
  const span = Math.max(1e-9, app.model.finish - app.model.start);
  return MARGIN.left + ((time - app.model.start) / span) * (plot.width - MARGIN.left - MARGIN.right);
}

function plotY(plot, value) {
  const [low, high] = plot.range;
  return plot.height - MARGIN.bottom - ((value - low) / (high - low)) * (plot.height - MARGIN.top - MARGIN.bottom);
}

/** Who is drawn: all, or the chosen one. */
function shownIn(app) {
  const one = !app.plotAll && app.selected >= 0;
  return one ? [app.selected] : [...app.model.order].reverse();
}

/** All entities or the chosen one. */
function listenToChoice(app) {
  byId("plot-all").addEventListener("click", () => app.showAll(true));
  byId("plot-one").addEventListener("click", () => app.showAll(false));
}

function drawChoice(app) {
  byId("plot-all").setAttribute("aria-pressed", String(app.plotAll));
  byId("plot-one").setAttribute("aria-pressed", String(!app.plotAll));
  byId("plot-one").disabled = app.selected < 0;
}

/** Fits the canvases to their place; the pen for the lines. */
function blankPlot(app, plot) {
  plot.width = Math.max(60, plot.canvas.clientWidth);
  plot.height = Math.max(60, plot.canvas.clientHeight);
  for (const canvas of [plot.canvas, plot.lines]) {
    canvas.width = Math.round(plot.width * app.density);
    canvas.height = Math.round(plot.height * app.density);
  }
  const pen = plot.lines.getContext("2d");
  pen.setTransform(app.density, 0, 0, app.density, 0, 0);
  return pen;
}

/** Draws the lines anew: after a change of size, colours, unit or choice. */
function redrawPlot(app, plot) {
  const pen = blankPlot(app, plot);
  plot.range = rangeOf(app, plot);
  drawAxes(pen, app, plot);
  for (const number of shownIn(app)) {
    if (number !== app.selected) drawLine(pen, app, plot, number);
  }
  if (app.selected >= 0) drawLine(pen, app, plot, app.selected);
  plot.canvas.setAttribute("aria-label", say("plotOf", say(plot.title), plot.unit()));
}

/** The least and greatest values, 0 among them, with round ends. */
function rangeOf(app, plot) {
  let low = 0;
  let high = 0;
  for (const number of shownIn(app)) {
    for (const value of app.model.tracks[number].columns[plot.column]) {
      if (value < low) low = value;
      else if (value > high) high = value;
    }
  }
  const limit = plot.column === "acceleration" ? TALLEST : Infinity;
  return roundRange(plot, Math.max(-limit, low) * plot.factor(), Math.min(limit, high) * plot.factor());
}

/** A range with round ends; `ticks` is the step between its numbers. */
function roundRange(plot, low, high) {
  if (high - low < 1) high = low + 1;
  const step = roundAbove((high - low) / 4.5);
  plot.ticks = step;
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}

function drawAxes(pen, app, plot) {
  const { look } = app;
  pen.font = look.fontSmall;
  pen.lineWidth = 1;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  const [low, high] = plot.range;
  for (let value = low; value <= high + 1e-9; value += plot.ticks) {
    const y = Math.round(plotY(plot, value)) + 0.5;
    rule(pen, Math.abs(value) < 1e-9 ? look.lineStrong : look.line, MARGIN.left, y, plot.width - MARGIN.right, y);
    pen.fillStyle = look.inkFaint;
    pen.fillText(numberWords(value), MARGIN.left - 8, y);
  }
  pen.textAlign = "center";
  const { start, finish } = app.model;
  const step = roundAbove(Math.max(0.1, (finish - start) / Math.max(2, plot.width / 80)));
  for (let time = Math.ceil(start / step) * step; time <= finish + 1e-9; time += step) {
    pen.fillText(`${numberWords(time)} s`, Math.min(plotX(app, plot, time), plot.width - 18), plot.height - 10);
  }
}

function numberWords(value) {
  return String(Math.round(value * 100) / 100).replace("-", "−");
}

function rule(pen, color, x0, y0, x1, y1) {
  pen.strokeStyle = color;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

/** One entity's line: for each pixel the least and the greatest value, so that no peak is lost. */
function drawLine(pen, app, plot, number) {
  const track = app.model.tracks[number];
  pen.strokeStyle = colorOf(app.model, number, app.look);
  pen.globalAlpha = app.selected >= 0 && number !== app.selected ? 0.5 : 1;
  pen.lineWidth = number === app.selected ? 2.5 : 1.5;
  pen.lineJoin = "round";
  pen.beginPath();
  for (let run = 0; run < track.bases.length; run++) drawRun(pen, app, plot, track, run);
  pen.stroke();
  pen.globalAlpha = 1;
}

function drawRun(pen, app, plot, track, run) {
  const column = track.columns[plot.column];
  const first = track.runs[2 * run];
  const last = track.runs[2 * run + 1] - 1;
  const stride = Math.max(1, Math.floor((3 * (last - first)) / plot.width / 2));
  for (let row = first; row <= last; row += stride) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = row; i <= Math.min(last, row + stride - 1); i++) {
      const value = column[track.bases[run] + i - first];
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const x = plotX(app, plot, app.model.times[row]);
    const [y0, y1] = [low, high].map((value) => plotY(plot, clipped(plot, value * plot.factor())));
    if (row === first) pen.moveTo(x, y0);
    else pen.lineTo(x, y0);
    if (low !== high) pen.lineTo(x, y1);
  }
}

function clipped(plot, value) {
  return Math.min(plot.range[1], Math.max(plot.range[0], value));
}

/** The lines as they were drawn, with a rule where something happened; the pen for the rest. */
function copyLines(app, plot, times) {
  const pen = plot.canvas.getContext("2d");
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, plot.canvas.width, plot.canvas.height);
  pen.drawImage(plot.lines, 0, 0);
  pen.setTransform(app.density, 0, 0, app.density, 0, 0);
  for (const time of times) {
    const x = Math.round(plotX(app, plot, time)) + 0.5;
    rule(pen, app.look.bad, x, MARGIN.top, x, plot.height - MARGIN.bottom);
  }
  return pen;
}

/** The lines and the cursor; beside the pointer, the values there. */
function drawPlot(app, plot) {
  const pen = copyLines(app, plot, app.model.data.touches.map(([time]) => time));
  drawCursor(pen, app, plot);
  drawTip(app, plot, pen);
}

/** The rule at the time of now; where it is. */
function ruleNow(pen, app, plot) {
  const x = Math.round(plotX(app, plot, app.time)) + 0.5;
  pen.lineWidth = 1.5;
  rule(pen, app.look.ink, x, MARGIN.top - 4, x, plot.height - MARGIN.bottom);
  return x;
}

function drawCursor(pen, app, plot) {
  const x = ruleNow(pen, app, plot);
  for (const number of shownIn(app)) {
    const state = stateAt(app.model, app.model.tracks[number], app.time);
    if (state) dot(pen, app, plot, x, state[plot.column], colorOf(app.model, number, app.look));
  }
}

function dot(pen, app, plot, x, value, color) {
  pen.beginPath();
  pen.arc(x, plotY(plot, clipped(plot, value * plot.factor())), 3.5, 0, TAU);
  pen.fillStyle = color;
  pen.fill();
  pen.strokeStyle = app.look.paper;
  pen.stroke();
}

function drawTip(app, plot, pen) {
  drawTipOf(app, plot, pen, (time) => shownIn(app).reverse().slice(0, 8).flatMap((number) => {
    const track = app.model.tracks[number];
    const state = stateAt(app.model, track, time);
    if (!state) return [];
    const value = (state[plot.column] * plot.factor()).toFixed(plot.column === "speed" ? 1 : 2);
    return [[track.name, value, colorOf(app.model, number, app.look)]];
  }));
}

/** Beside the pointer, the values at its time; `valuesAt` gives [name, value, colour]. */
function drawTipOf(app, plot, pen, valuesAt) {
  plot.tip.hidden = plot.hover === null;
  if (plot.hover === null) return;
  const time = timeAt(app, plot, plot.hover);
  const x = Math.round(plotX(app, plot, time)) + 0.5;
  pen.setLineDash([3, 3]);
  rule(pen, app.look.inkFaint, x, MARGIN.top, x, plot.height - MARGIN.bottom);
  pen.setLineDash([]);
  const rows = valuesAt(time).map(([name, value, color]) => {
    const swatch = node("i", { class: "swatch" });
    swatch.style.background = color;
    return node("span", {}, swatch, node("span", { class: "name" }, name), node("b", {}, value.replace("-", "−")));
  });
  plot.tip.replaceChildren(node("strong", {}, `${time.toFixed(2)} s`), ...rows);
  const left = x > plot.width / 2;
  plot.tip.style.left = left ? "auto" : `${x + 12}px`;
  plot.tip.style.right = left ? `${plot.width - x + 12}px` : "auto";
}
