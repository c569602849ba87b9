/** Shown while Next prepares; asks again by itself. */
export const startingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="1">
<meta name="viewport" content="width=device-width">
<title>Faultline is starting</title>
<style>html{height:100%;background:#0d1117;color:#c9d1d9;font:18px system-ui,sans-serif;display:grid;place-items:center}</style>
<p role="status">Faultline is starting …</p>
</html>
`;
