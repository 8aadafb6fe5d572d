"""One file per page: `render(session, t)` reads the Session, asks `compute`, lays out panels, turns clicks into actions."""
