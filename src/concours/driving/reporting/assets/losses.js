// Where and why points were lost: a list, numbered pins on the map, marks on the timeline.

const PIN = 9;
const STEM = 46;
const PINS = 60;

/** The losses of a run by a preset, the dearest first, numbered. */
function lossesOf(run, preset) {
  return run.scores[preset].losses
    .map(([metric, points, time, x, y, words]) => ({ metric, points, time, x, y, words }))
    .sort((one, two) => two.points - one.points)
    .map((loss, i) => ({ ...loss, number: i + 1 }));
}

function buildLosses(app) {
  const items = app.losses.map((loss) => node("li", {}, lossButton(app, loss)));
  byId("losses").replaceChildren(...(items.length ? items : [node("li", { class: "quiet" }, say("nothingLost"))]));
}

/** A loss to press: its number as on the map, what was lost, when and why. */
function lossButton(app, loss) {
  const when = loss.time === null ? "" : `${loss.time.toFixed(2)} s`;
  const button = node("button", { type: "button", class: "loss", title: loss.time === null ? loss.metric : say("jump", loss.time.toFixed(2)), "data-number": String(loss.number) },
    node("i", { class: "pin", "aria-hidden": "true" }, String(loss.number)),
    node("span", { class: "what" }, sayMetric(loss.metric)),
    node("b", { class: "points" }, `−${pointsWords(loss.points)}`),
    node("span", { class: "why", lang: "en" }, shortReason(loss.words)),
    node("span", { class: "when" }, when));
  button.disabled = loss.time === null;
  button.addEventListener("click", () => app.jump(loss));
  return button;
}

/** A fault can be a whole traceback, which is told above: what was raised, else its last line. */
function shortReason(words) {
  const raised = [...words.matchAll(/^[ |+-]*((?:\w+\.)*\w*ExceptionGroup: .*)$/gm)].at(-1)
    ?? [...words.matchAll(/^ {2}File "[^\n]*\n(?: [^\n]*\n)*([^ \n][^\n]*)/gm)].at(-1);
  return (raised?.[1] ?? words.trim().split("\n").at(-1)).trim().slice(0, 300);
}

/** Marks on the timeline. */
function markLosses(app) {
  const marks = app.losses.filter(({ time }) => time !== null).slice(0, 400).map((loss) => {
    const mark = node("span", { class: "lost" });
    mark.style.left = `${100 * partOf(app.model, loss.time)}%`;
    return mark;
  });
  byId("marks").append(...marks);
}

/** Goal and pins on the map; pins that would hide each other stand side by side. */
function drawLosses(app) {
  drawGoal(app);
  const pins = [];
  for (const loss of app.losses.slice(0, PINS).filter(({ x, y }) => x !== null && y !== null)) {
    const foot = toScreen(app.camera, loss.x, loss.y);
    let px = foot[0];
    const py = foot[1] - STEM;
    while (pins.some((pin) => Math.hypot(pin.px - px, pin.py - py) < 2 * PIN)) px += 2 * PIN + 1;
    pins.push({ loss, foot, px, py });
  }
  const seen = pins.filter((pin) => isSeen(app.camera, pin)).reverse();
  app.pen.lineWidth = 1.5;
  for (const { foot, px, py } of seen) rule(app.pen, app.look.bad, ...foot, px, py + PIN);
  for (const { loss, px, py } of seen) drawPin(app, loss, px, py);
}

/** A numbered head; it stands above its place, clear of the labels there. */
function drawPin({ pen, look, jumped }, loss, px, py) {
  const chosen = loss.number === jumped;
  pen.beginPath();
  pen.arc(px, py, chosen ? PIN + 3 : PIN, 0, TAU);
  pen.fillStyle = look.bad;
  pen.globalAlpha = chosen || !jumped ? 1 : 0.7;
  pen.fill();
  pen.globalAlpha = 1;
  pen.lineWidth = chosen ? 3 : 1.5;
  pen.strokeStyle = chosen ? look.ink : look.paper;
  pen.stroke();
  pen.fillStyle = look.paper;
  pen.font = look.fontSmall;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(String(loss.number), px, py + 0.5);
}

function drawGoal({ pen, look, camera, run }) {
  const [x, y, radius] = run.goal;
  const [px, py] = toScreen(camera, x, y);
  const size = Math.max(5, radius * camera.scale);
  pen.beginPath();
  pen.arc(px, py, size, 0, TAU);
  pen.lineWidth = 2;
  pen.setLineDash([5, 4]);
  pen.strokeStyle = look.accent;
  pen.stroke();
  pen.setLineDash([]);
  pen.fillStyle = look.ink;
  pen.font = look.fontLabel;
  pen.textAlign = "center";
  pen.textBaseline = "bottom";
  pen.fillText(say("goal"), px, py - size - 3);
}
