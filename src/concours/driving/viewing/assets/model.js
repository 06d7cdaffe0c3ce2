// The run: where every entity is at any time, between the rows too.

const TAU = 2 * Math.PI;

/** Tracks of all actors over the times of the run. */
function modelOf(data) {
  const count = packedLength(data.times);
  const times = unpack(data.times, { count, perUnit: data.ticks, type: Float64Array });
  const start = count ? times[0] : 0;
  const finish = count ? times[count - 1] : 0;
  return {
    data,
    times,
    start,
    finish,
    tracks: data.actors.map((actor, number) => trackOf(actor, number, data)),
    order: orderOf(data),
  };
}

/** One actor's columns; `bases` says where in them each run of rows begins. */
function trackOf(actor, number, data) {
  const bases = [];
  let count = 0;
  for (let i = 0; i < actor.runs.length; i += 2) {
    bases.push(count);
    count += actor.runs[i + 1] - actor.runs[i];
  }
  const columns = {};
  for (const [name, text] of Object.entries(actor.columns)) {
    columns[name] = unpack(text, { count, order: data.orders[name] ?? 2, perUnit: data.perUnit[name] });
  }
  return { ...actor, number, bases, count, columns };
}

/** Numbers of the actors, the ego first. */
function orderOf(data) {
  const rest = data.actors.map((_, number) => number).filter((number) => number !== data.ego);
  return data.ego < 0 ? rest : [data.ego, ...rest];
}

/** The last row at or before a time; -1 before the first. */
function rowAt(times, time) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time + 1e-9) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Where in its columns an actor's row is; -1 where it is absent. */
function cellOf(track, row) {
  let low = 0;
  let high = track.bases.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (track.runs[2 * middle] <= row) low = middle + 1;
    else high = middle;
  }
  const run = low - 1;
  return run >= 0 && row < track.runs[2 * run + 1] ? track.bases[run] + row - track.runs[2 * run] : -1;
}

/** The state of an actor at a time, or null where it is absent. */
function stateAt(model, track, time) {
  const row = rowAt(model.times, time);
  const cell = row < 0 ? -1 : cellOf(track, row);
  if (cell < 0) return null;
  const next = row + 1 < model.times.length ? cellOf(track, row + 1) : -1;
  if (next < 0) return stateOf(track, cell, cell, 0);
  const part = (time - model.times[row]) / (model.times[row + 1] - model.times[row]);
  const jumped = hasJumped(track, cell, model.times[row + 1] - model.times[row]);
  return stateOf(track, cell, next, jumped ? 0 : Math.min(1, Math.max(0, part)));
}

/** Between two rows something is set elsewhere rather than driven there. */
function hasJumped(track, cell, seconds) {
  const { x, y, speed } = track.columns;
  const way = Math.hypot(x[cell + 1] - x[cell], y[cell + 1] - y[cell]);
  const fastest = Math.max(Math.abs(speed[cell]), Math.abs(speed[cell + 1]));
  return way > 2 + 2 * fastest * seconds;
}

function stateOf(track, one, two, part) {
  const c = track.columns;
  const mix = (column) => column[one] + part * (column[two] - column[one]);
  const near = part < 0.5 ? one : two;
  return {
    x: mix(c.x),
    y: mix(c.y),
    z: mix(c.z),
    heading: c.heading[one] + part * turnBetween(c.heading[one], c.heading[two]),
    speed: mix(c.speed),
    acceleration: mix(c.acceleration),
    road: Math.round(c.road[near]),
    lane: Math.round(c.lane[near]),
    s: c.road[one] === c.road[two] ? mix(c.s) : c.s[near],
    offset: c.lane[one] === c.lane[two] ? mix(c.offset) : c.offset[near],
  };
}

/** The shortest turn from one heading to another. */
function turnBetween(one, two) {
  const turn = (two - one) % TAU;
  if (turn > Math.PI) return turn - TAU;
  return turn < -Math.PI ? turn + TAU : turn;
}

/** The box around every place where an actor has been: [x0, y0, x1, y1], or null. */
function boxOfTracks(model) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { columns, count } of model.tracks) {
    for (let i = 0; i < count; i++) {
      box[0] = Math.min(box[0], columns.x[i]);
      box[1] = Math.min(box[1], columns.y[i]);
      box[2] = Math.max(box[2], columns.x[i]);
      box[3] = Math.max(box[3], columns.y[i]);
    }
  }
  return box[0] <= box[2] ? box : null;
}
