// Opens the page's one run.

const data = JSON.parse(byId("data").textContent);
const replay = new Replay(data);
replay.load(data);
replay.begin();
