/** A swipe to the right on an element. Must not know what it is for. */

const SWIPE_PX = 56;
const FURTHEST_PX = 72;
const START_PX = 12;
const SCROLL_PX = 24;

/**
 * Call `act` when `line` is swiped to the right; it follows the finger meanwhile.
 *
 * @param {HTMLElement} line
 * @param {() => void} act
 */
export function onSwipe(line, act) {
  /** @type {{x: number, y: number}|null} */
  let start = null;
  const settle = () => {
    start = null;
    line.style.transform = "";
  };
  const begin = (/** @type {TouchEvent} */ { touches: [first, ...more] }) => {
    start = first && more.length === 0 ? { x: first.clientX, y: first.clientY } : null;
  };
  const follow = (/** @type {TouchEvent} */ { touches }) => {
    if (!start) return;
    const right_px = touches[0].clientX - start.x;
    const down_px = Math.abs(touches[0].clientY - start.y);
    if (down_px > SCROLL_PX && down_px > Math.abs(right_px)) settle();
    else if (right_px > START_PX) {
      line.style.transform = `translateX(${Math.min(right_px, FURTHEST_PX)}px)`;
    }
  };
  const end = (/** @type {TouchEvent} */ { changedTouches }) => {
    const swiped = start && changedTouches[0].clientX - start.x > SWIPE_PX;
    settle();
    if (swiped) act();
  };
  line.addEventListener("touchstart", begin, { passive: true });
  line.addEventListener("touchmove", follow, { passive: true });
  line.addEventListener("touchend", end);
  line.addEventListener("touchcancel", settle);
}
