// Reads what packing.py writes: base64, bytes of seven bits, runs of zeros, differences.

/** Numbers by an array of the given type, `count` of them. */
function unpack(text, { count, order = 2, perUnit = 1, type = Float32Array }) {
  const raw = atob(text);
  const out = new type(count);
  const sums = new Array(order).fill(0);
  let at = 0;
  let filled = 0;
  while (at < raw.length && filled < count) {
    let token = 0;
    let weight = 1;
    let byte = 0;
    do {
      byte = raw.charCodeAt(at++);
      token += (byte & 127) * weight; // no shifts: they end at 32 bits
      weight *= 128;
    } while (byte > 127);
    const zeros = token % 2 === 1;
    const repeats = zeros ? (token - 1) / 2 : 1;
    const step = zeros ? 0 : unfolded(token / 2);
    for (let i = 0; i < repeats && filled < count; i++) {
      out[filled++] = summed(sums, step) / perUnit;
    }
  }
  return out;
}

function unfolded(number) {
  return number % 2 === 1 ? -(number + 1) / 2 : number / 2;
}

/** Undoes the differences, the innermost first. */
function summed(sums, step) {
  let value = step;
  for (let i = sums.length - 1; i >= 0; i--) {
    sums[i] += value;
    value = sums[i];
  }
  return value;
}

/** How many numbers a text holds: for columns whose length is not written. */
function packedLength(text) {
  const raw = atob(text);
  let length = 0;
  let token = 0;
  let weight = 1;
  for (let at = 0; at < raw.length; at++) {
    const byte = raw.charCodeAt(at);
    token += (byte & 127) * weight;
    weight *= 128;
    if (byte < 128) {
      length += token % 2 === 1 ? (token - 1) / 2 : 1;
      token = 0;
      weight = 1;
    }
  }
  return length;
}
