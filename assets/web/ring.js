// Owns the ring of a new call, two tones and a buzz, and the softer chime of what nobody called about, both once a
// touch has allowed them; and the button that says so.
// It must not know why it rings.
const sound = document.getElementById("sound");
let loud = true, audio = null, wokenAt = 0;

function showSound() {
  const audible = audio?.state === "running";
  sound.setAttribute("aria-pressed", String(audible && loud));
  sound.textContent = !audible ? sound.dataset.wait : loud ? sound.dataset.on : sound.dataset.off;
}

function ring() { play([[880, 0], [660, 0.18]], 0.2, [200, 100, 200]); }
function chime() { play([[523, 0]], 0.08, [80]); }

function play(tones, gain, buzz) {
  if (loud && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(buzz);
  if (!loud || audio?.state !== "running") return;
  tones.forEach(([pitch, delay]) => {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const level = new GainNode(audio, { gain });
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
