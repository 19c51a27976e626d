// Owns how a call sounds, shakes and shows outside the page: tones and buzzes by severity once a touch has allowed
// them, the number in title and icon, and the button that says truthfully whether anything is heard.
// It must not know why it rings.
const sound = document.getElementById("sound");
const icon = document.querySelector("link[rel=icon]");
const calmIcon = icon?.href, calmTitle = document.title;
let loud = true, audio = null, wokenAt = 0;

// Worst first: of several at once the worst is heard. Tones are [Hz, s]; then how loud, and the buzz in ms.
const SOUNDS = {
  danger: [[[988, 0], [740, 0.18], [988, 0.36], [740, 0.54], [988, 0.72], [740, 0.9]], 0.3, [600, 100, 600, 100, 600]],
  lead: [[[880, 0], [587, 0.22], [880, 0.44], [587, 0.66]], 0.26, [400, 150, 400]],
  "for-you": [[[660, 0], [880, 0.16], [1047, 0.32]], 0.22, [100, 60, 100, 60, 100]],
  doubt: [[[440, 0], [440, 0.24], [880, 0.48]], 0.22, [300, 100, 300]],
  call: [[[880, 0], [660, 0.18]], 0.2, [200, 100, 200]],
  chime: [[[523, 0]], 0.08, [80]],
};

function showSound() {
  const audible = audio?.state === "running";
  sound.setAttribute("aria-pressed", String(audible && loud));
  const words = !audible ? sound.dataset.wait : loud ? sound.dataset.on : sound.dataset.off;
  if (sound.textContent !== words) sound.textContent = words;
}

function ring(kinds = ["call"]) {
  const worst = Object.keys(SOUNDS).find((kind) => kinds.includes(kind));
  if (!worst) return;
  const [tones, gain, buzz] = SOUNDS[worst];
  if (loud && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(buzz);
  if (!loud || audio?.state !== "running") return;
  for (const [pitch, delay] of tones) {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const level = new GainNode(audio, { gain });
    tone.connect(level).connect(audio.destination);
    tone.start(audio.currentTime + delay);
    tone.stop(audio.currentTime + delay + 0.16);
  }
}

let shown = 0;
function badge(count) {
  if (count === shown) return;
  shown = count;
  document.title = count ? `(${count}) ${calmTitle}` : calmTitle;
  if (icon) icon.href = count ? icon.dataset.call ?? calmIcon : calmIcon;
  (count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.())?.catch(() => {});
}

for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => {
  if (!audio) { audio = new AudioContext({ latencyHint: "interactive" }); wokenAt = Date.now(); audio.addEventListener("statechange", showSound); }
  audio.resume().then(showSound);
});
sound.addEventListener("click", () => {
  if (Date.now() - wokenAt > 1000) loud = !loud; // the touch that wakes the sound does not also mute it
  showSound();
});
