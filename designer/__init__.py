"""The designer: what Paso shows in the browser, over the engine."""
