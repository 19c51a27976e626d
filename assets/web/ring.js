// Owns the ring of a new call: two tones and a buzz, once a touch has allowed them, and the button that says so.
// It must not know why it rings.
const sound = document.getElementById("sound");
let loud = true, audio = null, wokenAt = 0;

function showSound() {
  const audible = audio?.state === "running";
  sound.setAttribute("aria-pressed", String(audible && loud));
  sound.textContent = !audible ? sound.dataset.wait : loud ? sound.dataset.on : sound.dataset.off;
}

function ring() {
  if (loud && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 100, 200]);
  if (!loud || audio?.state !== "running") return;
  [[880, 0], [660, 0.18]].forEach(([pitch, delay]) => {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const level = new GainNode(audio, { gain: 0.2 });
    tone.connect(level).connect(audio.destination);
    tone.start(audio.currentTime + delay);
    tone.stop(audio.currentTime + delay + 0.16);
  });
}

for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => {
  if (!audio) { audio = new AudioContext({ latencyHint: "interactive" }); wokenAt = Date.now(); }
  audio.resume().then(showSound);
});
sound.addEventListener("click", () => {
  if (Date.now() - wokenAt > 1000) loud = !loud; // the touch that wakes the sound does not also mute it
  showSound();
});
