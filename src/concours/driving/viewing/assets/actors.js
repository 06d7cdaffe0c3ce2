// Entities: trails, boxes with a nose, labels.

const TRAIL = 5;
const SMALLEST = 11;

/** The colour of an entity: the ego's own, the others' in turn, then hues far from each other. */
function colorOf(model, number, look) {
  const place = model.order.indexOf(number);
  if (place < look.series.length) return look.series[place];
  const hue = (place * 137.5) % 360;
  return `hsl(${hue.toFixed(0)} 55% ${look.dark ? 68 : 42}%)`;
}

/** Where it has been in the last seconds, fading. */
function drawTrail(pen, camera, model, track, time, color) {
  const last = rowAt(model.times, time);
  const first = Math.max(0, rowAt(model.times, time - TRAIL));
  const stride = Math.max(1, Math.floor((last - first) / 60));
  let before = null;
  pen.strokeStyle = color;
  pen.lineCap = "butt";
  for (let row = first - (first % stride); row <= last; row += stride) {
    const cell = row < 0 ? -1 : cellOf(track, row);
    const there = cell < 0 ? null : pointOf(camera, track, cell);
    if (there && before && !isFar(camera, before, there, track, cell, model.times, row, stride)) {
      const age = (time - model.times[row]) / TRAIL;
      pen.globalAlpha = 0.75 * Math.max(0, 1 - age);
      pen.lineWidth = Math.max(1.5, Math.min(5, 0.5 * camera.scale));
      pen.beginPath();
      pen.moveTo(...before);
      pen.lineTo(...there);
      pen.stroke();
    }
    before = there;
  }
  pen.globalAlpha = 1;
}

function pointOf(camera, track, cell) {
  return toScreen(camera, track.columns.x[cell], track.columns.y[cell]);
}

function isFar(camera, before, there, track, cell, times, row, stride) {
  const seconds = times[row] - times[Math.max(0, row - stride)];
  const way = Math.hypot(there[0] - before[0], there[1] - before[1]) / camera.scale;
  return way > 3 + 2.5 * Math.abs(track.columns.speed[cell]) * seconds + 4 * seconds;
}

/** The box on the screen: middle, half sizes in pixels, never so small that it is lost. */
function boxOf(camera, track, state) {
  const [along, across] = track.center;
  const cos = Math.cos(state.heading);
  const sin = Math.sin(state.heading);
  const [px, py] = toScreen(camera, state.x + along * cos - across * sin, state.y + along * sin + across * cos);
  const length = Math.max(track.size[0], 0.3);
  const width = Math.max(track.size[1], 0.3);
  const grow = Math.max(1, SMALLEST / (Math.max(length, width) * camera.scale));
  return { px, py, a: (length / 2) * camera.scale * grow, b: (width / 2) * camera.scale * grow, heading: state.heading };
}

function drawBox(pen, track, box, color, { chosen, hit }, look) {
  const b = Math.max(box.b, 3);
  pen.save();
  pen.translate(box.px, box.py);
  pen.rotate(-box.heading);
  if (hit || chosen) {
    pen.beginPath();
    pen.roundRect(-box.a - 5, -b - 5, 2 * box.a + 10, 2 * b + 10, 7);
    pen.fillStyle = hit ? look.hit : look.chosen;
    pen.fill();
  }
  pen.beginPath();
  if (isRound(track)) pen.ellipse(0, 0, Math.max(box.a, 4), Math.max(b, 4), 0, 0, TAU);
  else pen.roundRect(-box.a, -b, 2 * box.a, 2 * b, [0.5 * b, 0.8 * b, 0.8 * b, 0.5 * b].map((r) => Math.min(r, box.a / 2)));
  pen.fillStyle = color;
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = look.outline;
  pen.stroke();
  drawNose(pen, box.a, b, look);
  pen.restore();
}

function isRound(track) {
  return track.kind === "pedestrian" || track.kind === "animal";
}

/** A windscreen that points ahead. */
function drawNose(pen, a, b, look) {
  const tip = a * 0.78;
  const foot = Math.max(a * 0.2, tip - 1.3 * b);
  pen.beginPath();
  pen.moveTo(tip, 0);
  pen.lineTo(foot, 0.6 * b);
  pen.lineTo(foot + (tip - foot) * 0.3, 0);
  pen.lineTo(foot, -0.6 * b);
  pen.closePath();
  pen.fillStyle = look.nose;
  pen.fill();
}

/** Where a label may be: under its box, above it, to the right, to the left. */
function spotsOf({ px, py, reach: [right, down] }, width) {
  const places = [[px - width / 2, py + down + 8], [px - width / 2, py - down - 30], [px + right + 8, py - 11], [px - right - 8 - width, py - 11]];
  return places.map((place) => place.map(Math.round));
}

function freeSpot(label, width, taken) {
  return spotsOf(label, width).find(([x, y]) => !taken.some((one) => overlaps(one, [x, y, x + width, y + 22])));
}

/** Name and speed near the box, where no other label is in the way; the first ones win. */
function drawLabel(pen, label, taken, look) {
  pen.font = look.fontLabel;
  const name = shortened(label.name, 22);
  const nameWidth = pen.measureText(name).width;
  pen.font = look.fontSmall;
  const speedWidth = pen.measureText(label.speed).width;
  const width = nameWidth + speedWidth + 28;
  const spot = freeSpot(label, width, taken) ?? (label.chosen ? spotsOf(label, width)[0] : null);
  if (!spot) return;
  const [x, y] = spot;
  taken.push([x, y, x + width, y + 22]);
  pen.beginPath();
  pen.roundRect(x, y, width, 22, 11);
  pen.fillStyle = look.label;
  pen.fill();
  pen.lineWidth = label.chosen ? 1.5 : 1;
  pen.strokeStyle = label.chosen ? label.color : look.labelLine;
  pen.stroke();
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.font = look.fontLabel;
  pen.fillStyle = look.ink;
  pen.fillText(name, x + 10, y + 11.5);
  pen.font = look.fontSmall;
  pen.fillStyle = look.inkSoft;
  pen.fillText(label.speed, x + 18 + nameWidth, y + 11.5);
}

function shortened(text, most) {
  const signs = [...text];
  return signs.length > most ? `${signs.slice(0, most - 1).join("")}…` : text;
}
