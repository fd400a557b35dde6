/** `run` is the fleet's epoch: what was not seen again by a finished run is gone from the folder. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS shards (
    shard INTEGER PRIMARY KEY,
    shard_count INTEGER NOT NULL,
    folder TEXT NOT NULL,
    run INTEGER NOT NULL,
    state TEXT NOT NULL,
    found INTEGER NOT NULL,
    done INTEGER NOT NULL,
    reused INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    seconds REAL NOT NULL,
    updated_ms REAL NOT NULL
  );
  CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY,
    shard INTEGER NOT NULL,
    run INTEGER NOT NULL,
    extension TEXT NOT NULL,
    kind TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    modified_ms REAL NOT NULL,
    lines INTEGER NOT NULL,
    words INTEGER NOT NULL,
    sha256 TEXT NOT NULL
  ) WITHOUT ROWID;
`;
