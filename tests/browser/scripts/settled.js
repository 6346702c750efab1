// Resolves to true once the server is done, nothing is being loaded and nothing on the page has moved for a moment.
(patience) => new Promise((done) => {
  const QUIET_MS = 350;
  const BUSY = '[data-test-script-state="running"], [data-testid="stSkeleton"], [data-testid="stSpinner"], [data-testid="stAppSkeleton"]';
  let timer;
  const end = (isSettled) => { watcher.disconnect(); clearTimeout(timer); clearTimeout(limit); done(isSettled); };
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (document.querySelector(BUSY) ? again() : end(true)), QUIET_MS);
  };
  const watcher = new MutationObserver(again);
  const limit = setTimeout(() => end(false), patience);
  watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  again();
})
